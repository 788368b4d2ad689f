namespace Kpi.Rollups.Lanes;

/// <summary>One observation of a distribution in seconds, on its way to a lane.</summary>
/// <param name="Nanos">The duration; negative when there is none (<see cref="Valueless"/>).</param>
/// <param name="Slot">The series.</param>
/// <param name="Slice">Number of the slice it belongs to.</param>
/// <param name="Weight">Events it stands for, in units of 2⁻³²: <see cref="One"/> when nothing was sampled away.</param>
public readonly record struct DurationSample(long Nanos, int Slot, int Slice, ulong Weight)
{
    /// <summary>The weight of an observation that stands for itself.</summary>
    public const ulong One = 1UL << 32;

    /// <summary>The duration of an observation that has none.</summary>
    public const long Valueless = -1;
}
