using System.Diagnostics.Metrics;
using System.Text;

namespace Kpi.Dashboard.Metrics;

/// <summary>
/// What one instrument said under one set of labels. A kind answers two questions: what does a measurement do, and how is it written.
/// </summary>
internal abstract class Reading(Instrument instrument)
{
    /// <summary>Gives the metric its name, unit and description.</summary>
    public Instrument Instrument { get; } = instrument;

    /// <summary>The Prometheus type.</summary>
    public abstract string Type { get; }

    public static Reading For(Instrument instrument)
    {
        var kind = instrument.GetType().Name;
        return kind.StartsWith("Histogram", StringComparison.Ordinal) ? new HistogramReading(instrument)
            : new NumberReading(
                instrument,
                adds: kind.StartsWith("Counter", StringComparison.Ordinal) || kind.StartsWith("UpDown", StringComparison.Ordinal),
                type: kind.Contains("Counter", StringComparison.Ordinal) && !kind.Contains("UpDown", StringComparison.Ordinal)
                    ? "counter"
                    : "gauge");
    }

    public abstract void Take(double value);

    public abstract void Write(StringBuilder text, string name, string labels);

    private sealed class NumberReading(Instrument instrument, bool adds, string type) : Reading(instrument)
    {
        private readonly Lock gate = new();
        private double value;

        public override string Type => type;

        public override void Take(double measured)
        {
            lock (gate)
            {
                value = adds ? value + measured : measured;
            }
        }

        public override void Write(StringBuilder text, string name, string labels)
        {
            lock (gate)
            {
                PrometheusText.Line(text, name, labels, value);
            }
        }
    }

    private sealed class HistogramReading(Instrument instrument) : Reading(instrument)
    {
        // Seconds: our durations lie between a tenth of a millisecond and ten seconds.
        private static readonly double[] Bounds =
            [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.3, 0.5, 0.75, 1, 2.5, 5, 10];

        private readonly Lock gate = new();
        private readonly long[] counts = new long[Bounds.Length + 1];
        private double sum;

        public override string Type => "histogram";

        public override void Take(double measured)
        {
            var at = Array.BinarySearch(Bounds, measured);
            lock (gate)
            {
                counts[at < 0 ? ~at : at]++;
                sum += measured;
            }
        }

        public override void Write(StringBuilder text, string name, string labels)
        {
            lock (gate)
            {
                long below = 0;
                for (var i = 0; i < counts.Length; i++)
                {
                    below += counts[i];
                    var bound = i < Bounds.Length ? PrometheusText.Number(Bounds[i]) : "+Inf";
                    PrometheusText.Line(text, name + "_bucket", PrometheusText.Join(labels, $"le=\"{bound}\""), below);
                }

                PrometheusText.Line(text, name + "_sum", labels, sum);
                PrometheusText.Line(text, name + "_count", labels, below);
            }
        }
    }
}
