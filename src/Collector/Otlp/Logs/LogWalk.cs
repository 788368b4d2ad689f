using Kpi.Collector.Lookup;
using Kpi.Collector.Protobuf;
using Kpi.Rollups.Intake;

namespace Kpi.Collector.Otlp.Logs;

/// <summary>Reads the log records of one request, checks and counts them.</summary>
internal ref struct LogWalk : IItemWalk
{
    private const int NumbersPerClass = 4;

    private ItemTally tally;

    public readonly ItemTally Tally => tally;

    public readonly bool EnterResource(scoped in ResourceFacts resource) => true;

    public readonly void EnterScope(ReadOnlySpan<byte> name)
    {
    }

    public bool TryTake(ReadOnlySpan<byte> message, bool utf8)
    {
        tally.Items++;
        var attribute = default(OtlpAttribute);
        var severity = LogSeverity.Unspecified;
        var sound = true;
        var reader = new ProtoReader(message);
        while (reader.TryReadTag(out var tag) && sound)
        {
            switch (tag)
            {
                case LogTags.SeverityNumber:
                    severity = ClassOf((int)reader.ReadVarint());
                    break;
                case LogTags.SeverityText:
                case LogTags.EventName:
                    utf8 &= Utf8Text.IsValid(reader.ReadBytes());
                    break;
                case LogTags.Body:
                    sound = AttributeReader.IsWellFormedValue(reader.ReadBytes(), ProtoReader.MostDepth, ref utf8);
                    break;
                case LogTags.Attributes:
                    sound = PartReader.TryReadAttribute(reader.ReadBytes(), ref attribute, ref utf8);
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

        Count(severity, utf8);
        return true;
    }

    private void Count(LogSeverity severity, bool utf8)
    {
        if (!utf8)
        {
            tally.Reject(RejectReason.InvalidUtf8);
            return;
        }

        tally.NotStored(RejectReason.LogRecordNotStored, 1);
        tally.Count(severity);
    }

    private static LogSeverity ClassOf(int number) =>
        number is >= 1 and <= 24 ? (LogSeverity)(((number - 1) / NumbersPerClass) + 1) : LogSeverity.Unspecified;
}
