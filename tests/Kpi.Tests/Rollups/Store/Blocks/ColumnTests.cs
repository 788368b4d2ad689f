using FsCheck;
using FsCheck.Fluent;
using Kpi.Rollups.Store.Blocks;

namespace Kpi.Tests.Rollups.Store.Blocks;

public sealed class ColumnTests
{
    [Fact]
    public void What_is_written_is_read()
    {
        var any =
            from scale in Gen.Choose(0, 62)
            from values in Gen.ArrayOf(Gen.OneOf(Between.Of(-(1L << scale), 1L << scale), Gen.Constant(7L), Gen.Elements(long.MinValue, long.MaxValue, 0)))
            from repeats in Gen.Choose(1, 90)
            select values.SelectMany(v => Enumerable.Repeat(v, repeats % 3 == 0 ? repeats : 1)).ToArray();
        Prop.ForAll(any.ToArbitrary(), values => Assert.Equal(values, RoundTrip(values, out _))).Check(Config.QuickThrowOnFailure.WithMaxTest(500));
    }

    [Theory]
    [InlineData(5_000, 3)] // one number: its form, and two bytes for 5,000
    [InlineData(0, 2)]
    public void A_column_of_one_number_takes_what_the_number_takes(long value, int bytes)
    {
        Assert.Equal(Enumerable.Repeat(value, 1_000), RoundTrip([.. Enumerable.Repeat(value, 1_000)], out var length));
        Assert.Equal(bytes, length);
    }

    [Fact]
    public void Small_numbers_take_few_bits_however_large_the_others_are()
    {
        long[] values = [.. Enumerable.Range(0, 1_024).Select(i => i < 64 ? (i + 1) * 1_000_003L : i % 4)];
        Assert.Equal(values, RoundTrip(values, out var bytes));
        Assert.InRange(bytes, 1, (64 * 26 / 8) + (960 * 2 / 8) + 30);
    }

    [Fact]
    public void Numbers_of_every_width_are_read_whatever_their_number()
    {
        for (var width = 0; width <= 63; width++)
        {
            var most = (1L << width) - 1;
            for (var count = 1; count <= 70; count++)
            {
                // No two alike side by side, so that they are no runs.
                long[] values = [.. Enumerable.Range(0, count).Select(i => -5 + (i % 2 == 0 ? most : (most / 3) ^ (i & most)))];
                Assert.Equal(values, RoundTrip(values, out _));
            }
        }
    }

    [Fact]
    public void The_forms_are_as_the_document_draws_them()
    {
        Assert.Equal(Hex.Bytes("00 06"), Bytes([3, 3, 3]));
        Assert.Equal(Hex.Bytes("01 04 0A 05 02 0C"), Bytes([5, 5, 5, 5, 5, .. Enumerable.Repeat(6L, 12)]));
        Assert.Equal(Hex.Bytes("02 03 01 02 93"), Bytes([2, -1, 0, 1])); // least −1; two bits each: 3, 0, 1, 2
    }

    [Theory]
    [InlineData("03 00", "no such form")]
    [InlineData("01 02 02 00", "a run of none")]
    [InlineData("01 02 02 05", "a run beyond the end")]
    [InlineData("01 04 02 04 02 00", "something behind the last run")]
    [InlineData("02 03 00 39 00", "57 bits")]
    [InlineData("02 02 00 08", "packed numbers that end early")]
    public void A_column_that_makes_no_sense_is_refused(string bytes, string why)
    {
        var refusal = Record.Exception(() =>
        {
            var source = new ByteSource(Hex.Bytes(bytes));
            Column.Read(ref source, new long[4]);
        });
        Assert.True(refusal is InvalidDataException, $"{why}: {refusal?.GetType().Name ?? "taken"}");
    }

    private static byte[] Bytes(long[] values)
    {
        var sink = new ByteSink();
        Column.Write(sink, values);
        return sink.Written.ToArray();
    }

    private static long[] RoundTrip(long[] values, out int bytes)
    {
        var written = Bytes(values);
        bytes = written.Length;
        var read = new long[values.Length];
        var source = new ByteSource(written);
        Column.Read(ref source, read);
        source.ExpectEnd();
        return read;
    }
}
