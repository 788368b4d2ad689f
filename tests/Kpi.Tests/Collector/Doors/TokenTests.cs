using System.Net.Http.Headers;
using Google.Protobuf;
using Kpi.Rollups.Intake;
using static Kpi.Tests.Collector.OtlpClient;

namespace Kpi.Tests.Collector.Doors;

/// <summary>Section 1.10 of the ingest reference: tokens as senders meet them, checked before the body is read.</summary>
public sealed class TokenTests : IAsyncLifetime
{
    private const string Token = "correct-horse-battery";
    private const string Other = "staple-staple-staple";

    private readonly string file = Path.Combine(Path.GetTempPath(), $"kpi-tokens-{Guid.NewGuid():n}");
    private ServerBed bed = null!;

    public async Task InitializeAsync()
    {
        await File.WriteAllTextAsync(file, $"shop: {Token}\n{Other}\n");
        bed = await ServerBed.StartAsync(o => o.TokenFile = file);
    }

    public async Task DisposeAsync()
    {
        await bed.DisposeAsync();
        File.Delete(file);
    }

    [Theory]
    [InlineData("Authorization", "Bearer " + Token)]
    [InlineData("authorization", "bearer " + Other)]
    [InlineData("x-api-key", Token)]
    public async Task A_known_token_comes_in_by_either_header_over_both_protocols(string header, string value)
    {
        Bear(header, value);
        Assert.Equal(200, (await bed.PostAsync(Good(2))).Code);
        Assert.Equal("0", (await bed.CallAsync(Good(3))).Status);
        Assert.Equal(5, await bed.CountAsync());
    }

    [Theory]
    [InlineData(null, "")]
    [InlineData("Authorization", "Bearer wrong-horse-battery")]
    [InlineData("Authorization", "Basic " + Token)]
    [InlineData("Authorization", Token)]
    [InlineData("x-api-key", "Bearer " + Token)]
    [InlineData("x-api-key", "shop: " + Token)]
    public async Task Whoever_has_none_is_refused_with_a_status_and_told_what_to_send(string? header, string value)
    {
        if (header is not null)
        {
            Bear(header, value);
        }

        var http = await bed.PostAsync(Good());
        Assert.Equal((401, 16), (http.Code, http.Status.Code));
        Assert.Equal("application/x-protobuf", http.Message.Content.Headers.ContentType!.MediaType);
        Assert.Equal("Bearer", http.Message.Headers.WwwAuthenticate.Single().Scheme);
        Assert.Null(http.Message.Headers.RetryAfter);
        var grpc = await bed.CallAsync(Good());
        Assert.Equal((200, "16"), (grpc.Code, grpc.Status));
        Assert.Null(grpc.Details);
        Assert.DoesNotContain("horse", http.Status.Message + grpc.Message, StringComparison.Ordinal);
        Assert.Equal((2, 0), (bed.Rollup.Intake[RejectReason.Unauthenticated], await bed.CountAsync()));
        Assert.Empty(bed.Complaints);
    }

    [Fact]
    public async Task Nothing_else_is_told_to_whoever_has_none()
    {
        Assert.Equal(401, (await bed.PostAsync([], path: "/nowhere")).Code);
        Assert.Equal(401, (await bed.PostAsync([], method: "GET")).Code);
        Assert.Equal(415, (await bed.CallAsync([], type: "text/plain")).Code);
        Assert.Equal("16", (await bed.CallAsync([], path: "/nowhere")).Status);
    }

    [Fact]
    public async Task The_token_is_looked_at_before_the_body_is_there()
    {
        using var content = new PiecesContent(new byte[] { 1 }, 1);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/traces") { Content = content };
        request.Headers.ExpectContinue = true;
        content.Headers.ContentType = new MediaTypeHeaderValue("application/x-protobuf");
        using var answer = await bed.Http.SendAsync(request);
        Assert.Equal(401, (int)answer.StatusCode);
        Assert.Equal(0, bed.Rollup.Intake[RejectReason.Malformed]);
    }

    // DESIGN: a retry is known by signal, token and body.
    [Fact]
    public async Task The_same_body_of_two_senders_is_two_bodies_and_of_one_a_retry_also_after_a_crash()
    {
        var body = Good(3).ToByteArray();
        foreach (var token in new[] { Token, Token, Other, Other })
        {
            Bear("x-api-key", token);
            Assert.Equal(200, (await bed.PostAsync(body)).Code);
        }

        Assert.Equal((6, 2), (await bed.CountAsync(), bed.Rollup.Intake.Repeated));
        await using var after = await bed.AfterCrashAsync(change: o => o.TokenFile = file);
        after.Http.DefaultRequestHeaders.Add("x-api-key", Token);
        Assert.Equal(200, (await after.PostAsync(body)).Code);
        Assert.Equal((6, 1), (await after.CountAsync(), after.Rollup.Intake.Repeated));
    }

    [Fact]
    public async Task A_changed_file_takes_effect_and_a_broken_one_does_not()
    {
        await File.WriteAllTextAsync(file, "a-new-token-for-all");
        Bear("x-api-key", "a-new-token-for-all");
        await Wait.UntilAsync(() => bed.PostAsync([]).GetAwaiter().GetResult().Code == 200);
        await File.WriteAllTextAsync(file, "");
        await Wait.UntilAsync(() => bed.Complaints.Count > 0);
        Assert.Contains("--token-file", bed.Complaints.Single(), StringComparison.Ordinal);
        Assert.DoesNotContain("a-new-token", bed.Complaints.Single(), StringComparison.Ordinal);
        Assert.Equal(200, (await bed.PostAsync([])).Code);
        Bear("x-api-key", Token);
        Assert.Equal(401, (await bed.PostAsync([])).Code);
    }

    private void Bear(string header, string value)
    {
        foreach (var client in new[] { bed.Http, bed.Grpc })
        {
            client.DefaultRequestHeaders.Remove(header);
            client.DefaultRequestHeaders.TryAddWithoutValidation(header, value);
        }
    }
}
