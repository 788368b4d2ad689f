using System.Net;
using Kpi.SamplePlatform.Servers;

namespace Kpi.SamplePlatform.Demo;

/// <summary>Where the parts of a demo listen, all on loopback.</summary>
/// <param name="PageMoved">The usual port of the page was taken.</param>
internal sealed record DemoPorts(IPEndPoint Page, bool PageMoved, IPEndPoint OtlpGrpc, IPEndPoint OtlpHttp, IPEndPoint Shop)
{
    public static IPEndPoint UsualPage { get; } = new(IPAddress.Loopback, 8080);

    /// <param name="asked">Where the page is to be; null: the usual port when free, else any.</param>
    /// <exception cref="DemoException">The address that was asked for is taken.</exception>
    public static DemoPorts Choose(IPEndPoint? asked, IPEndPoint usual)
    {
        if (asked is not null && !FreePort.IsFree(asked))
        {
            throw new DemoException($"--http: somebody else listens on {asked}, or it is not of this machine. Give another one, or none");
        }

        var moved = asked is null && !FreePort.IsFree(usual);
        var page = asked ?? (moved ? Free() : usual);
        return new DemoPorts(page, moved, Free(), Free(), Free());
    }

    private static IPEndPoint Free() => new(IPAddress.Loopback, FreePort.Next());
}
