using Kpi.Rollups.Cells;
using Kpi.Rollups.Reading;

namespace Kpi.Tests.Rollups.Reading;

/// <summary>The promise to users: any quantile within 1 % of the value that a full sort finds.</summary>
public sealed class QuantileErrorTests
{
    private static readonly double[] Asked = [0.5, 0.75, 0.9, 0.95, 0.99, 0.999];
    private static readonly int[] Sizes = [1, 2, 3, 7, 10, 100, 101, 999, 1_000, 10_000, 100_000, 1_000_000];

    [Fact]
    public void Log_normal_latencies() =>
        Check(random => 0.05 * Math.Exp(0.8 * Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble())));

    [Fact]
    public void Pareto_latencies_with_a_long_tail() => Check(random => 0.001 * Math.Pow(1 - random.NextDouble(), -1 / 0.9));

    [Fact]
    public void Cache_hits_and_misses() =>
        Check(random => random.NextDouble() < 0.9 ? 0.0008 + (0.0004 * random.NextDouble()) : 0.8 + (0.4 * random.NextDouble()));

    private static void Check(Func<Random, double> draw)
    {
        foreach (var size in Sizes)
        {
            var random = new Random(size);
            var nanos = new long[size];
            var cell = new DistributionCell(new CellMemory());
            cell.Reset(EdgeSet.None);
            for (var i = 0; i < size; i++)
            {
                nanos[i] = (long)Math.Min(long.MaxValue, draw(random) * 1e9);
                Assert.True(cell.TryAdd(nanos[i], 1));
            }

            Array.Sort(nanos);
            var sum = new Distribution();
            sum.Add(cell);
            foreach (var q in Asked)
            {
                var exact = nanos[(int)Math.Ceiling((decimal)q * size) - 1] / 1e9;
                var read = sum.Quantile(q)!.Value;
                Assert.InRange(read.Value, exact * 0.99, exact * 1.01);
                Assert.InRange(exact, read.Low, read.High);
            }
        }
    }
}
