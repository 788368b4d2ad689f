namespace Kpi.SloEngine.Definitions;

/// <summary>One mistake in a definition file.</summary>
/// <param name="File">The file's name within the alerts folder.</param>
/// <param name="Line">1-based; 1 when the file as a whole is meant.</param>
/// <param name="Column">1-based; 1 when the file as a whole is meant.</param>
/// <param name="Message">What is wrong and what would be right, with the value found.</param>
public sealed record DefinitionProblem(string File, int Line, int Column, string Message)
{
    /// <summary>As compilers write it, so that editors find the place: <c>kpis.yaml:12:5: message</c>.</summary>
    public override string ToString() => $"{File}:{Line}:{Column}: {Message}";
}
