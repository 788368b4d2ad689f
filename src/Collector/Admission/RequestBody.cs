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
                var read = await reader.ReadAsync(context.RequestAborted).ConfigureAwait(false);
                var refused = into.Append(read.Buffer);
                reader.AdvanceTo(read.Buffer.End);
                refused = isRefused?.Invoke(into) ?? refused;
                if (refused is not null || read.IsCompleted)
                {
                    return refused;
                }
            }
        }
        catch (Exception early) when (early is IOException or OperationCanceledException)
        {
            // The sender left, sends chunks that are none, or sends more slowly than Kestrel waits for: nothing of ours failed.
            return RejectReason.Aborted;
        }
    }
}
