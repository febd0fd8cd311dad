namespace Ops;

/// <summary>What a unit or an application says about itself.</summary>
/// <param name="Name">Juju's word for it.</param>
/// <param name="Message">What an operator reads beside it; may be empty.</param>
/// <remarks>Source: ops.StatusBase.</remarks>
public abstract record StatusBase(string Name, string Message)
{
    internal static StatusBase From(string name, string message) => name switch
    {
        "active" => new ActiveStatus(message),
        "blocked" => new BlockedStatus(message),
        "waiting" => new WaitingStatus(message),
        "maintenance" => new MaintenanceStatus(message),
        "error" => new ErrorStatus(message),
        _ => new UnknownStatus(),
    };

    /// <summary>How bad it is: the worst status that is collected wins (ops: error, blocked, maintenance, waiting, active, unknown).</summary>
    internal int Severity => this switch
    {
        ErrorStatus => 5,
        BlockedStatus => 4,
        MaintenanceStatus => 3,
        WaitingStatus => 2,
        ActiveStatus => 1,
        _ => 0,
    };
}

/// <summary>It works.</summary>
/// <param name="Message">Usually empty.</param>
public sealed record ActiveStatus(string Message = "") : StatusBase("active", Message);

/// <summary>Somebody has to do something: integrate, configure, repair.</summary>
/// <param name="Message">What to do.</param>
public sealed record BlockedStatus(string Message) : StatusBase("blocked", Message);

/// <summary>It waits for another application or unit, and needs nobody's help.</summary>
/// <param name="Message">What for.</param>
public sealed record WaitingStatus(string Message) : StatusBase("waiting", Message);

/// <summary>It is doing something that takes time.</summary>
/// <param name="Message">What.</param>
public sealed record MaintenanceStatus(string Message) : StatusBase("maintenance", Message);

/// <summary>A hook failed. Juju sets it; a charm cannot.</summary>
/// <param name="Message">Which hook.</param>
public sealed record ErrorStatus(string Message = "") : StatusBase("error", Message);

/// <summary>Nothing was said yet. Juju sets it; a charm cannot.</summary>
public sealed record UnknownStatus() : StatusBase("unknown", "");
