using System.Net;
using System.Net.Sockets;
using Kpi.SamplePlatform.Demo;

namespace Kpi.Tests.SamplePlatform.Demo;

public sealed class DemoPortsTests : IDisposable
{
    private readonly TcpListener other = new(IPAddress.Loopback, 0);
    private readonly IPEndPoint taken;

    public DemoPortsTests()
    {
        other.Start();
        taken = (IPEndPoint)other.LocalEndpoint;
    }

    [Fact]
    public void An_address_that_was_asked_for_and_is_taken_is_refused()
    {
        var failure = Assert.Throws<DemoException>(() => DemoPorts.Choose(taken, DemoPorts.UsualPage));

        Assert.Contains(taken.ToString(), failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void When_the_usual_port_is_taken_another_one_is_found_and_said()
    {
        var ports = DemoPorts.Choose(null, taken);

        Assert.True(ports.PageMoved);
        Assert.NotEqual(taken, ports.Page);
        Assert.Equal(4, new[] { ports.Page, ports.OtlpGrpc, ports.OtlpHttp, ports.Shop }.Distinct().Count());
    }

    [Fact]
    public void A_free_address_is_taken_as_it_is()
    {
        other.Stop();

        foreach (var ports in new[] { DemoPorts.Choose(taken, DemoPorts.UsualPage), DemoPorts.Choose(null, taken) })
        {
            Assert.Equal((taken, false), (ports.Page, ports.PageMoved));
        }
    }

    public void Dispose() => other.Dispose();
}
