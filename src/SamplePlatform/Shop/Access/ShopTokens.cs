using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Kpi.SamplePlatform.Shop.Access;

/// <summary>
/// Tokens are signed and not stored: <c>TENANT.ACCOUNT.SIGNATURE</c>, the operator's <c>operator.0.SIGNATURE</c>; the signature is
/// HMAC-SHA256 over all before it, in base64url.
/// </summary>
internal sealed class ShopTokens(byte[] key)
{
    /// <summary>The environment variable that holds the key.</summary>
    public const string KeyVariable = "SHOP_TOKEN_KEY";

    public const int LeastKeyLength = 16;

    private const string Operator = "operator.0";

    /// <summary>Two numbers of 19 digits, two dots, 43 characters of signature.</summary>
    private const int MostLength = 19 + 1 + 19 + 1 + 43;

    public string Issue(long tenant, long account) => Signed(string.Create(CultureInfo.InvariantCulture, $"{tenant}.{account}"));

    public string IssueForOperator() => Signed(Operator);

    public bool TryRead(ReadOnlySpan<char> token, out long tenant, out long account)
    {
        (tenant, account) = (0, 0);
        if (!IsSigned(token, out var subject) || subject is Operator)
        {
            return false;
        }

        var dot = subject.IndexOf('.');
        return dot > 0
            && long.TryParse(subject[..dot], NumberStyles.None, CultureInfo.InvariantCulture, out tenant)
            && long.TryParse(subject[(dot + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out account);
    }

    public bool IsOperator(ReadOnlySpan<char> token) => IsSigned(token, out var subject) && subject is Operator;

    private bool IsSigned(ReadOnlySpan<char> token, out ReadOnlySpan<char> subject)
    {
        subject = default;
        var dot = token.LastIndexOf('.');
        if (dot <= 0 || token.Length > MostLength)
        {
            return false;
        }

        subject = token[..dot];

        // The text is compared and not the bytes it stands for: base64url has more than one text for the same bytes.
        return CryptographicOperations.FixedTimeEquals(Bytes(token[(dot + 1)..]), Bytes(Signature(subject)));
    }

    private string Signed(string subject) => $"{subject}.{Signature(subject)}";

    private string Signature(ReadOnlySpan<char> subject) => Base64Url.EncodeToString(HMACSHA256.HashData(key, Bytes(subject)));

    private static byte[] Bytes(ReadOnlySpan<char> text)
    {
        var bytes = new byte[Encoding.UTF8.GetByteCount(text)];
        Encoding.UTF8.GetBytes(text, bytes);
        return bytes;
    }
}
