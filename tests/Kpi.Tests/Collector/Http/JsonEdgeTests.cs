using System.Text;

namespace Kpi.Tests.Collector.Http;

/// <summary>
/// The bodies of <c>tests/data/otlp/json-edge</c> through the server. Where the manifest leaves a choice, ours is here: ids that are none
/// and strings that are no UTF-8 cost their item, names of enumerations are understood, a byte order mark is passed over, null and no
/// bytes are no request.
/// </summary>
public sealed class JsonEdgeTests
{
    private const string Bad = "400";
    private const string Empty = "{}";
    private const string OldSpan = "too_old 1";
    private const string OldPoint = "too_old 1";
    private const string OldRecord = "too_old 1";

    // The bodies are of 2018 or 1970: what is sound in them is too old to count, and what is not is rejected for that.
    private static readonly Dictionary<string, string> Expected = new()
    {
        ["trace-upper-hex.json"] = OldSpan,
        ["trace-lower-hex.json"] = OldSpan,
        ["trace-base64-ids.json"] = "invalid_id 1",
        ["trace-odd-hex.json"] = "invalid_id 1",
        ["trace-empty-parent.json"] = OldSpan,
        ["trace-unknown-fields.json"] = OldSpan,
        ["trace-snake-case.json"] = OldSpan,
        ["trace-enum-name.json"] = OldSpan,
        ["trace-kind-name.json"] = OldSpan,
        ["trace-nulls.json"] = OldSpan,
        ["trace-escapes.json"] = OldSpan,
        ["trace-lone-surrogate.json"] = "invalid_utf8 1",
        ["trace-duplicate-keys.json"] = OldSpan,
        ["trace-bom.json"] = OldSpan,
        ["empty-object.json"] = Empty,
        ["empty-body.json"] = Bad,
        ["array-root.json"] = Bad,
        ["null-root.json"] = Bad,
        ["trailing-garbage.json"] = Bad,
        ["point-int-string.json"] = OldPoint,
        ["point-int-number.json"] = OldPoint,
        ["point-int-exponent.json"] = OldPoint,
        ["point-int-fraction.json"] = Bad,
        ["point-int-overflow.json"] = Bad,
        ["point-double-string.json"] = OldPoint,
        ["point-double-nan.json"] = OldPoint,
        ["point-double-inf.json"] = OldPoint,
        ["point-double-bare-nan.json"] = Bad,
        ["point-no-time.json"] = "no_time 1",
        ["histogram-strings.json"] = OldPoint,
        ["histogram-numbers.json"] = OldPoint,
        ["exphist.json"] = OldPoint,
        ["log-body-any.json"] = OldRecord,
        ["log-bytes-base64url.json"] = Empty,
        ["log-depth-5000.json"] = Bad,
    };

    [Fact]
    public async Task Every_body_at_the_edge_of_the_rules_is_answered_as_they_say()
    {
        await using var bed = await ServerBed.StartAsync();
        var files = WireFiles.Manifest(WireFiles.JsonEdge).EnumerateArray().Select(e => e.GetProperty("file").GetString()!).ToList();
        Assert.Equal(Expected.Keys.Order(), files.Order());
        foreach (var file in files)
        {
            var body = WireFiles.Read(file, WireFiles.JsonEdge);
            var answer = await bed.PostAsync(body, type: "application/json", path: PathOf(file));
            var said = answer.Code == 400 ? Bad : Encoding.UTF8.GetString(answer.Body);
            Assert.True(said == Expected[file] || said.Contains($": {Expected[file]}\"", StringComparison.Ordinal), $"{file}: {said}");
        }

        Assert.Empty(bed.Complaints);
    }

    private static string PathOf(string file) =>
        file.StartsWith("log", StringComparison.Ordinal) ? "/v1/logs"
        : file.StartsWith("trace", StringComparison.Ordinal) ? "/v1/traces"
        : "/v1/metrics";
}
