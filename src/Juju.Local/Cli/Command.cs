using Juju.Local.Cli.Arguments;

namespace Juju.Local.Cli;

/// <summary>One verb of the command line: its options, its help and what it does.</summary>
/// <param name="Arguments">The arguments as the usage line shows them.</param>
/// <param name="Summary">One sentence.</param>
/// <param name="RunAsync">Returns the exit code.</param>
sealed record Command(string Name, string Arguments, string Summary, Func<Invocation, CancellationToken, Task<int>> RunAsync)
{
    public IReadOnlyList<string> Aliases { get; init; } = [];

    public IReadOnlyList<Flag> Flags { get; init; } = [];

    /// <summary>Paragraphs of the help; may be empty.</summary>
    public string Details { get; init; } = "";

    public IReadOnlyList<string> Examples { get; init; } = [];

    public Scope Scope { get; init; } = Scope.Model;

    /// <summary>Words behind the first argument belong to another program (ssh).</summary>
    public bool StopsAtArgument { get; init; }

    /// <summary>Whether scripts may use it but help does not list it.</summary>
    public bool Hidden { get; init; }

    /// <summary>The options of the command itself and those of its scope, by name.</summary>
    public IReadOnlyList<Flag> AllFlags => [.. Flags.Concat(ScopeFlags).OrderBy(flag => flag.Name, StringComparer.Ordinal)];

    IEnumerable<Flag> ScopeFlags => Scope switch
    {
        Scope.Model => [GlobalFlags.Model, GlobalFlags.NoBrowser],
        Scope.Controller => Flags.Any(flag => flag.Name == "controller") ? [GlobalFlags.NoBrowser] : [GlobalFlags.Controller, GlobalFlags.NoBrowser],
        _ => [],
    };
}

/// <summary>What a command is about, which decides whether it takes <c>--model</c> or <c>--controller</c>.</summary>
enum Scope
{
    None,
    Controller,
    Model,
}
