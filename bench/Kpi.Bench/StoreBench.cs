namespace Kpi.Bench;

/// <summary>The embedded store: what flushes, upkeep and reads cost, and what cells take.</summary>
internal static class StoreBench
{
    public static async Task<int> RunAsync()
    {
        const string Head = "| what | measured | goal |\n|---|---|---|";
        var write = await StoreWriteBench.RunAsync(repeating: true);
        var anew = await StoreWriteBench.RunAsync(repeating: false);
        var hours = await StoreReadBench.HoursAsync();
        var days = await StoreReadBench.DaysAsync();
        Results.Write("store", $"""
            100,000 cumulative counters of 200 sources (increases of 0 to 11, running totals up to 4 million) and 5,000 distributions of 60
            buckets, flushed every 10 s for an hour; fsync on. CPU is that of the process, medians.

            Distributions that change in two of their 60 buckets from slice to slice:

            {Head}
            {string.Join('\n', write)}

            Distributions whose 60 counts are all drawn anew in every slice (1 to 20 each, 4.3 bits of chance per count: 32 bytes per cell
            that nothing can compress):

            {Head}
            {string.Join('\n', anew)}

            Reads, medians of 21 on a warm cache:

            {Head}
            {string.Join('\n', hours)}
            {string.Join('\n', days)}
            """);
        return 0;
    }
}
