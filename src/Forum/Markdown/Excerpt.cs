using System.Text;
using AngleSharp.Dom;

namespace Forum.Markdown;

/// <summary>Short text of a post, for lists, mails and search results.</summary>
static class Excerpt
{
    /// <summary>At most so many characters of text as HTML: entities escaped, emoji kept as images unless asked otherwise, quotes left out.</summary>
    public static string Of(string cooked, int length, bool emojiAsText = false)
    {
        var walk = new Walk(length, emojiAsText);
        walk.Children(Sanitizer.Parse(cooked));
        return walk.Html.ToString().Trim();
    }

    /// <summary>The same HTML with the text of its links alone, for what new members write about themselves.</summary>
    public static string WithoutLinks(string cooked)
    {
        var root = Sanitizer.Parse(cooked);
        foreach (var link in root.QuerySelectorAll("a"))
            link.Replace([.. link.ChildNodes]);
        return HtmlText.Write(root);
    }

    /// <summary>The text alone, for the search index and mails.</summary>
    public static string PlainText(string cooked)
    {
        var root = Sanitizer.Parse(cooked);
        foreach (var element in root.QuerySelectorAll(".meta, .quote-controls, .anchor, .poll-info"))
            element.Remove();
        foreach (var image in root.QuerySelectorAll("img"))
            image.Replace(root.Owner!.CreateTextNode(image.GetAttribute("alt") ?? ""));
        return root.TextContent.Trim();
    }

    sealed class Walk(int length, bool emojiAsText)
    {
        int used;

        public StringBuilder Html { get; } = new();

        bool full;

        public void Children(INode parent)
        {
            foreach (var node in parent.ChildNodes)
            {
                if (full)
                    return;
                switch (node)
                {
                    case IText text:
                        Add(text.Data);
                        break;
                    case IElement element:
                        Element(element);
                        break;
                }
            }
        }

        void Element(IElement element)
        {
            switch (element.LocalName)
            {
                case "img" when element.ClassList.Contains("emoji"):
                    if (emojiAsText)
                        Add(element.GetAttribute("alt") ?? "");
                    else
                        Markup(HtmlText.Outer(element), 1);
                    break;
                case "img":
                    Add(element.GetAttribute("alt") is { Length: > 0 } alt ? $"[{alt}]" : "[image]");
                    break;
                case "aside" when element.ClassList.Contains("quote") || element.ClassList.Contains("onebox"):
                case "div" when element.ClassList.Contains("meta") || element.ClassList.Contains("poll-info"):
                case "hr":
                    break;
                case "details":
                    Add("▶ " + (element.QuerySelector("summary")?.TextContent.Trim() ?? "Details"));
                    break;
                case "svg" or "iframe" or "video" or "audio":
                    break;
                case "a" when element.ClassList.Contains("anchor"):
                    break;
                case "span" or "div" when element.ClassList.Contains("spoiler"):
                    Markup("<span class=\"spoiler\">", 0);
                    Children(element);
                    Markup("</span>", 0);
                    break;
                case "a" when element.HasAttribute("href"):
                    Children(element);
                    break;
                default:
                    Children(element);
                    break;
            }
        }

        void Markup(string html, int weight)
        {
            used += weight;
            Html.Append(html);
        }

        void Add(string text)
        {
            var room = length - used;
            if (text.Length <= room)
            {
                Html.Append(HtmlText.Escape(text));
                used += text.Length;
                return;
            }

            full = true;
            var cut = Math.Max(0, room);
            if (cut > 0 && char.IsHighSurrogate(text[cut - 1]))
                cut--;
            Html.Append(HtmlText.Escape(text[..cut])).Append("&hellip;");
        }
    }
}
