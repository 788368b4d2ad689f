using System.IO.Compression;

namespace Kpi.Collector.Import;

/// <summary>A file of bodies, read from its beginning to its end; compressed by gzip or not, which its first bytes tell.</summary>
internal sealed class BodyFile : IDisposable
{
    private readonly string path;
    private readonly SourceBytes source;
    private readonly Stream content;
    private readonly BodyReader bodies;

    private BodyFile(string path, SourceBytes source, Stream content, int mostBytes)
    {
        this.path = path;
        this.source = source;
        this.content = content;
        bodies = new BodyReader(content, mostBytes);
    }

    /// <summary>Bytes read of the content, inflated: where the last body ends.</summary>
    public long Position => bodies.Position;

    /// <summary>The line of the last body; null when the content is not JSON.</summary>
    public long? Line => bodies.Line;

    /// <param name="path">The file.</param>
    /// <param name="mostBytes">Bytes of a body at most.</param>
    /// <param name="read">Told how many bytes were read from the disk, again and again.</param>
    /// <exception cref="IOException">It is not there, cannot be read, or is none that can be read twice.</exception>
    public static BodyFile Open(string path, int mostBytes, Action<long>? read = null)
    {
        var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 1 << 16);
        if (!file.CanSeek)
        {
            file.Dispose();
            throw new IOException($"{path} is not a regular file; it has to be read twice");
        }

        Span<byte> head = stackalloc byte[2];
        var compressed = file.ReadAtLeast(head, head.Length, throwOnEndOfStream: false) == head.Length && head is [0x1F, 0x8B];
        file.Position = 0;
        var source = new SourceBytes(file, compressed, read);
        return new BodyFile(path, source, compressed ? new GZipStream(source, CompressionMode.Decompress) : source, mostBytes);
    }

    /// <summary>The next body, valid until the next call; false at the end of a file that is sound to its end.</summary>
    /// <exception cref="InvalidDataException">The file is damaged or of another form; the message says where and what to do.</exception>
    public bool TryRead(out ReadOnlyMemory<byte> body)
    {
        try
        {
            if (bodies.TryRead(out body))
            {
                return true;
            }
        }
        catch (InvalidDataException damage)
        {
            var of = content is GZipStream ? " of its inflated content" : "";
            throw new InvalidDataException($"{path}: at byte {bodies.Position}{of}: {damage.Message}", damage);
        }

        return source.AtEnd
            ? false
            : throw new InvalidDataException(
                $"{path}: behind byte {bodies.Position} of its inflated content: there is more, and it is not gzip");
    }

    /// <summary>SHA-256 of the file as it lies on disk, once it was read to its end.</summary>
    public byte[] TakeDigest() => source.TakeDigest();

    public void Dispose()
    {
        content.Dispose();
        source.Dispose();
    }
}
