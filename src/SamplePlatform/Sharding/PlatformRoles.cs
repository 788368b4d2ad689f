namespace Kpi.SamplePlatform.Sharding;

/// <summary>The database roles. All but the administrator are made by the schema.</summary>
internal static class PlatformRoles
{
    /// <summary>The cluster's superuser: makes databases and roles, and is not used afterwards.</summary>
    public const string Administrator = "postgres";

    /// <summary>Requests of tenants: sees the rows of the tenant it has entered as, and no others.</summary>
    public const string App = "shop_app";

    /// <summary>Reports: reads the rows of all tenants, writes nothing.</summary>
    public const string Report = "shop_report";

    /// <summary>Moves buckets: reads, copies and deletes rows of all tenants, and writes guards, directory and journal.</summary>
    public const string Mover = "shop_mover";
}
