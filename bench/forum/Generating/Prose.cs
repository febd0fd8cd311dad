using Forum.Markdown;

namespace ForumBench.Generating;

/// <summary>A paragraph as it is written, as it is cooked and as it is searched.</summary>
sealed record Paragraph(string Raw, string Cooked, string Plain, int Words);

/// <summary>Text with the shape of a forum's: few words are frequent, many are rare, and some of it is Markdown.</summary>
sealed class Prose
{
    const int Words = 6_000;
    const int Paragraphs = 2_500;

    static readonly string[] Frequent =
    [
        "the", "a", "to", "and", "of", "is", "in", "that", "it", "for", "on", "with", "this", "was", "not", "you", "are", "have", "when", "how",
        "server", "update", "install", "error", "question", "setting", "version", "problem", "backup", "plugin", "answer", "works", "thanks", "again", "topic",
        "release", "upgrade", "database", "network", "storage", "config", "default", "support", "feature", "request", "issue", "example", "cluster", "charm", "unit",
    ];

    static readonly string[] Syllables =
        ["ba", "cor", "den", "fal", "gri", "hum", "jo", "kel", "lin", "mor", "nas", "os", "pel", "qui", "ran", "sto", "tam", "ur", "ven", "wal", "yor", "zin", "tra", "ble", "nor"];

    readonly Random _random;
    readonly string[] _words;

    public Prose(Random random)
    {
        _random = random;
        var words = new List<string>(Frequent);
        var known = new HashSet<string>(Frequent);
        while (words.Count < Words)
        {
            var word = string.Concat(Enumerable.Range(0, random.Next(2, 5)).Select(_ => Syllables[random.Next(Syllables.Length)]));
            if (known.Add(word))
            {
                words.Add(word);
            }
        }

        _words = [.. words];
        var options = new CookOptions { BaseUrl = "http://localhost" };
        All = [.. Enumerable.Range(0, Paragraphs).Select(_ => Make(options))];
    }

    public IReadOnlyList<Paragraph> All { get; }

    /// <summary>A topic's title, distinct through its number.</summary>
    public string Title(int number)
    {
        var words = string.Join(' ', Enumerable.Range(0, _random.Next(3, 8)).Select(_ => Word()));
        return $"{char.ToUpperInvariant(words[0])}{words[1..]} {number}";
    }

    public string Name() => _words[_random.Next(Frequent.Length, _words.Length)];

    /// <summary>Zipf's law: the word of rank n comes with a chance near 1/n.</summary>
    string Word() => _words[(int)Math.Min(_words.Length - 1, Math.Exp(_random.NextDouble() * Math.Log(_words.Length)) - 1)];

    Paragraph Make(CookOptions options)
    {
        var sentences = Enumerable.Range(0, _random.Next(1, 5)).Select(_ =>
        {
            var words = string.Join(' ', Enumerable.Range(0, _random.Next(6, 15)).Select(_ => Word()));
            return $"{char.ToUpperInvariant(words[0])}{words[1..]}.";
        });
        var raw = string.Join(' ', sentences);
        raw = _random.Next(12) switch
        {
            0 => $"- {raw.Replace(". ", ".\n- ", StringComparison.Ordinal)}",
            1 => $"> {raw}",
            2 => $"```\n{raw.ToLowerInvariant()}\n```",
            3 => $"{raw} See **{Word()}** in [the manual](https://docs.example.org/{Name()}/{Name()}).",
            4 => $"{raw} `{Name()} --{Name()}` :slight_smile:",
            _ => raw,
        };
        var cooked = Cooker.Cook(raw, options, CookResolution.None).Html;
        return new Paragraph(raw, cooked, Excerpt.PlainText(cooked), raw.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Length);
    }
}
