namespace Ops;

/// <summary>The events of a charm. Those of its relations, containers, storages and actions are found by name: <c>On["database"].RelationChanged</c>.</summary>
/// <remarks>Source: ops.CharmEvents. The generator derives a type from it that has a member for each declared name.</remarks>
public class CharmEvents
{
    const string Prefix = "charm/on/";
    readonly Framework framework;

    /// <summary>The events of <paramref name="charm"/>.</summary>
    /// <param name="charm">The charm.</param>
    public CharmEvents(CharmBase charm)
    {
        ArgumentNullException.ThrowIfNull(charm);
        framework = charm.Framework;
    }

    /// <summary>The unit is new.</summary>
    public EventSource<InstallEvent> Install => Source<InstallEvent>("install");

    /// <summary>The unit starts its life or starts again.</summary>
    public EventSource<StartEvent> Start => Source<StartEvent>("start");

    /// <summary>The unit stops.</summary>
    public EventSource<StopEvent> Stop => Source<StopEvent>("stop");

    /// <summary>The unit's last event.</summary>
    public EventSource<RemoveEvent> Remove => Source<RemoveEvent>("remove");

    /// <summary>An option, the trust or an address changed.</summary>
    public EventSource<ConfigChangedEvent> ConfigChanged => Source<ConfigChangedEvent>("config_changed");

    /// <summary>Now and then.</summary>
    public EventSource<UpdateStatusEvent> UpdateStatus => Source<UpdateStatusEvent>("update_status");

    /// <summary>The charm was refreshed.</summary>
    public EventSource<UpgradeCharmEvent> UpgradeCharm => Source<UpgradeCharmEvent>("upgrade_charm");

    /// <summary>This unit leads now.</summary>
    public EventSource<LeaderElectedEvent> LeaderElected => Source<LeaderElectedEvent>("leader_elected");

    /// <summary>The leader changed leader settings (old).</summary>
    public EventSource<LeaderSettingsChangedEvent> LeaderSettingsChanged => Source<LeaderSettingsChangedEvent>("leader_settings_changed");

    /// <summary>Time to report metrics (old).</summary>
    public EventSource<CollectMetricsEvent> CollectMetrics => Source<CollectMetricsEvent>("collect_metrics");

    /// <summary>The machine's base is about to be upgraded (old).</summary>
    public EventSource<PreSeriesUpgradeEvent> PreSeriesUpgrade => Source<PreSeriesUpgradeEvent>("pre_series_upgrade");

    /// <summary>The machine's base was upgraded (old).</summary>
    public EventSource<PostSeriesUpgradeEvent> PostSeriesUpgrade => Source<PostSeriesUpgradeEvent>("post_series_upgrade");

    /// <summary>A tracked secret has a new revision.</summary>
    public EventSource<SecretChangedEvent> SecretChanged => Source<SecretChangedEvent>("secret_changed");

    /// <summary>An owned secret is due for a new content.</summary>
    public EventSource<SecretRotateEvent> SecretRotate => Source<SecretRotateEvent>("secret_rotate");

    /// <summary>A revision of an owned secret is used by nobody.</summary>
    public EventSource<SecretRemoveEvent> SecretRemove => Source<SecretRemoveEvent>("secret_remove");

    /// <summary>A revision of an owned secret expired.</summary>
    public EventSource<SecretExpiredEvent> SecretExpired => Source<SecretExpiredEvent>("secret_expired");

    /// <summary>At the end of every dispatch: each part adds its status, and the worst becomes the unit's.</summary>
    public EventSource<CollectStatusEvent> CollectUnitStatus => Source<CollectStatusEvent>("collect_unit_status");

    /// <summary>The same for the application's status, on the leader.</summary>
    public EventSource<CollectStatusEvent> CollectAppStatus => Source<CollectStatusEvent>("collect_app_status");

    /// <summary>The events of the relation endpoint, storage, container or action with this name.</summary>
    /// <param name="name">As in charmcraft.yaml: <c>database</c>, <c>create-user</c>.</param>
    public PrefixedEvents this[string name] => new(framework, name);

    internal static string PathOf(string name) => Prefix + name;

    internal static string? NameOf(string path) => path.StartsWith(Prefix, StringComparison.Ordinal) ? path[Prefix.Length..] : null;

    EventSource<TEvent> Source<TEvent>(string name)
        where TEvent : EventBase => new(framework, Prefix + name);
}
