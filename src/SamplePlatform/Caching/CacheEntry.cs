using System.Text;
using System.Text.Json;

namespace Kpi.SamplePlatform.Caching;

/// <summary>
/// What stands under a key: <c>V</c> and the value as JSON, <c>N</c> for "there is none", or <c>L</c> and the token of the one
/// reader that may fill it. Delete takes all three away, so a fill that began before a delete finds its lease gone.
/// </summary>
internal readonly record struct CacheEntry<T>(CacheEntryKind Kind, T? Value)
    where T : class
{
    private static readonly JsonSerializerOptions Json = JsonSerializerOptions.Web;

    public static byte[] Encode(T? value) =>
        value is null ? [(byte)CacheEntryKind.Negative] : [(byte)CacheEntryKind.Value, .. JsonSerializer.SerializeToUtf8Bytes(value, Json)];

    public static CacheEntry<T> Decode(byte[]? bytes)
    {
        if (bytes is null or [])
        {
            return default;
        }

        var kind = (CacheEntryKind)bytes[0];
        return kind switch
        {
            CacheEntryKind.Lease or CacheEntryKind.Negative => new(kind, null),
            CacheEntryKind.Value when Read(bytes.AsSpan(1)) is { } value => new(kind, value),
            _ => new(CacheEntryKind.Unreadable, null),
        };
    }

    private static T? Read(ReadOnlySpan<byte> json)
    {
        try
        {
            return JsonSerializer.Deserialize<T>(json, Json);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

internal enum CacheEntryKind
{
    None,
    Value = 'V',
    Negative = 'N',
    Lease = 'L',

    /// <summary>Written by a version that knew another shape.</summary>
    Unreadable = '?',
}

/// <summary>The right to fill one key, until the key is deleted or <see cref="CacheOptions.LeaseTtl"/> has passed.</summary>
internal readonly record struct CacheLease(string Key, byte[] Token)
{
    public static CacheLease New(string key) => new(key, Encoding.ASCII.GetBytes("L" + Guid.NewGuid().ToString("N")));
}
