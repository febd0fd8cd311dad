using System.Globalization;
using Pebble.Formats;

namespace Pebble.Cli;

/// <summary>Reads a command's arguments. Options may stand anywhere before "--".</summary>
/// <remarks>The messages are those users of the Go program know, which are those of its go-flags library.</remarks>
sealed class ArgumentParser(Command command, IReadOnlyList<string> arguments)
{
    readonly Dictionary<string, List<string>> options = [];
    readonly List<string> positionals = [];
    int index;

    /// <summary>True if help was asked for.</summary>
    public bool WantsHelp { get; private set; }

    /// <exception cref="CommandException">They are not what the command takes.</exception>
    public Invocation Parse(DaemonEnvironment environment)
    {
        for (; index < arguments.Count && !WantsHelp; index++)
        {
            var argument = arguments[index];
            if (argument == "--")
            {
                positionals.AddRange(arguments.Skip(index + 1));
                break;
            }

            if (argument.StartsWith("--", StringComparison.Ordinal))
            {
                ParseLong(argument[2..]);
            }
            else if (argument.Length > 1 && argument[0] == '-')
            {
                ParseShort(argument[1..]);
            }
            else if (command.TakesRest)
            {
                positionals.AddRange(arguments.Skip(index));
                break;
            }
            else
            {
                positionals.Add(argument);
            }
        }

        if (!WantsHelp)
        {
            Check();
        }

        foreach (var option in command.Options.Where(option => option.Default.Length > 0 && !options.ContainsKey(option.Key)))
        {
            options[option.Key] = [option.Default];
        }

        var taken = command.Positionals.Any(each => each.Many) ? positionals.Count : Math.Min(positionals.Count, command.Positionals.Count);
        return new Invocation(
            environment, options.ToDictionary(each => each.Key, each => (IReadOnlyList<string>)each.Value), positionals[..taken], positionals[taken..]);
    }

    void ParseLong(string text)
    {
        var equals = text.IndexOf('=', StringComparison.Ordinal);
        var name = equals < 0 ? text : text[..equals];
        if (name == "help")
        {
            WantsHelp = true;
            return;
        }

        var option = command.Options.FirstOrDefault(each => each.Long == name && name.Length > 0) ?? throw Unknown(name);
        Take(option, equals < 0 ? null : text[(equals + 1)..]);
    }

    /// <summary>One letter with its value, or several letters without.</summary>
    void ParseShort(string letters)
    {
        for (var at = 0; at < letters.Length; at++)
        {
            if (letters[at] == 'h')
            {
                WantsHelp = true;
                return;
            }

            var option = command.Options.FirstOrDefault(each => each.Short == letters[at]) ?? throw Unknown(letters[at].ToString());
            var rest = letters[(at + 1)..];
            if (option.Kind == ValueKind.None && !rest.StartsWith('='))
            {
                Take(option, null);
                continue;
            }

            Take(option, rest.Length == 0 ? null : rest.StartsWith('=') ? rest[1..] : rest);
            return;
        }
    }

    void Take(Option option, string? value)
    {
        if (option.Kind == ValueKind.None)
        {
            if (value is not null)
            {
                throw new CommandException($"bool flag `{option.Names}' cannot have an argument");
            }

            Add(option, "");
            return;
        }

        if (value is null)
        {
            var next = index + 1 < arguments.Count ? arguments[index + 1] : null;
            if (next is null)
            {
                throw new CommandException($"expected argument for flag `{option.Names}'");
            }

            // A negative number is one only for an option that takes numbers.
            if (next.StartsWith('-') && next.Length > 1
                && !(option.Kind == ValueKind.Number && double.TryParse(next, NumberStyles.Float, CultureInfo.InvariantCulture, out _)))
            {
                throw new CommandException($"expected argument for flag `{option.Names}', but got option `{next}'");
            }

            value = next;
            index++;
        }

        Validate(option, value);
        Add(option, value);
    }

    void Add(Option option, string value)
    {
        if (!options.TryGetValue(option.Key, out var values))
        {
            options[option.Key] = values = [];
        }

        values.Add(value);
    }

    static void Validate(Option option, string value)
    {
        if (option.Choices.Count > 0 && !option.Choices.Contains(value))
        {
            var allowed = $"{string.Join(", ", option.Choices.SkipLast(1))} or {option.Choices[^1]}";
            throw new CommandException($"Invalid value `{value}' for option `{option.Names}'. Allowed values are: {allowed}");
        }

        switch (option.Kind)
        {
            case ValueKind.Duration when !GoDuration.TryParse(value, out _, out var error):
                throw new CommandException($"invalid argument for flag `{option.Names}' (expected time.Duration): {error}");
            case ValueKind.Number when !uint.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out _):
                throw new CommandException(
                    $"invalid argument for flag `{option.Names}' (expected *int): strconv.ParseInt: parsing {GoQuote.Quote(value)}: invalid syntax");
        }
    }

    void Check()
    {
        string[] flags = [.. command.Options.Where(each => each.Required && !options.ContainsKey(each.Key)).Select(each => $"`{each.Names}'")];
        if (flags.Length > 0)
        {
            throw new CommandException($"the required flag {string.Join(", ", flags)} was not specified");
        }

        string[] missing = [.. command.Positionals.Where((each, at) => each.Required && at >= positionals.Count)
            .Select(each => each.Many ? $"`{each.Name} (at least 1 argument)`" : $"`{each.Name}`")];
        if (missing.Length > 0)
        {
            throw new CommandException(missing.Length == 1
                ? $"the required argument {missing[0]} was not provided"
                : $"the required arguments {string.Join(", ", missing.SkipLast(1))} and {missing[^1]} were not provided");
        }

        if (!command.TakesRest && !command.Positionals.Any(each => each.Many)
            && positionals.Count > command.Positionals.Count + command.Spare)
        {
            throw new CommandException("too many arguments for command");
        }
    }

    static CommandException Unknown(string name) => new($"unknown flag `{name}'");
}
