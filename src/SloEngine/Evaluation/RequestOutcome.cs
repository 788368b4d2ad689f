using System.Globalization;
using Kpi.Rollups.Identity;

namespace Kpi.SloEngine.Evaluation;

/// <summary>What a request counts as in an error rate.</summary>
internal enum RequestOutcome
{
    /// <summary>Valid and not bad.</summary>
    Good,

    /// <summary>Valid and bad: the service failed its caller.</summary>
    Bad,

    /// <summary>Given up by the caller before the answer: neither.</summary>
    Aborted,
}

/// <summary>Tells outcomes by the labels of a server-side duration, as OpenTelemetry's conventions set them.</summary>
/// <remarks>
/// Bad are 5xx; a failure (<c>error.type</c>) without a 4xx; a 429 that protects an overloaded system (<c>app.shed</c>); and the
/// gRPC codes by which a server says that it failed. 4xx are the caller's fault and valid, and so are the other gRPC codes,
/// CANCELLED among them. 499 is the caller leaving.
/// </remarks>
internal static class RequestOutcomes
{
    public static RequestOutcome Of(Labels labels)
    {
        var failed = labels["error.type"] is not null;
        if (labels["http.response.status_code"] is { } http
            && int.TryParse(http, NumberStyles.None, CultureInfo.InvariantCulture, out var status))
        {
            return OfHttp(status, failed, labels["app.shed"] == "true");
        }

        return labels["rpc.response.status_code"] is { } rpc ? OfGrpc(rpc, failed)
            : failed ? RequestOutcome.Bad
            : RequestOutcome.Good;
    }

    private static RequestOutcome OfHttp(int status, bool failed, bool shed) => status switch
    {
        499 => RequestOutcome.Aborted,
        429 when shed => RequestOutcome.Bad,
        >= 400 and < 500 => RequestOutcome.Good,
        >= 500 and < 600 => RequestOutcome.Bad,
        _ => failed ? RequestOutcome.Bad : RequestOutcome.Good,
    };

    private static RequestOutcome OfGrpc(string status, bool failed) => status switch
    {
        "UNKNOWN" or "DEADLINE_EXCEEDED" or "UNIMPLEMENTED" or "INTERNAL" or "UNAVAILABLE" or "DATA_LOSS"
            or "2" or "4" or "12" or "13" or "14" or "15" => RequestOutcome.Bad,
        "OK" or "0" => failed ? RequestOutcome.Bad : RequestOutcome.Good,
        _ => RequestOutcome.Good,
    };
}
