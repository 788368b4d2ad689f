using Microsoft.Extensions.Logging;

namespace Kpi.Collector.Doors;

/// <summary>What the doors read from files, kept current while the server runs.</summary>
internal sealed class OpenDoors : IDisposable
{
    private readonly KeptFiles<TokenBook>? tokens;
    private readonly KeptFiles<TlsHandshakes>? tls;

    /// <exception cref="InvalidDataException">A file is not what it should be.</exception>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public OpenDoors(CollectorOptions options, TimeProvider clock, ILogger log)
    {
        tokens = options.TokenFile is null ? null
            : new KeptFiles<TokenBook>("token-file", [options.TokenFile], files => TokenBook.Parse(files[0]), clock, log);
        var files = TlsFiles.Of(options);
        try
        {
            tls = files.Count == 0 ? null : new KeptFiles<TlsHandshakes>("tls-cert", files, TlsFiles.Read, clock, log);
        }
        catch
        {
            tokens?.Dispose();
            throw;
        }
    }

    /// <summary>The tokens in force; null when none are asked for.</summary>
    public Func<TokenBook>? Tokens => tokens is null ? null : () => tokens.Current;

    /// <summary>What the next handshake uses; null without TLS.</summary>
    public Func<TlsHandshakes>? Tls => tls is null ? null : () => tls.Current;

    public void Dispose()
    {
        tokens?.Dispose();
        tls?.Dispose();
    }
}
