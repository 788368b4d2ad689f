using System.Globalization;
using System.Text;

namespace Kpi.Collector.Grpc;

/// <summary>The encoding of <c>grpc-message</c>: UTF-8 with everything outside 0x20–0x7E, and the percent sign, as <c>%XX</c>.</summary>
internal static class GrpcMessage
{
    public static string Encode(string message)
    {
        var text = new StringBuilder(message.Length);
        foreach (var value in Encoding.UTF8.GetBytes(message))
        {
            if (value is >= 0x20 and <= 0x7E and not (byte)'%')
            {
                text.Append((char)value);
            }
            else
            {
                text.Append('%').Append(value.ToString("X2", CultureInfo.InvariantCulture));
            }
        }

        return text.ToString();
    }
}
