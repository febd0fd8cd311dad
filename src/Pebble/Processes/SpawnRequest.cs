using Pebble.Accounts;

namespace Pebble.Processes;

/// <summary>A process to be started.</summary>
sealed record SpawnRequest
{
    /// <summary>The program's path, relative to the working folder if it is not absolute.</summary>
    public required string Executable { get; init; }

    /// <summary>The program's name first.</summary>
    public required IReadOnlyList<string> Arguments { get; init; }

    public required IReadOnlyDictionary<string, string> Environment { get; init; }

    /// <summary>Empty for the daemon's own.</summary>
    public string WorkingFolder { get; init; } = "";

    /// <summary>Null for the daemon's own.</summary>
    public Ownership? Identity { get; init; }

    /// <summary>A session of its own rather than only a process group.</summary>
    public bool NewSession { get; init; }

    /// <summary>A terminal's path, opened as standard input: with a new session it becomes the controlling terminal.</summary>
    public string? Terminal { get; init; }

    /// <summary>Descriptors that become 0, 1 and 2; -1 for /dev/null, or for the terminal if there is one.</summary>
    public int Input { get; init; } = -1;

    public int Output { get; init; } = -1;

    public int Error { get; init; } = -1;
}

/// <summary>A process could not be started; the message is as Go words it.</summary>
sealed class SpawnError(string message) : Exception(message);

/// <summary>A process that was started: its id, and a task that ends with its exit code (128 + n after signal n).</summary>
sealed record ChildProcess(int Id, Task<int> Exit)
{
    /// <summary>Sends a signal to the process alone; false if it has gone.</summary>
    public bool Signal(int signal) => !Exit.IsCompleted && Libc.kill(Id, signal) == 0;

    /// <summary>Sends a signal to the process's group.</summary>
    public bool SignalGroup(int signal) => Libc.kill(-Id, signal) == 0;
}
