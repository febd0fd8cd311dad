using AngleSharp.Dom;
using Forum.Markdown.Rendering;

namespace Forum.Markdown.Finishing;

/// <summary>Addresses typed bare and alone on a line of a top-level paragraph: they are shown as previews.</summary>
static class Oneboxes
{
    public static void Finish(IElement root, CookOptions options, CookResolution resolution, CookReferences references)
    {
        _ = options;
        foreach (var paragraph in root.Children.Where(child => child.LocalName == "p").ToArray())
        {
            foreach (var line in Lines(paragraph))
            {
                if (line.Where(node => node is not IText text || !string.IsNullOrWhiteSpace(text.Data)).ToArray() is not [IElement { LocalName: "a" } link] ||
                    !link.HasAttribute(Links.BareMark))
                    continue;
                var address = link.GetAttribute("href") ?? "";
                if (!address.StartsWith("http://", StringComparison.Ordinal) && !address.StartsWith("https://", StringComparison.Ordinal))
                    continue;
                references.Oneboxes.Add(address);
                if (resolution.Oneboxes.TryGetValue(address, out var preview) && paragraph.ChildNodes.Length == 1)
                {
                    var nodes = Sanitizer.Parse(preview);
                    Sanitizer.Clean(nodes, options, 0);
                    paragraph.Replace([.. nodes.ChildNodes]);
                }
                else
                {
                    link.SetAttribute("class", "onebox");
                    link.SetAttribute("target", "_blank");
                    if (link.GetAttribute("rel") is { } rel)
                    {
                        link.RemoveAttribute("rel");
                        link.SetAttribute("rel", rel);
                    }
                }
            }
        }
    }

    /// <summary>The nodes of a paragraph, line by line.</summary>
    public static IEnumerable<List<INode>> Lines(IElement paragraph)
    {
        var line = new List<INode>();
        foreach (var node in paragraph.ChildNodes)
        {
            if (node is IElement { LocalName: "br" })
            {
                yield return line;
                line = [];
            }
            else
            {
                line.Add(node);
            }
        }

        yield return line;
    }
}

/// <summary>A line of nothing but one to three emoji shows them large.</summary>
static class OnlyEmoji
{
    public static void Finish(IElement root)
    {
        foreach (var block in root.QuerySelectorAll("p, li"))
        {
            foreach (var line in Oneboxes.Lines(block))
            {
                var shown = line.Where(node => node is not IText text || !string.IsNullOrWhiteSpace(text.Data)).ToArray();
                if (shown.Length is < 1 or > 3 || !shown.All(node => node is IElement { LocalName: "img" } image && image.ClassList.Contains("emoji")))
                    continue;
                foreach (var image in shown.Cast<IElement>())
                    image.SetAttribute("class", "emoji only-emoji");
            }
        }
    }
}

/// <summary>Characters that turn the direction of code around, so that it reads otherwise than it runs, are shown by name.</summary>
static class HiddenDirections
{
    public static void Finish(IElement root)
    {
        foreach (var code in root.QuerySelectorAll("code"))
        {
            foreach (var text in code.ChildNodes.OfType<IText>().ToArray())
            {
                var at = text.Data.AsSpan().IndexOfAnyInRange('\u202A', '\u202E');
                if (at < 0 && text.Data.AsSpan().IndexOfAnyInRange('\u2066', '\u2069') < 0)
                    continue;
                Mark(text);
            }
        }
    }

    static void Mark(IText text)
    {
        var from = 0;
        var data = text.Data;
        for (var at = 0; at < data.Length; at++)
        {
            if (data[at] is not (>= '\u202A' and <= '\u202E' or >= '\u2066' and <= '\u2069'))
                continue;
            text.Parent!.InsertBefore(text.Owner!.CreateTextNode(data[from..at]), text);
            var mark = text.Owner.CreateElement("span");
            mark.SetAttribute("class", "bidi-warning");
            mark.SetAttribute("title", "This character changes the direction of the text");
            mark.TextContent = $"<U+{(int)data[at]:X4}>";
            text.Parent.InsertBefore(mark, text);
            from = at + 1;
        }

        text.Data = data[from..];
    }
}
