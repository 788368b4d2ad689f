using Kpi.SamplePlatform.Sharding;
using Npgsql;

namespace Kpi.SamplePlatform.Shop.Hosting;

/// <summary>
/// Connections opened before the first request comes. A busy start would open them all at once, each giving up after a second, and
/// a machine that is short of time would then be kept busy by attempts alone.
/// </summary>
internal static class OpenConnections
{
    /// <summary>Half of what a pool holds: what the busiest load uses at once.</summary>
    public const int PerShard = 8;

    /// <summary>A shard that does not answer is left as it is: the shop starts without it.</summary>
    public static async Task OnAsync(IReadOnlyList<Shard> shards, CancellationToken cancellation)
    {
        foreach (var shard in shards)
        {
            var open = new List<NpgsqlConnection>(PerShard);
            try
            {
                while (open.Count < PerShard)
                {
                    open.Add(await shard.DataSource.OpenConnectionAsync(cancellation).ConfigureAwait(false));
                }
            }
            catch (NpgsqlException)
            {
                // Its tenants will be told.
            }
            finally
            {
                foreach (var connection in open)
                {
                    await connection.DisposeAsync().ConfigureAwait(false);
                }
            }
        }
    }
}
