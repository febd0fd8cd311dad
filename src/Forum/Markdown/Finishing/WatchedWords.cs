using System.Text.RegularExpressions;

namespace Forum.Markdown.Finishing;

/// <summary>Masks, replaces and links watched words.</summary>
sealed class WatchedWords(IReadOnlyList<WatchedText> watched)
{
    readonly (Regex Pattern, WatchedText Word)[] words = [.. watched.Select(word => (Pattern(word), word))];

    static Regex Pattern(WatchedText word) => new(
        @"(?:^|\b|(?<=\W))" + Regex.Escape(word.Word).Replace(@"\*", @"\S*", StringComparison.Ordinal) + @"(?=\b|\W|$)",
        RegexOptions.CultureInvariant | (word.CaseSensitive ? RegexOptions.None : RegexOptions.IgnoreCase), TimeSpan.FromMilliseconds(200));

    /// <summary>The text with words masked and replaced; null when nothing changes.</summary>
    public string? Apply(string text)
    {
        var result = text;
        foreach (var (pattern, word) in words)
        {
            result = word.Action switch
            {
                WatchedTextAction.Censor => pattern.Replace(result, match => new string('■', match.Length)),
                WatchedTextAction.Replace => pattern.Replace(result, _ => word.Replacement),
                _ => result,
            };
        }

        return result == text ? null : result;
    }

    /// <summary>The address that the word at this place links to; null when there is none.</summary>
    public string? LinkAt(string text, int at, char previous, out int length)
    {
        length = 0;
        if (words.Length == 0 || char.IsLetterOrDigit(previous))
            return null;
        foreach (var (pattern, word) in words)
        {
            if (word.Action != WatchedTextAction.Link)
                continue;
            var match = pattern.Match(text, at);
            if (match.Success && match.Index == at && match.Length > 0 && AllowList.HasAddress(word.Replacement, [], forLink: true))
            {
                length = match.Length;
                return word.Replacement;
            }
        }

        return null;
    }
}
