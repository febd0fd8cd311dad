using System.Text;

namespace Pebble.Cli;

/// <summary>Columns of text: each as wide as its longest cell and two spaces, at least five in all; the last is not padded.</summary>
sealed class Table
{
    const int LeastWidth = 5;
    const int Padding = 2;

    readonly List<string[]> rows = [];

    public Table Row(params string[] cells)
    {
        rows.Add(cells);
        return this;
    }

    public override string ToString()
    {
        var text = new StringBuilder();
        var columns = rows.Count == 0 ? 0 : rows.Max(row => row.Length);
        var widths = new int[columns];
        for (var column = 0; column < columns; column++)
        {
            // A cell that ends its row does not widen its column.
            widths[column] = Math.Max(LeastWidth, rows.Where(row => column < row.Length - 1).Select(row => row[column].Length + Padding).DefaultIfEmpty().Max());
        }

        foreach (var row in rows)
        {
            for (var column = 0; column < row.Length; column++)
            {
                text.Append(column < row.Length - 1 ? row[column].PadRight(widths[column]) : row[column]);
            }

            text.Append('\n');
        }

        return text.ToString();
    }
}
