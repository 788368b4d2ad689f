using System.Diagnostics;

namespace Kpi.EndToEnd.Senders;

/// <summary>A span to send: kind, attributes, and how long it lasted until when.</summary>
internal sealed record SentRequest(
    ActivityKind Kind, string Name, TimeSpan Duration, DateTime End, params KeyValuePair<string, object?>[] Attributes)
{
    /// <summary>A server-side HTTP request by the semantic conventions.</summary>
    public static SentRequest Http(int status, TimeSpan duration, DateTime end, string route = "/orders/{id}")
    {
        var attributes = new List<KeyValuePair<string, object?>>
        {
            new("http.request.method", "GET"),
            new("http.route", route),
            new("url.path", $"/orders/{end.Ticks}"),
            new("http.response.status_code", status),
        };
        if (status >= 500)
        {
            attributes.Add(new("error.type", status.ToString(System.Globalization.CultureInfo.InvariantCulture)));
        }

        return new SentRequest(ActivityKind.Server, "GET " + route, duration, end, [.. attributes]);
    }

    /// <summary>A query to PostgreSQL, seen from the client.</summary>
    public static SentRequest Query(TimeSpan duration, DateTime end) => new(
        ActivityKind.Client, "SELECT orders", duration, end,
        new("db.system.name", "postgresql"), new("db.namespace", "shop"), new("db.operation.name", "SELECT"), new("db.collection.name", "orders"));
}
