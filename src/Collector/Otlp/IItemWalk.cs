using Kpi.Collector.Lookup;

namespace Kpi.Collector.Otlp;

/// <summary>
/// What a signal makes of its items, as <see cref="EnvelopeWalk"/> comes to them. All slices point into the body. A walk that was
/// told of a malformed part has put rubbish into its batch; the caller clears it.
/// </summary>
internal interface IItemWalk
{
    /// <summary>A resource: its items follow.</summary>
    /// <returns>False when a name in it is not UTF-8 after all: its items are to be rejected for that.</returns>
    bool EnterResource(scoped in ResourceFacts resource);

    /// <summary>A scope of the resource: its items follow.</summary>
    void EnterScope(ReadOnlySpan<byte> name);

    /// <summary>An item: a span, a metric, a log record.</summary>
    /// <param name="message">The item.</param>
    /// <param name="utf8">False when a string around it is not UTF-8.</param>
    /// <returns>False when it is malformed.</returns>
    bool TryTake(ReadOnlySpan<byte> message, bool utf8);
}
