using System.Net;
using System.Net.Sockets;

namespace Kpi.SamplePlatform.Servers;

/// <summary>Ports of 127.0.0.1 that nobody listens on.</summary>
internal static class FreePort
{
    // Below the ports that the kernel gives to outgoing connections: none of those may take the port of a server that is stopped for
    // a while as a fault.
    private const int First = 15_000;
    private const int Last = 32_000;

    /// <summary>A port that was free a moment ago; whoever uses it must be ready to find it taken.</summary>
    public static int Next()
    {
        while (true)
        {
            var port = Random.Shared.Next(First, Last);
            if (IsFree(new IPEndPoint(IPAddress.Loopback, port)))
            {
                return port;
            }
        }
    }

    public static bool IsFree(IPEndPoint endpoint)
    {
        try
        {
            using var listener = new TcpListener(endpoint);
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
