using System.ComponentModel.DataAnnotations;

namespace Kpi.Collector.Journal;

/// <summary>Bounds of the journal.</summary>
public sealed class JournalOptions
{
    /// <summary>Bytes of a segment; a larger body gets a segment of its own size. 1 MiB to 1 GiB, default 32 MiB.</summary>
    [Range(1 << 20, 1 << 30)]
    public int SegmentBytes { get; set; } = 32 << 20;

    /// <summary>Bytes that the journal may take. Beyond, senders are asked to try again until a flush has made room. Default 4 GiB.</summary>
    [Range(2L << 20, long.MaxValue)]
    public long MaxBytes { get; set; } = 4L << 30;

    /// <summary>What an acknowledgement promises. Default: the body survives a power cut.</summary>
    public Durability Durability { get; set; } = Durability.Fsync;

    /// <summary>For how long of our up-time a body that comes again is known to be a retry. 0 is off. Default 10 minutes.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "1.00:00:00")]
    public TimeSpan RetryWindow { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>Bodies that are remembered for the retry window; then the oldest leave early. Default 1,000,000.</summary>
    [Range(1, 100_000_000)]
    public int RetriesRemembered { get; set; } = 1_000_000;
}

/// <summary>What is done before a sender is told that its body was taken.</summary>
public enum Durability
{
    /// <summary>Written and synced: survives a power cut.</summary>
    Fsync,

    /// <summary>Written: survives a crash of this process, not one of the machine.</summary>
    Os,

    /// <summary>Nothing is written; a crash loses what was not flushed.</summary>
    None,
}
