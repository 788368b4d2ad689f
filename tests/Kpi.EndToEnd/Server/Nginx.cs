using System.Net;
using System.Net.Sockets;

namespace Kpi.EndToEnd.Server;

/// <summary>An nginx of the test's own in front of a server, as people put one: gRPC and HTTP on two ports. Debian's package nginx.</summary>
internal sealed class Nginx : IDisposable
{
    // Not in everybody's path.
    private const string Program = "/usr/sbin/nginx";

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("kpi-nginx-");
    private readonly KpiPorts ports = KpiPorts.Free();
    private readonly KpiProcess process;

    private Nginx(KpiServer server)
    {
        var file = Path.Combine(folder.FullName, "nginx.conf");
        File.WriteAllText(file, $$"""
            daemon off;
            master_process off;
            pid {{folder.FullName}}/pid;
            error_log stderr warn;
            events { worker_connections 256; }
            http {
                access_log off;
                client_body_temp_path {{folder.FullName}}/body;
                proxy_temp_path {{folder.FullName}}/proxy;
                fastcgi_temp_path {{folder.FullName}}/fastcgi;
                uwsgi_temp_path {{folder.FullName}}/uwsgi;
                scgi_temp_path {{folder.FullName}}/scgi;
                client_max_body_size 65m;
                server {
                    listen 127.0.0.1:{{ports.Grpc}} http2;
                    location / { grpc_pass grpc://127.0.0.1:{{server.Ports.Grpc}}; }
                }
                server {
                    listen 127.0.0.1:{{ports.OtlpHttp}};
                    location / { proxy_pass http://127.0.0.1:{{server.Ports.OtlpHttp}}; }
                }
            }
            """);
        process = KpiProcess.Start(folder.FullName, ["-p", folder.FullName, "-e", "stderr", "-c", file], program: Program);
    }

    public Uri OtlpGrpc => new($"http://127.0.0.1:{ports.Grpc}");

    public Uri OtlpHttp => new($"http://127.0.0.1:{ports.OtlpHttp}");

    public static async Task<Nginx> StartAsync(KpiServer server)
    {
        var nginx = new Nginx(server);
        try
        {
            await Eventually.HoldsAsync("nginx listens", TimeSpan.FromSeconds(10), async () =>
                nginx.process.HasExited ? throw new InvalidOperationException(nginx.process.Output)
                    : await ListensAsync(nginx.ports.Grpc) && await ListensAsync(nginx.ports.OtlpHttp));
            return nginx;
        }
        catch
        {
            nginx.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        process.Dispose();
        folder.Delete(recursive: true);
    }

    private static async Task<bool> ListensAsync(int port)
    {
        try
        {
            using var probe = new TcpClient();
            await probe.ConnectAsync(IPAddress.Loopback, port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
