using System.CommandLine;
using Kpi.Program.Serve;

namespace Kpi.Program.Import;

/// <summary>The verb <c>import</c>: its options and arguments.</summary>
internal static class ImportCommand
{
    public static Command Create()
    {
        var data = Option(ServeSettings.Data, "folder of the data (default ./data); no server may work in it");
        var alerts = Option(ServeSettings.Alerts, "folder of the definitions, as for serve: their targets are counted exactly");
        var signal = Option("signal", "what the files hold: traces, metrics or logs (default: by the word in each file's name; JSON says it itself)");
        var files = new Argument<string[]>("FILE")
        {
            Description = "OTLP protobuf or JSON, gzip or not, in the order of time: one request body, or what the OpenTelemetry Collector's "
                + "file exporter writes, with format: proto or as lines of JSON",
            Arity = ArgumentArity.OneOrMore,
        };
        var command = new Command("import", "Bring older telemetry in from files. The same files count once, however often it is run.")
        {
            data, alerts, signal, files,
        };
        command.SetAction((parsed, cancellation) =>
        {
            KeyValuePair<string, string?>[] given =
            [
                new(ServeSettings.Data, parsed.GetValue(data)), new(ServeSettings.Alerts, parsed.GetValue(alerts)),
            ];
            return new Importing(Console.Out, Console.Error, TimeProvider.System).RunAsync(
                given.Where(o => o.Value is not null), parsed.GetValue(signal), parsed.GetValue(files) ?? [], cancellation);
        });
        return command;
    }

    private static Option<string?> Option(string name, string help) => new("--" + name) { Description = help };
}
