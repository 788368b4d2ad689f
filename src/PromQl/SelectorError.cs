namespace Kpi.PromQl;

/// <summary>Why a text is not a selector.</summary>
/// <param name="Offset">Where, in UTF-16 units from the start of the text, from 0.</param>
/// <param name="Line">The line of the offset, from 1; a line ends with a line feed.</param>
/// <param name="Column">The place in the line in UTF-16 units, from 1.</param>
/// <param name="Message">What is wrong there and, where it is known, what to write instead.</param>
public sealed record SelectorError(int Offset, int Line, int Column, string Message)
{
    /// <summary><c>line:column: message</c></summary>
    public override string ToString() => $"{Line}:{Column}: {Message}";
}
