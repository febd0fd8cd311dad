namespace Forum.Markdown.BbCode;

/// <summary>An opening tag: <c>[name=value key=value]</c>. Values may be in straight or curly quotes.</summary>
sealed record BbTag(string Name, string? Value, IReadOnlyList<KeyValuePair<string, string>> Attributes)
{
    const int LongestTag = 2000;

    public string? this[string name] => Attributes.FirstOrDefault(pair => pair.Key == name).Value;

    /// <summary>Reads the tag at <paramref name="start"/>; <paramref name="end"/> is the place after its <c>]</c>.</summary>
    public static BbTag? TryRead(ReadOnlySpan<char> text, int start, out int end)
    {
        end = start;
        if (start >= text.Length || text[start] != '[')
            return null;
        var at = start + 1;
        var nameStart = at;
        while (at < text.Length && (char.IsAsciiLetterOrDigit(text[at]) || (at > nameStart && text[at] == '-')))
            at++;
        if (at == nameStart || at >= text.Length)
            return null;
        var name = text[nameStart..at].ToString().ToLowerInvariant();

        string? value = null;
        if (text[at] == '=')
        {
            at++;
            if (!TryReadValue(text, ref at, untilSpace: false, out value))
                return null;
        }

        List<KeyValuePair<string, string>> attributes = [];
        while (at < text.Length && at - start < LongestTag)
        {
            if (text[at] == ']')
            {
                end = at + 1;
                return new BbTag(name, value, attributes);
            }

            if (text[at] is not (' ' or '\t'))
                return null;
            while (at < text.Length && text[at] is ' ' or '\t')
                at++;
            var keyStart = at;
            while (at < text.Length && (char.IsAsciiLetterOrDigit(text[at]) || text[at] is '-' or '_'))
                at++;
            if (at >= text.Length)
                return null;
            if (at == keyStart)
            {
                if (text[at] == ']')
                    continue;
                return null;
            }

            var key = text[keyStart..at].ToString();
            if (text[at] == '=')
            {
                at++;
                if (!TryReadValue(text, ref at, untilSpace: true, out var attribute))
                    return null;
                attributes.Add(new(key, attribute));
            }
            else
            {
                attributes.Add(new(key, ""));
            }
        }

        return null;
    }

    static bool StartsAttribute(ReadOnlySpan<char> text)
    {
        var length = 0;
        while (length < text.Length && char.IsAsciiLetter(text[length]))
            length++;
        return length > 0 && length < text.Length && text[length] == '=';
    }

    static bool TryReadValue(ReadOnlySpan<char> text, ref int at, bool untilSpace, out string value)
    {
        value = "";
        if (at >= text.Length)
            return false;
        var close = text[at] switch { '"' => '"', '\'' => '\'', '“' or '”' or '„' => '”', _ => '\0' };
        if (close != '\0')
        {
            var from = at + 1;
            var length = text[from..].IndexOfAny(close, '\n', close == '”' ? '“' : close);
            if (length < 0 || text[from + length] == '\n')
                return false;
            value = text.Slice(from, length).ToString();
            at = from + length + 1;
            return true;
        }

        var start = at;
        while (at < text.Length && text[at] is not (']' or '\n') && !(untilSpace && text[at] is ' ' or '\t'))
        {
            // [details=Summary open] and [poll=…]: an unquoted value ends where a known flag starts.
            if (text[at] == ' ' && (text[at..].StartsWith(" open]", StringComparison.Ordinal) || StartsAttribute(text[(at + 1)..])))
                break;
            at++;
        }

        value = text[start..at].ToString();
        return at < text.Length && text[at] != '\n';
    }
}
