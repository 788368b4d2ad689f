using Kpi.Collector.Grpc;

namespace Kpi.Tests.Collector.Grpc;

/// <summary>Source: grpc/grpc doc/PROTOCOL-HTTP2.md, "Percent-Encoded".</summary>
public class GrpcMessageTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData("plain text ~", "plain text ~")]
    [InlineData("30 %", "30 %25")]
    [InlineData("a\r\nb", "a%0D%0Ab")]
    [InlineData("\u007f", "%7F")]
    [InlineData("é日😀", "%C3%A9%E6%97%A5%F0%9F%98%80")]
    public void Bytes_that_no_header_can_hold_are_percent_encoded(string message, string encoded)
    {
        Assert.Equal(encoded, GrpcMessage.Encode(message));
        Assert.Equal(message, Uri.UnescapeDataString(encoded));
    }
}
