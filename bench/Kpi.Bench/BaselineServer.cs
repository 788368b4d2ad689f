using Kpi.Witness;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Kpi.Bench;

/// <summary>What to compare with: Kestrel that merely reads bodies (<c>read</c>), or also decodes them with Google.Protobuf (<c>google</c>).</summary>
internal static class BaselineServer
{
    private static readonly byte[] EmptyFrame = new byte[5];

    public static async Task<int> RunAsync(string mode, int grpcPort, int httpPort)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.ListenLocalhost(grpcPort, listen => listen.Protocols = HttpProtocols.Http2);
            kestrel.ListenLocalhost(httpPort, listen => listen.Protocols = HttpProtocols.Http1);
        });
        var app = builder.Build();
        app.Run(context => HandleAsync(context, decode: mode == "google"));
        await app.RunAsync();
        return 0;
    }

    private static async Task HandleAsync(HttpContext context, bool decode)
    {
        var grpc = HttpProtocol.IsHttp2(context.Request.Protocol);
        using var body = decode ? new MemoryStream() : null;
        var reader = context.Request.BodyReader;
        while (true)
        {
            var read = await reader.ReadAsync();
            if (body is not null)
            {
                foreach (var segment in read.Buffer)
                {
                    body.Write(segment.Span);
                }
            }

            reader.AdvanceTo(read.Buffer.End);
            if (read.IsCompleted)
            {
                break;
            }
        }

        if (body is not null)
        {
            var offset = grpc ? EmptyFrame.Length : 0;
            var message = ExportTraceServiceRequest.Parser.ParseFrom(body.GetBuffer(), offset, (int)body.Length - offset);
            GC.KeepAlive(message);
        }

        if (grpc)
        {
            context.Response.ContentType = "application/grpc";
            await context.Response.BodyWriter.WriteAsync(EmptyFrame);
            context.Response.AppendTrailer("grpc-status", "0");
        }
    }
}
