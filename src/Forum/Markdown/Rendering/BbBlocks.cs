using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Forum.Markdown.BbCode;
using Markdig.Renderers;
using Markdig.Renderers.Html;
using Markdig.Syntax;

namespace Forum.Markdown.Rendering;

/// <summary>Quotes, details, spoilers, wraps, image grids and polls.</summary>
sealed class BbBlocks : HtmlObjectRenderer<BbBlock>
{
    protected override void Write(HtmlRenderer renderer, BbBlock obj)
    {
        renderer.EnsureLine();
        switch (obj.Tag.Name)
        {
            case "quote":
                Quote(renderer, obj);
                break;
            case "details":
                var open = obj.Tag["open"] is not null || (obj.Tag.Value?.EndsWith(" open", StringComparison.Ordinal) ?? false);
                renderer.WriteLine(open ? "<details open=\"\">" : "<details>");
                renderer.WriteLine("<summary>").Write(WebUtility.HtmlEncode(obj.Tag.Value ?? "Details")).WriteLine("</summary>");
                Inside(renderer, obj, "</details>");
                break;
            case "spoiler":
                renderer.WriteLine("<div class=\"spoiler\">");
                Inside(renderer, obj, "</div>");
                break;
            case "grid":
                renderer.WriteLine("<div class=\"d-image-grid\">");
                Inside(renderer, obj, "</div>");
                break;
            case "wrap":
                renderer.WriteLine(BbInlineParser.Wrap(obj.Tag, "div"));
                Inside(renderer, obj, "</div>");
                break;
            default:
                Poll(renderer, obj);
                break;
        }
    }

    static void Inside(HtmlRenderer renderer, BbBlock block, string close)
    {
        renderer.WriteChildren(block);
        renderer.EnsureLine();
        renderer.WriteLine(close);
    }

    /// <summary>The title's picture and link are added when the reference is resolved.</summary>
    static void Quote(HtmlRenderer renderer, BbBlock block)
    {
        var parts = (block.Tag.Value ?? "").Split(',', StringSplitOptions.TrimEntries);
        var (name, post, topic, full) = (parts[0], "", "", false);
        foreach (var part in parts.AsSpan(1))
        {
            if (part.Split(':', 2, StringSplitOptions.TrimEntries) is not [var key, var value])
                continue;
            if (key == "post" && long.TryParse(value, out _))
                post = value;
            else if (key == "topic" && long.TryParse(value, out _))
                topic = value;
            else if (key == "username")
                name = value;
            else if (key == "full")
                full = value == "true";
        }

        if (name.Length == 0)
        {
            renderer.WriteLine("<aside class=\"quote no-group\">");
        }
        else
        {
            var shown = WebUtility.HtmlEncode(name);
            renderer.Write("<aside class=\"quote no-group\" data-username=\"").Write(shown).Write("\"");
            if (post.Length > 0)
                renderer.Write(" data-post=\"").Write(post).Write("\"");
            if (topic.Length > 0)
                renderer.Write(" data-topic=\"").Write(topic).Write("\"");
            if (full)
                renderer.Write(" data-full=\"true\"");
            renderer.WriteLine(">");
            renderer.WriteLine("<div class=\"title\">").WriteLine("<div class=\"quote-controls\"></div>");
            renderer.Write(" ").Write(WebUtility.HtmlEncode(parts[0])).WriteLine(":</div>");
        }

        renderer.WriteLine("<blockquote>");
        renderer.WriteChildren(block);
        renderer.EnsureLine();
        renderer.WriteLine("</blockquote>").WriteLine("</aside>");
    }

    static readonly string[] PollAttributes =
        ["charttype", "close", "dynamic", "groups", "max", "min", "name", "order", "public", "results", "score", "status", "step", "type"];

    static void Poll(HtmlRenderer renderer, BbBlock block)
    {
        var given = block.Tag.Attributes.ToLookup(pair => pair.Key.ToLowerInvariant(), pair => pair.Value);
        renderer.Write("<div class=\"poll\"");
        foreach (var name in PollAttributes)
        {
            var value = given[name].FirstOrDefault() ??
                name switch { "name" => "poll", "status" => "open", _ => null };
            if (value is not null)
                renderer.Write(" data-poll-").Write(name).Write("=\"").Write(WebUtility.HtmlEncode(value)).Write("\"");
        }

        renderer.WriteLine(">").WriteLine("<div class=\"poll-container\">");
        foreach (var child in block)
        {
            if (child is HeadingBlock title)
            {
                renderer.Write("<div class=\"poll-title\">");
                renderer.WriteLeafInline(title).WriteLine("</div>");
            }
            else if (child is ListBlock list)
            {
                Options(renderer, list);
            }
        }

        if (given["type"].FirstOrDefault() == "number" && !block.OfType<ListBlock>().Any())
            Numbers(renderer, given);
        renderer.WriteLine("</div>");
        renderer.WriteLine("<div class=\"poll-info\">").WriteLine("<div class=\"poll-info_counts\">").WriteLine("<div class=\"poll-info_counts-count\">");
        renderer.WriteLine("<span class=\"info-number\">0</span>").WriteLine("<span class=\"info-label\">voters</span>");
        renderer.WriteLine("</div>").WriteLine("</div>").WriteLine("</div>").WriteLine("</div>");
    }

    static void Options(HtmlRenderer renderer, ListBlock list)
    {
        var element = list.IsOrdered ? "ol" : "ul";
        renderer.WriteLine($"<{element}>");
        foreach (var item in list.OfType<ListItemBlock>())
        {
            if (item.FirstOrDefault() is not ParagraphBlock paragraph)
                continue;
            var text = string.Concat(paragraph.Inline?.Descendants().Select(part => part.ToString()) ?? []);
            renderer.Write("<li data-poll-option-id=\"").Write(Digest(text)).Write("\">");
            renderer.WriteLeafInline(paragraph).WriteLine("</li>");
        }

        renderer.WriteLine($"</{element}>");
    }

    static void Numbers(HtmlRenderer renderer, ILookup<string, string> given)
    {
        var min = Number(given, "min", 1);
        var max = Number(given, "max", 20);
        var step = Math.Max(1, Number(given, "step", 1));
        renderer.WriteLine("<ul>");
        for (var (value, options) = (min, 0); value <= max && options < 20; value += step, options++)
        {
            var text = value.ToString(System.Globalization.CultureInfo.InvariantCulture);
            renderer.Write("<li data-poll-option-id=\"").Write(Digest(text)).Write("\">").Write(text).WriteLine("</li>");
        }

        renderer.WriteLine("</ul>");
    }

    static int Number(ILookup<string, string> given, string name, int otherwise) =>
        int.TryParse(given[name].FirstOrDefault(), out var number) ? number : otherwise;

    /// <summary>MD5 of the JSON array that holds the option's text: the id by which votes are stored.</summary>
    static string Digest(string text)
    {
        var json = $"[\"{JsonEncodedText.Encode(text, JavaScriptEncoder.UnsafeRelaxedJsonEscaping)}\"]";
#pragma warning disable CA5351 // Not for secrecy: the digest names an option, as in existing databases.
        return Convert.ToHexStringLower(MD5.HashData(Encoding.UTF8.GetBytes(json)));
#pragma warning restore CA5351
    }
}
