using System.Globalization;
using Markdig.Extensions.Footnotes;
using Markdig.Renderers;
using Markdig.Renderers.Html;

namespace Forum.Markdown.Rendering;

/// <summary>The list of notes at the foot of a post.</summary>
sealed class FootnoteLists(long postId) : HtmlObjectRenderer<FootnoteGroup>
{
    protected override void Write(HtmlRenderer renderer, FootnoteGroup obj)
    {
        var post = postId.ToString(CultureInfo.InvariantCulture);
        renderer.EnsureLine();
        renderer.WriteLine("<hr class=\"footnotes-sep\">");
        renderer.WriteLine("<ol class=\"footnotes-list\">");
        foreach (var footnote in obj.OfType<Footnote>())
        {
            renderer.Write("<li id=\"footnote-").Write(post).Write("-").Write(footnote.Order.ToString(CultureInfo.InvariantCulture));
            renderer.WriteLine("\" class=\"footnote-item\">");
            renderer.WriteChildren(footnote);
            renderer.EnsureLine();
            renderer.WriteLine("</li>");
        }

        renderer.WriteLine("</ol>");
    }
}

/// <summary>The number of a note in the text, and the arrow back to it.</summary>
sealed class FootnoteMarks(long postId) : HtmlObjectRenderer<FootnoteLink>
{
    protected override void Write(HtmlRenderer renderer, FootnoteLink obj)
    {
        var post = postId.ToString(CultureInfo.InvariantCulture);
        var order = obj.Footnote.Order.ToString(CultureInfo.InvariantCulture);
        var again = obj.Index > 0 && obj.Footnote.Links.IndexOf(obj) is > 0 and var nth ? $":{nth}" : "";
        if (obj.IsBackLink)
        {
            renderer.Write(" <a href=\"#footnote-ref-").Write(post).Write("-").Write(order).Write("\" class=\"footnote-backref\">↩︎</a>");
            return;
        }

        renderer.Write("<sup class=\"footnote-ref\"><a href=\"#footnote-").Write(post).Write("-").Write(order);
        renderer.Write("\" id=\"footnote-ref-").Write(post).Write("-").Write(order).Write(again).Write("\">[").Write(order).Write(again).Write("]</a></sup>");
    }
}
