using System.CommandLine;

namespace Kpi.Program.Serve;

/// <summary>The verb <c>serve</c>: its options, and where else they may be written.</summary>
internal static class ServeCommand
{
    private static readonly (string Name, string Help)[] Options =
    [
        (ServeSettings.Data, "folder of the data (default ./data)"),
        (ServeSettings.Alerts, "folder of the definitions: kpis.yaml, tiers.yaml (default ./alerts, else the one beside the program)"),
        (ServeSettings.Http, "HOST:PORT of page and API (default 127.0.0.1:8080)"),
        (ServeSettings.OtlpGrpc, "HOST:PORT of OTLP/gRPC (default 127.0.0.1:4317)"),
        (ServeSettings.OtlpHttp, "HOST:PORT of OTLP/HTTP (default 127.0.0.1:4318)"),
        (ServeSettings.DurabilityName, "what an acknowledgement promises: fsync (survives a power cut), os (survives a crash of kpi) or none (default fsync)"),
        (ServeSettings.RetryWindow, "for how long a request that comes again is known as a retry, 0 is off (default 10m)"),
        (ServeSettings.TokenFile, "file of the senders' tokens, one per line, 'NAME: ' may stand in front; without it OTLP listens on this machine alone"),
        (ServeSettings.TlsCert, "certificate of both OTLP ports in PEM, its chain behind it"),
        (ServeSettings.TlsKey, "its key in PEM"),
        (ServeSettings.TlsClientCa, "whose client certificates are asked for and taken, in PEM"),
    ];

    private static readonly (string Name, string Help)[] Repeatable =
    [
        (ServeSettings.CorsOrigin, "origin whose pages may send to OTLP/HTTP, such as https://*.example.com; may be given several times"),
        (ServeSettings.CorsHeader, "request header that such pages may set besides those of OTLP; may be given several times"),
    ];

    public static Command Create()
    {
        var command = new Command("serve", "Take OTLP, evaluate, show the page. Each option may also stand in appsettings.json under Kpi, or as KPI__NAME.");
        var options = Options.Select(o => new Option<string?>("--" + o.Name) { Description = o.Help }).ToArray();
        foreach (var option in options)
        {
            command.Add(option);
        }

        var lists = Repeatable.Select(o => new Option<string[]>("--" + o.Name) { Description = o.Help }).ToArray();
        foreach (var option in lists)
        {
            command.Add(option);
        }

        command.SetAction((parsed, cancellation) =>
        {
            var given = options.Zip(Options, (option, named) => KeyValuePair.Create(named.Name, parsed.GetValue(option)))
                .Concat(lists.Zip(Repeatable, (option, named) => KeyValuePair.Create(named.Name, Joined(parsed.GetValue(option)))))
                .Where(o => o.Value is not null);
            return Serving.RunAsync(given, cancellation);
        });
        return command;
    }

    private static string? Joined(string[]? values) => values is { Length: > 0 } ? string.Join(',', values) : null;
}
