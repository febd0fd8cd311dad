namespace Pebble.Cli;

/// <summary>Runs a command; the result is the exit code.</summary>
delegate Task<int> CommandAction(Invocation invocation, CancellationToken cancellation);

/// <summary>A command with all that parsing and help need.</summary>
/// <param name="Name">The first word after "pebble".</param>
/// <param name="Summary">A line for "help --all".</param>
/// <param name="Description">What its own help says.</param>
/// <param name="Run">What it does.</param>
sealed record Command(string Name, string Summary, string Description, CommandAction Run)
{
    public IReadOnlyList<Option> Options { get; init; } = [];

    public IReadOnlyList<Positional> Positionals { get; init; } = [];

    /// <summary>True: after the first positional everything belongs to it, even with a dash.</summary>
    public bool TakesRest { get; init; }

    /// <summary>How many arguments more than asked for are let pass; the Go program's actions on services let one.</summary>
    public int Spare { get; init; }
}

/// <summary>A command's arguments, parsed, and what it works with.</summary>
sealed class Invocation(
    DaemonEnvironment environment, IReadOnlyDictionary<string, IReadOnlyList<string>> options,
    IReadOnlyList<string> arguments, IReadOnlyList<string> rest)
{
    static readonly TimeSpan ConnectPatience = TimeSpan.FromSeconds(5);

    Client.PebbleClient? client;

    public DaemonEnvironment Environment => environment;

    public TimeProvider Clock { get; } = TimeProvider.System;

    /// <summary>Positional arguments in order.</summary>
    public IReadOnlyList<string> Arguments => arguments;

    /// <summary>What stands after the positionals.</summary>
    public IReadOnlyList<string> Rest => rest;

    /// <summary>The daemon; a GET is tried for a while, for a daemon that is just starting.</summary>
    public Client.PebbleClient Client => client ??= new Client.PebbleClient(environment.SocketPath) { ConnectPatience = ConnectPatience };

    public bool Has(string option) => options.ContainsKey(option);

    /// <summary>The last value given, the default, or an empty string.</summary>
    public string Value(string option) => options.TryGetValue(option, out var values) ? values[^1] : "";

    public IReadOnlyList<string> Values(string option) => options.GetValueOrDefault(option, []);

    public uint? Number(string option) =>
        Has(option) ? uint.Parse(Value(option), System.Globalization.CultureInfo.InvariantCulture) : null;

    public TimeSpan? Duration(string option) => Has(option) ? GoDuration.Parse(Value(option)) : null;

    public string Format => Value("format");

    public string Time(DateTimeOffset time) => HumanTime.Format(time, Has("abs-time"), Clock);
}

/// <summary>What the user reads after "error: ".</summary>
sealed class CommandException(string message) : Exception(message);
