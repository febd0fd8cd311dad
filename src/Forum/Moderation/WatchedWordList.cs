using System.Text.RegularExpressions;
using Forum.Database;
using Forum.Settings;

namespace Forum.Moderation;

/// <summary>What a watched word does; the numbers are those of watched_words.action.</summary>
enum WatchedAction
{
    Block = 1,
    Censor = 2,
    RequireApproval = 3,
    Flag = 4,
    Replace = 5,
    Tag = 6,
    Silence = 7,
    Link = 8,
}

sealed record WatchedWord(int Id, string Word, WatchedAction Action, string? Replacement, bool IsCaseSensitive);

/// <summary>
/// The watched words at one moment, with their patterns: <c>*</c> stands for any run of letters, a word matches whole. With the
/// setting watched_words_regular_expressions each is a regular expression.
/// </summary>
sealed class WatchedWordList(IReadOnlyList<WatchedWord> words, bool areExpressions)
{
    /// <summary>Longer than any honest expression needs; what takes longer does not match.</summary>
    static readonly TimeSpan Longest = TimeSpan.FromMilliseconds(200);

    static WatchedWordList? _newest;

    readonly ILookup<WatchedAction, (WatchedWord Word, Regex Pattern)> _patterns = words.Select(word => (word, Pattern: Pattern(word, areExpressions)))
        .Where(pair => pair.Pattern is not null).ToLookup(pair => pair.word.Action, pair => (pair.word, pair.Pattern!));

    public static async Task<WatchedWordList> LoadAsync(SqlSession sql, SettingValues settings, CancellationToken cancellation)
    {
        var words = await sql.ListAsync("""
            SELECT id, word, action, replacement, case_sensitive
            FROM watched_words
            ORDER BY id
            """, row => new WatchedWord(row.Int(0), row.Text(1), (WatchedAction)row.Int(2), row.TextOrNull(3), row.Bool(4)), [], cancellation);
        var expressions = settings.Bool("watched_words_regular_expressions");

        // Patterns are dear to make and the words seldom change, so the last list is kept while it says the same.
        if (Volatile.Read(ref _newest) is { } known && known.Is(words, expressions))
            return known;
        var list = new WatchedWordList(words, expressions);
        Volatile.Write(ref _newest, list);
        return list;
    }

    bool Is(List<WatchedWord> others, bool expressions) => expressions == areExpressions && others.SequenceEqual(words);

    static Regex? Pattern(WatchedWord word, bool isExpression)
    {
        var options = RegexOptions.CultureInvariant | (word.IsCaseSensitive ? RegexOptions.None : RegexOptions.IgnoreCase);
        try
        {
            return isExpression
                ? new Regex(word.Word, options, Longest)
                : new Regex(@"(?<!\w)" + Regex.Escape(word.Word).Replace(@"\*", @"\S*", StringComparison.Ordinal) + @"(?!\w)", options, Longest);
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    /// <summary>The parts of a text that words of this action match, each once, sorted.</summary>
    public IReadOnlyList<string> Matches(WatchedAction action, string text)
    {
        var found = new SortedSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var (_, pattern) in _patterns[action])
        {
            try
            {
                foreach (Match match in pattern.Matches(text))
                    found.Add(match.Value);
            }
            catch (RegexMatchTimeoutException)
            {
                // An expression that backtracks for ever is as if it did not match.
            }
        }

        return [.. found.Where(match => match.Length > 0)];
    }

    public bool IsMatch(WatchedAction action, string text) => Matches(action, text).Count > 0;

    /// <summary>The tags that the words of a text put on its topic.</summary>
    public IEnumerable<string> Tags(string text) => _patterns[WatchedAction.Tag].Where(pair => TryMatch(pair.Pattern, text))
        .SelectMany(pair => (pair.Word.Replacement ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)).Distinct();

    static bool TryMatch(Regex pattern, string text)
    {
        try
        {
            return pattern.IsMatch(text);
        }
        catch (RegexMatchTimeoutException)
        {
            return false;
        }
    }
}
