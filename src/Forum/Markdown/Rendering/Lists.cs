using System.Globalization;
using Markdig.Renderers;
using Markdig.Renderers.Html;
using Markdig.Syntax;

namespace Forum.Markdown.Rendering;

/// <summary>Lists; an item that holds blocks begins and ends on lines of its own.</summary>
sealed class Lists : HtmlObjectRenderer<ListBlock>
{
    protected override void Write(HtmlRenderer renderer, ListBlock obj)
    {
        renderer.EnsureLine();
        var start = obj.IsOrdered && int.TryParse(obj.OrderedStart, CultureInfo.InvariantCulture, out var first) && first != 1
            ? $" start=\"{first.ToString(CultureInfo.InvariantCulture)}\""
            : "";
        renderer.WriteLine(obj.IsOrdered ? $"<ol{start}>" : "<ul>");
        foreach (var item in obj.OfType<ListItemBlock>())
        {
            var outer = renderer.ImplicitParagraph;
            renderer.ImplicitParagraph = !obj.IsLoose;
            renderer.EnsureLine();
            renderer.Write("<li>");
            if (obj.IsLoose && item.Count > 0)
                renderer.WriteLine();
            renderer.WriteChildren(item);
            if (obj.IsLoose && item.Count > 0)
                renderer.EnsureLine();
            renderer.WriteLine("</li>");
            renderer.ImplicitParagraph = outer;
        }

        renderer.WriteLine(obj.IsOrdered ? "</ol>" : "</ul>");
    }
}
