using Npgsql;

namespace Kpi.SamplePlatform.Sharding;

/// <summary>One shard: where requests of a tenant go (<see cref="DataSource"/>) and where reports over all tenants read (<see cref="Reports"/>).</summary>
internal sealed record Shard(int Id, string Name, NpgsqlDataSource DataSource, NpgsqlDataSource Reports);
