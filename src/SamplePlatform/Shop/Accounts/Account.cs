namespace Kpi.SamplePlatform.Shop.Accounts;

/// <summary>Somebody who works for a tenant.</summary>
internal sealed record Account(long Id, string Name, string Email);

/// <summary>An account with what its tenant has subscribed to.</summary>
internal sealed record OwnAccount(
    long Tenant, long Account, string Name, string Email, string Company, string Plan, DateTimeOffset? Cancelled);
