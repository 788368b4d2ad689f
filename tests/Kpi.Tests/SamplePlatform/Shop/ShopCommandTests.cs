using System.CommandLine;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Kpi.SamplePlatform.Shop;

namespace Kpi.Tests.SamplePlatform.Shop;

/// <summary>The verb as a process sees it: exit code and message. The key is in the environment of the tests' process, so one class.</summary>
[Collection(UsesShop.Name)]
public sealed class ShopCommandTests(ShopPlatform platform)
{
    private const string Key = "SHOP_TOKEN_KEY";

    [Theory]
    [InlineData("--listen", "8090", "--listen 8090")]
    [InlineData("--listen", "0.0.0.0:8090", "loopback only")]
    [InlineData("--otlp", "there", "--otlp there")]
    [InlineData("--metrics-every", "0", "--metrics-every 0")]
    public async Task A_wrong_option_is_named_and_ends_with_2(string option, string value, string said)
    {
        var (code, text) = await RunAsync(Encoding.UTF8.GetString(ShopPlatform.TokenKey), "--servers", platform.Folder, option, value);

        Assert.Equal(2, code);
        Assert.Contains(said, text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_key_it_does_not_start()
    {
        var (code, text) = await RunAsync("short", "--servers", platform.Folder);

        Assert.Equal(2, code);
        Assert.Contains(Key, text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_folder_without_servers_is_said_to_be_one()
    {
        var (code, text) = await RunAsync(Encoding.UTF8.GetString(ShopPlatform.TokenKey), "--servers", "/nowhere");

        Assert.Equal(2, code);
        Assert.Contains("/nowhere", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_port_that_is_taken_is_named()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var (code, text) = await RunAsync(Encoding.UTF8.GetString(ShopPlatform.TokenKey), "--servers", platform.Folder, "--listen", $"{other.LocalEndpoint}");

        Assert.Equal(2, code);
        Assert.Contains($"{other.LocalEndpoint}", text, StringComparison.Ordinal);
    }

    private static async Task<(int Code, string Text)> RunAsync(string key, params string[] arguments)
    {
        Environment.SetEnvironmentVariable(Key, key);
        var written = new StringWriter();
        try
        {
            return (await ShopCommand.Create().Parse(arguments).InvokeAsync(new InvocationConfiguration { Error = written }), written.ToString());
        }
        finally
        {
            Environment.SetEnvironmentVariable(Key, null);
        }
    }
}
