using System.Text;

namespace Juju.Local.Cli.Output;

/// <summary>
/// Rows of cells as Juju prints them: columns two spaces apart and as wide as their widest cell; the last cell of a row has
/// nothing behind it.
/// </summary>
sealed class Table(params string[] headings)
{
    readonly List<Cell[]> rows = [];
    readonly HashSet<int> right = [];

    public Table AlignRight(params int[] columns)
    {
        right.UnionWith(columns);
        return this;
    }

    /// <summary>A text of several lines, such as a version with a newline at its end, becomes one.</summary>
    public Table Add(params Cell[] cells)
    {
        rows.Add([.. cells.Select(cell => cell.Text.Contains('\n') ? cell with { Text = cell.Text.Trim().ReplaceLineEndings(" ") } : cell)]);
        return this;
    }

    public int Count => rows.Count;

    public void Write(TextWriter output, bool colour)
    {
        var all = headings.Length > 0 ? [[.. headings.Select(heading => (Cell)heading)], .. rows] : rows;
        var columns = all.Count == 0 ? 0 : all.Max(row => row.Length);
        var widths = new int[columns];
        foreach (var row in all)
        {
            for (var column = 0; column < row.Length - 1; column++)
            {
                widths[column] = Math.Max(widths[column], Width(row[column].Text));
            }
        }

        var line = new StringBuilder();
        foreach (var row in all)
        {
            line.Clear();
            for (var column = 0; column < row.Length; column++)
            {
                var last = column == row.Length - 1;
                var padding = last ? 0 : widths[column] - Width(row[column].Text);
                line.Append(' ', right.Contains(column) ? padding : 0)
                    .Append(row[column].Painted(colour))
                    .Append(' ', (right.Contains(column) ? 0 : padding) + (last ? 0 : 2));
            }

            output.Write(line.Append('\n'));
        }
    }

    static int Width(string text) => text.EnumerateRunes().Count();
}

/// <summary>A cell's text and its colour on a terminal.</summary>
readonly record struct Cell(string Text, Colour Colour = Colour.None)
{
    public static implicit operator Cell(string text) => new(text);

    public static Cell FromString(string text) => new(text);

    /// <summary>A status word in the colour that Juju gives it.</summary>
    public static Cell Status(string word) => new(word, word switch
    {
        "active" or "idle" or "started" or "available" or "completed" or "attached" or "alive" => Colour.Green,
        "waiting" or "maintenance" or "executing" or "allocating" or "pending" or "running" or "rebooting" or "unknown" or "dying"
            or "destroying" or "aborting" => Colour.Yellow,
        "blocked" or "error" or "lost" or "failed" or "down" or "terminated" or "aborted" or "cancelled" => Colour.Red,
        _ => Colour.None,
    });

    public string Painted(bool colour) => !colour || Colour == Colour.None || Text.Length == 0 ? Text : $"\e[{(int)Colour}m{Text}\e[0m";
}

enum Colour
{
    None = 0,
    Bold = 1,
    Red = 31,
    Green = 32,
    Yellow = 33,
}
