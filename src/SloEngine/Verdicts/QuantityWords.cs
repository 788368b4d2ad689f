using System.Globalization;
using Kpi.SloEngine.Kpis;

namespace Kpi.SloEngine.Verdicts;

/// <summary>Amounts as a person says them: with the unit, three significant digits, no exponent.</summary>
internal static class QuantityWords
{
    /// <summary>A difference of two values of a KPI, sign dropped: 12 ms, 0.3 percentage points, $0.42.</summary>
    public static string Difference(double amount, string unit) => unit switch
    {
        KpiUnits.Seconds => Duration(Math.Abs(amount)),
        KpiUnits.Dollars => Money(Math.Abs(amount)),
        _ => $"{Number(Math.Abs(amount) * 100)} percentage points",
    };

    /// <summary>0.84 ms, 200 ms, 1.5 s, 15 min, 36 h. The unit is chosen after rounding: 0.9999 s is 1 s, not 1,000 ms.</summary>
    public static string Duration(double seconds) =>
        Rounded(seconds * 1000) < 1000 ? $"{Number(seconds * 1000)} ms"
        : Rounded(seconds) < 120 ? $"{Number(seconds)} s"
        : Rounded(seconds / 60) < 120 ? $"{Number(seconds / 60)} min"
        : $"{Number(seconds / 3600)} h";

    /// <summary>1.8 %.</summary>
    public static string Percentage(double ratio) => $"{Number(ratio * 100)} %";

    /// <summary>2,995.</summary>
    public static string Count(long count) => count.ToString("N0", CultureInfo.InvariantCulture);

    private static string Money(double dollars) => dollars >= 1
        ? "$" + dollars.ToString("#,0.00", CultureInfo.InvariantCulture)
        : "$" + Rounded(dollars).ToString("0.00######", CultureInfo.InvariantCulture);

    private static string Number(double value) => Rounded(value).ToString("#,0.############", CultureInfo.InvariantCulture);

    private static decimal Rounded(double value) =>
        decimal.Parse(value.ToString("E2", CultureInfo.InvariantCulture), NumberStyles.Float, CultureInfo.InvariantCulture);
}
