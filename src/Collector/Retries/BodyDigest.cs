using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Kpi.Collector.Retries;

/// <summary>
/// 128 bits by which a body is known again: GMAC (NIST SP 800-38D) over the inflated body under a key of this data folder. Nobody
/// outside sees key or digests, so nobody can make two bodies meet; and the processor computes it at several GB/s.
/// </summary>
internal sealed class BodyDigest : IDisposable
{
    public const int KeyBytes = 32;

    private const int DigestBytes = 16;
    private const int NonceBytes = 12;

    // A cipher is used by one thread at a time.
    private readonly ThreadLocal<AesGcm> ciphers;

    /// <param name="key"><see cref="KeyBytes"/> random bytes, the same for the life of the journal.</param>
    public BodyDigest(byte[] key)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(key.Length, KeyBytes, nameof(key));
        ciphers = new ThreadLocal<AesGcm>(() => new AesGcm(key, DigestBytes), trackAllValues: true);
    }

    /// <summary>The same bytes under two signals, or of two senders, are two bodies.</summary>
    /// <param name="sender">The fingerprint of the sender's token, of which 88 bits take part; 0 without tokens.</param>
    public UInt128 Of(byte signal, ReadOnlySpan<byte> inflated, UInt128 sender = default)
    {
        Span<byte> nonce = stackalloc byte[NonceBytes];
        Span<byte> digest = stackalloc byte[DigestBytes];
        BinaryPrimitives.WriteUInt128LittleEndian(digest, sender);
        nonce[0] = signal;
        digest[..(NonceBytes - 1)].CopyTo(nonce[1..]);
        ciphers.Value!.Encrypt(nonce, [], [], digest, inflated);
        return BinaryPrimitives.ReadUInt128LittleEndian(digest);
    }

    public void Dispose()
    {
        foreach (var cipher in ciphers.Values)
        {
            cipher.Dispose();
        }

        ciphers.Dispose();
    }
}
