using Microsoft.Extensions.Logging;

namespace Kpi.SloEngine;

internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Error, "The window {Window} could not be evaluated; tried again in 10 s")]
    public static partial void EvaluationFailed(ILogger logger, string window, Exception failure);

    [LoggerMessage(2, LogLevel.Warning, "{Problem}; the last good version stays in force")]
    public static partial void DefinitionProblem(ILogger logger, string problem);

    [LoggerMessage(3, LogLevel.Error, "The definition files could not be looked at; tried again in a second")]
    public static partial void DefinitionsUnread(ILogger logger, Exception failure);
}
