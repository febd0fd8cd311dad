using System.Net;
using Markdig.Renderers;
using Markdig.Renderers.Html;
using Markdig.Syntax.Inlines;

namespace Forum.Markdown.Rendering;

/// <summary>Links and images, with a mark on addresses that were typed bare: only those are shown as previews.</summary>
sealed class Links : HtmlObjectRenderer<LinkInline>
{
    /// <summary>An attribute that never leaves this folder: it is taken off when the links are finished.</summary>
    public const string BareMark = "data-bare-address";

    protected override void Write(HtmlRenderer renderer, LinkInline obj)
    {
        var url = obj.GetDynamicUrl?.Invoke() ?? obj.Url ?? "";
        if (obj.IsImage)
        {
            renderer.Write("<img src=\"").Write(WebUtility.HtmlEncode(url)).Write("\" alt=\"");
            var html = renderer.EnableHtmlForInline;
            renderer.EnableHtmlForInline = false;
            renderer.WriteChildren(obj);
            renderer.EnableHtmlForInline = html;
            renderer.Write("\"");
        }
        else
        {
            renderer.Write("<a href=\"").Write(WebUtility.HtmlEncode(url)).Write("\"");
            if (obj.IsAutoLink)
                renderer.Write(" " + BareMark);
        }

        if (!string.IsNullOrEmpty(obj.Title))
            renderer.Write(" title=\"").Write(WebUtility.HtmlEncode(obj.Title)).Write("\"");
        renderer.Write(">");
        if (obj.IsImage)
            return;
        renderer.WriteChildren(obj);
        renderer.Write("</a>");
    }
}
