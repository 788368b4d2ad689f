using System.Globalization;
using System.Text.Unicode;
using Kpi.Collector.Doors;
using Microsoft.AspNetCore.Http;

namespace Kpi.Collector.Admission;

/// <summary>Who is at the other end of a connection.</summary>
/// <param name="Text">As the journal keeps it, in UTF-8.</param>
/// <param name="Sender">Whose token the request bore; null when tokens are not asked for.</param>
internal readonly record struct Peer(ReadOnlyMemory<byte> Text, Sender? Sender)
{
    // A sender's name and an IPv6 address with zone, brackets and port.
    private const int MostBytes = 160;

    /// <summary><c>127.0.0.1:54321</c>, or <c>shop@127.0.0.1:54321</c> when the token has a name; empty when the connection has no address.</summary>
    public static Peer Of(HttpContext context)
    {
        var sender = context.Features.Get<Sender>();
        if (context.Connection.RemoteIpAddress is not { } address)
        {
            return new Peer(default, sender);
        }

        var text = new byte[MostBytes];
        var at = sender?.Name is null ? "" : "@";
        var isWhole = Utf8.TryWrite(
            text, CultureInfo.InvariantCulture, $"{sender?.Name}{at}{address}:{context.Connection.RemotePort}", out var length);
        return new Peer(isWhole ? text.AsMemory(0, length) : default, sender);
    }
}
