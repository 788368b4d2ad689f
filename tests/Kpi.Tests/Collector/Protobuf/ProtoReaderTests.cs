using Kpi.Collector.Protobuf;
using Kpi.Tests.Collector.Otlp;

namespace Kpi.Tests.Collector.Protobuf;

public class ProtoReaderTests
{
    [Theory]
    [InlineData(0UL)]
    [InlineData(127UL)]
    [InlineData(128UL)]
    [InlineData(16_383UL)]
    [InlineData(16_384UL)]
    [InlineData(uint.MaxValue)]
    [InlineData(1UL << 56)]
    [InlineData(ulong.MaxValue)]
    public void A_varint_is_read_in_every_length_that_holds_it(ulong value)
    {
        var shortest = WireBytes.Varint(value).Length;
        for (var bytes = shortest; bytes <= 10; bytes++)
        {
            var reader = new ProtoReader(WireBytes.Overlong(value, bytes));
            Assert.Equal(value, reader.ReadVarint());
            Assert.True(reader is { Failed: false, AtEnd: true });
        }
    }

    [Fact]
    public void A_varint_that_is_cut_or_longer_than_ten_bytes_fails()
    {
        for (var bytes = 0; bytes < 10; bytes++)
        {
            var cut = new ProtoReader(WireBytes.Overlong(ulong.MaxValue, 10).AsSpan(0, bytes));
            Assert.Equal(0UL, cut.ReadVarint());
            Assert.True(cut is { Failed: true, AtEnd: true });
        }

        var reader = new ProtoReader(WireBytes.Overlong(1, 11));
        reader.ReadVarint();
        Assert.True(reader.Failed);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(15)]
    [InlineData(16)]
    [InlineData((1 << 29) - 1)]
    public void Field_numbers_reach_to_two_to_the_29th(int number)
    {
        var reader = new ProtoReader(WireBytes.Varint(((ulong)number << 3) | 2));
        Assert.True(reader.TryReadTag(out var tag));
        Assert.Equal(((uint)number << 3) | 2, tag);
    }

    [Theory]
    [InlineData(0UL)]
    [InlineData(7UL)]
    [InlineData(1UL << 32)]
    [InlineData(ulong.MaxValue)]
    public void A_tag_of_field_zero_or_beyond_fails(ulong tag)
    {
        var reader = new ProtoReader([.. WireBytes.Varint(tag), 1, 1]);
        Assert.False(reader.TryReadTag(out _));
        Assert.True(reader.Failed);
    }

    [Theory]
    [InlineData(6)]
    [InlineData(7)]
    [InlineData(4)]
    public void A_wire_type_that_does_not_exist_and_an_end_without_a_group_fail(int type)
    {
        var reader = new ProtoReader([1, 1, 1, 1, 1, 1, 1, 1]);
        reader.Skip((1u << 3) | (uint)type);
        Assert.True(reader.Failed);
    }

    [Theory]
    [InlineData(8)]
    [InlineData(int.MaxValue)]
    [InlineData(long.MaxValue)]
    [InlineData(-1)]
    public void A_length_past_the_end_fails_and_sizes_nothing(long length)
    {
        var reader = new ProtoReader([.. WireBytes.Varint((ulong)length), 1, 2, 3, 4, 5, 6, 7]);
        Assert.True(reader.ReadBytes().IsEmpty);
        Assert.True(reader is { Failed: true, AtEnd: true });
    }

    [Fact]
    public void A_group_ends_by_its_own_number()
    {
        var nested = new ProtoReader([0x13, 0x08, 0x01, 0x14, 0x0C, 0x08]);
        nested.Skip(0x0B);
        Assert.False(nested.Failed);
        Assert.True(nested.TryReadTag(out var next));
        Assert.Equal(8u, next);

        var crossed = new ProtoReader([0x13, 0x0C, 0x14]);
        crossed.Skip(0x0B);
        Assert.True(crossed.Failed);

        var open = new ProtoReader([0x08, 0x01]);
        open.Skip(0x0B);
        Assert.True(open.Failed);
    }

    [Fact]
    public void After_a_failure_nothing_more_is_read()
    {
        var reader = new ProtoReader([0x7F, 1, 2, 3]);
        reader.ReadBytes();
        Assert.False(reader.TryReadTag(out _));
        Assert.Equal(0UL, reader.ReadVarint());
        Assert.Equal(0UL, reader.ReadFixed64());
        Assert.True(reader.ReadBytes().IsEmpty);
        Assert.True(reader.Failed);
    }

    [Fact]
    public void Fixed_numbers_are_little_endian_and_whole()
    {
        Assert.Equal(0x0807060504030201UL, new ProtoReader([1, 2, 3, 4, 5, 6, 7, 8]).ReadFixed64());
        var cut = new ProtoReader([1, 2, 3, 4, 5, 6, 7]);
        Assert.Equal(0UL, cut.ReadFixed64());
        Assert.True(cut.Failed);
        var cut32 = new ProtoReader([1, 2, 3]);
        cut32.Skip((1 << 3) | 5);
        Assert.True(cut32.Failed);
    }
}
