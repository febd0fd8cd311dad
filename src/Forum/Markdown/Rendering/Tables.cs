using Markdig.Extensions.Tables;
using Markdig.Renderers;
using Markdig.Renderers.Html;

namespace Forum.Markdown.Rendering;

/// <summary>A table of pipes, in the frame that lets wide ones scroll.</summary>
sealed class Tables : HtmlObjectRenderer<Table>
{
    protected override void Write(HtmlRenderer renderer, Table obj)
    {
        renderer.EnsureLine();
        renderer.WriteLine("<div class=\"md-table\">");
        renderer.WriteLine("<table>");
        var part = "";
        foreach (var row in obj.OfType<TableRow>())
        {
            var wanted = row.IsHeader ? "thead" : "tbody";
            if (part != wanted)
            {
                if (part.Length > 0)
                    renderer.WriteLine($"</{part}>");
                renderer.WriteLine($"<{wanted}>");
                part = wanted;
            }

            renderer.WriteLine("<tr>");
            foreach (var (index, cell) in row.OfType<TableCell>().Index())
                Cell(renderer, obj, row, cell, index);
            renderer.WriteLine("</tr>");
        }

        if (part.Length > 0)
            renderer.WriteLine($"</{part}>");
        renderer.WriteLine("</table>");
        renderer.WriteLine("</div>");
    }

    static void Cell(HtmlRenderer renderer, Table table, TableRow row, TableCell cell, int index)
    {
        var element = row.IsHeader ? "th" : "td";
        var alignment = index < table.ColumnDefinitions.Count ? table.ColumnDefinitions[index].Alignment : null;
        renderer.Write("<").Write(element);
        if (alignment is { } side)
            renderer.Write(" style=\"text-align:").Write(side.ToString().ToLowerInvariant()).Write("\"");
        renderer.Write(">");
        var implicitParagraph = renderer.ImplicitParagraph;
        renderer.ImplicitParagraph = true;
        renderer.WriteChildren(cell);
        renderer.ImplicitParagraph = implicitParagraph;
        renderer.Write("</").Write(element).WriteLine(">");
    }
}
