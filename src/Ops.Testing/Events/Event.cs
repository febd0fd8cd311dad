using System.Globalization;
using System.Text.Json;

namespace Ops.Testing;

/// <summary>What happens to the unit: one of Juju's events.</summary>
/// <remarks>Source: ops.testing.CharmEvents.</remarks>
public sealed record Event
{
    static readonly IReadOnlyDictionary<string, string> Nothing = new Dictionary<string, string>();

    Event(string name) => Name = name;

    /// <summary>The unit is new.</summary>
    public static Event Install { get; } = new("install");

    /// <summary>The unit starts.</summary>
    public static Event Start { get; } = new("start");

    /// <summary>The unit stops.</summary>
    public static Event Stop { get; } = new("stop");

    /// <summary>The unit's last event.</summary>
    public static Event Remove { get; } = new("remove");

    /// <summary>The configuration changed.</summary>
    public static Event ConfigChanged { get; } = new("config_changed");

    /// <summary>Now and then.</summary>
    public static Event UpdateStatus { get; } = new("update_status");

    /// <summary>The charm was refreshed.</summary>
    public static Event UpgradeCharm { get; } = new("upgrade_charm");

    /// <summary>This unit leads now.</summary>
    public static Event LeaderElected { get; } = new("leader_elected");

    /// <summary>The name in the form of ops: <c>config_changed</c>.</summary>
    public string Name { get; }

    internal IReadOnlyDictionary<string, string> Variables { get; init; } = Nothing;

    internal RelationState? Relation { get; init; }

    internal string? Container { get; init; }

    internal StorageState? Storage { get; init; }

    internal SecretState? Secret { get; init; }

    internal string? ActionName { get; init; }

    internal IReadOnlyDictionary<string, JsonElement> Params { get; init; } = new Dictionary<string, JsonElement>();

    /// <summary>An event without content by its name, for those that have no member: <c>collect_metrics</c>.</summary>
    /// <param name="name">The name in the form of ops.</param>
    public static Event Named(string name) => new(name);

    /// <summary>Two applications were integrated.</summary>
    /// <param name="relation">A relation of the state.</param>
    public static Event RelationCreated(RelationState relation) => OfRelation("created", relation, null, null);

    /// <summary>A unit of the other side entered.</summary>
    /// <param name="relation">A relation of the state.</param>
    /// <param name="unit">The unit's number.</param>
    public static Event RelationJoined(RelationState relation, int unit = 0) => OfRelation("joined", relation, unit, null);

    /// <summary>A databag of the other side changed.</summary>
    /// <param name="relation">A relation of the state.</param>
    /// <param name="unit">The unit's number; null for the application's databag.</param>
    public static Event RelationChanged(RelationState relation, int? unit = null) => OfRelation("changed", relation, unit, null);

    /// <summary>A unit left.</summary>
    /// <param name="relation">A relation of the state, with or without the unit.</param>
    /// <param name="unit">The number of the other side's unit.</param>
    /// <param name="departing">The unit that leaves; null for that of the other side.</param>
    public static Event RelationDeparted(RelationState relation, int unit = 0, string? departing = null) =>
        OfRelation("departed", relation, unit, departing ?? "");

    /// <summary>The relation ends.</summary>
    /// <param name="relation">A relation of the state.</param>
    public static Event RelationBroken(RelationState relation) => OfRelation("broken", relation, null, null);

    /// <summary>The container's Pebble answers.</summary>
    /// <param name="container">A container of the state.</param>
    public static Event PebbleReady(ContainerState container) => OfContainer("pebble_ready", container);

    /// <summary>A notice of the container.</summary>
    /// <param name="container">A container of the state that has the notice.</param>
    /// <param name="notice">The notice.</param>
    public static Event PebbleCustomNotice(ContainerState container, Pebble.Client.Notice notice) => OfContainer(
        "pebble_custom_notice", container, ("JUJU_NOTICE_ID", notice.Id), ("JUJU_NOTICE_TYPE", notice.Type), ("JUJU_NOTICE_KEY", notice.Key));

    /// <summary>A check of the container failed.</summary>
    /// <param name="container">A container of the state whose plan has the check.</param>
    /// <param name="check">The check.</param>
    public static Event PebbleCheckFailed(ContainerState container, string check) =>
        OfContainer("pebble_check_failed", container, ("JUJU_PEBBLE_CHECK_NAME", check));

    /// <summary>A check of the container is up again.</summary>
    /// <param name="container">A container of the state whose plan has the check.</param>
    /// <param name="check">The check.</param>
    public static Event PebbleCheckRecovered(ContainerState container, string check) =>
        OfContainer("pebble_check_recovered", container, ("JUJU_PEBBLE_CHECK_NAME", check));

    /// <summary>A storage is there.</summary>
    /// <param name="storage">A storage of the state.</param>
    public static Event StorageAttached(StorageState storage) => OfStorage("storage_attached", storage);

    /// <summary>A storage is about to go.</summary>
    /// <param name="storage">A storage of the state.</param>
    public static Event StorageDetaching(StorageState storage) => OfStorage("storage_detaching", storage);

    /// <summary>A secret of another owner has a new revision.</summary>
    /// <param name="secret">A secret of the state.</param>
    public static Event SecretChanged(SecretState secret) => OfSecret("secret_changed", secret, null);

    /// <summary>An owned secret is due for a new content.</summary>
    /// <param name="secret">A secret of the state.</param>
    public static Event SecretRotate(SecretState secret) => OfSecret("secret_rotate", secret, null);

    /// <summary>A revision of an owned secret is used by nobody.</summary>
    /// <param name="secret">A secret of the state.</param>
    /// <param name="revision">The revision.</param>
    public static Event SecretRemove(SecretState secret, int revision) => OfSecret("secret_remove", secret, revision);

    /// <summary>A revision of an owned secret expired.</summary>
    /// <param name="secret">A secret of the state.</param>
    /// <param name="revision">The revision.</param>
    public static Event SecretExpired(SecretState secret, int revision) => OfSecret("secret_expired", secret, revision);

    /// <summary>Somebody runs an action.</summary>
    /// <param name="name">As in charmcraft.yaml.</param>
    /// <param name="parameters">string, int, long, double, bool or JsonElement by name; defaults are filled in.</param>
    public static Event Action(string name, IReadOnlyDictionary<string, object>? parameters = null) =>
        new(Events.EventName.OfAction(name))
        {
            ActionName = name,
            Variables = Of(("JUJU_ACTION_NAME", name), ("JUJU_ACTION_UUID", "1")),
            Params = (parameters ?? new Dictionary<string, object>()).ToDictionary(p => p.Key, p => TestJson.Of(p.Value)),
        };

    /// <summary>This event as one that an observer has deferred, to be put into a state.</summary>
    /// <param name="method">The handler, as the charm's source names it.</param>
    /// <param name="observer">Whose it is.</param>
    public DeferredEvent Deferred(string method, string observer = "charm") => new(Name, method, observer) { Values = Variables };

    static Event OfRelation(string kind, RelationState relation, int? unit, string? departing)
    {
        // The application of a peer relation is this one, whose name the run knows.
        var app = relation.RemoteApp ?? Run.OwnApp;
        var remote = unit is { } number ? $"{app}/{number.ToString(CultureInfo.InvariantCulture)}" : "";
        return new(Events.EventName.OfHook(relation.Endpoint) + "_relation_" + kind)
        {
            Relation = relation,
            Variables = Of(
                ("JUJU_RELATION", relation.Endpoint),
                ("JUJU_RELATION_ID", string.Create(CultureInfo.InvariantCulture, $"{relation.Endpoint}:{relation.Id}")),
                ("JUJU_REMOTE_APP", app),
                ("JUJU_REMOTE_UNIT", remote),
                ("JUJU_DEPARTING_UNIT", departing is { Length: > 0 } ? departing : departing is null ? "" : remote)),
        };
    }

    static Event OfContainer(string kind, ContainerState container, params (string, string)[] more) =>
        new($"{Events.EventName.OfHook(container.Name)}_{kind}")
        {
            Container = container.Name,
            Variables = Of([("JUJU_WORKLOAD_NAME", container.Name), .. more]),
        };

    static Event OfStorage(string kind, StorageState storage) => new($"{Events.EventName.OfHook(storage.Name)}_{kind}")
    {
        Storage = storage,
        Variables = Of(("JUJU_STORAGE_ID", storage.FullId)),
    };

    static Event OfSecret(string name, SecretState secret, int? revision) => new(name)
    {
        Secret = secret,
        Variables = Of(
            ("JUJU_SECRET_ID", secret.Id),
            ("JUJU_SECRET_LABEL", secret.Label ?? ""),
            ("JUJU_SECRET_REVISION", revision?.ToString(CultureInfo.InvariantCulture) ?? "")),
    };

    static Dictionary<string, string> Of(params (string Name, string Value)[] variables) =>
        variables.Where(v => v.Value.Length > 0).ToDictionary(v => v.Name, v => v.Value);
}
