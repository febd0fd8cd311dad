namespace Ops;

/// <summary>Asks each part of the charm for its status, at the end of every dispatch. The worst one is set; of equals, the first added.</summary>
/// <remarks>Source: ops.CollectStatusEvent.</remarks>
public sealed class CollectStatusEvent : EventBase
{
    readonly List<StatusBase> statuses = [];

    internal StatusBase? Worst => statuses.Count == 0 ? null : statuses.MaxBy(s => s.Severity);

    private protected override string WhyNotDeferrable => "it is emitted at the end of every dispatch";

    /// <summary>Adds the status of one part of the charm.</summary>
    /// <param name="status">Active, waiting, maintenance or blocked.</param>
    public void AddStatus(StatusBase status)
    {
        ArgumentNullException.ThrowIfNull(status);
        statuses.Add(status);
    }
}
