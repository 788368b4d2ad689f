using System.CommandLine;
using Kpi.Program.Import;
using Kpi.Program.Serve;

// Exit codes: 0 fine, 1 findings, 2 usage or environment.
const int Usage = 2;

var root = new RootCommand("Kpi: KPIs and SLOs of a platform, live and in writing, against the targets of its size and of the next.")
{
    ServeCommand.Create(),
    ImportCommand.Create(),
};
var parsed = root.Parse(args);
if (parsed.Errors.Count == 0)
{
    // Signals are the verbs' own: the library's handler would end the process after two seconds, before the last flush.
    return await parsed.InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = null });
}

foreach (var error in parsed.Errors)
{
    Console.Error.WriteLine(error.Message);
}

return Usage;
