using Microsoft.Extensions.Logging;

namespace Kpi.Rollups;

internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Error, "A flush could not be committed; its cells stay in memory and the commit is tried again")]
    public static partial void FlushFailed(ILogger logger, Exception failure);

    [LoggerMessage(2, LogLevel.Error, "A step of the store's upkeep failed; nothing is lost, and it is tried again in seconds")]
    public static partial void UpkeepFailed(ILogger logger, Exception failure);
}
