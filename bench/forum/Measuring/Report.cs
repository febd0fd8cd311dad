using System.Globalization;

namespace ForumBench.Measuring;

/// <summary>The table that the benchmark prints: what, how much, what it should be.</summary>
sealed class Report
{
    readonly List<string[]> _rows = [];

    /// <summary>Whether every goal was reached.</summary>
    public bool IsGood { get; private set; } = true;

    public void Note(string what, string value) => _rows.Add([what, value, "", ""]);

    public void AtMost(string what, double value, double goal, string unit) => Add(what, value, $"≤ {Text(goal)} {unit}", unit, value <= goal);

    public void AtLeast(string what, double value, double goal, string unit) => Add(what, value, $"≥ {Text(goal)} {unit}", unit, value >= goal);

    public void Print(TextWriter output)
    {
        string[] head = ["what", "measured", "goal", ""];
        var widths = Enumerable.Range(0, head.Length).Select(column => _rows.Append(head).Max(row => row[column].Length)).ToArray();
        foreach (var row in _rows.Prepend([.. widths.Select(width => new string('-', width))]).Prepend(head))
        {
            output.WriteLine(string.Join("  ", row.Select((cell, column) => column == 1 ? cell.PadLeft(widths[column]) : cell.PadRight(widths[column]))).TrimEnd());
        }
    }

    void Add(string what, double value, string goal, string unit, bool good)
    {
        IsGood &= good;
        _rows.Add([what, $"{Text(value)} {unit}", goal, good ? "ok" : "MISSED"]);
    }

    static string Text(double value) => value.ToString(value < 10 ? "0.0#" : "0", CultureInfo.InvariantCulture);
}
