using Pebble.Plan;

namespace Pebble;

/// <summary>What `pebble run` and `pebble enter` take.</summary>
/// <remarks>Source: the Pebble CLI reference, `pebble run --help`.</remarks>
sealed record DaemonOptions
{
    /// <summary>Makes $PEBBLE if it is missing.</summary>
    public bool CreateDirs { get; init; }

    /// <summary>Starts no service by itself.</summary>
    public bool Hold { get; init; }

    /// <summary>Copies the services' output to standard output.</summary>
    public bool Verbose { get; init; }

    /// <summary>Reads and checks everything, then ends.</summary>
    public bool Dry { get; init; }

    /// <summary>`enter --run`: starts the default services before the command.</summary>
    public bool Run { get; init; }

    public string? HttpAddress { get; init; }

    public string? HttpsAddress { get; init; }

    /// <summary>A file of identities which replace those kept.</summary>
    public string? IdentitiesFile { get; init; }

    /// <summary>By service: what replaces the default arguments in its command.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> ServiceArguments { get; init; } =
        new Dictionary<string, IReadOnlyList<string>>();

    /// <summary>What stands after the options: the command of `enter`.</summary>
    public IReadOnlyList<string> Rest { get; init; } = [];

    /// <exception cref="ArgumentException">The message is what the user reads.</exception>
    public static DaemonOptions Parse(IReadOnlyList<string> arguments)
    {
        var options = new DaemonOptions();
        var services = new Dictionary<string, IReadOnlyList<string>>();
        for (var index = 0; index < arguments.Count; index++)
        {
            var (name, inline) = SplitOption(arguments[index]);
            string Value() => inline ?? (++index < arguments.Count
                ? arguments[index]
                : throw new ArgumentException($"expected argument for flag `{name}'"));

            switch (name)
            {
                case "--create-dirs":
                    options = options with { CreateDirs = true };
                    break;
                case "--hold":
                    options = options with { Hold = true };
                    break;
                case "-v" or "--verbose":
                    options = options with { Verbose = true };
                    break;
                case "--dry":
                    options = options with { Dry = true };
                    break;
                case "--run":
                    options = options with { Run = true };
                    break;
                case "--http":
                    options = options with { HttpAddress = Value() };
                    break;
                case "--https":
                    options = options with { HttpsAddress = Value() };
                    break;
                case "--identities":
                    options = options with { IdentitiesFile = Value() };
                    break;
                case "--args":
                    List<string> words = inline is null ? [] : [inline];
                    while (++index < arguments.Count && arguments[index] != ";")
                    {
                        words.Add(arguments[index]);
                    }

                    AddArguments(services, words);
                    break;
                case "--":
                    return options with { ServiceArguments = services, Rest = [.. arguments.Skip(index + 1)] };
                case ['-', ..]:
                    throw new ArgumentException($"unknown flag `{name.TrimStart('-')}'");
                default:
                    return options with { ServiceArguments = services, Rest = [.. arguments.Skip(index)] };
            }
        }

        return options with { ServiceArguments = services };
    }

    static (string Name, string? Value) SplitOption(string argument)
    {
        var equals = argument.IndexOf('=', StringComparison.Ordinal);
        return argument.StartsWith("--", StringComparison.Ordinal) && equals > 0
            ? (argument[..equals], argument[(equals + 1)..])
            : (argument, null);
    }

    static void AddArguments(Dictionary<string, IReadOnlyList<string>> services, List<string> words)
    {
        if (words.Count == 0)
        {
            throw new PlanError("--args requires a service name");
        }

        if (!services.TryAdd(words[0], words[1..]))
        {
            throw new PlanError($"--args provided more than once for \"{words[0]}\" service");
        }
    }
}
