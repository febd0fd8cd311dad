using System.Globalization;

namespace Juju.Local.Cli.Arguments;

/// <summary>The words of a command line, sorted into options and arguments.</summary>
sealed class CommandLine
{
    readonly Dictionary<string, List<string>> options = new(StringComparer.Ordinal);

    public IReadOnlyList<string> Arguments { get; private init; } = [];

    /// <summary>Whether a switch is on.</summary>
    public bool Has(string name) => options.TryGetValue(name, out var values) && values[^1] == "true";

    /// <summary>Whether the option was given at all.</summary>
    public bool IsGiven(string name) => options.ContainsKey(name);

    /// <summary>The option's last value; null if it was not given.</summary>
    public string? Text(string name) => options.TryGetValue(name, out var values) ? values[^1] : null;

    /// <summary>All values of an option that repeats.</summary>
    public IReadOnlyList<string> List(string name) => options.TryGetValue(name, out var values) ? values : [];

    /// <summary>All values, each of which may be several separated by commas.</summary>
    public IReadOnlyList<string> Commas(string name) =>
        [.. List(name).SelectMany(value => value.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))];

    public int Number(string name, int otherwise) => Text(name) is not { } text ? otherwise
        : int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number
        : throw Invalid(name, text, "expected a whole number");

    public TimeSpan Duration(string name, TimeSpan otherwise) => Text(name) is not { } text ? otherwise
        : GoDuration.TryParse(text, out var duration) ? duration
        : throw Invalid(name, text, $"time: invalid duration \"{text}\"; expected such as 30s or 1m30s");

    static UsageException Invalid(string name, string text, string reason) =>
        new($"invalid value \"{text}\" for option {Flag.Typed(name)}: {reason}");

    /// <param name="stopAtArgument">What follows the first argument is not for this command (ssh).</param>
    /// <exception cref="UsageException">An option is unknown or lacks its value.</exception>
    public static CommandLine Parse(IReadOnlyList<string> words, IReadOnlyList<Flag> flags, bool stopAtArgument = false)
    {
        var known = new Dictionary<string, Flag>(StringComparer.Ordinal);
        foreach (var flag in flags)
        {
            foreach (var name in flag.AllNames)
            {
                known[name] = flag;
            }
        }

        var arguments = new List<string>();
        var line = new CommandLine { Arguments = arguments };
        for (var i = 0; i < words.Count; i++)
        {
            var word = words[i];
            if (word == "--")
            {
                arguments.AddRange(words.Skip(i + 1));
                break;
            }

            if (word.StartsWith("--", StringComparison.Ordinal))
            {
                i += line.TakeLong(word[2..], i + 1 < words.Count ? words[i + 1] : null, known);
            }
            else if (word.Length > 1 && word[0] == '-')
            {
                i += line.TakeShort(word[1..], i + 1 < words.Count ? words[i + 1] : null, known);
            }
            else
            {
                arguments.Add(word);
                if (stopAtArgument)
                {
                    arguments.AddRange(words.Skip(i + 1));
                    break;
                }
            }
        }

        return line;
    }

    // Returns how many further words were taken.
    int TakeLong(string word, string? next, Dictionary<string, Flag> known)
    {
        var equals = word.IndexOf('=', StringComparison.Ordinal);
        var name = equals < 0 ? word : word[..equals];
        if (name.Length < 2 || !known.TryGetValue(name, out var flag))
        {
            throw new UsageException($"option provided but not defined: --{name}");
        }

        if (equals >= 0)
        {
            Add(flag, word[(equals + 1)..], name);
            return 0;
        }

        if (flag.IsSwitch)
        {
            Add(flag, "true", name);
            return 0;
        }

        Add(flag, next ?? throw new UsageException($"option needs an argument: --{name}"), name);
        return 1;
    }

    // -n3, -n 3, -n=3, and switches together: -qv.
    int TakeShort(string word, string? next, Dictionary<string, Flag> known)
    {
        for (var i = 0; i < word.Length; i++)
        {
            var name = word[i].ToString();
            if (!known.TryGetValue(name, out var flag))
            {
                throw new UsageException($"option provided but not defined: -{name}");
            }

            var rest = word[(i + 1)..];
            if (rest.StartsWith('='))
            {
                Add(flag, rest[1..], name);
                return 0;
            }

            if (flag.IsSwitch)
            {
                Add(flag, "true", name);
                continue;
            }

            Add(flag, rest.Length > 0 ? rest : next ?? throw new UsageException($"option needs an argument: -{name}"), name);
            return rest.Length > 0 ? 0 : 1;
        }

        return 0;
    }

    void Add(Flag flag, string value, string typed)
    {
        if (flag.IsSwitch)
        {
            value = value switch
            {
                "1" or "t" or "T" or "true" or "True" or "TRUE" => "true",
                "0" or "f" or "F" or "false" or "False" or "FALSE" => "false",
                _ => throw new UsageException(
                    $"invalid value \"{value}\" for option {Flag.Typed(typed)}: strconv.ParseBool: parsing \"{value}\": invalid syntax"),
            };
        }

        if (!options.TryGetValue(flag.Name, out var values))
        {
            options[flag.Name] = values = [];
        }

        values.Add(value);
    }
}
