namespace Kpi.Collector.Spans;

/// <summary>
/// The attribute names we read, current and older, by length: one comparison or two decide.
/// Source: OpenTelemetry semantic conventions 1.44 (http, database, rpc, messaging) and the names they replaced; Npgsql's own
/// name for its data source. <c>http.target</c>, <c>url.path</c> and <c>db.statement</c> are left out on purpose: a raw path
/// or statement never becomes a label.
/// </summary>
internal static class SpanKeys
{
    public static SpanKey Find(ReadOnlySpan<byte> key) => key.Length switch
    {
        7 => key.SequenceEqual("db.name"u8) ? Older(Slot.DbNamespace) : default,
        8 => key.SequenceEqual("app.shed"u8) ? new(default, SpanKeyRole.Shed, false) : default,
        9 => key.SequenceEqual("db.system"u8) ? Older(Slot.DbSystem) : default,
        10 => key.SequenceEqual("http.route"u8) ? Text(Slot.Route)
            : key.SequenceEqual("error.type"u8) ? Text(Slot.ErrorType)
            : key.SequenceEqual("rpc.system"u8) ? Older(Slot.RpcSystem)
            : key.SequenceEqual("rpc.method"u8) ? Text(Slot.RpcMethod)
            : default,
        11 => key.SequenceEqual("http.method"u8) ? Older(Slot.Method)
            : key.SequenceEqual("rpc.service"u8) ? Text(Slot.RpcService)
            : default,
        12 => key.SequenceEqual("db.namespace"u8) ? Text(Slot.DbNamespace)
            : key.SequenceEqual("db.operation"u8) ? Older(Slot.DbOperation)
            : key.SequenceEqual("db.sql.table"u8) ? Older(Slot.DbCollection)
            : default,
        13 => key.SequenceEqual("net.peer.name"u8) ? Older(Slot.ServerAddress) : default,
        14 => key.SequenceEqual("db.system.name"u8) ? Text(Slot.DbSystem)
            : key.SequenceEqual("server.address"u8) ? Text(Slot.ServerAddress)
            : default,
        15 => key.SequenceEqual("rpc.system.name"u8) ? Text(Slot.RpcSystem) : default,
        16 => key.SequenceEqual("http.status_code"u8) ? new(default, SpanKeyRole.HttpStatus, true)
            : key.SequenceEqual("messaging.system"u8) ? Text(Slot.MessagingSystem)
            : default,
        17 => key.SequenceEqual("db.operation.name"u8) ? Text(Slot.DbOperation) : default,
        18 => key.SequenceEqual("db.collection.name"u8) ? Text(Slot.DbCollection) : default,
        19 => key.SequenceEqual("http.request.method"u8) ? Text(Slot.Method)
            : key.SequenceEqual("messaging.operation"u8) ? Older(Slot.MessagingOperationType)
            : default,
        20 => key.SequenceEqual("rpc.grpc.status_code"u8) ? new(default, SpanKeyRole.GrpcStatus, true) : default,
        21 => key.SequenceEqual("db.npgsql.data_source"u8) ? Older(Slot.DbPool)
            : key.SequenceEqual("messaging.destination"u8) ? new(Slot.MessagingDestination, SpanKeyRole.OldestText, true)
            : default,
        24 => key.SequenceEqual("rpc.response.status_code"u8) ? Text(Slot.RpcStatus)
            : key.SequenceEqual("messaging.operation.type"u8) ? Text(Slot.MessagingOperationType)
            : key.SequenceEqual("messaging.operation.name"u8) ? Text(Slot.MessagingOperation)
            : default,
        25 => key.SequenceEqual("http.response.status_code"u8) ? new(default, SpanKeyRole.HttpStatus, false)
            : key.SequenceEqual("user_agent.synthetic.type"u8) ? Text(Slot.Synthetic)
            : default,
        26 => key.SequenceEqual("messaging.destination.name"u8) ? Older(Slot.MessagingDestination) : default,
        29 => key.SequenceEqual("messaging.consumer.group.name"u8) ? Text(Slot.ConsumerGroup) : default,
        30 => key.SequenceEqual("db.client.connection.pool.name"u8) ? Text(Slot.DbPool)
            : key.SequenceEqual("messaging.destination.template"u8) ? Text(Slot.MessagingDestination)
            : default,
        _ => default,
    };

    private static SpanKey Text(Slot slot) => new(slot, SpanKeyRole.Text, false);

    private static SpanKey Older(Slot slot) => new(slot, SpanKeyRole.Text, true);
}
