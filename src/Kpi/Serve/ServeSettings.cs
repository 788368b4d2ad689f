using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Net;
using Kpi.Collector;
using Kpi.Collector.Doors;
using Kpi.Collector.Journal;
using Kpi.Rollups.Identity;

namespace Kpi.Program.Serve;

/// <summary>
/// What <c>serve</c> needs to know, checked. From the command line, else <c>KPI__…</c> in the environment (<c>KPI__OTLP_GRPC</c>
/// is <c>otlp-grpc</c>), else the section <c>Kpi</c> of <c>appsettings.json</c> in the working folder, else defaults.
/// </summary>
internal sealed record ServeSettings(
    string DataFolder, string AlertsFolder, IPEndPoint HttpAddress, CollectorOptions Collector, JournalOptions Journal, RollupLimits Rollups)
{
    public const string Data = "data";
    public const string Alerts = "alerts";
    public const string Http = "http";
    public const string OtlpGrpc = "otlp-grpc";
    public const string OtlpHttp = "otlp-http";

    public const string DurabilityName = "durability";
    public const string RetryWindow = "retry-window";

    public const string TokenFile = "token-file";
    public const string TlsCert = "tls-cert";
    public const string TlsKey = "tls-key";
    public const string TlsClientCa = "tls-client-ca";
    public const string CorsOrigin = "cors-origin";
    public const string CorsHeader = "cors-header";

    private const string Section = "Kpi";

    /// <summary>Reads all, or says all that is wrong.</summary>
    public static ServeSettings? Read(IEnumerable<KeyValuePair<string, string?>> given, ICollection<string> problems)
    {
        if (Load(given, problems) is not { } settings)
        {
            return null;
        }

        var collector = new CollectorOptions();
        var rollups = new RollupLimits();
        Bind(settings.GetSection("Collector"), collector, problems);
        Bind(settings.GetSection("Rollups"), rollups, problems);
        var journal = ReadJournal(settings, problems);
        var http = Endpoint(settings, Http, new IPEndPoint(IPAddress.Loopback, 8080), problems);
        collector.Grpc = Endpoint(settings, OtlpGrpc, collector.Grpc, problems);
        collector.Http = Endpoint(settings, OtlpHttp, collector.Http, problems);
        ReadDoors(settings, collector);
        foreach (var problem in DoorCheck.ProblemsOf(collector))
        {
            problems.Add(problem);
        }

        if (!IPAddress.IsLoopback(http.Address))
        {
            problems.Add($"--{Http}: {http.Address} can be reached from outside this machine; that needs a login for the page, which this "
                + "version does not have yet. Listen on 127.0.0.1 and put a proxy with authentication in front");
        }

        IPEndPoint[] endpoints = [http, collector.Grpc, collector.Http];
        foreach (var twice in endpoints.Where(e => e.Port != 0).GroupBy(e => e).Where(g => g.Count() > 1))
        {
            problems.Add($"--{Http}, --{OtlpGrpc}, --{OtlpHttp}: {twice.Key} is given {twice.Count()} times; each needs a port of its own");
        }

        var alerts = settings[Alerts] ?? (Directory.Exists("alerts") ? "alerts" : Path.Combine(AppContext.BaseDirectory, "alerts"));
        if (!Directory.Exists(alerts))
        {
            problems.Add($"--{Alerts}: there is no folder {Path.GetFullPath(alerts)}");
        }

        return problems.Count > 0 ? null
            : new ServeSettings(Path.GetFullPath(settings[Data] ?? "data"), Path.GetFullPath(alerts), http, collector, journal, rollups);
    }

    private static void ReadDoors(IConfigurationSection settings, CollectorOptions collector)
    {
        collector.TokenFile = PathOf(settings, TokenFile) ?? collector.TokenFile;
        collector.TlsCert = PathOf(settings, TlsCert) ?? collector.TlsCert;
        collector.TlsKey = PathOf(settings, TlsKey) ?? collector.TlsKey;
        collector.TlsClientCa = PathOf(settings, TlsClientCa) ?? collector.TlsClientCa;
        foreach (var (name, list) in new[] { (CorsOrigin, collector.CorsOrigins), (CorsHeader, collector.CorsHeaders) })
        {
            foreach (var value in Values(settings, name))
            {
                list.Add(value);
            }
        }
    }

    private static string? PathOf(IConfigurationSection settings, string name) =>
        string.IsNullOrEmpty(settings[name]) ? null : Path.GetFullPath(settings[name]!);

    // One text with commas, as from the command line and the environment, or a list, as JSON has it.
    private static IEnumerable<string> Values(IConfigurationSection settings, string name) =>
        (settings[name] is { } text ? text.Split(',') : settings.GetSection(name).GetChildren().Select(c => c.Value ?? ""))
        .Select(v => v.Trim()).Where(v => v.Length > 0);

    private static JournalOptions ReadJournal(IConfigurationSection settings, ICollection<string> problems)
    {
        var journal = new JournalOptions();
        Bind(settings.GetSection("Journal"), journal, problems);
        if (settings[DurabilityName] is { } durability)
        {
            if (Enum.TryParse<Durability>(durability, ignoreCase: true, out var known) && Enum.IsDefined(known) && !char.IsDigit(durability[0]))
            {
                journal.Durability = known;
            }
            else
            {
                problems.Add($"--{DurabilityName}: '{durability}' is none of fsync, os, none");
            }
        }

        if (settings[RetryWindow] is { } window)
        {
            if (DurationFormat.TryParse(window, out var length) && length <= TimeSpan.FromDays(1))
            {
                journal.RetryWindow = length;
            }
            else
            {
                problems.Add($"--{RetryWindow}: '{window}' is not a duration of at most a day, such as 10m, 90s or 0");
            }
        }

        return journal;
    }

    private static IConfigurationSection? Load(IEnumerable<KeyValuePair<string, string?>> given, ICollection<string> problems)
    {
        try
        {
            return new ConfigurationBuilder()
                .AddJsonFile(Path.GetFullPath("appsettings.json"), optional: true)
                .AddInMemoryCollection(FromEnvironment())
                .AddInMemoryCollection(given.Select(g => KeyValuePair.Create($"{Section}:{g.Key}", g.Value)))
                .Build()
                .GetSection(Section);
        }
        catch (InvalidDataException unreadable)
        {
            problems.Add($"{unreadable.Message} {unreadable.InnerException?.Message}".Trim());
            return null;
        }
    }

    // KPI__DATA, KPI__OTLP_GRPC or KPI__OTLP-GRPC, KPI__Collector__MaxRequestBytes.
    private static IEnumerable<KeyValuePair<string, string?>> FromEnvironment()
    {
        const string Prefix = "KPI__";
        foreach (System.Collections.DictionaryEntry variable in Environment.GetEnvironmentVariables())
        {
            var name = (string)variable.Key;
            if (name.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase))
            {
                var key = name[Prefix.Length..].Replace("__", ":", StringComparison.Ordinal).Replace('_', '-');
                yield return KeyValuePair.Create($"{Section}:{key}", (string?)variable.Value);
            }
        }
    }

    private static void Bind(IConfigurationSection section, object options, ICollection<string> problems)
    {
        try
        {
            section.Bind(options, binder => binder.ErrorOnUnknownConfiguration = true);
        }
        catch (InvalidOperationException wrong)
        {
            problems.Add($"{section.Path}: {wrong.Message}");
        }

        var findings = new List<ValidationResult>();
        Validator.TryValidateObject(options, new ValidationContext(options), findings, validateAllProperties: true);
        foreach (var finding in findings)
        {
            problems.Add($"{section.Path}: {finding.ErrorMessage}");
        }
    }

    private static IPEndPoint Endpoint(IConfigurationSection settings, string name, IPEndPoint fallback, ICollection<string> problems)
    {
        if (settings[name] is not { } text)
        {
            return fallback;
        }

        var colon = text.LastIndexOf(':');
        var host = colon < 0 ? "" : text[..colon].Trim('[', ']');
        if (colon < 0 || !ushort.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port))
        {
            problems.Add($"--{name}: '{text}' is not HOST:PORT, such as {fallback}");
            return fallback;
        }

        var address = host.Equals("localhost", StringComparison.OrdinalIgnoreCase) ? IPAddress.Loopback : null;
        if (address is null && !IPAddress.TryParse(host, out address))
        {
            problems.Add($"--{name}: '{host}' is neither localhost nor an IP address");
            return fallback;
        }

        return new IPEndPoint(address, port);
    }
}
