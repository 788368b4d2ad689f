namespace Kpi.PromQl;

/// <summary>A piece of PromQL text: what it is and where it stands, in UTF-16 units from the start of the text.</summary>
internal readonly record struct Token(TokenKind Kind, int Start, int Length)
{
    /// <summary>The offset just behind the token.</summary>
    public int End => Start + Length;
}
