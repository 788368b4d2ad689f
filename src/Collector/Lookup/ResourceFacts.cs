using Kpi.Collector.Otlp;

namespace Kpi.Collector.Lookup;

/// <summary>What of a resource becomes labels, as slices of the body.</summary>
internal ref struct ResourceFacts
{
    public ReadOnlySpan<byte> ServiceName;
    public ReadOnlySpan<byte> ServiceNamespace;
    public ReadOnlySpan<byte> Environment;
    public ReadOnlySpan<byte> Instance;
    public bool IsUtf8;

    private bool currentEnvironment;

    public void Take(in OtlpAttribute attribute)
    {
        if (attribute.Kind != AttributeKind.String)
        {
            return;
        }

        if (attribute.Key.SequenceEqual("service.name"u8))
        {
            ServiceName = attribute.Text;
        }
        else if (attribute.Key.SequenceEqual("service.namespace"u8))
        {
            ServiceNamespace = attribute.Text;
        }
        else if (attribute.Key.SequenceEqual("service.instance.id"u8))
        {
            Instance = attribute.Text;
        }
        else if (attribute.Key.SequenceEqual("deployment.environment.name"u8))
        {
            Environment = attribute.Text;
            currentEnvironment = true;
        }
        else if (!currentEnvironment && attribute.Key.SequenceEqual("deployment.environment"u8))
        {
            Environment = attribute.Text;
        }
    }
}
