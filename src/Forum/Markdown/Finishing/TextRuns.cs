using System.Text;
using AngleSharp.Dom;

namespace Forum.Markdown.Finishing;

/// <summary>Goes through the text of a post once and turns names, emoji, addresses and quotation marks into what they mean.</summary>
sealed class TextRuns
{
    readonly CookOptions options;
    readonly CookResolution resolution;
    readonly CookReferences references;
    readonly WatchedWords watched;

    TextRuns(CookOptions options, CookResolution resolution, CookReferences references)
    {
        this.options = options;
        this.resolution = resolution;
        this.references = references;
        watched = new WatchedWords(options.Watched);
    }

    /// <summary>The character before the one at hand, across elements of a line; a space at the start of a line.</summary>
    char previous = ' ';

    public static void Finish(IElement root, CookOptions options, CookResolution resolution, CookReferences references) =>
        new TextRuns(options, resolution, references).Walk(root, inLink: false);

    void Walk(INode parent, bool inLink)
    {
        foreach (var node in parent.ChildNodes.ToArray())
        {
            switch (node)
            {
                case IText text:
                    Replace(text, inLink);
                    break;
                case IElement { LocalName: "code" or "pre" }:
                    previous = 'x';
                    break;
                case IElement { LocalName: "br" or "img" } leaf:
                    previous = leaf.LocalName == "br" ? ' ' : 'x';
                    break;
                case IElement element when element.ClassList.Contains("title") && element.ParentElement?.LocalName == "aside":
                    previous = ' ';
                    break;
                case IElement element:
                    if (IsBlock(element.LocalName))
                        previous = ' ';
                    Walk(element, inLink || element.LocalName == "a");
                    if (IsBlock(element.LocalName))
                        previous = ' ';
                    break;
            }
        }
    }

    static bool IsBlock(string name) => name is not ("a" or "abbr" or "b" or "bdo" or "big" or "cite" or "del" or "em" or "i" or "ins" or "kbd"
        or "mark" or "q" or "ruby" or "s" or "samp" or "small" or "span" or "strike" or "strong" or "sub" or "sup" or "time" or "u" or "var");

    void Replace(IText node, bool inLink)
    {
        if (watched.Apply(node.Data) is { } changed)
            node.Data = changed;
        var text = node.Data;
        var plain = new StringBuilder();
        var made = new List<INode>();
        var bare = inLink && node.ParentElement?.HasAttribute(Rendering.Links.BareMark) == true;
        for (var at = 0; at < text.Length;)
        {
            var (element, length) = bare ? (null, 0) : Element(node, text, at, inLink);
            if (element is not null)
            {
                Flush(node, plain, made);
                made.Add(element);
                previous = 'x';
                at += length;
                continue;
            }

            if (options.Typographer && !bare && Typography.At(text, at, previous, out var taken) is { } better)
            {
                plain.Append(better);
                previous = better[^1];
                at += taken;
                continue;
            }

            plain.Append(text[at]);
            previous = text[at++];
        }

        if (made.Count == 0)
        {
            if (plain.Length != text.Length || !plain.Equals(text))
                node.Data = plain.ToString();
            return;
        }

        Flush(node, plain, made);
        foreach (var part in made)
            node.Parent!.InsertBefore(part, node);
        node.Parent!.RemoveChild(node);
    }

    static void Flush(IText node, StringBuilder plain, List<INode> made)
    {
        if (plain.Length == 0)
            return;
        made.Add(node.Owner!.CreateTextNode(plain.ToString()));
        plain.Clear();
    }

    (IElement? Element, int Length) Element(IText node, string text, int at, bool inLink)
    {
        var c = text[at];
        if (options.Emoji && EmojiRuns.At(text, at, previous, out var taken) is { } emoji)
            return (EmojiRuns.Image(node.Owner!, emoji), taken);
        if (inLink)
            return (null, 0);
        if (c == '@' && Mentions.At(text, at, previous, out taken) is { } name)
        {
            references.Mentions.Add(name.ToLowerInvariant());
            return (Mentions.Element(node.Owner!, name, resolution), taken);
        }

        if (c == '#' && Hashtags.At(text, at, previous, out taken) is { } tag)
        {
            references.Hashtags.Add(tag.ToLowerInvariant());
            return (Hashtags.Element(node.Owner!, tag, resolution), taken);
        }

        if (watched.LinkAt(text, at, previous, out taken) is { } target)
        {
            var link = node.Owner!.CreateElement("a");
            link.SetAttribute("href", target);
            link.TextContent = text.Substring(at, taken);
            return (link, taken);
        }

        if (options.Linkify && BareDomains.At(text, at, previous, out taken) is { } address)
        {
            var link = node.Owner!.CreateElement("a");
            link.SetAttribute("href", address);
            if (options.NoFollow && LinkRelations.LeavesSite(address, options))
                link.SetAttribute("rel", "noopener nofollow ugc");
            link.TextContent = text.Substring(at, taken);
            return (link, taken);
        }

        return (null, 0);
    }
}
