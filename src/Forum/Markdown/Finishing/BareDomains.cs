using System.Buffers;
using System.Text.RegularExpressions;

namespace Forum.Markdown.Finishing;

/// <summary>Addresses without a scheme (example.com/page) and e-mail addresses; those with one are found while parsing.</summary>
static partial class BareDomains
{
    static readonly SearchValues<char> Ends = SearchValues.Create(" \t\n<>\"");

    public static string? At(string text, int at, char previous, out int length)
    {
        length = 0;
        if (!char.IsAsciiLetterOrDigit(text[at]) || char.IsLetterOrDigit(previous) || previous is '@' or '/' or '.' or '-' or '_' or ':' or '#')
            return null;
        var word = text.AsSpan(at);
        var stop = word.IndexOfAny(Ends);
        if (stop >= 0)
            word = word[..stop];
        if (!word.Contains('.'))
            return null;
        foreach (var match in Domain().EnumerateMatches(word))
        {
            if (match.Index != 0)
                return null;
            var found = word[..match.Length].TrimEnd(".,;:!?)'");
            length = found.Length;
            return $"http://{found}";
        }

        foreach (var match in Mail().EnumerateMatches(word))
        {
            if (match.Index != 0)
                return null;
            length = match.Length;
            return $"mailto:{word[..match.Length]}";
        }

        return null;
    }

    [GeneratedRegex(@"^(?:[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?\.){1,6}(?:com|net|org|io|onion|co|tv|ru|cn|us|uk|me|de|fr|fi|gov|ddd)(?![\w@-])(?:\.(?![\w-]))?(?::\d{1,5})?(?:[/?#][^\s<>""]*)?",
        RegexOptions.CultureInvariant, 200)]
    private static partial Regex Domain();

    [GeneratedRegex(@"^[a-zA-Z0-9._%+-]{1,64}@(?:[a-zA-Z0-9-]{1,63}\.){1,6}[a-zA-Z]{2,24}(?![\w-])", RegexOptions.CultureInvariant, 200)]
    private static partial Regex Mail();
}
