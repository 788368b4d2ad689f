using Microsoft.Extensions.Logging;

namespace Kpi.Dashboard;

internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Warning, "The live line of a page that watches {Window} failed; it is cut, and the page will open another")]
    public static partial void FeedFailed(ILogger logger, string window, Exception failure);
}
