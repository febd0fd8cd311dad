using System.Globalization;
using System.Text;
using Forum.Markdown;
using Forum.Markdown.Finishing;

namespace Forum.Topics;

/// <summary>Titles: tidied as written, dressed for display, and as part of addresses.</summary>
static class Titles
{
    /// <summary>First letter large unless the first word mixes case, runs of !!! and ??? made one, spaces joined.</summary>
    public static string Tidy(string title, bool prettify)
    {
        var text = string.Join(' ', title.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        if (!prettify || text.Length == 0)
            return text;
        text = Squeeze(text);
        if (text.EndsWith('.') && !text.EndsWith("..", StringComparison.Ordinal))
            text = text[..^1];
        var first = text.Split(' ', 2)[0];
        if (first.Length > 0 && char.IsLower(first[0]) && !first.Any(char.IsUpper))
            text = char.ToUpperInvariant(text[0]) + text[1..];
        return text;
    }

    static string Squeeze(string text)
    {
        var result = new StringBuilder(text.Length);
        foreach (var c in text)
        {
            if (c is '!' or '?' && result.Length > 0 && result[^1] == c)
                continue;
            result.Append(c);
        }

        return result.ToString();
    }

    /// <summary>HTML with a typesetter's marks.</summary>
    public static string Fancy(string title)
    {
        var text = new StringBuilder(title.Length + 16);
        var previous = ' ';
        for (var at = 0; at < title.Length;)
        {
            if (Typography.At(title, at, previous, out var taken) is { } better)
            {
                text.Append(better);
                previous = better[^1];
                at += taken;
            }
            else
            {
                text.Append(title[at]);
                previous = title[at++];
            }
        }

        return HtmlText.Escape(text.ToString());
    }

    /// <summary>Lower-case ASCII letters, digits and single dashes; "topic" when nothing is left or only digits.</summary>
    public static string Slug(string title, string method)
    {
        if (method == "none")
            return "-";
        var slug = new StringBuilder(title.Length);
        foreach (var c in title)
        {
            var part = char.IsAsciiLetterOrDigit(c) ? char.ToLowerInvariant(c).ToString()
                : method == "encoded" && char.IsLetterOrDigit(c) ? c.ToString().ToLowerInvariant()
                : Plain(c);
            if (part.Length > 0)
                slug.Append(part);
            else if (c is not ('\'' or '’' or '‘') && slug.Length > 0 && slug[^1] != '-')
                slug.Append('-');
            if (slug.Length >= 255)
                break;
        }

        var text = slug.ToString().Trim('-');
        return text.Length == 0 || text.All(c => char.IsAsciiDigit(c) || c == '-') ? "topic" : text;
    }

    /// <summary>A letter with a mark, without it. The program runs without culture data, so the common ones are listed.</summary>
    static string Plain(char c)
    {
        const string Marked = "àáâãäåāăąçćĉċčďđèéêëēĕėęěĝğġģĥħìíîïĩīĭįıĵķĺļľłñńņňòóôõöøōŏőŕŗřśŝşšţťŧùúûüũūŭůűųŵýÿŷźżž";
        const string Letters = "aaaaaaaaacccccddeeeeeeeeegggghhiiiiiiiiijkllllnnnnooooooooorrrsssstttuuuuuuuuuuwyyyzzz";
        var lower = char.ToLower(c, CultureInfo.InvariantCulture);
        var at = Marked.IndexOf(lower, StringComparison.Ordinal);
        if (at >= 0 && at < Letters.Length)
            return Letters[at].ToString();
        return lower switch { 'ß' => "ss", 'æ' => "ae", 'œ' => "oe", 'þ' => "th", 'ð' => "d", _ => "" };
    }
}
