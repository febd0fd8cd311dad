using Pebble.Accounts;

namespace Pebble.Exec;

/// <summary>A command to be run, resolved and checked.</summary>
sealed record ExecSetup
{
    public required IReadOnlyList<string> Command { get; init; }

    /// <summary>All of it: the daemon's, the service's, the request's and defaults.</summary>
    public required SortedDictionary<string, string> Environment { get; init; }

    public required string WorkingFolder { get; init; }

    /// <summary>Zero for none.</summary>
    public TimeSpan Timeout { get; init; }

    public Ownership? Identity { get; init; }

    /// <summary>Output goes through a terminal.</summary>
    public bool Terminal { get; init; }

    /// <summary>Input, too: the terminal is the command's controlling terminal.</summary>
    public bool Interactive { get; init; }

    public bool SplitStderr { get; init; }

    public int Width { get; init; }

    public int Height { get; init; }
}
