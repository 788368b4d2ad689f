namespace Kpi.Collector.Import;

/// <summary>What an import is at.</summary>
public enum ImportStage
{
    /// <summary>Every file is read to its end once, before anything is counted.</summary>
    Checking,

    /// <summary>The store rolls up and folds what is due.</summary>
    Tidying,

    /// <summary>Bodies are decoded and counted.</summary>
    Counting,
}

/// <summary>How far an import is.</summary>
/// <param name="Stage">What it is at.</param>
/// <param name="Done">Bytes of the files, as they lie on disk, read in this stage.</param>
/// <param name="Total">Bytes of the files; 0 when nobody knows how much there is to do.</param>
public readonly record struct ImportProgress(ImportStage Stage, long Done, long Total);
