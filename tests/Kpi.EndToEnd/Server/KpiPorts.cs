using System.Net;
using System.Net.Sockets;

namespace Kpi.EndToEnd.Server;

/// <summary>Three ports of 127.0.0.1, free when chosen.</summary>
internal sealed record KpiPorts(int Http, int Grpc, int OtlpHttp)
{
    // Below the ports that the kernel gives to outgoing connections, so that none of those takes one before the server starts.
    private const int First = 15_000;
    private const int Last = 32_000;

    public static KpiPorts Free()
    {
        var found = new HashSet<int>();
        while (found.Count < 3)
        {
            var port = Random.Shared.Next(First, Last);
            if (IsFree(port))
            {
                found.Add(port);
            }
        }

        var ports = found.ToArray();
        return new KpiPorts(ports[0], ports[1], ports[2]);
    }

    private static bool IsFree(int port)
    {
        try
        {
            using var listener = new TcpListener(IPAddress.Loopback, port);
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
