using Kpi.Bench;

return args switch
{
    ["baseline", var mode, var grpcPort, var httpPort] => await BaselineServer.RunAsync(mode, int.Parse(grpcPort, null), int.Parse(httpPort, null)),
    ["decode"] => DecodeBench.Run(),
    ["server"] => await ServerBench.RunAsync(),
    ["signals"] => await SignalBench.RunAsync(),
    ["idle"] => await IdleBench.RunAsync(),
    ["store"] => await StoreBench.RunAsync(),
    ["store", ("write" or "bytes" or "late" or "hours" or "days") and var part] => await StoreBench.RunAsync(part),
    ["journal"] => await JournalBench.RunAsync(),
    ["overload"] => await OverloadBench.RunAsync(),
    [] => DecodeBench.Run() + await ServerBench.RunAsync() + await SignalBench.RunAsync() + await IdleBench.RunAsync() + await StoreBench.RunAsync() + await JournalBench.RunAsync()
        + await OverloadBench.RunAsync(),
    _ => Unknown(),
};

static int Unknown()
{
    Console.Error.WriteLine("benches: decode, server, signals, idle, store, journal, overload; without a name all of them");
    return 2;
}
