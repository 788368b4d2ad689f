using System.Text;
using Kpi.Collector.Doors;
using Kpi.Testing;
using Microsoft.Extensions.Logging;

namespace Kpi.Tests.Collector.Doors;

public sealed class KeptFilesTests : IDisposable
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly string file = Path.Combine(Path.GetTempPath(), $"kpi-kept-{Guid.NewGuid():n}");
    private readonly FakeClock clock = new();
    private readonly Lines log = new();

    public void Dispose() => File.Delete(file);

    [Fact]
    public void A_changed_file_is_read_again_within_a_second()
    {
        using var kept = Open("one");
        File.WriteAllText(file, "two");
        Assert.Equal("one", kept.Current);
        clock.Advance(Second);
        Assert.Equal("two", kept.Current);
    }

    // Length and time alike: bytes decide.
    [Fact]
    public void A_file_of_the_same_length_and_time_is_read_again()
    {
        using var kept = Open("one");
        var written = File.GetLastWriteTimeUtc(file);
        File.WriteAllText(file, "two");
        File.SetLastWriteTimeUtc(file, written);
        clock.Advance(Second);
        Assert.Equal("two", kept.Current);
    }

    [Fact]
    public void The_last_good_stays_while_the_file_is_bad_or_gone_and_it_is_said_once()
    {
        using var kept = Open("good");
        File.WriteAllText(file, "bad");
        clock.Advance(Second);
        clock.Advance(Second);
        Assert.Equal("good", kept.Current);
        Assert.Single(log.Texts, t => t.Contains("bad is bad", StringComparison.Ordinal) && t.Contains("--option", StringComparison.Ordinal));
        File.Delete(file);
        clock.Advance(Second);
        clock.Advance(Second);
        Assert.Equal("good", kept.Current);
        Assert.Equal(2, log.Texts.Count);
        File.WriteAllText(file, "better");
        clock.Advance(Second);
        Assert.Equal("better", kept.Current);
    }

    [Fact]
    public void A_bad_file_at_the_start_is_refused()
    {
        Assert.Throws<InvalidDataException>(() => Open("bad"));
        File.Delete(file);
        Assert.Throws<FileNotFoundException>(() => new KeptFiles<string>("option", [file], Read, clock, log));
    }

    [Fact]
    public void A_file_over_a_megabyte_is_refused()
    {
        File.WriteAllBytes(file, new byte[(1 << 20) + 1]);
        Assert.Throws<InvalidDataException>(() => new KeptFiles<string>("option", [file], Read, clock, log));
    }

    private static string Read(IReadOnlyList<byte[]> files)
    {
        var text = Encoding.UTF8.GetString(files[0]);
        return text == "bad" ? throw new InvalidDataException("bad is bad") : text;
    }

    private KeptFiles<string> Open(string text)
    {
        File.WriteAllText(file, text);
        return new KeptFiles<string>("option", [file], Read, clock, log);
    }

    private sealed class Lines : ILogger
    {
        public List<string> Texts { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (logLevel >= LogLevel.Warning)
            {
                Texts.Add(formatter(state, exception));
            }
        }
    }
}
