namespace Ops;

/// <summary>Something happened in a workload container.</summary>
/// <param name="workload">Which.</param>
/// <remarks>Source: ops.WorkloadEvent.</remarks>
public abstract class WorkloadEvent(Container workload) : HookEvent
{
    /// <summary>The container.</summary>
    public Container Workload { get; } = workload;
}

/// <summary>The container's Pebble answers: after deployment and after each restart of the container.</summary>
/// <param name="workload">Which.</param>
public sealed class PebbleReadyEvent(Container workload) : WorkloadEvent(workload);

/// <summary>The workload sent a notice (<c>pebble notify</c>).</summary>
/// <param name="workload">Which.</param>
/// <param name="notice">The notice.</param>
public sealed class PebbleCustomNoticeEvent(Container workload, LazyNotice notice) : WorkloadEvent(workload)
{
    /// <summary>The notice.</summary>
    public LazyNotice Notice { get; } = notice;
}

/// <summary>A health check reached its threshold of failures.</summary>
/// <param name="workload">Which container.</param>
/// <param name="checkName">Which check.</param>
public sealed class PebbleCheckFailedEvent(Container workload, string checkName) : WorkloadEvent(workload)
{
    /// <summary>The check's name in the plan.</summary>
    public string CheckName { get; } = checkName;
}

/// <summary>A failed health check is up again.</summary>
/// <param name="workload">Which container.</param>
/// <param name="checkName">Which check.</param>
public sealed class PebbleCheckRecoveredEvent(Container workload, string checkName) : WorkloadEvent(workload)
{
    /// <summary>The check's name in the plan.</summary>
    public string CheckName { get; } = checkName;
}

/// <summary>What Juju says of a notice; the rest is read from Pebble when asked for.</summary>
/// <param name="Id">The notice's id in that Pebble.</param>
/// <param name="Type">Its type: <c>custom</c>.</param>
/// <param name="Key">Its key: <c>example.com/backup</c>.</param>
/// <remarks>Source: ops.LazyNotice.</remarks>
public sealed record LazyNotice(string Id, string Type, string Key);
