using Npgsql;

namespace Kpi.SamplePlatform.Sharding;

/// <summary>Tells a database that is not there from one that says no.</summary>
internal static class Outage
{
    public static bool Is(NpgsqlException failure) => failure is not PostgresException answer || IsOutageState(answer.SqlState);

    /// <summary>
    /// Appendix A of the PostgreSQL manual: class 08 is the connection, 57P01 to 57P03 are shutdown, crash and start-up, 53300 is too
    /// many connections.
    /// </summary>
    private static bool IsOutageState(string state) =>
        state.StartsWith("08", StringComparison.Ordinal) || state is "57P01" or "57P02" or "57P03" or "53300";
}
