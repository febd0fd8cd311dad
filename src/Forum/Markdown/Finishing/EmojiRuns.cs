using AngleSharp.Dom;

namespace Forum.Markdown.Finishing;

/// <param name="Code">As written between colons, without them.</param>
sealed record FoundEmoji(string Name, int Tone, string Code);

/// <summary>:name:, :name:t3:, punctuation faces and emoji characters.</summary>
static class EmojiRuns
{
    const int LongestName = 60;

    public static FoundEmoji? At(string text, int at, char previous, out int length)
    {
        length = 0;
        var c = text[at];
        if (c == ':' && !char.IsLetterOrDigit(previous) && Named(text, at, out length) is { } named)
            return named;
        if (c is ':' or ';' or '<' or '^' && char.IsWhiteSpace(previous))
        {
            for (var take = Math.Min(4, text.Length - at); take >= 2; take--)
            {
                if (!Emoji.Shortcuts.TryGetValue(text.Substring(at, take), out var name))
                    continue;
                var next = at + take;
                if (next < text.Length && !char.IsWhiteSpace(text[next]) && text[next] is not ('.' or ',' or '!' or '?'))
                    continue;
                length = take;
                return new FoundEmoji(name, 0, name);
            }
        }

        if (c >= '\u203C' && Emoji.At(text.AsSpan(at), out length) is { } character)
        {
            // A skin tone is a character of its own: U+1F3FB to U+1F3FF, tones 2 to 6.
            var after = at + length;
            if (after + 1 < text.Length && text[after] == '\uD83C' && text[after + 1] is >= '\uDFFB' and <= '\uDFFF')
            {
                length += 2;
                var tone = text[after + 1] - '\uDFFB' + 2;
                return new FoundEmoji(character, tone, $"{character}:t{tone}");
            }

            return new FoundEmoji(character, 0, character);
        }

        length = 0;
        return null;
    }

    static FoundEmoji? Named(string text, int at, out int length)
    {
        length = 0;
        var end = at + 1;
        while (end < text.Length && end - at <= LongestName && (char.IsAsciiLetterOrDigit(text[end]) || text[end] is '_' or '+' or '-'))
            end++;
        if (end >= text.Length || text[end] != ':' || end == at + 1)
            return null;
        var code = text[(at + 1)..end];
        var name = Emoji.Canonical(code.ToLowerInvariant());
        if (name is null)
            return null;
        length = end + 1 - at;
        if (end + 3 < text.Length && text[end + 1] == 't' && text[end + 2] is >= '2' and <= '6' && text[end + 3] == ':')
        {
            length += 3;
            return new FoundEmoji(name, text[end + 2] - '0', $"{code}:t{text[end + 2]}");
        }

        return new FoundEmoji(name, 0, code);
    }

    public static IElement Image(IDocument document, FoundEmoji emoji)
    {
        var image = document.CreateElement("img");
        image.SetAttribute("src", Emoji.Url(emoji.Name, emoji.Tone));
        image.SetAttribute("title", $":{emoji.Code}:");
        image.SetAttribute("class", "emoji");
        image.SetAttribute("alt", $":{emoji.Code}:");
        image.SetAttribute("loading", "lazy");
        image.SetAttribute("width", "20");
        image.SetAttribute("height", "20");
        return image;
    }
}
