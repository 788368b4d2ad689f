using System.Text;
using Kpi.Collector.Journal;
using Kpi.Collector.Retries;
using Kpi.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace Kpi.Tests.Collector.Journal;

/// <summary>A journal on a disk, from opening to the end of its life; what was promised stays known to the test.</summary>
internal sealed class JournalRun : IDisposable
{
    private readonly JournalSegments segments;
    private readonly JournalWriter writer;
    private readonly JournalMetrics metrics;

    public JournalRun(IJournalDisk disk, JournalOptions? options = null, long from = 0, FakeClock? clock = null)
    {
        var used = options ?? new JournalOptions { SegmentBytes = 1 << 20 };
        Clock = clock ?? new FakeClock();
        Found = new JournalReader(disk).Read(from, (in JournalRecord r) => Read.Add(Encoding.UTF8.GetString(r.Body.Span)), Remembered.Add);
        segments = new JournalSegments(disk, used, Found, Clock);
        metrics = new JournalMetrics(segments, new RetryWindow(TimeSpan.Zero, 1, Clock), TimeProvider.System, NullLogger.Instance);
        writer = new JournalWriter(segments, used.Durability, metrics);
    }

    public FakeClock Clock { get; }

    /// <summary>What the reading at the start found.</summary>
    public JournalExtent Found { get; }

    /// <summary>Bodies that the reading at the start showed.</summary>
    public List<string> Read { get; } = [];

    /// <summary>What the start knows of bodies whose segment is gone.</summary>
    public List<TakenBody> Remembered { get; } = [];

    public JournalSegments Segments => segments;

    public JournalMetrics Metrics => metrics;

    /// <summary>True when it was promised.</summary>
    public async Task<bool> AppendAsync(string body) => await Start(body).Task.WaitAsync(TimeSpan.FromSeconds(20)) is not null;

    /// <summary>Where the record ends; null when it was refused.</summary>
    public async Task<long?> PositionAsync(string body) => await Start(body).Task.WaitAsync(TimeSpan.FromSeconds(20));

    public TaskCompletionSource<long?> Start(string body)
    {
        var told = new TaskCompletionSource<long?>(TaskCreationOptions.RunContinuationsAsynchronously);
        var record = new Told(told)
        {
            Entry = new JournalEntry(1, 3, 4, DigestOf(body)),
            Peer = "127.0.0.1:1"u8.ToArray(),
            Answer = "ok"u8.ToArray(),
            Body = Encoding.UTF8.GetBytes(body),
        };
        if (!writer.TryAppend(record))
        {
            told.SetResult(null);
        }

        return told;
    }

    /// <summary>A digest for tests.</summary>
    public static UInt128 DigestOf(string body) => new(5, JournalRecord.Checksum(Encoding.UTF8.GetBytes(body)));

    public void Dispose()
    {
        writer.Dispose();
        metrics.Dispose();
    }

    private sealed class Told(TaskCompletionSource<long?> told) : JournalAppend
    {
        public override void Durable(long end) => told.SetResult(end);

        public override void Refused() => told.SetResult(null);
    }
}
