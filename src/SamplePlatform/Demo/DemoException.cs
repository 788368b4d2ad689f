namespace Kpi.SamplePlatform.Demo;

/// <summary>The demo cannot start or go on; the message is for the person who started it.</summary>
internal sealed class DemoException(string message, Exception? inner = null) : Exception(message, inner);
