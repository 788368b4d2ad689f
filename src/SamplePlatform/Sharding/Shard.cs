using Npgsql;

namespace Kpi.SamplePlatform.Sharding;

/// <summary>One shard.</summary>
/// <param name="DataSource">For requests of a tenant, through the router.</param>
/// <param name="Reports">For questions over all tenants.</param>
internal sealed record Shard(int Id, string Name, NpgsqlDataSource DataSource, NpgsqlDataSource Reports);
