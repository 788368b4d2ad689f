using Kpi.Rollups.Intake;
using Xunit.Abstractions;

namespace Kpi.Tests.Collector.Alone;

[Collection(RunsAlone.Name)]
public sealed class LargeBodyTests(ITestOutputHelper output) : IAsyncLifetime
{
    private const int Pieces = 100;

    private static readonly byte[] Piece = new byte[1 << 20];

    private ServerBed bed = null!;

    public async Task InitializeAsync() => bed = await ServerBed.StartAsync(o => o.MaxRequestBytes = 4 << 20);

    public async Task DisposeAsync() => await bed.DisposeAsync();

    // Point 7: without Content-Length the limit is found while reading. The body's array grows to 4 MiB by doubling, 8 MiB in all;
    // Kestrel's blocks, at most 1 MiB a connection, and the client's share come on top.
    [Fact]
    public Task A_body_of_100_MB_without_a_length_is_refused_and_costs_no_more_than_the_limit() => bed.AssertRefusedAsync(RejectReason.TooLarge, async () =>
    {
        var before = GC.GetTotalAllocatedBytes(precise: true);
        var answer = await bed.SendAsync(new PiecesContent(Enumerable.Repeat((ReadOnlyMemory<byte>)Piece, Pieces)));
        var allocated = GC.GetTotalAllocatedBytes(precise: true) - before;
        output.WriteLine($"{allocated / 1024.0 / 1024:F1} MiB allocated");
        Assert.Equal((413, 8), (answer.Code, answer.Status.Code));
        Assert.InRange(allocated, 0, 24 << 20);
    });

    [Fact]
    public Task A_message_of_100_MB_over_grpc_is_refused_and_costs_no_more_than_the_limit() => bed.AssertRefusedAsync(RejectReason.TooLarge, async () =>
    {
        byte[] head = [0, 0x06, 0x40, 0, 0];
        var before = GC.GetTotalAllocatedBytes(precise: true);
        var answer = await bed.CallAsync(new PiecesContent(Enumerable.Repeat((ReadOnlyMemory<byte>)Piece, Pieces).Prepend(head)));
        var allocated = GC.GetTotalAllocatedBytes(precise: true) - before;
        output.WriteLine($"{allocated / 1024.0 / 1024:F1} MiB allocated");
        Assert.Equal("8", answer.Status);
        Assert.InRange(allocated, 0, 24 << 20);
    });
}
