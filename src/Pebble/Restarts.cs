namespace Pebble;

/// <summary>Why the daemon ends by itself.</summary>
enum Shutdown
{
    /// <summary>A service asked for it and that is no failure: exit code 0.</summary>
    Success,

    /// <summary>A service failed: exit code 10.</summary>
    ServiceFailure,

    /// <summary>A check failed: exit code 11.</summary>
    CheckFailure,
}

/// <summary>The request, made by a service or a check, to end the daemon. The first one counts.</summary>
sealed class Restarts
{
    readonly TaskCompletionSource<Shutdown> requested = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task<Shutdown> Requested => requested.Task;

    /// <summary>What replies say meanwhile.</summary>
    public (string Kind, string Message)? Maintenance =>
        requested.Task.IsCompleted ? ("daemon-restart", "daemon is restarting") : null;

    public void Request(Shutdown shutdown) => requested.TrySetResult(shutdown);
}
