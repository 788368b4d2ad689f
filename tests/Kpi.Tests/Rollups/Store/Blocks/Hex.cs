namespace Kpi.Tests.Rollups.Store.Blocks;

/// <summary>Bytes as a person writes them.</summary>
internal static class Hex
{
    public static byte[] Bytes(string text) => Convert.FromHexString(string.Concat(text.Where(c => !char.IsWhiteSpace(c))));
}
