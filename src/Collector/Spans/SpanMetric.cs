namespace Kpi.Collector.Spans;

/// <summary>
/// A metric that spans become: its name by the semantic conventions, the slots that are its labels, and which numbers are.
/// </summary>
internal sealed class SpanMetric
{
    public static readonly SpanMetric HttpServer = new(1, "http.server.request.duration")
    {
        Labels =
        [
            (Slot.Method, "http.request.method"),
            (Slot.Route, "http.route"),
            (Slot.ErrorType, "error.type"),
            (Slot.Synthetic, "user_agent.synthetic.type"),
        ],
        HasHttpStatus = true,
    };

    public static readonly SpanMetric HttpClient = new(2, "http.client.request.duration")
    {
        Labels = [(Slot.Method, "http.request.method"), (Slot.ServerAddress, "server.address"), (Slot.ErrorType, "error.type")],
        HasHttpStatus = true,
    };

    public static readonly SpanMetric DbClient = new(3, "db.client.operation.duration")
    {
        Labels =
        [
            (Slot.DbSystem, "db.system.name"),
            (Slot.DbNamespace, "db.namespace"),
            (Slot.DbOperation, "db.operation.name"),
            (Slot.DbCollection, "db.collection.name"),
            (Slot.DbPool, "db.client.connection.pool.name"),
            (Slot.ErrorType, "error.type"),
        ],
    };

    public static readonly SpanMetric RpcServer = new(4, "rpc.server.call.duration")
    {
        Labels =
        [
            (Slot.RpcSystem, "rpc.system.name"),
            (Slot.RpcService, "rpc.service"),
            (Slot.RpcMethod, "rpc.method"),
            (Slot.RpcStatus, "rpc.response.status_code"),
            (Slot.ErrorType, "error.type"),
            (Slot.Synthetic, "user_agent.synthetic.type"),
        ],
        HasGrpcStatus = true,
    };

    public static readonly SpanMetric MessagingProcess = new(5, "messaging.process.duration")
    {
        Labels =
        [
            (Slot.MessagingSystem, "messaging.system"),
            (Slot.MessagingDestination, "messaging.destination.name"),
            (Slot.MessagingOperation, "messaging.operation.name"),
            (Slot.ConsumerGroup, "messaging.consumer.group.name"),
            (Slot.ErrorType, "error.type"),
        ],
    };

    private SpanMetric(byte number, string name)
    {
        Number = number;
        Name = name;
    }

    /// <summary>Tells the metrics apart in a cache key.</summary>
    public byte Number { get; }

    public string Name { get; }

    public (Slot Slot, string Name)[] Labels { get; private init; } = [];

    /// <summary>Whether the HTTP status code is a label (<c>http.response.status_code</c>), and <c>app.shed</c>.</summary>
    public bool HasHttpStatus { get; private init; }

    /// <summary>Whether a numeric gRPC status is a label (<c>rpc.response.status_code</c>, by its name).</summary>
    public bool HasGrpcStatus { get; private init; }
}
