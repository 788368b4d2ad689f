using Kpi.Collector.Protobuf;

namespace Kpi.Collector.Otlp;

/// <summary>The messages we answer with. Source: OTLP specification 1.11 and google/rpc/status.proto, error_details.proto.</summary>
internal static class Answers
{
    /// <summary>The types of details that a status may carry, as an <c>Any</c> names them.</summary>
    public const string RetryInfo = "type.googleapis.com/google.rpc.RetryInfo";
    public const string BadRequest = "type.googleapis.com/google.rpc.BadRequest";

    /// <summary>What of a request violates the rules when a body is not understood.</summary>
    public const string BodyField = "body";

    // The recommended response limit is 4 MiB; ours names reasons and counts and stays far below.
    private const int MostMessageCharacters = 1_024;

    /// <summary>
    /// <c>ExportTraceServiceResponse</c> and its like, which have the same numbers: empty on full success, else how many items were
    /// rejected and why, or none and a warning.
    /// </summary>
    public static byte[] Export(int rejected, string message) => message.Length == 0
        ? []
        : new ProtoWriter().Message(1, new ProtoWriter().Varint(1, (ulong)rejected).Text(2, Cut(message)).ToArray()).ToArray();

    /// <summary>
    /// <c>google.rpc.Status</c>; with a delay it carries <c>RetryInfo</c>, which makes the error one that senders retry; of a body that is
    /// not understood it carries <c>BadRequest</c>.
    /// </summary>
    public static byte[] Status(int code, string message, TimeSpan? retryAfter, bool isBadBody = false)
    {
        var status = new ProtoWriter().Varint(1, (ulong)code).Text(2, Cut(message));
        if (retryAfter is { } delay)
        {
            var seconds = (ulong)delay.TotalSeconds;
            var nanos = (ulong)(delay - TimeSpan.FromSeconds(seconds)).TotalNanoseconds;
            var info = new ProtoWriter().Message(1, new ProtoWriter().Varint(1, seconds).Varint(2, nanos).ToArray());
            Detail(status, RetryInfo, info);
        }
        else if (isBadBody)
        {
            var violation = new ProtoWriter().Text(1, BodyField).Text(2, Cut(message));
            Detail(status, BadRequest, new ProtoWriter().Message(1, violation.ToArray()));
        }

        return status.ToArray();
    }

    private static void Detail(ProtoWriter status, string type, ProtoWriter detail) =>
        status.Message(3, new ProtoWriter().Text(1, type).Message(2, detail.ToArray()).ToArray());

    private static string Cut(string message) => message.Length <= MostMessageCharacters ? message : message[..MostMessageCharacters];
}
