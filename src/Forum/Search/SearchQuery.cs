using System.Globalization;
using System.Text.RegularExpressions;
using Forum.Categories;
using Forum.Viewing;

namespace Forum.Search;

/// <summary>What a person typed, taken apart: operators that all hold, and the words that are left.</summary>
sealed partial record SearchQuery
{
    public string Text { get; init; } = "";

    /// <summary>Parts in double quotes, which must stand in title or text as they are.</summary>
    public IReadOnlyList<string> Phrases { get; init; } = [];

    public string? User { get; init; }

    public int[]? Categories { get; init; }

    public IReadOnlyList<string> AnyTags { get; init; } = [];

    public IReadOnlyList<string> AllTags { get; init; } = [];

    public IReadOnlyList<string> NotTags { get; init; } = [];

    public string? Group { get; init; }

    public HashSet<string> In { get; init; } = [];

    public string? Status { get; init; }

    public int? MinPosts { get; init; }

    public int? MaxPosts { get; init; }

    public int? MinViews { get; init; }

    public int? MaxViews { get; init; }

    public DateTime? Before { get; init; }

    public DateTime? After { get; init; }

    public int? TopicId { get; init; }

    public string Order { get; init; } = "relevance";

    public bool HasOperators { get; init; }

    public static SearchQuery Parse(string term, Viewer viewer)
    {
        var query = new SearchQuery();
        var words = new List<string>();
        var phrases = new List<string>();
        foreach (Match match in Words().Matches(term.Replace('“', '"').Replace('”', '"').Replace("\u200B", "", StringComparison.Ordinal)))
        {
            var word = match.Value;
            if (word.Length > 2 && word[0] == '"' && word[^1] == '"')
            {
                phrases.Add(word[1..^1]);
                words.Add(word[1..^1]);
            }
            else if (query.With(word.Replace("\"", "", StringComparison.Ordinal), viewer) is { } narrowed)
            {
                query = narrowed with { HasOperators = true };
            }
            else
            {
                words.Add(word);
            }
        }

        return query with { Text = string.Join(' ', words), Phrases = phrases };
    }

    SearchQuery? With(string word, Viewer viewer)
    {
        if (word.Length > 1 && word[0] == '@' && word != "@")
            return this with { User = word == "@me" ? viewer.User.Username : word[1..] };
        if (word.Length > 1 && word[0] == '#')
            return Category(word[1..].TrimStart('='), exact: word[1] == '=', viewer) ?? this with { AnyTags = [word[1..].ToLowerInvariant()] };
        switch (word)
        {
            case "l":
                return this with { Order = "latest" };
            case "t":
                return this with { In = [.. In, "title"] };
            case "f":
                return this with { In = [.. In, "first"] };
        }

        var parts = word.Split(':', 2);
        if (parts.Length < 2 || parts[1].Length == 0)
            return null;
        var (name, value) = (parts[0].ToLowerInvariant(), parts[1]);
        int? number = int.TryParse(value, CultureInfo.InvariantCulture, out var given) ? given : null;
        return name switch
        {
            "user" or "created" => this with { User = value.TrimStart('@') is "me" ? viewer.User.Username : value.TrimStart('@'), In = name == "created" ? [.. In, "first"] : In },
            "category" or "categories" => Category(value, exact: value[0] == '=', viewer) ?? this with { Categories = [] },
            "tag" or "tags" when value.Contains('+', StringComparison.Ordinal) => this with { AllTags = value.ToLowerInvariant().Split('+') },
            "tag" or "tags" => this with { AnyTags = value.ToLowerInvariant().Split(',') },
            "-tag" or "-tags" => this with { NotTags = value.ToLowerInvariant().Split(',') },
            "in" => this with { In = [.. In, value.ToLowerInvariant()] },
            "status" => this with { Status = value.ToLowerInvariant() },
            "group" => this with { Group = value },
            "posts_count" => this with { MinPosts = number, MaxPosts = number },
            "min_posts" or "min_post_count" => this with { MinPosts = number },
            "max_posts" => this with { MaxPosts = number },
            "min_views" => this with { MinViews = number },
            "max_views" => this with { MaxViews = number },
            "before" => this with { Before = Date(value, viewer.Now) },
            "after" => this with { After = Date(value, viewer.Now) },
            "topic" => this with { TopicId = number },
            "order" => this with { Order = value.ToLowerInvariant() },
            "with" when value == "images" => this with { In = [.. In, "images"] },
            "personal_messages" => this with { In = [.. In, "personal"] },
            "include" => this,
            _ => null,
        };
    }

    SearchQuery? Category(string value, bool exact, Viewer viewer)
    {
        var found = value.TrimStart('=').Split(',').Select(slug => int.TryParse(slug, CultureInfo.InvariantCulture, out var id) ? viewer.Categories.Find(id)
            : viewer.Categories.FindBySlug(slug) ?? viewer.Categories.All.FirstOrDefault(category => category.Name.Equals(slug, StringComparison.OrdinalIgnoreCase))).OfType<Category>().ToArray();
        return found.Length == 0 ? null
            : this with { Categories = [.. found.SelectMany(category => exact ? [category] : viewer.Categories.Subtree(category)).Select(category => category.Id)] };
    }

    static DateTime? Date(string text, DateTime now)
    {
        if (text == "yesterday")
            return now.Date.AddDays(-1);
        if (int.TryParse(text, CultureInfo.InvariantCulture, out var days) && text.Length < 4)
            return now.Date.AddDays(-days);
        return DateTime.TryParseExact(text, ["yyyy", "yyyy-MM", "yyyy-M", "yyyy-MM-dd", "yyyy-M-d"], CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var date)
            ? date : Enum.TryParse<DayOfWeek>(text, true, out var day) ? now.Date.AddDays(-(((int)now.DayOfWeek - (int)day + 7) % 7)) : null;
    }

    /// <summary>The words as a tsquery with prefixes: 'garden':* &amp; 'tool':*. Empty when there are none.</summary>
    public string TsQuery => string.Join(" & ", Tokens().Matches(Text.ToLowerInvariant()).Select(match => $"'{match.Value.Replace("'", "", StringComparison.Ordinal)}':*").Take(20));

    [GeneratedRegex("\"[^\"]*\"|\\S+", RegexOptions.CultureInvariant)]
    private static partial Regex Words();

    [GeneratedRegex(@"[\p{L}\p{N}_]+", RegexOptions.CultureInvariant)]
    private static partial Regex Tokens();
}
