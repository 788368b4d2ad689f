using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Kpi.Tests.Collector.Doors;

/// <summary>A certificate authority of one test, with a certificate for 127.0.0.1 and as many for clients as it likes, as PEM files in a folder.</summary>
internal sealed class TestCertificates : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("kpi-tls-");
    private readonly ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    public TestCertificates(string name)
    {
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        Authority = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddHours(-1), DateTimeOffset.UtcNow.AddDays(1));
        File.WriteAllText(AuthorityFile, Authority.ExportCertificatePem());
        WriteServer(this);
    }

    public X509Certificate2 Authority { get; }

    public string AuthorityFile => Path.Combine(folder.FullName, "ca.pem");

    public string CertFile => Path.Combine(folder.FullName, "server.pem");

    public string KeyFile => Path.Combine(folder.FullName, "server.key");

    /// <summary>Puts a certificate of another authority, or a new one of this, where the server's is.</summary>
    public void WriteServer(TestCertificates by)
    {
        using var own = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var certificate = by.Sign(own, "CN=kpi", "1.3.6.1.5.5.7.3.1");
        File.WriteAllText(KeyFile, own.ExportPkcs8PrivateKeyPem());
        File.WriteAllText(CertFile, certificate.ExportCertificatePem());
    }

    public X509Certificate2 Client(string name)
    {
        using var own = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var certificate = Sign(own, $"CN={name}", "1.3.6.1.5.5.7.3.2");
        using var with = certificate.CopyWithPrivateKey(own);
        return X509CertificateLoader.LoadPkcs12(with.Export(X509ContentType.Pkcs12), null);
    }

    public void Dispose()
    {
        Authority.Dispose();
        key.Dispose();
        folder.Delete(recursive: true);
    }

    private X509Certificate2 Sign(ECDsa own, string name, string usage)
    {
        var request = new CertificateRequest(name, own, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(usage)], false));
        return request.Create(Authority, DateTimeOffset.UtcNow.AddMinutes(-30), DateTimeOffset.UtcNow.AddHours(12), RandomNumberGenerator.GetBytes(8));
    }
}
