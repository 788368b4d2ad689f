using System.Globalization;
using System.Text.Unicode;
using Microsoft.AspNetCore.Http;

namespace Kpi.Collector.Admission;

/// <summary>Who is at the other end of a connection, as the journal keeps it.</summary>
internal static class Peer
{
    // An IPv6 address with zone, brackets and port.
    private const int MostBytes = 80;

    /// <summary><c>127.0.0.1:54321</c>; empty when the connection has no address.</summary>
    public static ReadOnlyMemory<byte> Of(HttpContext context)
    {
        if (context.Connection.RemoteIpAddress is not { } address)
        {
            return default;
        }

        var text = new byte[MostBytes];
        return Utf8.TryWrite(text, CultureInfo.InvariantCulture, $"{address}:{context.Connection.RemotePort}", out var length)
            ? text.AsMemory(0, length)
            : default;
    }
}
