namespace Juju.Local.HookTools;

/// <summary>
/// A tool's flags and arguments, in any order until <c>--</c>. <c>-x v</c>, <c>--x v</c> and <c>--x=v</c> are the same; boolean
/// flags take Go's spellings. Source: https://documentation.ubuntu.com/juju/3.6/reference/hook-command/.
/// </summary>
sealed class ToolFlags
{
    readonly Dictionary<string, string> values = [];

    public List<string> Arguments { get; } = [];

    /// <param name="booleans">Names without dashes of those that take no value.</param>
    /// <param name="valued">Names of those that do; <c>r|relation</c> has two spellings, the last is its name.</param>
    public static ToolFlags Parse(IReadOnlyList<string> words, IReadOnlyList<string> booleans, IReadOnlyList<string> valued)
    {
        var flags = new ToolFlags();
        for (var i = 0; i < words.Count; i++)
        {
            var word = words[i];
            if (word == "--")
            {
                flags.Arguments.AddRange(words.Skip(i + 1));
                break;
            }

            if (word is "" or "-" || word[0] != '-')
            {
                flags.Arguments.Add(word);
                continue;
            }

            var (spelling, value) = word.IndexOf('=') is > 0 and var equals ? (word[..equals], word[(equals + 1)..]) : (word, null);
            var name = spelling.TrimStart('-');
            if (Find(booleans, name) is { } boolean)
            {
                flags.values[boolean] = ParseBoolean(value ?? "true", spelling) ? "true" : "false";
            }
            else if (Find(valued, name) is { } full)
            {
                flags.values[full] = value ?? (++i < words.Count ? words[i] : throw ToolException.Usage($"option needs an argument: {spelling}"));
            }
            else
            {
                throw ToolException.Usage($"option provided but not defined: {spelling}");
            }
        }

        return flags;
    }

    public bool Has(string name) => values.ContainsKey(name);

    public bool Is(string name) => values.GetValueOrDefault(name) == "true";

    public string? Get(string name) => values.GetValueOrDefault(name);

    /// <summary>The only argument, or none.</summary>
    public string? AtMostOne()
    {
        RefuseMoreThan(1);
        return Arguments is [var only] ? only : null;
    }

    public void RefuseMoreThan(int count)
    {
        if (Arguments.Count > count)
        {
            throw ToolException.Usage(
                $"unrecognized args: [{string.Join(" ", Arguments.Skip(count).Select(argument => $"\"{argument}\""))}]");
        }
    }

    static string? Find(IReadOnlyList<string> known, string name) =>
        known.FirstOrDefault(spellings => spellings.Split('|').Contains(name))?.Split('|')[^1];

    static bool ParseBoolean(string text, string flag) => text switch
    {
        "1" or "t" or "T" or "true" or "True" or "TRUE" => true,
        "0" or "f" or "F" or "false" or "False" or "FALSE" => false,
        _ => throw ToolException.Usage($"invalid value \"{text}\" for option {flag}: strconv.ParseBool: parsing \"{text}\": invalid syntax"),
    };
}
