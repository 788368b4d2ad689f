using System.Runtime.CompilerServices;
using Kpi.Collector.Otlp;

namespace Kpi.Collector.Spans;

/// <summary>What was read of one span, as slices of the body. Reset for each span.</summary>
internal ref struct SpanFacts
{
    public const int SlotCount = (int)Slot.ConsumerGroup + 1;

    /// <summary>No HTTP or gRPC status given.</summary>
    public const int NoStatus = -1;

    public ReadOnlySpan<byte> TraceState;
    public ulong Start;
    public ulong End;
    public int Kind;
    public int HttpStatus;
    public int GrpcStatus;
    public bool Shed;
    public bool HasError;
    public bool HasValidTraceId;
    public bool HasValidSpanId;
    public bool IsUtf8;

    private readonly ReadOnlySpan<byte> body;
    private TextRanges texts;
    private uint current;
    private uint older;
    private bool currentHttpStatus;

    public SpanFacts(ReadOnlySpan<byte> body)
    {
        this.body = body;
        HttpStatus = GrpcStatus = NoStatus;
        IsUtf8 = true;
    }

    public readonly ReadOnlySpan<byte> this[Slot slot]
    {
        get
        {
            var range = texts[(int)slot];
            return body.Slice(range.Offset, range.Length);
        }
    }

    public readonly bool Has(Slot slot) => texts[(int)slot].Length != 0;

    public void Reset()
    {
        texts = default;
        TraceState = default;
        Start = End = 0;
        Kind = 0;
        HttpStatus = GrpcStatus = NoStatus;
        Shed = HasError = HasValidTraceId = HasValidSpanId = currentHttpStatus = false;
        IsUtf8 = true;
        current = older = 0;
    }

    /// <summary>Keeps what an attribute says. A current name beats an older one; of the same name the last counts.</summary>
    public void Take(SpanKey key, in OtlpAttribute attribute)
    {
        switch (key.Role)
        {
            case SpanKeyRole.Text when attribute.Kind == AttributeKind.String:
                older |= key.Older ? 1u << (int)key.Slot : 0;
                TakeText(key, attribute.Text);
                break;
            case SpanKeyRole.OldestText when attribute.Kind == AttributeKind.String && (older & (1u << (int)key.Slot)) == 0:
                TakeText(key, attribute.Text);
                break;
            case SpanKeyRole.HttpStatus when !(key.Older && currentHttpStatus):
                currentHttpStatus = !key.Older;
                HttpStatus = StatusOf(in attribute);
                break;
            case SpanKeyRole.GrpcStatus when attribute.Kind == AttributeKind.Integer:
                GrpcStatus = attribute.Integer is >= 0 and <= 16 ? (int)attribute.Integer : NoStatus;
                break;
            case SpanKeyRole.Shed:
                Shed = attribute.Kind == AttributeKind.Integer
                    ? attribute.Integer != 0
                    : attribute.Kind == AttributeKind.String && attribute.Text.SequenceEqual("true"u8);
                break;
            default:
                break;
        }
    }

    private void TakeText(SpanKey key, ReadOnlySpan<byte> text)
    {
        var bit = 1u << (int)key.Slot;
        if (key.Older && (current & bit) != 0)
        {
            return;
        }

        current |= key.Older ? 0 : bit;
        texts[(int)key.Slot] = text.IsEmpty ? default : new TextRange((int)Unsafe.ByteOffset(in body[0], in text[0]), text.Length);
    }

    // Some senders give the code as text. What is no code at all becomes 0, which the translator notes and leaves out.
    private static int StatusOf(in OtlpAttribute attribute)
    {
        var status = attribute.Kind == AttributeKind.Integer ? attribute.Integer : 0;
        if (attribute.Kind == AttributeKind.String && !(System.Buffers.Text.Utf8Parser.TryParse(attribute.Text, out status, out var used) && used == attribute.Text.Length))
        {
            return 0;
        }

        return status is >= 100 and <= 599 ? (int)status : 0;
    }

    private readonly record struct TextRange(int Offset, int Length);

    [InlineArray(SlotCount)]
    private struct TextRanges
    {
        private TextRange first;
    }
}
