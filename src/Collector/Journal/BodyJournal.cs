using Kpi.Collector.Retries;
using Kpi.Rollups;
using Kpi.Rollups.Intake;
using Kpi.Rollups.Store;
using Microsoft.Extensions.Logging;

namespace Kpi.Collector.Journal;

/// <summary>
/// What an acknowledgement rests on: bodies go into the journal and, once durable and in the journal's order, into the lanes; a
/// body that comes again is known. Opening it reads what an earlier life left; a flush lets go of what the store has.
/// </summary>
internal sealed class BodyJournal : IDisposable
{
    private readonly Rollup rollup;
    private readonly JournalSegments segments;
    private readonly JournalMetrics metrics;

    // None when nothing is to be written.
    private readonly JournalWriter? writer;

    private BodyJournal(Rollup rollup, JournalSegments segments, JournalOptions options, RetryWindow retries, BodyDigest digest, TimeProvider clock, ILogger log)
    {
        this.rollup = rollup;
        this.segments = segments;
        Retries = retries;
        Digest = digest;
        metrics = new JournalMetrics(segments, retries, clock, log);
        writer = options.Durability == Durability.None ? null : new JournalWriter(segments, options.Durability, metrics);
        rollup.Flusher.Flushed += Release;
        if (writer is not null)
        {
            rollup.Journal.Follow(() => new JournalReading(segments.HeldBytes, options.MaxBytes, metrics.Failures));
        }
    }

    /// <summary>Bodies taken lately.</summary>
    public RetryWindow Retries { get; }

    /// <summary>By which they are known.</summary>
    public BodyDigest Digest { get; }

    /// <summary>
    /// Reads the journal of a folder: what the store does not have is counted again through the same code, and what was taken is
    /// known as taken. Returns when all of it is in the lanes.
    /// </summary>
    public static BodyJournal Open(JournalFolder folder, JournalOptions options, Rollup rollup, JournalReplay replay, TimeProvider clock, ILogger<BodyJournal> log)
    {
        var retries = new RetryWindow(options.RetryWindow, options.RetriesRemembered, clock);
        var started = clock.GetTimestamp();
        var found = new JournalReader(folder.Disk).Read(
            rollup.LastFlush.Position,
            (in JournalRecord record) => replay.Apply(in record, retries), body => retries.Take(body.Digest, body.Answer.ToArray()));
        replay.Complete();
        foreach (var damage in found.Damages)
        {
            Log.Damaged(log, damage.File, damage.Offset, damage.Bytes);
        }

        if (replay.Bodies > 0 || found.TornTail)
        {
            Log.Replayed(log, replay.Bodies, replay.Bytes >> 20, clock.GetElapsedTime(started).TotalSeconds, found.TornTail);
        }

        var journal = new BodyJournal(rollup, new JournalSegments(folder.Disk, options, found, clock), options, retries, new BodyDigest(folder.Key()), clock, log);
        journal.metrics.Found(found, replay);
        return journal;
    }

    /// <summary>Makes a body durable and posts its samples. False when it is not durable: then nothing was counted.</summary>
    public ValueTask<bool> KeepAsync(BodyAppend body)
    {
        if (writer is null)
        {
            // Without a journal there are no places in it; the lanes may still be full.
            if (!body.TryPost(rollup.Lanes))
            {
                return new ValueTask<bool>(false);
            }

            body.Acknowledge();
            return new ValueTask<bool>(true);
        }

        return writer.TryAppend(body) ? new ValueTask<bool>(body.Kept) : new ValueTask<bool>(false);
    }

    public void Dispose()
    {
        rollup.Flusher.Flushed -= Release;
        rollup.Journal.Follow(null);
        writer?.Dispose();
        segments.Dispose();
        metrics.Dispose();
        Digest.Dispose();
    }

    private void Release(FlushMark mark)
    {
        try
        {
            segments.Release(mark.Position);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // What could not be let go of stays, and is tried again after the next flush.
            metrics.Failed(failure);
        }
    }
}
