using Kpi.Rollups.Identity;
using Kpi.Rollups.Store;

namespace Kpi.Tests.Rollups.Store;

/// <summary>The contract under the simplest store: shows that the contract can be kept and asks for nothing of SQLite's.</summary>
public sealed class MemoryRollupStoreTests : CellKindsContract
{
    private readonly MemoryRollupStore.Contents contents = new();

    protected override IRollupStore Open(RollupLimits limits) => new MemoryRollupStore(contents, limits);
}
