namespace Kpi.Rollups.Time;

/// <summary>Lengths of time by which cells are kept; each is a whole number of the one before. The numbers are stored; never renumber.</summary>
public enum TimeTier
{
    /// <summary>10 s: as it was counted.</summary>
    Slices = 1,

    /// <summary>1 minute.</summary>
    Minutes = 2,

    /// <summary>15 minutes: any time zone's midnight is an edge.</summary>
    Quarters = 3,

    /// <summary>A day, UTC.</summary>
    Days = 4,
}
