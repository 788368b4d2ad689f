using System.Reflection;

namespace Kpi.EndToEnd.Server;

/// <summary>What the build left for the tests to run.</summary>
internal static class BuiltProgram
{
    /// <summary>The executable <c>kpi</c> of the configuration under test.</summary>
    public static string Path { get; } = Named("Program");

    /// <summary>The definitions that came with it.</summary>
    public static string Alerts { get; } = System.IO.Path.Combine(System.IO.Path.GetDirectoryName(Path)!, "alerts");

    /// <summary>The sender in JavaScript, with its packages.</summary>
    public static string JsFolder { get; } = Named("JsFolder");

    /// <summary>The script at the root of the repository.</summary>
    public static string Script { get; } = Named("Script");

    /// <summary>The sample platform's program, which starts the demo.</summary>
    public static string SamplePlatform { get; } = Named("SamplePlatform");

    private static string Named(string key) =>
        typeof(BuiltProgram).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == key).Value!;
}
