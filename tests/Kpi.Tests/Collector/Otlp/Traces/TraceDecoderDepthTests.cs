using Kpi.Witness;

namespace Kpi.Tests.Collector.Otlp.Traces;

/// <summary>
/// Nesting is bounded, so that no body can exhaust the stack. The official limit is 100 messages from the root; ours counts from
/// the attribute, or the group, so bodies between 100 and 110 are taken here and refused there.
/// </summary>
public sealed class TraceDecoderDepthTests : IDisposable
{
    private readonly DecoderBed bed = new();

    public static TheoryData<int, bool> Depths => new() { { 1, true }, { 45, true }, { 55, false }, { 10_000, false }, { 100_000, false } };

    public void Dispose() => bed.Dispose();

    [Theory]
    [MemberData(nameof(Depths))]
    public void Arrays_in_arrays_are_read_to_a_depth_and_refused_beyond(int arrays, bool taken)
    {
        // AnyValue.array_value (5) of ArrayValue.values (1): two messages a level.
        Check(Nest(arrays, 0x2A, 0x0A), taken);
    }

    [Theory]
    [MemberData(nameof(Depths))]
    public void Lists_in_lists_are_read_to_a_depth_and_refused_beyond(int messages, bool taken)
    {
        // AnyValue.kvlist_value (6), KeyValueList.values (1), KeyValue.value (2): three messages a level.
        Check(Nest(messages * 2 / 3, 0x32, 0x0A, 0x12), taken);
    }

    [Theory]
    [InlineData(1, true)]
    [InlineData(90, true)]
    [InlineData(110, false)]
    [InlineData(100_000, false)]
    public void Groups_in_groups_are_read_to_a_depth_and_refused_beyond(int groups, bool taken)
    {
        // Field 100 as group: start 0xA3 0x06, end 0xA4 0x06.
        byte[] nested = [.. Repeat([0xA3, 0x06], groups), .. Repeat([0xA4, 0x06], groups)];
        Assert.Equal(taken, bed.Decode(nested).Taken);
        Assert.Equal(taken, bed.Decode(WireBytes.RequestOfSpan(nested)).Taken);
    }

    private void Check(byte[] value, bool taken)
    {
        byte[] pair = [.. WireBytes.Field(1, "k"u8.ToArray()), .. WireBytes.Field(2, value)];
        foreach (var field in (int[])[9, 11, 13])
        {
            // In events and links attributes are fields 3 and 4.
            var inner = field switch { 11 => WireBytes.Field(3, pair), 13 => WireBytes.Field(4, pair), _ => pair };
            Check(WireBytes.RequestOfSpan(WireBytes.Field(field, inner)), taken, field);
        }

        Check(WireBytes.Field(1, WireBytes.Field(1, WireBytes.Field(1, pair))), taken, 0);
        Check(WireBytes.Field(1, WireBytes.Field(2, WireBytes.Field(1, WireBytes.Field(3, pair)))), taken, 0);

        void Check(byte[] body, bool taken, int field) =>
            Assert.True(taken == bed.Decode(body).Taken && taken == Google(body), $"field {field}, {body.Length} bytes, taken: {!taken}");
    }

    private static bool Google(byte[] body)
    {
        try
        {
            return ExportTraceServiceRequest.Parser.ParseFrom(body) is not null;
        }
        catch (Google.Protobuf.InvalidProtocolBufferException)
        {
            return false;
        }
    }

    // From the inside out, with each tag in front of the length of what it holds; written backwards, so that it takes linear time.
    private static byte[] Nest(int levels, params byte[] tags)
    {
        var backwards = new List<byte>();
        for (var i = 0; i < levels * tags.Length; i++)
        {
            var length = WireBytes.Varint((ulong)backwards.Count);
            backwards.AddRange(length.Reverse());
            backwards.Add(tags[tags.Length - 1 - (i % tags.Length)]);
        }

        backwards.Reverse();
        return [.. backwards];
    }

    private static byte[] Repeat(byte[] bytes, int times) => [.. Enumerable.Repeat(bytes, times).SelectMany(b => b)];
}
