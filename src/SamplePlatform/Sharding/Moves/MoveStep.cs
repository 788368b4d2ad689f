namespace Kpi.SamplePlatform.Sharding.Moves;

/// <summary>The steps of a move, in order. Cut short before <see cref="Commit"/> has ended it is undone, afterwards finished.</summary>
internal enum MoveStep
{
    /// <summary>Target: the bucket is incoming, what an earlier attempt left is deleted.</summary>
    Prepare,

    /// <summary>Source: whoever is in the bucket has ended, nobody enters any more.</summary>
    Fence,

    /// <summary>Rows from source to target, in one transaction of the target.</summary>
    Copy,

    /// <summary>Count and checksum of every table are equal on both sides, else the move fails.</summary>
    Compare,

    /// <summary>Target: open under the next epoch, which nobody knows yet.</summary>
    Open,

    /// <summary>Catalogue: the directory names the target and the journal says so, in one transaction. The fence is over.</summary>
    Commit,

    /// <summary>Source: rows are deleted, the guard says moved.</summary>
    Clean,

    /// <summary>Journal: done.</summary>
    End,
}
