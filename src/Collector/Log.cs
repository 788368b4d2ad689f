using Microsoft.Extensions.Logging;

namespace Kpi.Collector;

internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Information, "Journal read: {Bodies} bodies ({Megabytes} MB) counted again in {Seconds:0.0} s; torn tail: {Torn}")]
    public static partial void Replayed(ILogger logger, long bodies, long megabytes, double seconds, bool torn);

    [LoggerMessage(2, LogLevel.Error, "Journal damaged: {File}, {Bytes} bytes from byte {Offset} on are no record; what they held is lost")]
    public static partial void Damaged(ILogger logger, string file, long offset, long bytes);

    [LoggerMessage(3, LogLevel.Error, "The journal could not be written: {Reason}. Senders are asked to try again until it can")]
    public static partial void CannotWrite(ILogger logger, string reason);

    [LoggerMessage(4, LogLevel.Information, "The journal is written again")]
    public static partial void WritesAgain(ILogger logger);

    [LoggerMessage(5, LogLevel.Information, "The files of --{Option} were read again")]
    public static partial void Reloaded(ILogger logger, string option);

    [LoggerMessage(6, LogLevel.Warning, "The files of --{Option} have changed and are not good: {Reason}. What was read before stays in force")]
    public static partial void NotReloaded(ILogger logger, string option, string reason);

    [LoggerMessage(7, LogLevel.Warning, "OTLP listens beyond this machine without TLS: tokens cross the network in the clear; see --tls-cert")]
    public static partial void TokensInTheClear(ILogger logger);
}
