namespace Kpi.Rollups.Counters;

/// <summary>What a sender counted since a start: one number, or the buckets of a histogram.</summary>
internal interface IRunningTotal<TSelf>
{
    /// <summary>Whether it holds less than an earlier one anywhere, so that a sender that only counts up must have begun anew.</summary>
    bool IsBelow(TSelf earlier);

    /// <summary>Whether both say the same.</summary>
    bool IsSame(TSelf other);

    /// <summary>Whether the difference to an earlier one can be told: buckets may have been cut otherwise.</summary>
    bool GoesOnFrom(TSelf earlier);
}
