using Pebble.Client;

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

/// <summary>Something happened to a health check.</summary>
/// <param name="workload">Which container.</param>
/// <param name="checkName">Which check.</param>
/// <remarks>Source: ops.PebbleCheckEvent.</remarks>
public abstract class PebbleCheckEvent(Container workload, string checkName) : WorkloadEvent(workload)
{
    /// <summary>The check's name in the plan.</summary>
    public string CheckName { get; } = checkName;

    /// <summary>How the check is now, which may differ from how it was when the event was sent. Read from Pebble when first used.</summary>
    /// <exception cref="ModelException">The plan does not have it any more.</exception>
    public CheckInfo Info => field ??= Workload.GetCheck(CheckName);
}

/// <summary>A health check reached its threshold of failures.</summary>
/// <param name="workload">Which container.</param>
/// <param name="checkName">Which check.</param>
public sealed class PebbleCheckFailedEvent(Container workload, string checkName) : PebbleCheckEvent(workload, checkName);

/// <summary>A failed health check is up again.</summary>
/// <param name="workload">Which container.</param>
/// <param name="checkName">Which check.</param>
public sealed class PebbleCheckRecoveredEvent(Container workload, string checkName) : PebbleCheckEvent(workload, checkName);

/// <summary>What Juju says of a notice, and the rest of it, read from Pebble when first used.</summary>
/// <remarks>Source: ops.LazyNotice.</remarks>
public sealed class LazyNotice
{
    readonly Container container;

    internal LazyNotice(Container container, string id, string type, string key)
    {
        this.container = container;
        Id = id;
        Type = type;
        Key = key;
    }

    /// <summary>The notice's id in that Pebble.</summary>
    public string Id { get; }

    /// <summary>Its type: <c>custom</c>.</summary>
    public string Type { get; }

    /// <summary>Its key: <c>example.com/backup</c>.</summary>
    public string Key { get; }

    /// <summary>All of it: when it occurred, how often, and with which data.</summary>
    /// <exception cref="ModelException">It is gone: notices expire after a week.</exception>
    public Notice Details => field ??= container.GetNotice(Id);
}
