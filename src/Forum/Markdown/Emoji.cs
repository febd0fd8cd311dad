using System.Collections.Frozen;

namespace Forum.Markdown;

/// <summary>The emoji that this forum knows by name. The table is emoji.txt beside this file: names and characters in turn.</summary>
static class Emoji
{
    /// <summary>Character by name, such as "wave".</summary>
    public static FrozenDictionary<string, string> ByName { get; } = Read();

    /// <summary>Name by character; a character with and without its variation selector is the same.</summary>
    static readonly FrozenDictionary<string, string> ByCharacter = ByName
        .GroupBy(pair => pair.Value.TrimEnd('\uFE0F'), StringComparer.Ordinal)
        .ToFrozenDictionary(group => group.Key, group => group.First().Key, StringComparer.Ordinal);

    static readonly FrozenSet<char> FirstUnits = ByCharacter.Keys.Select(key => key[0]).ToFrozenSet();
    static readonly int Longest = ByCharacter.Keys.Max(key => key.Length);

    static readonly FrozenDictionary<string, string> Aliases = new Dictionary<string, string>
    {
        ["thumbsup"] = "+1", ["thumbsdown"] = "-1", ["slight_smile"] = "slightly_smiling_face", ["hug"] = "hugs",
        ["thinking_face"] = "thinking", ["punch"] = "facepunch", ["hand"] = "raised_hand", ["hankey"] = "poop",
        ["satisfied"] = "laughing", ["party"] = "partying_face", ["man_shrugging"] = "shrug", ["raised_hands_2"] = "raised_hands",
        ["red_heart"] = "heart", ["check"] = "white_check_mark", ["thumbs_up"] = "+1", ["thumbs_down"] = "-1",
        ["folded_hands"] = "pray", ["waving_hand"] = "wave", ["crying_face"] = "cry", ["loudly_crying_face"] = "sob",
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>What people type with punctuation.</summary>
    public static FrozenDictionary<string, string> Shortcuts { get; } = new Dictionary<string, string>
    {
        [":)"] = "slightly_smiling_face", [":-)"] = "slightly_smiling_face", [":D"] = "smiley", [":-D"] = "smiley",
        [";)"] = "wink", [";-)"] = "wink", [":("] = "frowning", [":-("] = "frowning", [":'("] = "cry", [":P"] = "stuck_out_tongue",
        [":-P"] = "stuck_out_tongue", [":p"] = "stuck_out_tongue", [":o"] = "open_mouth", [":O"] = "open_mouth", ["<3"] = "heart",
        [":|"] = "expressionless", [":-|"] = "expressionless", ["^_^"] = "slightly_smiling_face", ["^__^"] = "slightly_smiling_face",
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>The name that images are stored under, or null for an unknown name.</summary>
    public static string? Canonical(string name) =>
        Aliases.TryGetValue(name, out var alias) ? alias : ByName.ContainsKey(name) ? name : null;

    public static string Url(string name, int tone = 0) =>
        tone is >= 2 and <= 6 ? $"/images/emoji/twitter/{name}/{tone}.png?v=12" : $"/images/emoji/twitter/{name}.png?v=12";

    /// <summary>The emoji that the text has at a place: its name and how many units it takes; null when there is none.</summary>
    public static string? At(ReadOnlySpan<char> text, out int length)
    {
        length = 0;
        if (!FirstUnits.Contains(text[0]))
            return null;
        var lookup = ByCharacter.GetAlternateLookup<ReadOnlySpan<char>>();
        for (var take = Math.Min(Longest, text.Length); take > 0; take--)
        {
            if (!lookup.TryGetValue(text[..take], out var name))
                continue;
            // Digits, © and the like are emoji only with the selector that says so.
            var selected = take < text.Length && text[take] == '\uFE0F';
            if (text[0] < 0x2190 && !selected)
                return null;
            length = selected ? take + 1 : take;
            return name;
        }

        return null;
    }

    static FrozenDictionary<string, string> Read()
    {
        using var stream = typeof(Emoji).Assembly.GetManifestResourceStream("Forum.Markdown.emoji.txt")
            ?? throw new InvalidOperationException("the table of emoji is not in the program");
        using var reader = new StreamReader(stream);
        var words = reader.ReadToEnd().Split((char[])[' ', '\n'], StringSplitOptions.RemoveEmptyEntries);
        return words.Chunk(2).ToFrozenDictionary(pair => pair[0], pair => pair[1], StringComparer.Ordinal);
    }
}
