namespace Kpi.SamplePlatform.Caching;

/// <summary>An answer of Redis, or that there was none: then <see cref="Value"/> means nothing.</summary>
internal readonly record struct RedisReply<T>(bool Reached, T? Value);
