using System.Net;

namespace Kpi.Program;

internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Information, "ready: page and API on http://{Http}, OTLP/gRPC on {Grpc}, OTLP/HTTP on {OtlpHttp}, data in {Data}")]
    public static partial void Ready(ILogger logger, IPEndPoint http, IPEndPoint grpc, IPEndPoint otlpHttp, string data);
}
