using Kpi.Rollups.Intake;
using Microsoft.AspNetCore.Http;

namespace Kpi.Collector.Admission;

/// <summary>Reads the body of a request into a buffer, as it comes.</summary>
internal static class RequestBody
{
    /// <summary>Null when the body is there to its end; else why it is not.</summary>
    /// <param name="isRefused">Looks at what has come so far, so that a bad beginning ends the read.</param>
    public static async ValueTask<RejectReason?> ReadAsync(HttpContext context, BodyBuffer into, Func<BodyBuffer, RejectReason?>? isRefused = null)
    {
        var reader = context.Request.BodyReader;
        try
        {
            while (true)
            {
                // The read ends by itself when the connection does; ended by a token, it would leave the reader in the middle of a read.
                var read = await reader.ReadAsync(CancellationToken.None).ConfigureAwait(false);
                var refused = into.Append(read.Buffer);
                reader.AdvanceTo(read.Buffer.End);
                refused = isRefused?.Invoke(into) ?? refused;
                if (refused is not null || read.IsCompleted)
                {
                    return refused;
                }
            }
        }
        catch (BadHttpRequestException)
        {
            // Stopped early, too slow, or chunks that are none: can still be answered.
            return RejectReason.Aborted;
        }
        catch (Exception lost) when (lost is IOException or OperationCanceledException)
        {
            // Nobody is left to answer, and Kestrel must not try to read the rest.
            context.Abort();
            return RejectReason.Aborted;
        }
    }
}
