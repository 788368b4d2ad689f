using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Kpi.Collector.Doors;

/// <summary>What a handshake needs, from PEM files: the certificate with its chain, its key, and whom to trust with client certificates.</summary>
internal static class TlsFiles
{
    /// <summary>The files of the options, in the order in which <see cref="Read"/> takes their bytes; none without a certificate.</summary>
    public static IReadOnlyList<string> Of(CollectorOptions options) =>
        options.TlsCert is null || options.TlsKey is null ? []
        : options.TlsClientCa is null ? [options.TlsCert, options.TlsKey]
        : [options.TlsCert, options.TlsKey, options.TlsClientCa];

    /// <exception cref="InvalidDataException">They are no certificate and key in PEM, or do not belong together.</exception>
    public static TlsHandshakes Read(IReadOnlyList<byte[]> files)
    {
        try
        {
            var chain = Certificates(files[0]);
            using var bare = X509Certificate2.CreateFromPem(Encoding.UTF8.GetString(files[0]), Encoding.UTF8.GetString(files[1]));

            // A key that came with PEM lives in this object alone; some platforms want it from a store.
            var own = X509CertificateLoader.LoadPkcs12(bare.Export(X509ContentType.Pkcs12), password: null);
            chain.RemoveAt(0);
            var context = SslStreamCertificateContext.Create(own, chain, offline: true);
            var trusted = files.Count > 2 ? Certificates(files[2]) : null;
            return new TlsHandshakes(
                Offering(context, trusted, SslApplicationProtocol.Http2),
                Offering(context, trusted, SslApplicationProtocol.Http2, SslApplicationProtocol.Http11));
        }
        catch (Exception wrong) when (wrong is CryptographicException or ArgumentException)
        {
            throw new InvalidDataException($"certificate and key are not to be used: {wrong.Message}", wrong);
        }
    }

    private static SslServerAuthenticationOptions Offering(
        SslStreamCertificateContext context, X509Certificate2Collection? trusted, params SslApplicationProtocol[] protocols) => new()
        {
            ApplicationProtocols = [.. protocols],
            EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
            ServerCertificateContext = context,
            ClientCertificateRequired = trusted is not null,
            CertificateChainPolicy = trusted is null ? null : Trusting(trusted),
            RemoteCertificateValidationCallback = trusted is null ? null : IsTrusted,
        };

    // Stated, though it is the default: what the chain policy does not trust does not come in, and nothing is nobody's certificate.
    private static bool IsTrusted(object sender, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors) =>
        certificate is not null && errors == SslPolicyErrors.None;

    private static X509ChainPolicy Trusting(X509Certificate2Collection roots)
    {
        var policy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
            DisableCertificateDownloads = true,
        };
        policy.CustomTrustStore.AddRange(roots);
        return policy;
    }

    private static X509Certificate2Collection Certificates(byte[] pem)
    {
        var certificates = new X509Certificate2Collection();
        certificates.ImportFromPem(Encoding.UTF8.GetString(pem));
        return certificates.Count > 0 ? certificates : throw new InvalidDataException("there is no certificate in PEM in it");
    }
}
