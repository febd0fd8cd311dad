using AngleSharp.Dom;
using AngleSharp.Html.Parser;
using Forum.Markdown.Rendering;

namespace Forum.Markdown;

/// <summary>Takes everything out of HTML that is not on the allow-list. Cleaning twice is the same as cleaning once.</summary>
static class Sanitizer
{
    const string HtmlNamespace = "http://www.w3.org/1999/xhtml";
    const int DeepestNesting = 100;

    /// <summary>Cleans HTML of any origin.</summary>
    public static string Clean(string html, CookOptions options)
    {
        var root = Parse(html);
        Clean(root, options, 0);
        return HtmlText.Write(root);
    }

    /// <summary>HTML as the children of an element that is in no page.</summary>
    public static IElement Parse(string html)
    {
        var parser = new HtmlParser(new HtmlParserOptions { IsScripting = false });
        var document = parser.ParseDocument("<!doctype html><title></title><body></body>");
        var root = document.CreateElement("div");
        foreach (var node in parser.ParseFragment(html, root).ToArray())
            root.AppendChild(node);
        return root;
    }

    public static void Clean(INode parent, CookOptions options, int depth)
    {
        foreach (var node in parent.ChildNodes.ToArray())
        {
            if (node is IText)
                continue;
            if (node is not IElement element || element.NamespaceUri != HtmlNamespace || depth > DeepestNesting ||
                AllowList.DropsWhole(element.LocalName))
            {
                parent.RemoveChild(node);
                continue;
            }

            Clean(element, options, depth + 1);
            if (!AllowList.HasElement(element.LocalName) || !KeepsSource(element, options))
            {
                while (element.FirstChild is { } child)
                    parent.InsertBefore(child, element);
                parent.RemoveChild(element);
                continue;
            }

            foreach (var attribute in element.Attributes.ToArray())
            {
                var value = Value(element.LocalName, attribute.Name, attribute.Value, options);
                if (value is null)
                    element.RemoveAttribute(attribute.NamespaceUri, attribute.LocalName);
                else if (value != attribute.Value)
                    element.SetAttribute(attribute.Name, value);
            }
        }
    }

    /// <summary>A frame or picture without a permitted source is nothing.</summary>
    static bool KeepsSource(IElement element, CookOptions options)
    {
        if (element.LocalName == "iframe")
        {
            element.InnerHtml = "";
            var source = element.GetAttribute("src") ?? "";
            return source.StartsWith("https://", StringComparison.Ordinal) &&
                options.AllowedIframes.Any(prefix => source.StartsWith(prefix, StringComparison.Ordinal));
        }

        return true;
    }

    /// <summary>The value an attribute may keep; null removes the attribute.</summary>
    static string? Value(string element, string name, string value, CookOptions options)
    {
        if (!AllowList.HasAttribute(element, name))
            return null;
        switch (name)
        {
            case "class":
                var classes = string.Join(' ', value.Split((char[])[' ', '\t', '\n', '\f', '\r'], StringSplitOptions.RemoveEmptyEntries).Where(AllowList.HasClass));
                return classes.Length == 0 ? null : classes;
            case "href":
            case "cite":
                return AllowList.HasAddress(value, options.AllowedSchemes, forLink: true) ? value : null;
            case "src":
            case "poster":
                return AllowList.HasAddress(value, [], forLink: false) ? value : null;
            case "srcset":
                return value.Split(',').All(part => AllowList.HasAddress(part.Trim(), [], forLink: false)) ? value : null;
            case "id":
                return AllowList.HasId(value) ? value : null;
            case "style":
                return AllowList.HasStyle(value) ? value.Replace(" ", "", StringComparison.Ordinal).TrimEnd(';') : null;
            case "target":
                return value == "_blank" ? value : null;
            case "rel":
                return null;
            case Links.BareMark:
                return element == "a" ? value : null;
            default:
                return value;
        }
    }
}
