namespace Forum.Markdown.Finishing;

/// <summary>The marks a typesetter would use: quotes, dashes, ellipsis, ©.</summary>
static class Typography
{
    static readonly (string Written, string Shown)[] Signs =
    [
        ("---", "—"), ("--", "–"), ("...", "…"), ("(c)", "©"), ("(C)", "©"), ("(r)", "®"), ("(R)", "®"),
        ("(tm)", "™"), ("(TM)", "™"), ("+-", "±"), ("<->", "↔"), ("-->", "→"), ("<--", "←"), ("->", "→"), ("<-", "←"),
    ];

    /// <summary>What is shown instead of the text at this place; null where it stays.</summary>
    public static string? At(string text, int at, char previous, out int length)
    {
        var c = text[at];
        length = 1;
        switch (c)
        {
            case '"':
                return Opens(text, at, previous) ? "“" : "”";
            case '\'':
                return Opens(text, at, previous) ? "‘" : "’";
            case '-' or '.' or '(' or '+' or '<':
                break;
            default:
                return null;
        }

        foreach (var (written, shown) in Signs)
        {
            if (!text.AsSpan(at).StartsWith(written, StringComparison.Ordinal))
                continue;
            var next = at + written.Length < text.Length ? text[at + written.Length] : ' ';
            if (written[0] == '-' && (previous == '-' || (next == '-' && written != "--")))
                continue;
            if (written is "->" or "<-" or "-->" or "<--" or "<->" && !(char.IsWhiteSpace(previous) && char.IsWhiteSpace(next)))
                continue;
            length = written.Length;
            if (written == "...")
            {
                while (at + length < text.Length && text[at + length] == '.')
                    length++;
            }

            return shown;
        }

        return null;
    }

    static bool Opens(string text, int at, char previous)
    {
        var next = at + 1 < text.Length ? text[at + 1] : ' ';
        return (char.IsWhiteSpace(previous) || previous is '(' or '[' or '{' or '-' or '–' or '—' or '/' or '“' or '‘' or '=') &&
            (!char.IsWhiteSpace(next) || at + 1 >= text.Length) && !char.IsAsciiDigit(previous);
    }
}
