namespace Pebble.Services;

/// <summary>Where a service's process stands.</summary>
enum ServiceState
{
    /// <summary>About to be started.</summary>
    Initial,

    /// <summary>Started less than a second ago.</summary>
    Starting,
    Running,

    /// <summary>TERM was sent.</summary>
    Terminating,

    /// <summary>KILL was sent, too.</summary>
    Killing,
    Stopped,

    /// <summary>Waits to be started again.</summary>
    Backoff,

    /// <summary>Ended by itself, and stays so.</summary>
    Exited,
}

static class ServiceStatus
{
    /// <summary>The word that clients see.</summary>
    public static string Word(this ServiceState state) => state switch
    {
        ServiceState.Starting or ServiceState.Running => "active",
        ServiceState.Terminating or ServiceState.Killing or ServiceState.Stopped => "inactive",
        ServiceState.Backoff => "backoff",
        _ => "error",
    };
}
