using System.Text;

namespace Kpi.SloEngine.Definitions;

/// <summary>The bytes of a definition file, or why they could not be had. Never more than <see cref="MaxBytes"/> are read.</summary>
internal sealed class DefinitionFile
{
    /// <summary>1 MiB: a hundred times the files we ship; a log or a dump in the wrong place is refused unread.</summary>
    public const int MaxBytes = 1 << 20;

    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly byte[] bytes;

    private DefinitionFile(string name, byte[] bytes, string? refusal)
    {
        Name = name;
        this.bytes = bytes;
        Refusal = refusal;
    }

    /// <summary>Its name within the folder.</summary>
    public string Name { get; }

    /// <summary>Why there are no bytes; null when there are.</summary>
    public string? Refusal { get; }

    /// <summary>The file; null when there is none.</summary>
    public static DefinitionFile? ReadIfThere(string folder, string name) => File.Exists(Path.Combine(folder, name)) ? Read(folder, name) : null;

    public static DefinitionFile Read(string folder, string name)
    {
        try
        {
            using var stream = new FileStream(
                Path.Combine(folder, name), FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            var bytes = new byte[Math.Min(stream.Length, MaxBytes) + 1]; // one more: a file that grows while it is read shows
            var length = stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
            return length > MaxBytes
                ? new DefinitionFile(name, [], $"the file is larger than {MaxBytes:N0} bytes")
                : new DefinitionFile(name, bytes[..length], null);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return new DefinitionFile(name, [], "the file is missing");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            return new DefinitionFile(name, [], $"the file cannot be read ({e.GetType().Name})");
        }
    }

    /// <summary>The text, or null when the bytes are not UTF-8.</summary>
    public string? Text()
    {
        try
        {
            var hasMark = bytes.AsSpan().StartsWith(Encoding.UTF8.Preamble);
            return StrictUtf8.GetString(bytes.AsSpan(hasMark ? Encoding.UTF8.Preamble.Length : 0));
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }

    public bool SameAs(DefinitionFile other) => Refusal == other.Refusal && bytes.AsSpan().SequenceEqual(other.bytes);
}
