namespace Kpi.Collector.Spans;

/// <summary>What a span can tell that becomes a label; older attribute names fall into the slot of the current one.</summary>
internal enum Slot
{
    Method,
    Route,
    ErrorType,
    Synthetic,
    ServerAddress,
    DbSystem,
    DbNamespace,
    DbOperation,
    DbCollection,
    DbPool,
    RpcSystem,
    RpcService,
    RpcMethod,
    RpcStatus,
    MessagingSystem,
    MessagingDestination,
    MessagingOperation,
    MessagingOperationType,
    ConsumerGroup,
}
