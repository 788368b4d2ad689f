using Google.Protobuf;
using Kpi.Collector.Grpc;
using Kpi.Rollups.Intake;
using Kpi.Testing;
using static Kpi.Tests.Collector.OtlpClient;

namespace Kpi.Tests.Collector.Grpc;

/// <summary>Section 1.4 of the ingest reference: grpc-timeout passed before durable is DEADLINE_EXCEEDED. Source of the form: doc/PROTOCOL-HTTP2.md, "Timeout".</summary>
public sealed class GrpcDeadlineTests
{
    private readonly FakeClock clock = new();

    [Theory]
    [InlineData("23H", 82_800_000.0)]
    [InlineData("90M", 5_400_000.0)]
    [InlineData("10S", 10_000.0)]
    [InlineData("9995m", 9_995.0)]
    [InlineData("99999999u", 99_999.999)]
    [InlineData("1000000n", 1.0)]
    [InlineData("1n", 0.0)]
    [InlineData("00000010S", 10_000.0)]
    public void A_timeout_is_up_to_eight_digits_and_a_unit(string header, double milliseconds) =>
        Assert.Equal(milliseconds, GrpcDeadline.Parse(header)!.Value.TotalMilliseconds, 6);

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("S")]
    [InlineData("10")]
    [InlineData("10s")]
    [InlineData("+10S")]
    [InlineData("-1S")]
    [InlineData("1.5S")]
    [InlineData(" 10S")]
    [InlineData("000000010S")]
    [InlineData("99999999H")]
    [InlineData("25H")]
    public void What_is_no_timeout_or_longer_than_a_day_is_no_deadline(string? header) => Assert.Null(GrpcDeadline.Parse(header));

    [Fact]
    public async Task Work_that_ends_in_time_meets_it_and_work_that_does_not_is_left_alone()
    {
        var work = new TaskCompletionSource();
        var met = GrpcDeadline.Of("10S", clock).IsMetByAsync(work.Task).AsTask();
        var missed = GrpcDeadline.Of("5S", clock).IsMetByAsync(work.Task).AsTask();
        clock.Advance(TimeSpan.FromSeconds(5));
        Assert.False(await missed);
        Assert.False(met.IsCompleted);
        work.SetResult();
        Assert.True(await met);
    }

    [Fact]
    public async Task Without_a_timeout_it_waits_for_as_long_as_it_takes()
    {
        var work = new TaskCompletionSource();
        var met = GrpcDeadline.Of(null, clock).IsMetByAsync(work.Task);
        clock.Advance(TimeSpan.FromDays(2));
        Assert.False(met.IsCompleted);
        work.SetResult();
        Assert.True(await met);
    }

    [Fact]
    public async Task A_caller_whose_time_is_over_is_told_so_and_counted_once_when_it_comes_again()
    {
        await using var bed = await ServerBed.StartAsync();
        var body = Frame(Good(2_000).ToByteArray());
        foreach (var timeout in new[] { "1n", "100u", "1m", "3m", "10m" })
        {
            using var content = new ByteArrayContent(body);
            bed.Grpc.DefaultRequestHeaders.Remove("grpc-timeout");
            bed.Grpc.DefaultRequestHeaders.Add("grpc-timeout", timeout);
            var answer = await bed.CallAsync(content);
            Assert.True(answer is { Code: 200, Status: "4" } || (answer.Status == "0" && timeout != "1n"), $"{timeout}: {answer.Status} {answer.Message}");
        }

        Assert.True(bed.Rollup.Intake[RejectReason.DeadlineExceeded] >= 1);
        bed.Grpc.DefaultRequestHeaders.Remove("grpc-timeout");
        Assert.Equal("0", (await bed.CallAsync(body)).Status);
        Assert.Equal(2_000, await bed.CountAsync());
        Assert.Empty(bed.Complaints);
    }
}
