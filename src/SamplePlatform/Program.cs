using System.CommandLine;
using Kpi.SamplePlatform.Demo;
using Kpi.SamplePlatform.Load;
using Kpi.SamplePlatform.Shop;

// Exit codes: 0 fine, 2 usage or environment.
const int Usage = 2;

var root = new RootCommand("The shop under measurement: a multi-tenant platform on sharded PostgreSQL and Redis, its load, and the demo that runs it all.")
{
    ShopCommand.Create(),
    LoadCommand.Create(),
    DemoCommand.Create(),
};
var parsed = root.Parse(args);
if (parsed.Errors.Count == 0)
{
    // Signals are the verbs' own: the library's handler would end the process after two seconds.
    return await parsed.InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = null });
}

foreach (var error in parsed.Errors)
{
    Console.Error.WriteLine(error.Message);
}

return Usage;
