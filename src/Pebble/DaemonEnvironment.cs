namespace Pebble;

/// <summary>The environment variables that the program honours, read in this one place.</summary>
/// <remarks>Source: docs/reference/environment-variables of Pebble.</remarks>
sealed record DaemonEnvironment
{
    const string DefaultFolder = "/var/lib/pebble/default";

    /// <summary>$PEBBLE: the folder of layers and state.</summary>
    public required string Folder { get; init; }

    /// <summary>$PEBBLE_SOCKET, by default .pebble.socket in the folder.</summary>
    public required string SocketPath { get; init; }

    /// <summary>$PEBBLE_COPY_ONCE: a folder copied to $PEBBLE if that is empty or missing.</summary>
    public string? CopyOnce { get; init; }

    public bool Verbose { get; init; }

    /// <summary>False for PEBBLE_PERSIST=never: the state is kept in memory only.</summary>
    public bool Persist { get; init; } = true;

    /// <summary>$NOTIFY_SOCKET: where systemd listens for word of the daemon's state; null: not under systemd.</summary>
    public string? NotifySocket { get; init; }

    /// <summary>$WATCHDOG_USEC: systemd restarts the daemon when it has not heard of it for so long.</summary>
    public string? WatchdogMicroseconds { get; init; }

    public static DaemonEnvironment Read()
    {
        var folder = Variable("PEBBLE") ?? DefaultFolder;
        return new()
        {
            Folder = folder,
            SocketPath = Variable("PEBBLE_SOCKET") ?? Path.Combine(folder, ".pebble.socket"),
            CopyOnce = Variable("PEBBLE_COPY_ONCE"),
            Verbose = Variable("PEBBLE_VERBOSE") == "1",
            Persist = Variable("PEBBLE_PERSIST") != "never",
            NotifySocket = Variable("NOTIFY_SOCKET"),
            WatchdogMicroseconds = Variable("WATCHDOG_USEC"),
        };
    }

    /// <summary>Everything, but for what the program sets for its own runtime.</summary>
    public static IReadOnlyDictionary<string, string> All()
    {
        var all = new Dictionary<string, string>();
        foreach (System.Collections.DictionaryEntry each in Environment.GetEnvironmentVariables())
        {
            all[(string)each.Key] = (string)each.Value!;
        }

        all.Remove(InlineCompletions);
        return all;
    }

    /// <summary>Continuations of socket operations run where they were noticed: half the latency of a small request.</summary>
    public const string InlineCompletions = "DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS";

    static string? Variable(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;
}
