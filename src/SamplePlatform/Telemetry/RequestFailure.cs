namespace Kpi.SamplePlatform.Telemetry;

/// <summary>Why a request failed, as <c>error.type</c>: left by whoever knows, read when the request ends.</summary>
internal sealed record RequestFailure(string ErrorType);
