using Pebble.Client;

namespace Ops.Testing;

/// <summary>What came of an event.</summary>
public sealed record Outcome
{
    /// <summary>The state after it.</summary>
    public required State State { get; init; }

    /// <summary>The statuses that the unit had, first that of the state before.</summary>
    public IReadOnlyList<StatusBase> UnitStatusHistory { get; init; } = [];

    /// <summary>The statuses that the application had, first that of the state before.</summary>
    public IReadOnlyList<StatusBase> AppStatusHistory { get; init; } = [];

    /// <summary>What was written to juju-log, oldest first.</summary>
    public IReadOnlyList<LogLine> Logs { get; init; } = [];

    /// <summary>The events that were emitted: Juju's, those deferred before, and those of libraries; without collect-status.</summary>
    public IReadOnlyList<EventBase> EmittedEvents { get; init; } = [];

    /// <summary>What the action answered.</summary>
    public IReadOnlyDictionary<string, string> ActionResults { get; init; } = new Dictionary<string, string>();

    /// <summary>The message of the action's failure; null if it did not fail.</summary>
    public string? ActionFailure { get; init; }

    /// <summary>What the action told while it ran.</summary>
    public IReadOnlyList<string> ActionLogs { get; init; } = [];

    /// <summary>The commands that were run in containers.</summary>
    public IReadOnlyList<ExecCall> Execs { get; init; } = [];

    /// <summary>The services that were started, stopped or restarted.</summary>
    public IReadOnlyList<ServiceCall> ServiceCalls { get; init; } = [];

    /// <summary>The storages that were asked for, with how many of each.</summary>
    public IReadOnlyList<(string Name, int Count)> StorageRequests { get; init; } = [];

    /// <summary>The hook tools that would have been called, in order.</summary>
    public IReadOnlyList<string> ToolCalls { get; init; } = [];
}

/// <summary>A line of juju-log.</summary>
/// <param name="Level">DEBUG, INFO, WARNING or ERROR.</param>
/// <param name="Message">The text.</param>
public sealed record LogLine(string Level, string Message);

/// <summary>A command that was run in a container.</summary>
/// <param name="Container">The container.</param>
/// <param name="Options">The command and how it was run.</param>
/// <param name="Input">Its standard input; null for none.</param>
public sealed record ExecCall(string Container, ExecOptions Options, string? Input);

/// <summary>A service that was started, stopped or restarted.</summary>
/// <param name="Container">The container.</param>
/// <param name="Action">Start, stop or restart.</param>
/// <param name="Service">The service.</param>
public sealed record ServiceCall(string Container, ServiceAction Action, string Service);
