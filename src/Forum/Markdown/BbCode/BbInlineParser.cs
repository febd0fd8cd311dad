using System.Buffers;
using System.Net;
using System.Text;
using Markdig.Helpers;
using Markdig.Parsers;
using Markdig.Syntax.Inlines;

namespace Forum.Markdown.BbCode;

/// <summary>Tags inside a line: [b] [i] [u] [s] [code] [url] [img] [email] [spoiler] [wrap] [date], and check boxes.</summary>
/// <remarks>They become plain HTML, which the allow-list then treats like any other.</remarks>
sealed class BbInlineParser : InlineParser
{
    static readonly SearchValues<char> NotInAddresses = SearchValues.Create(" \t\n<>\"");

    public BbInlineParser() => OpeningCharacters = ['['];

    public override bool Match(InlineProcessor processor, ref StringSlice slice)
    {
        var text = slice.AsSpan();
        if (TryCheckbox(ref slice, text, out var box))
        {
            processor.Inline = new HtmlInline(box);
            return true;
        }

        if (text.StartsWith("[/", StringComparison.Ordinal))
            return TryClose(processor, ref slice, text);
        var tag = BbTag.TryRead(text, 0, out var end);
        if (tag is null)
            return false;
        if (tag.Name is "date" or "date-range")
        {
            var dates = LocalDate.Render(tag);
            if (dates is null)
                return false;
            processor.Inline = new HtmlInline(dates);
            slice.Start += end;
            return true;
        }

        var close = text[end..].IndexOf($"[/{tag.Name}]", StringComparison.OrdinalIgnoreCase);
        if (close < 0)
            return false;
        var inner = text.Slice(end, close);
        var whole = end + close + tag.Name.Length + 3;
        switch (tag.Name)
        {
            case "code":
                processor.Inline = new HtmlInline($"<code>{WebUtility.HtmlEncode(inner.ToString())}</code>");
                slice.Start += whole;
                return true;
            case "img" when Address(inner) is { } source:
                processor.Inline = new HtmlInline($"<img src=\"{source}\" alt>");
                slice.Start += whole;
                return true;
            case "email" when tag.Value is null && Address(inner) is { } mail:
                processor.Inline = new HtmlInline($"<a href=\"mailto:{mail}\" data-bbcode=\"true\">{mail}</a>");
                slice.Start += whole;
                return true;
            case "url" when tag.Value is null && Address(inner) is { } target:
                processor.Inline = new HtmlInline($"<a href=\"{target}\" data-bbcode=\"true\">{target}</a>");
                slice.Start += whole;
                return true;
        }

        var open = Opening(tag);
        if (open is null)
            return false;
        processor.Inline = new HtmlInline(open);
        slice.Start += end;
        return true;
    }

    static string? Opening(BbTag tag) => tag.Name switch
    {
        "b" or "i" or "u" or "s" when tag.Value is null => $"<span class=\"bbcode-{tag.Name}\">",
        "spoiler" => "<span class=\"spoiler\">",
        "url" when tag.Value is not null && Address(tag.Value) is { } url => $"<a href=\"{url}\" data-bbcode=\"true\">",
        "email" when tag.Value is not null && Address(tag.Value) is { } mail => $"<a href=\"mailto:{mail}\" data-bbcode=\"true\">",
        "wrap" => Wrap(tag, "span"),
        _ => null,
    };

    /// <summary>The opening element of [wrap=name key=value]: data attributes only.</summary>
    public static string Wrap(BbTag tag, string element)
    {
        var html = new StringBuilder($"<{element} class=\"d-wrap\"");
        if (tag.Value is not null)
            html.Append(" data-wrap=\"").Append(WebUtility.HtmlEncode(tag.Value)).Append('"');
        foreach (var (key, value) in tag.Attributes)
            html.Append(" data-").Append(key.ToLowerInvariant()).Append("=\"").Append(WebUtility.HtmlEncode(value)).Append('"');
        return html.Append('>').ToString();
    }

    static bool TryClose(InlineProcessor processor, ref StringSlice slice, ReadOnlySpan<char> text)
    {
        var end = text.IndexOf(']');
        if (end is < 3 or > 12)
            return false;
        var name = text[2..end].ToString().ToLowerInvariant();
        var before = slice.Text.AsSpan(0, slice.Start);
        var element = name switch
        {
            "b" or "i" or "u" or "s" or "spoiler" or "wrap" => "</span>",
            "url" or "email" => "</a>",
            _ => null,
        };
        if (element is null || !before.Contains("[" + name, StringComparison.OrdinalIgnoreCase))
            return false;
        processor.Inline = new HtmlInline(element);
        slice.Start += end + 1;
        return true;
    }

    /// <summary>The text as an attribute value, or null when it cannot be an address.</summary>
    static string? Address(ReadOnlySpan<char> text)
    {
        var trimmed = text.Trim();
        if (trimmed.IsEmpty || trimmed.ContainsAny(NotInAddresses))
            return null;
        return WebUtility.HtmlEncode(trimmed.ToString());
    }

    static bool TryCheckbox(ref StringSlice slice, ReadOnlySpan<char> text, out string html)
    {
        html = "";
        if (text.Length < 3 || text[2] != ']' || (text.Length > 3 && text[3] is '(' or '[' or ':'))
            return false;
        var previous = slice.PeekCharExtra(-1);
        if (previous != '\0' && !char.IsWhiteSpace(previous))
            return false;
        html = text[1] switch
        {
            ' ' => "<span class=\"chcklst-box fa fa-square-o fa-fw\"></span>",
            'x' => "<span class=\"chcklst-box checked fa fa-square-check-o fa-fw\"></span>",
            'X' => "<span class=\"chcklst-box checked permanent fa fa-square-check fa-fw\"></span>",
            _ => "",
        };
        if (html.Length == 0)
            return false;
        slice.Start += 3;
        return true;
    }
}
