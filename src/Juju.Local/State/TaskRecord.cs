using System.Collections.Immutable;
using System.Text.Json.Nodes;

namespace Juju.Local.State;

/// <summary>An action or a command on one unit.</summary>
sealed record TaskRecord
{
    public required string Id { get; init; }

    public required string Operation { get; init; }

    public required string Unit { get; init; }

    public required string Action { get; init; }

    public required JsonObject Parameters { get; init; }

    /// <summary>A command line for the shell; null for an action.</summary>
    public string? Command { get; init; }

    public double? TimeoutSeconds { get; init; }

    public string Status { get; init; } = "pending";

    public string Message { get; init; } = "";

    public JsonObject Results { get; init; } = [];

    public ImmutableList<TaskLine> Log { get; init; } = [];

    public required DateTimeOffset Enqueued { get; init; }

    public DateTimeOffset? Started { get; init; }

    public DateTimeOffset? Completed { get; init; }

    public bool IsEnded => Status is "completed" or "failed" or "cancelled" or "aborted" or "error";
}

sealed record TaskLine(DateTimeOffset Time, string Text);

sealed record OperationRecord(string Id, string Summary, DateTimeOffset Enqueued, ImmutableList<string> Tasks);
