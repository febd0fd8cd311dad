using System.Globalization;
using System.Text;

namespace Forum.Metrics;

/// <summary>Writes metrics as text for Prometheus: HELP, TYPE, samples.</summary>
/// <remarks>Source: https://prometheus.io/docs/instrumenting/exposition_formats/ (version 0.0.4).</remarks>
sealed class Exposition
{
    readonly StringBuilder _text = new();

    /// <summary>Begins a family; its samples follow.</summary>
    public void Family(string name, string type, string help) =>
        _text.Append("# HELP discourse_").Append(name).Append(' ').Append(help).Append("\n# TYPE discourse_").Append(name).Append(' ').Append(type).Append('\n');

    /// <param name="name">The family, with _bucket, _sum or _count where that belongs.</param>
    /// <param name="labels">Inside of the braces; empty for none. See <see cref="Labels"/>.</param>
    /// <param name="value">Integers are written without decimals.</param>
    public void Sample(string name, string labels, double value)
    {
        _text.Append("discourse_").Append(name);
        if (labels.Length > 0)
        {
            _text.Append('{').Append(labels).Append('}');
        }

        _text.Append(' ').Append(Number(value)).Append('\n');
    }

    /// <summary>A family with one sample.</summary>
    public void Single(string name, string type, string help, double value, string labels = "")
    {
        Family(name, type, help);
        Sample(name, labels, value);
    }

    public static string Labels(params ReadOnlySpan<(string Name, string Value)> labels)
    {
        var text = new StringBuilder();
        foreach (var (name, value) in labels)
        {
            if (text.Length > 0)
            {
                text.Append(',');
            }

            text.Append(name).Append("=\"")
                .Append(value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal))
                .Append('"');
        }

        return text.ToString();
    }

    public static string Number(double value) => double.IsPositiveInfinity(value) ? "+Inf"
        : value == Math.Floor(value) && Math.Abs(value) < 1e15 ? ((long)value).ToString(CultureInfo.InvariantCulture)
        : value.ToString("R", CultureInfo.InvariantCulture);

    public override string ToString() => _text.ToString();
}
