namespace Kpi.SamplePlatform.Servers;

/// <summary>A server could not be created, started or stopped; the message names it and says why, with the last lines of its log.</summary>
internal sealed class ServerException(string message, Exception? inner = null) : Exception(message, inner);
