using Microsoft.Extensions.Logging;

namespace Kpi.Rollups;

internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Error, "A flush could not be committed; its cells stay in memory and the commit is tried again")]
    public static partial void FlushFailed(ILogger logger, Exception failure);

    [LoggerMessage(2, LogLevel.Error, "Cells beyond the retention could not be dropped; tried again in an hour")]
    public static partial void DropFailed(ILogger logger, Exception failure);
}
