namespace Kpi.SamplePlatform.Shop;

internal static partial class Log
{
    [LoggerMessage(101, LogLevel.Error, "{Method} {Route} failed")]
    public static partial void RequestFailed(ILogger logger, Exception failure, string method, string? route);

    [LoggerMessage(102, LogLevel.Warning, "{Method} {Route}: {Shard} is unavailable")]
    public static partial void ShardUnavailable(ILogger logger, string method, string? route, string shard);

    [LoggerMessage(104, LogLevel.Debug, "{Method} {Route} answered {Status} in {Milliseconds} ms")]
    public static partial void RequestEnded(ILogger logger, string method, string? route, int status, double milliseconds);

    [LoggerMessage(105, LogLevel.Debug, "headers read: host {Host}, length {Length}, type {Type}, agent {Agent}")]
    public static partial void HeadersRead(ILogger logger, string host, long? length, string? type, string? agent);

    [LoggerMessage(106, LogLevel.Debug, "the token is good")]
    public static partial void TokenIsGood(ILogger logger);

    [LoggerMessage(107, LogLevel.Information, "the shop listens on {Address}")]
    public static partial void Listening(ILogger logger, Uri address);
}
