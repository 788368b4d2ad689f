namespace Kpi.SamplePlatform.Caching;

/// <summary>Is told of every read that had to do without Redis, when it happens.</summary>
internal interface IBypassWitness
{
    void Bypassed();
}
