using System.Security.Cryptography;
using System.Text.Json;

namespace Kpi.SamplePlatform.Servers;

/// <summary>What stands about a server in its folder, in <c>server.json</c>; the folder is closed to others.</summary>
/// <param name="Kind"><c>postgres</c> or <c>redis</c>.</param>
/// <param name="Name">How messages call it.</param>
/// <param name="Port">Of 127.0.0.1.</param>
/// <param name="Password">Of the superuser, or of the one account that Redis has.</param>
internal sealed record ServerFile(string Kind, string Name, int Port, string Password)
{
    public const string FileName = "server.json";

    /// <summary>192 random bits, letters and digits only.</summary>
    public static string NewPassword() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(24));

    /// <exception cref="ServerException">There is no server of that kind in the folder.</exception>
    public static ServerFile Read(string folder, string kind)
    {
        try
        {
            var read = JsonSerializer.Deserialize<ServerFile>(File.ReadAllBytes(Path.Combine(folder, FileName)));
            return read?.Kind == kind ? read : throw new ServerException($"{folder} holds no {kind} server");
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException or JsonException)
        {
            throw new ServerException($"{folder} holds no {kind} server: {unreadable.Message}", unreadable);
        }
    }

    /// <exception cref="ServerException">The file could not be written, such as on a full disk.</exception>
    public void Write(string folder)
    {
        try
        {
            File.WriteAllBytes(Path.Combine(folder, FileName), JsonSerializer.SerializeToUtf8Bytes(this));
        }
        catch (IOException failed)
        {
            throw new ServerException($"{Name}: {failed.Message}", failed);
        }
    }
}
