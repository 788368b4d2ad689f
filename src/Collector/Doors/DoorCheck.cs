using System.Buffers;
using System.Net;

namespace Kpi.Collector.Doors;

/// <summary>Whether doors can be opened as the options ask, before anything is started.</summary>
public static class DoorCheck
{
    // Source: RFC 9110, section 5.6.2, "Tokens".
    private static readonly SearchValues<char> TokenCharacters =
        SearchValues.Create("!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");

    /// <summary>All that is wrong, in sentences that name the option of <c>kpi serve</c>; reads the files that the options name.</summary>
    public static IEnumerable<string> ProblemsOf(CollectorOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        foreach (var (name, address) in new[] { ("otlp-grpc", options.Grpc.Address), ("otlp-http", options.Http.Address) })
        {
            if (options.TokenFile is null && !IPAddress.IsLoopback(address))
            {
                yield return $"--{name}: {address} can be reached from outside this machine; that needs tokens for the senders: --token-file FILE";
            }
        }

        if (options.TokenFile is { } tokens && Trouble([tokens], files => TokenBook.Parse(files[0])) is { } untaken)
        {
            yield return $"--token-file: {tokens}: {untaken}";
        }

        if (options.TlsCert is null != options.TlsKey is null)
        {
            yield return "--tls-cert, --tls-key: TLS needs both, a certificate and its key";
        }
        else if (options.TlsClientCa is not null && options.TlsCert is null)
        {
            yield return "--tls-client-ca: client certificates need TLS: --tls-cert FILE --tls-key FILE";
        }
        else if (TlsFiles.Of(options) is { Count: > 0 } files && Trouble(files, TlsFiles.Read) is { } unread)
        {
            yield return $"--tls-cert, --tls-key: {string.Join(", ", files)}: {unread}";
        }

        foreach (var origin in options.CorsOrigins.Where(o => OriginPattern.Parse(o) is null))
        {
            yield return $"--cors-origin: '{origin}' is no origin, such as https://app.example.com, https://*.example.com or *";
        }

        foreach (var header in options.CorsHeaders.Where(h => h.Length == 0 || h.AsSpan().ContainsAnyExcept(TokenCharacters)))
        {
            yield return $"--cors-header: '{header}' is no name of a header, such as x-team";
        }
    }

    private static string? Trouble<T>(IReadOnlyList<string> files, Func<IReadOnlyList<byte[]>, T> read)
    {
        try
        {
            read(SmallFile.ReadAll(files));
            return null;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            return failure.Message;
        }
    }
}
