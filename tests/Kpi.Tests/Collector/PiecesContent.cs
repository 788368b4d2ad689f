using System.Net;

namespace Kpi.Tests.Collector;

/// <summary>A body of unknown length that goes out in pieces, each on its own: a chunk of HTTP/1.1, a DATA frame of HTTP/2.</summary>
internal sealed class PiecesContent(IEnumerable<ReadOnlyMemory<byte>> pieces) : HttpContent
{
    public PiecesContent(byte[] body, int split)
        : this([body.AsMemory(0, split), body.AsMemory(split)])
    {
    }

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
    {
        foreach (var piece in pieces)
        {
            if (!piece.IsEmpty)
            {
                await stream.WriteAsync(piece);
                await stream.FlushAsync();
            }
        }
    }

    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }
}
