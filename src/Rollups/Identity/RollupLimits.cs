using System.ComponentModel.DataAnnotations;
using Kpi.Rollups.Time;

namespace Kpi.Rollups.Identity;

/// <summary>What the rollups hold at most.</summary>
public sealed class RollupLimits
{
    /// <summary>Active series of one metric, 1 to 10,000,000; default 20,000. What comes beyond is counted in the metric's overflow series.</summary>
    [Range(1, 10_000_000)]
    public int SeriesPerMetric { get; set; } = 20_000;

    /// <summary>Active series in all, 1 to 10,000,000; default 100,000.</summary>
    [Range(1, 10_000_000)]
    public int Series { get; set; } = 100_000;

    /// <summary>Memory of cells not yet committed, in bytes, 1 MiB to 1 TiB; default 256 MiB. At the limit intake answers "try again".</summary>
    [Range(1L << 20, 1L << 40)]
    public long UncommittedBytes { get; set; } = 256L << 20;

    /// <summary>Batches waiting in front of one lane, 1 to 65,536; default 1,024. When full, intake answers "try again".</summary>
    [Range(1, 65_536)]
    public int QueuedBatchesPerLane { get; set; } = 1_024;

    /// <summary>How long after its last sample a series leaves memory, 1 minute to 1 day; default 10 minutes.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "1.00:00:00")]
    public TimeSpan IdleAfter { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>How long the 10 s tier is kept, 1 hour to 400 days; default 3 days. Whole hours, and never less than is rolled up.</summary>
    [Range(typeof(TimeSpan), "01:00:00", "400.00:00:00")]
    public TimeSpan SliceRetention { get; set; } = TimeSpan.FromDays(3);

    /// <summary>How long the 1 min tier is kept, 1 hour to 400 days; default 14 days.</summary>
    [Range(typeof(TimeSpan), "01:00:00", "400.00:00:00")]
    public TimeSpan MinuteRetention { get; set; } = TimeSpan.FromDays(14);

    /// <summary>How long the tiers of 15 min and of days are kept, 1 minute to 4,000 days; default 400 days. What is older is refused.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "4000.00:00:00")]
    public TimeSpan Retention { get; set; } = TimeSpan.FromDays(400);

    /// <summary>
    /// What the store may hold, in bytes, 64 MiB to 1 PiB; default 256 GiB. Over it the oldest of the finest tier goes first, whatever
    /// its retention.
    /// </summary>
    [Range(64L << 20, 1L << 50)]
    public long StoreBytes { get; set; } = 256L << 30;

    /// <summary>How far a time may lie ahead of our clock, 0 to 1 hour; default 10 minutes.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "01:00:00")]
    public TimeSpan MostAhead { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>Silence after which a source is unknown, back to the first slice that it missed, 10 seconds to 1 day; default 5 minutes.</summary>
    [Range(typeof(TimeSpan), "00:00:10", "1.00:00:00")]
    public TimeSpan SilentAfter { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>Silence after which a source is gone, so that nothing is expected of it, 10 seconds to 30 days; default 1 hour.</summary>
    [Range(typeof(TimeSpan), "00:00:10", "30.00:00:00")]
    public TimeSpan RetiredAfter { get; set; } = TimeSpan.FromHours(1);

    /// <summary>Sources with a heartbeat that are followed, 1 to 1,000,000; default 10,000. Of further ones only our own coverage is known.</summary>
    [Range(1, 1_000_000)]
    public int Sources { get; set; } = 10_000;

    /// <summary>How long a tier is kept.</summary>
    public TimeSpan RetentionOf(TimeTier tier) => tier switch
    {
        TimeTier.Slices => SliceRetention,
        TimeTier.Minutes => MinuteRetention,
        _ => Retention,
    };
}
