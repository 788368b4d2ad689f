namespace Kpi.SamplePlatform.Load;

/// <summary>A request as the seed decides it, before anything is known about answers.</summary>
/// <param name="Due">When it is to start, from the start of the run.</param>
/// <param name="Sequence">Its number in the run, from 0, in the order of the draws.</param>
/// <param name="Choice">A random number for choices among what answers have brought by then, such as which order to look at.</param>
internal readonly record struct PlannedRequest(
    TimeSpan Due, long Sequence, RequestKind Kind, int Tenant, int Account, int Product, int Quantity, int Choice);
