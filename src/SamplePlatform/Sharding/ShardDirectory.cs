namespace Kpi.SamplePlatform.Sharding;

/// <summary>Which shard holds which bucket, under which epoch: this process's copy of the catalogue's table.</summary>
internal sealed class ShardDirectory
{
    private readonly Catalogue catalogue;
    private readonly Lock gate = new();
    private DirectorySnapshot current;
    private Task? reading;

    private ShardDirectory(Catalogue catalogue, DirectorySnapshot first)
    {
        this.catalogue = catalogue;
        current = first;
    }

    public DirectorySnapshot Current => Volatile.Read(ref current);

    public static async Task<ShardDirectory> LoadAsync(Catalogue catalogue, CancellationToken cancellation)
    {
        var routes = await catalogue.ReadRoutesAsync(cancellation).ConfigureAwait(false);
        return new ShardDirectory(catalogue, new DirectorySnapshot(1, routes));
    }

    /// <summary>
    /// Reads the directory again unless that has been done since <paramref name="stale"/>. All who ask meanwhile wait for one query,
    /// which none of them can cancel for the others. Throws <see cref="ShardUnavailableException"/> when the catalogue does not answer.
    /// </summary>
    public Task RefreshAsync(DirectorySnapshot stale, CancellationToken cancellation)
    {
        Task pending;
        lock (gate)
        {
            if (!ReferenceEquals(current, stale))
            {
                return Task.CompletedTask;
            }

            pending = reading ??= Task.Run(ReadAsync, CancellationToken.None);
        }

        return pending.WaitAsync(cancellation);
    }

    private async Task ReadAsync()
    {
        Route[]? routes = null;
        try
        {
            routes = await catalogue.ReadRoutesAsync(CancellationToken.None).ConfigureAwait(false);
        }
        finally
        {
            lock (gate)
            {
                reading = null;
                current = routes is null ? current : new DirectorySnapshot(current.Version + 1, routes);
            }
        }
    }
}
