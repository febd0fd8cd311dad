using System.Globalization;
using Ops.HookTools;

namespace Ops;

/// <summary>
/// Makes Juju's events from the variables that describe them. A deferred event is kept as those variables, so it is made again the same way.
/// </summary>
static class JujuEvents
{
    static readonly string[] VariableNames =
    [
        "JUJU_RELATION", "JUJU_RELATION_ID", "JUJU_REMOTE_APP", "JUJU_REMOTE_UNIT", "JUJU_DEPARTING_UNIT", "JUJU_WORKLOAD_NAME",
        "JUJU_NOTICE_ID", "JUJU_NOTICE_TYPE", "JUJU_NOTICE_KEY", "JUJU_PEBBLE_CHECK_NAME", "JUJU_SECRET_ID", "JUJU_SECRET_LABEL",
        "JUJU_SECRET_REVISION", "JUJU_STORAGE_ID", "JUJU_ACTION_NAME", "JUJU_ACTION_UUID",
    ];

    static readonly string[] Lifecycle =
    [
        "install", "start", "stop", "remove", "config_changed", "update_status", "upgrade_charm", "leader_elected", "leader_settings_changed",
        "collect_metrics", "pre_series_upgrade", "post_series_upgrade", "secret_changed", "secret_rotate", "secret_remove", "secret_expired",
    ];

    public static Dictionary<string, string> Variables(IEnvironment environment)
    {
        var values = new Dictionary<string, string>();
        foreach (var name in VariableNames)
        {
            if (environment.Find(name) is { Length: > 0 } value)
            {
                values.Add(name, value);
            }
        }

        return values;
    }

    /// <summary>Whether this charm can get the event; Juju may send others, which are ignored (as ops does).</summary>
    public static bool IsDeclared(string name, CharmMetadata meta) =>
        Lifecycle.Contains(name)
        || Is(name, "_action", meta.Actions.Keys)
        || Is(name, "_relation_created", meta.Relations.Keys)
        || Is(name, "_relation_joined", meta.Relations.Keys)
        || Is(name, "_relation_changed", meta.Relations.Keys)
        || Is(name, "_relation_departed", meta.Relations.Keys)
        || Is(name, "_relation_broken", meta.Relations.Keys)
        || Is(name, "_storage_attached", meta.Storages.Keys)
        || Is(name, "_storage_detaching", meta.Storages.Keys)
        || Is(name, "_pebble_ready", meta.Containers.Keys)
        || Is(name, "_pebble_custom_notice", meta.Containers.Keys)
        || Is(name, "_pebble_check_failed", meta.Containers.Keys)
        || Is(name, "_pebble_check_recovered", meta.Containers.Keys);

    public static EventBase Create(string name, EventSnapshot values)
    {
        var e = Make(name, values);
        e.Juju = values;
        return e;
    }

    static bool Is(string name, string suffix, IEnumerable<string> declared) =>
        name.EndsWith(suffix, StringComparison.Ordinal)
        && declared.Any(d => d.Length == name.Length - suffix.Length && name.StartsWith(d.Replace('-', '_'), StringComparison.Ordinal));

    static EventBase Make(string name, EventSnapshot values) => name switch
    {
        "install" => new InstallEvent(),
        "start" => new StartEvent(),
        "stop" => new StopEvent(),
        "remove" => new RemoveEvent(),
        "config_changed" => new ConfigChangedEvent(),
        "update_status" => new UpdateStatusEvent(),
        "upgrade_charm" => new UpgradeCharmEvent(),
        "leader_elected" => new LeaderElectedEvent(),
        "leader_settings_changed" => new LeaderSettingsChangedEvent(),
        "collect_metrics" => new CollectMetricsEvent(),
        "pre_series_upgrade" => new PreSeriesUpgradeEvent(),
        "post_series_upgrade" => new PostSeriesUpgradeEvent(),
        "secret_changed" => new SecretChangedEvent(SecretOf(values)),
        "secret_rotate" => new SecretRotateEvent(SecretOf(values, owned: true)),
        "secret_remove" => new SecretRemoveEvent(SecretOf(values, owned: true), RevisionOf(values)),
        "secret_expired" => new SecretExpiredEvent(SecretOf(values, owned: true), RevisionOf(values)),
        _ when name.EndsWith("_action", StringComparison.Ordinal) => ActionOf(name, values),
        _ when name.EndsWith("_relation_created", StringComparison.Ordinal) => new RelationCreatedEvent(RelationOf(values), AppOf(values)),
        _ when name.EndsWith("_relation_joined", StringComparison.Ordinal) => new RelationJoinedEvent(RelationOf(values), AppOf(values), UnitOf(values)),
        _ when name.EndsWith("_relation_changed", StringComparison.Ordinal) =>
            new RelationChangedEvent(RelationOf(values), AppOf(values), values.FindUnit("JUJU_REMOTE_UNIT")),
        _ when name.EndsWith("_relation_departed", StringComparison.Ordinal) =>
            new RelationDepartedEvent(RelationOf(values), AppOf(values), UnitOf(values), values.FindUnit("JUJU_DEPARTING_UNIT")),
        _ when name.EndsWith("_relation_broken", StringComparison.Ordinal) => new RelationBrokenEvent(RelationOf(values), AppOf(values)),
        _ when name.EndsWith("_storage_attached", StringComparison.Ordinal) => new StorageAttachedEvent(StorageOf(values)),
        _ when name.EndsWith("_storage_detaching", StringComparison.Ordinal) => new StorageDetachingEvent(StorageOf(values)),
        _ when name.EndsWith("_pebble_ready", StringComparison.Ordinal) => new PebbleReadyEvent(WorkloadOf(values)),
        _ when name.EndsWith("_pebble_custom_notice", StringComparison.Ordinal) => new PebbleCustomNoticeEvent(
            WorkloadOf(values), new LazyNotice(WorkloadOf(values), values["JUJU_NOTICE_ID"], values["JUJU_NOTICE_TYPE"], values["JUJU_NOTICE_KEY"])),
        _ when name.EndsWith("_pebble_check_failed", StringComparison.Ordinal) =>
            new PebbleCheckFailedEvent(WorkloadOf(values), values["JUJU_PEBBLE_CHECK_NAME"]),
        _ when name.EndsWith("_pebble_check_recovered", StringComparison.Ordinal) =>
            new PebbleCheckRecoveredEvent(WorkloadOf(values), values["JUJU_PEBBLE_CHECK_NAME"]),
        _ => throw new InvalidOperationException($"cannot make the event \"{name}\": it is not one of Juju's"),
    };

    static Relation RelationOf(EventSnapshot values) =>
        values.Model.GetRelation(values["JUJU_RELATION"], Relation.NumberOf(values["JUJU_RELATION_ID"]));

    static Application AppOf(EventSnapshot values)
    {
        var unit = values["JUJU_REMOTE_UNIT"];
        var app = values["JUJU_REMOTE_APP"] is { Length: > 0 } name ? name
            : unit.Length > 0 ? unit[..unit.IndexOf('/', StringComparison.Ordinal)]
            : throw new ModelException("cannot make the relation event: neither JUJU_REMOTE_APP nor JUJU_REMOTE_UNIT is set");
        return values.Model.GetApp(app);
    }

    static Unit UnitOf(EventSnapshot values) =>
        values.FindUnit("JUJU_REMOTE_UNIT") ?? throw new ModelException("cannot make the relation event: JUJU_REMOTE_UNIT is not set");

    static Container WorkloadOf(EventSnapshot values) => values.Model.Unit.GetContainer(values["JUJU_WORKLOAD_NAME"]);

    static Storage StorageOf(EventSnapshot values) => values.Model.Storages.Get(values["JUJU_STORAGE_ID"]);

    static Secret SecretOf(EventSnapshot values, bool owned = false) =>
        new(values.Model, values["JUJU_SECRET_ID"], values["JUJU_SECRET_LABEL"] is { Length: > 0 } label ? label : null, owned);

    static int RevisionOf(EventSnapshot values) => int.Parse(values["JUJU_SECRET_REVISION"], CultureInfo.InvariantCulture);

    static ActionEvent ActionOf(string name, EventSnapshot values)
    {
        var run = new ActionRun(values.Model.Framework, values["JUJU_ACTION_NAME"], values["JUJU_ACTION_UUID"]);
        return values.Model.Framework.ActionEvents.TryGetValue(name, out var create) ? create(run) : new ActionEvent(run);
    }
}
