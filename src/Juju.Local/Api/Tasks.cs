using System.Text.Json.Nodes;

namespace Juju.Local.Api;

/// <summary>What <c>run</c> and <c>exec</c> started: one task for each unit.</summary>
sealed record OperationDetails
{
    public required string Id { get; init; }

    /// <summary><c>create-user run on unit-discourse-k8s-0</c>.</summary>
    public required string Summary { get; init; }

    /// <summary>The worst of its tasks' statuses.</summary>
    public required string Status { get; init; }

    public required DateTimeOffset Enqueued { get; init; }

    public DateTimeOffset? Started { get; init; }

    public DateTimeOffset? Completed { get; init; }

    public required IReadOnlyList<TaskDetails> Tasks { get; init; }
}

/// <summary>One action or command on one unit.</summary>
sealed record TaskDetails
{
    public required string Id { get; init; }

    public required string Operation { get; init; }

    public required string Unit { get; init; }

    /// <summary>The action's name; <c>juju-exec</c> for a command.</summary>
    public required string Action { get; init; }

    public JsonObject Parameters { get; init; } = [];

    /// <summary><c>pending running completed failed cancelled aborting aborted</c>.</summary>
    public required string Status { get; init; }

    public string Message { get; init; } = "";

    /// <summary>With <c>return-code</c>, <c>stdout</c>, <c>stderr</c> and the charm's own keys, nested at their dots.</summary>
    public JsonObject Results { get; init; } = [];

    public IReadOnlyList<TaskMessage> Log { get; init; } = [];

    public required DateTimeOffset Enqueued { get; init; }

    public DateTimeOffset? Started { get; init; }

    public DateTimeOffset? Completed { get; init; }

    public bool IsEnded => Status is "completed" or "failed" or "cancelled" or "aborted" or "error";
}

sealed record TaskMessage(DateTimeOffset Time, string Text);
