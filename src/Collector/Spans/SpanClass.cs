namespace Kpi.Collector.Spans;

/// <summary>Decides which metric a span is counted in, by kind and attributes.</summary>
internal static class SpanClass
{
    private const int Server = 2;
    private const int Client = 3;
    private const int Consumer = 5;

    /// <summary>The metric, or null: internal and producer spans, receiving and settling of messages, and spans without a protocol are taken but not counted.</summary>
    public static SpanMetric? Of(in SpanFacts span) => span.Kind switch
    {
        // An RPC over HTTP is one request: the RPC says more about it. A database behind HTTP is a database.
        Server when span.Has(Slot.RpcSystem) => SpanMetric.RpcServer,
        Server when span.Has(Slot.Method) => SpanMetric.HttpServer,
        Client when span.Has(Slot.DbSystem) => SpanMetric.DbClient,
        Client when span.Has(Slot.RpcSystem) => null,
        Client when span.Has(Slot.Method) => SpanMetric.HttpClient,
        Consumer when span.Has(Slot.MessagingSystem) && IsProcessing(span[Slot.MessagingOperationType]) => SpanMetric.MessagingProcess,
        _ => null,
    };

    // Without an operation type a consumer span is the processing of a message.
    private static bool IsProcessing(ReadOnlySpan<byte> operation) =>
        operation.IsEmpty || operation.SequenceEqual("process"u8) || operation.SequenceEqual("deliver"u8);
}
