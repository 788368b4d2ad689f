using Kpi.Collector.Admission;
using Kpi.Collector.Otlp;
using Kpi.Collector.Otlp.Json;
using Kpi.Rollups;
using Kpi.Rollups.Intake;
using Kpi.Rollups.Lanes;
using Kpi.Rollups.Time;

namespace Kpi.Collector.Import;

/// <summary>
/// Counts the bodies of a file set from its beginning, one after the other. Places count the inflated bytes of the whole set, so
/// that they say the same in every run; a flush may be cut at any of them.
/// </summary>
/// <param name="rollup">Over a <see cref="ResumingStore"/>.</param>
/// <param name="receipt">The moment by which times are judged.</param>
/// <param name="mostBytes">Bytes of a body at most.</param>
/// <param name="read">Told how many bytes were read from the disk.</param>
internal sealed class FileSetRun(Rollup rollup, UnixNanos receipt, int mostBytes, Action<long> read)
{
    /// <summary>The place of a file set that is in the store whole.</summary>
    public const long End = long.MaxValue;

    private readonly IReadOnlyList<ISignalDecoder> decoders = SignalIntakes.Decoders(rollup);
    private readonly SampleBatchPool batches = new();
    private readonly List<string> malformed = [];

    // One body at a time, which the limit of a body bounds.
    private readonly BytesInFlight unbounded = new(long.MaxValue);
    private readonly long before = rollup.LastFlush.Position;
    private bool isBehind;

    public long Bodies { get; private set; }

    // Half of the memory stays for a body that shares increases out over long intervals, so that it need not leave some unshared.
    private bool IsHalfFull => rollup.Lanes.UncommittedBytes >= rollup.Limits.UncommittedBytes / 2 || !rollup.Lanes.HasRoom;

    /// <summary>Where the first malformed bodies lie.</summary>
    public IReadOnlyList<string> Malformed => malformed;

    /// <summary>Counts all and returns when it is in the store.</summary>
    /// <exception cref="InvalidDataException">A file is not any more what it was when it was checked.</exception>
    public async Task RunAsync(IReadOnlyList<CheckedFile> files, CancellationToken cancellation)
    {
        long start = 0;
        foreach (var file in files)
        {
            start += await RunAsync(file, start, cancellation).ConfigureAwait(false);
        }

        await FlushWhatIsThereAsync(End, cancellation).ConfigureAwait(false);
        rollup.Lanes.Pass(End);
        await rollup.Flusher.FlushAsync(cancellation).ConfigureAwait(false);
    }

    private async Task<long> RunAsync(CheckedFile file, long start, CancellationToken cancellation)
    {
        using var bodies = BodyFile.Open(file.Path, mostBytes, read);
        var decoder = DecoderOf(file.Content.Signal);
        while (bodies.TryRead(out var body))
        {
            var end = start + bodies.Position;
            await FlushWhatIsThereAsync(end, cancellation).ConfigureAwait(false);
            if (IsHalfFull)
            {
                await rollup.Flusher.FlushAsync(cancellation).ConfigureAwait(false);
            }

            Bodies++;
            var problem = bodies.Line is null
                ? await TakeAsync(decoder, body, end).ConfigureAwait(false)
                : await TakeJsonAsync(file.Content.Signal, body, end).ConfigureAwait(false);
            if (problem is not null)
            {
                var place = bodies.Line is { } line ? $"line {line}" : $"the body that ends at byte {bodies.Position}";
                Note($"{file.Path}: {place}{problem}");
            }
        }

        return Convert.ToHexStringLower(bodies.TakeDigest()) == file.Content.Digest ? bodies.Position
            : throw new InvalidDataException($"{file.Path} was changed while it was imported");
    }

    // What an earlier run committed and what is new must not share a flush.
    private async Task FlushWhatIsThereAsync(long end, CancellationToken cancellation)
    {
        if (!isBehind && end > before)
        {
            isBehind = true;
            await rollup.Flusher.FlushAsync(cancellation).ConfigureAwait(false);
        }
    }

    private ISignalDecoder DecoderOf(TelemetrySignal signal) => decoders.Single(d => d.Signal.Kind == signal);

    // A line says itself what it carries; an exporter may write all signals into one file.
    private async Task<string?> TakeJsonAsync(TelemetrySignal ofFile, ReadOnlyMemory<byte> line, long end)
    {
        var decoder = DecoderOf(JsonSignal.Of(line.Span)?.Kind ?? ofFile);
        using var unpacking = new BodyUnpacking(unbounded, mostBytes);
        if (unpacking.Run(line, BodyEncoding.Json, decoder.Signal) is { } reason)
        {
            rollup.Intake.Refuse(reason);
            rollup.Lanes.Pass(end);
            return reason == RejectReason.Malformed ? $": {unpacking.Fault}" : $": {IntakeTally.NameOf(reason)}";
        }

        return await TakeAsync(decoder, unpacking.Message, end).ConfigureAwait(false);
    }

    // Null when it was taken; else what is known of why not, behind the place.
    private async Task<string?> TakeAsync(ISignalDecoder decoder, ReadOnlyMemory<byte> body, long end)
    {
        var batch = batches.Rent();
        try
        {
            if (!decoder.TryDecode(body.Span, receipt, batch, out var tally))
            {
                rollup.Intake.Refuse(RejectReason.Malformed);
                rollup.Lanes.Pass(end);
                return "";
            }

            if (batch.IsEmpty)
            {
                rollup.Lanes.Pass(end);
            }
            else
            {
                rollup.Lanes.Post(batch, end);
                await batch.Applied.ConfigureAwait(false);
            }

            tally.AddTo(rollup.Intake, decoder.Signal.Kind, receipt.Value);
            return null;
        }
        finally
        {
            batches.Return(batch);
        }
    }

    private void Note(string place)
    {
        if (malformed.Count < ImportSummary.MostPlaces)
        {
            malformed.Add(place);
        }
    }
}
