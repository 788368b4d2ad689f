using System.Net;
using System.Net.Http.Headers;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Google.Protobuf;
using Kpi.Collector.Doors;
using static Kpi.Tests.Collector.OtlpClient;

namespace Kpi.Tests.Collector.Doors;

/// <summary>Section 1.10 of the ingest reference: TLS on both ports, client certificates, renewed files.</summary>
public sealed class TlsTests : IDisposable
{
    private readonly TestCertificates certificates = new("authority");

    public void Dispose() => certificates.Dispose();

    [Fact]
    public async Task Both_ports_speak_tls_and_the_http_port_http_2_as_well()
    {
        await using var bed = await StartAsync();
        Assert.Equal((200, new Version(1, 1)), await PostAsync(bed.Options.Http, "1.1"));
        Assert.Equal((200, new Version(2, 0)), await PostAsync(bed.Options.Http, "2.0"));
        Assert.Equal((200, new Version(2, 0)), await PostAsync(bed.Options.Grpc, "2.0", grpc: true));
        Assert.Equal(3, await bed.CountAsync());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Whichever_port_is_spoken_to_first_each_offers_its_own_protocols(bool grpcFirst)
    {
        await using var bed = await StartAsync();
        if (grpcFirst)
        {
            Assert.Equal("h2", await AgreedAsync(bed.Options.Grpc, SslApplicationProtocol.Http2, SslApplicationProtocol.Http11));
        }

        Assert.Equal("http/1.1", await AgreedAsync(bed.Options.Http, SslApplicationProtocol.Http11));
        Assert.Equal((200, new Version(1, 1)), await PostAsync(bed.Options.Http, "1.1"));
        Assert.Equal("h2", await AgreedAsync(bed.Options.Grpc, SslApplicationProtocol.Http11, SslApplicationProtocol.Http2));
        Assert.Equal((200, new Version(2, 0)), await PostAsync(bed.Options.Grpc, "2.0", grpc: true));
    }

    [Theory]
    [InlineData(SslProtocols.Tls12)]
    [InlineData(SslProtocols.Tls13)]
    public async Task Tls_from_1_2_on_is_taken(SslProtocols version)
    {
        await using var bed = await StartAsync();
        using var socket = new TcpClient();
        await socket.ConnectAsync(bed.Options.Http);
        await using var tls = new SslStream(socket.GetStream());
        await tls.AuthenticateAsClientAsync(Client(certificates.Authority, version));
        Assert.Equal(version, tls.SslProtocol);
    }

    [Fact]
    public void Nothing_below_tls_1_2_is_offered() => Assert.Equal(
        SslProtocols.Tls12 | SslProtocols.Tls13,
        TlsFiles.Read([File.ReadAllBytes(certificates.CertFile), File.ReadAllBytes(certificates.KeyFile)]).Http.EnabledSslProtocols);

    [Fact]
    public async Task Whoever_speaks_without_tls_is_not_heard()
    {
        await using var bed = await StartAsync();
        using var plain = new HttpClient();
        await Assert.ThrowsAsync<HttpRequestException>(() => plain.PostAsync(new Uri($"http://{bed.Options.Http}/v1/traces"), null));
        Assert.Empty(bed.Complaints);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task With_an_authority_for_clients_only_its_certificates_come_in(bool grpc)
    {
        await using var bed = await StartAsync(mutual: true);
        var port = grpc ? bed.Options.Grpc : bed.Options.Http;
        var version = grpc ? "2.0" : "1.1";
        using var others = new TestCertificates("another authority");
        using var good = certificates.Client("shop");
        using var bad = others.Client("shop");
        Assert.Equal(200, (await PostAsync(port, version, grpc, good)).Code);
        await Assert.ThrowsAsync<HttpRequestException>(() => PostAsync(port, version, grpc, bad));
        await Assert.ThrowsAsync<HttpRequestException>(() => PostAsync(port, version, grpc));

        // One for servers is none for clients.
        using var servers = X509Certificate2.CreateFromPemFile(certificates.CertFile, certificates.KeyFile);
        using var usable = X509CertificateLoader.LoadPkcs12(servers.Export(X509ContentType.Pkcs12), null);
        await Assert.ThrowsAsync<HttpRequestException>(() => PostAsync(port, version, grpc, usable));
        Assert.Equal(1, await bed.CountAsync());
    }

    [Fact]
    public async Task A_renewed_certificate_is_used_from_then_on_and_a_broken_one_is_not()
    {
        await using var bed = await StartAsync();
        using var others = new TestCertificates("another authority");
        await Assert.ThrowsAsync<HttpRequestException>(() => PostAsync(bed.Options.Http, "1.1", trust: others.Authority));
        certificates.WriteServer(others);
        var version = new Version();
        await Wait.UntilAsync(() =>
        {
            try
            {
                (_, version) = PostAsync(bed.Options.Http, "1.1", trust: others.Authority).GetAwaiter().GetResult();
                return true;
            }
            catch (HttpRequestException)
            {
                return false;
            }
        });
        Assert.Equal(new Version(1, 1), version);

        // Perhaps the look fell between the two files: that is said and no harm.
        var before = bed.Complaints.Count;
        await File.WriteAllTextAsync(certificates.KeyFile, "no key");
        await Wait.UntilAsync(() => bed.Complaints.Count > before);
        Assert.Contains("--tls-cert", bed.Complaints.Last(), StringComparison.Ordinal);
        Assert.Equal(200, (await PostAsync(bed.Options.Http, "1.1", trust: others.Authority)).Code);
    }

    [Fact]
    public void A_key_of_another_certificate_and_what_is_no_pem_are_refused()
    {
        using var others = new TestCertificates("another authority");
        var cert = File.ReadAllBytes(certificates.CertFile);
        var key = File.ReadAllBytes(certificates.KeyFile);
        Assert.Throws<InvalidDataException>(() => TlsFiles.Read([cert, File.ReadAllBytes(others.KeyFile)]));
        Assert.Throws<InvalidDataException>(() => TlsFiles.Read([key, key]));
        Assert.Throws<InvalidDataException>(() => TlsFiles.Read([cert, cert]));
        Assert.Throws<InvalidDataException>(() => TlsFiles.Read([cert, key, key]));
        Assert.Throws<InvalidDataException>(() => TlsFiles.Read([[], []]));
    }

    private async Task<string> AgreedAsync(IPEndPoint port, params SslApplicationProtocol[] offered)
    {
        using var socket = new TcpClient();
        await socket.ConnectAsync(port);
        await using var tls = new SslStream(socket.GetStream());
        var options = Client(certificates.Authority);
        options.ApplicationProtocols = [.. offered];
        await tls.AuthenticateAsClientAsync(options);
        return tls.NegotiatedApplicationProtocol.ToString();
    }

    private static SslClientAuthenticationOptions Client(X509Certificate2 trust, SslProtocols version = SslProtocols.None) => new()
    {
        TargetHost = "127.0.0.1",
        EnabledSslProtocols = version,
        CertificateChainPolicy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
            CustomTrustStore = { trust },
        },
    };

    private Task<ServerBed> StartAsync(bool mutual = false) => ServerBed.StartAsync(o =>
    {
        o.TlsCert = certificates.CertFile;
        o.TlsKey = certificates.KeyFile;
        o.TlsClientCa = mutual ? certificates.AuthorityFile : null;
    });

    private async Task<(int Code, Version Version)> PostAsync(
        IPEndPoint port, string version, bool grpc = false, X509Certificate2? own = null, X509Certificate2? trust = null)
    {
        using var handler = new SocketsHttpHandler { SslOptions = Client(trust ?? certificates.Authority) };
        if (own is not null)
        {
            handler.SslOptions.ClientCertificates = [own];
            handler.SslOptions.LocalCertificateSelectionCallback = (_, _, _, _, _) => own;
        }

        using var client = new HttpClient(handler);
        var body = Good().ToByteArray();
        using var request = new HttpRequestMessage(HttpMethod.Post, $"https://{port}{(grpc ? Export : "/v1/traces")}")
        {
            Version = new Version(version),
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new ByteArrayContent(grpc ? Frame(body) : body),
        };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue(grpc ? "application/grpc" : "application/x-protobuf");
        using var answer = await client.SendAsync(request);
        await answer.Content.ReadAsByteArrayAsync();
        Assert.Equal(grpc ? "0" : null, answer.TrailingHeaders.TryGetValues("grpc-status", out var status) ? status.Single() : null);
        return ((int)answer.StatusCode, answer.Version);
    }
}
