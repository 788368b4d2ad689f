using Kpi.Collector.Logs;
using Kpi.Collector.Lookup;
using Kpi.Collector.Protobuf;
using Kpi.Rollups.Intake;
using Kpi.Rollups.Lanes;

namespace Kpi.Collector.Otlp.Logs;

/// <summary>
/// Reads the log records of one request and hands each to the translator. Nothing is copied: all slices point into the body, which
/// must outlive the walk.
/// </summary>
internal ref struct LogWalk : IItemWalk
{
    private const int NumbersPerClass = 4;

    private readonly LogTranslator translator;
    private readonly ResourceTable resources;
    private readonly SampleBatch batch;
    private readonly IntakeLimits limits;
    private readonly bool create;
    private readonly Span<byte> room;
    private ItemTally tally;
    private int resource;

    public LogWalk(LogTranslator translator, ResourceTable resources, IntakeLimits limits, bool create, SampleBatch batch, Span<byte> room)
    {
        this.translator = translator;
        this.resources = resources;
        this.limits = limits;
        this.create = create;
        this.batch = batch;
        this.room = room;
    }

    /// <summary>Something new was met and <c>create</c> not set: walk again with it, as the body is known to be sound by then.</summary>
    public bool MetUnknown { get; private set; }

    public readonly ItemTally Tally => tally;

    public bool EnterResource(scoped in ResourceFacts facts)
    {
        resource = resources.Find(in facts, limits, create);
        MetUnknown |= resource == ResourceTable.Unknown;
        return resource != ResourceTable.NotUtf8;
    }

    // A scope says nothing that becomes a label.
    public readonly void EnterScope(ReadOnlySpan<byte> name)
    {
    }

    public bool TryTake(ReadOnlySpan<byte> message, bool utf8)
    {
        tally.Items++;
        var record = new LogFacts { IsUtf8 = utf8 };
        var attribute = default(OtlpAttribute);
        ReadOnlySpan<byte> olderName = default;
        var sound = true;
        var reader = new ProtoReader(message);
        while (sound && reader.TryReadTag(out var tag))
        {
            switch (tag)
            {
                case LogTags.Time:
                    record.Time = reader.ReadFixed64();
                    break;
                case LogTags.ObservedTime:
                    record.Observed = reader.ReadFixed64();
                    break;
                case LogTags.SeverityNumber:
                    record.Severity = ClassOf((int)reader.ReadVarint());
                    break;
                case LogTags.SeverityText:
                    record.IsUtf8 &= Utf8Text.IsValid(reader.ReadBytes());
                    break;
                case LogTags.EventName:
                    record.EventName = reader.ReadBytes();
                    record.IsUtf8 &= Utf8Text.IsValid(record.EventName);
                    break;
                case LogTags.Body:
                    sound = AttributeReader.IsWellFormedValue(reader.ReadBytes(), ProtoReader.MostDepth, ref record.IsUtf8);
                    break;
                case LogTags.Attributes:
                    sound = PartReader.TryReadAttribute(reader.ReadBytes(), ref attribute, ref record.IsUtf8);
                    olderName = IsEventName(in attribute) ? attribute.Text : olderName;
                    break;
                default:
                    reader.Skip(tag);
                    break;
            }
        }

        if (!sound || reader.Failed)
        {
            return false;
        }

        record.EventName = record.EventName.IsEmpty ? olderName : record.EventName;
        tally.See(record.Time == 0 ? record.Observed : record.Time, limits.Receipt);
        MetUnknown |= !translator.TryAdd(in record, resource, limits, create, batch, room, ref tally);
        return true;
    }

    // How events were named before log records had a field for it. Source: OpenTelemetry semantic conventions 1.31, "Events".
    private static bool IsEventName(scoped in OtlpAttribute attribute) =>
        attribute.Kind == AttributeKind.String && attribute.Key.SequenceEqual("event.name"u8);

    private static LogSeverity ClassOf(int number) =>
        number is >= 1 and <= 24 ? (LogSeverity)(((number - 1) / NumbersPerClass) + 1) : LogSeverity.Unspecified;
}
