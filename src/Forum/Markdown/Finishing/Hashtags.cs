using System.Globalization;
using AngleSharp.Dom;

namespace Forum.Markdown.Finishing;

/// <summary>#category, #parent:child and #tag::tag.</summary>
static class Hashtags
{
    const int Longest = 101;

    public static string? At(string text, int at, char previous, out int length)
    {
        length = 0;
        if (!char.IsWhiteSpace(previous) && previous is not ('(' or '[' or ',' or ';' or '"' or '“' or '\'' or '‘' or '>'))
            return null;
        var end = at + 1;
        while (end < text.Length && end - at <= Longest && (char.IsLetterOrDigit(text[end]) || text[end] is '_' or '-' or ':'))
            end++;
        while (end > at + 1 && text[end - 1] is ':' or '-')
            end--;
        if (end == at + 1)
            return null;
        length = end - at;
        return text[(at + 1)..end];
    }

    public static IElement Element(IDocument document, string tag, CookResolution resolution)
    {
        if (!resolution.Hashtags.TryGetValue(tag.ToLowerInvariant(), out var target))
        {
            var raw = document.CreateElement("span");
            raw.SetAttribute("class", "hashtag-raw");
            raw.TextContent = "#" + tag;
            return raw;
        }

        var link = document.CreateElement("a");
        link.SetAttribute("class", "hashtag-cooked");
        link.SetAttribute("href", target.Url);
        link.SetAttribute("data-type", target.Type);
        link.SetAttribute("data-slug", target.Slug);
        if (target.Ref is not null)
            link.SetAttribute("data-ref", target.Ref);
        link.SetAttribute("data-id", target.Id.ToString(CultureInfo.InvariantCulture));
        var icon = target.Type == "category" ? "square-full" : "tag";
        var placeholder = document.CreateElement("span");
        placeholder.SetAttribute("class", "hashtag-icon-placeholder");
        var svg = document.CreateElement("svg");
        svg.SetAttribute("class", $"fa d-icon d-icon-{icon} svg-icon svg-node");
        var use = document.CreateElement("use");
        use.SetAttribute("href", "#" + icon);
        svg.AppendChild(use);
        placeholder.AppendChild(svg);
        var name = document.CreateElement("span");
        name.TextContent = target.Text;
        link.Append(placeholder, name);
        return link;
    }
}
