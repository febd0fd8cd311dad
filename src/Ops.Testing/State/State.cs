namespace Ops.Testing;

/// <summary>All that Juju and Pebble would tell a unit: what an event starts from, and what it leaves.</summary>
/// <remarks>Source: ops.testing.State. Immutable: a changed state is made with <c>with</c>.</remarks>
public sealed record State
{
    /// <summary>Whether this unit leads.</summary>
    public bool Leader { get; init; }

    /// <summary>Values of options: string, int, long, double or bool. Options that are not here have their default.</summary>
    public IReadOnlyDictionary<string, object> Config { get; init; } = new Dictionary<string, object>();

    /// <summary>The relations.</summary>
    public IReadOnlyList<RelationState> Relations { get; init; } = [];

    /// <summary>The workload containers. One that charmcraft.yaml declares and that is not here cannot be reached.</summary>
    public IReadOnlyList<ContainerState> Containers { get; init; } = [];

    /// <summary>The secrets that this unit owns or was granted.</summary>
    public IReadOnlyList<SecretState> Secrets { get; init; } = [];

    /// <summary>The storages that are attached.</summary>
    public IReadOnlyList<StorageState> Storages { get; init; } = [];

    /// <summary>Networks by endpoint or extra binding. One that is not here has the address 192.0.2.0.</summary>
    public IReadOnlyDictionary<string, NetworkInfo> Networks { get; init; } = new Dictionary<string, NetworkInfo>();

    /// <summary>Paths of resources' files by name.</summary>
    public IReadOnlyDictionary<string, string> Resources { get; init; } = new Dictionary<string, string>();

    /// <summary>The ports that are open.</summary>
    public IReadOnlyList<Port> OpenedPorts { get; init; } = [];

    /// <summary>The unit's status; unknown before a charm sets one.</summary>
    public StatusBase UnitStatus { get; init; } = new UnknownStatus();

    /// <summary>The application's status; unknown before a leader sets one.</summary>
    public StatusBase AppStatus { get; init; } = new UnknownStatus();

    /// <summary>The workload's version; empty before a charm sets one.</summary>
    public string WorkloadVersion { get; init; } = "";

    /// <summary>How many units the application is to have.</summary>
    public int PlannedUnits { get; init; } = 1;

    /// <summary>What the controller keeps for this unit (state-get), without the deferred events.</summary>
    public IReadOnlyDictionary<string, string> StoredState { get; init; } = new Dictionary<string, string>();

    /// <summary>The events that observers have deferred, oldest first.</summary>
    public IReadOnlyList<DeferredEvent> Deferred { get; init; } = [];

    /// <summary>The cloud and its credential; null if the application is not trusted.</summary>
    public CloudSpec? CloudSpec { get; init; }

    /// <summary>The only relation of an endpoint.</summary>
    /// <param name="endpoint">The endpoint.</param>
    public RelationState GetRelation(string endpoint) => Relations.Single(r => r.Endpoint == endpoint);

    /// <summary>The relation with that number.</summary>
    /// <param name="id">The number.</param>
    public RelationState GetRelation(int id) => Relations.Single(r => r.Id == id);

    /// <summary>The container with that name.</summary>
    /// <param name="name">The name.</param>
    public ContainerState GetContainer(string name) => Containers.Single(c => c.Name == name);

    /// <summary>The secret with that id or label.</summary>
    /// <param name="idOrLabel">Either.</param>
    public SecretState GetSecret(string idOrLabel) => Secrets.Single(s => s.Id == idOrLabel || s.Label == idOrLabel);

    /// <summary>This state with one relation replaced by another of the same number, or added.</summary>
    /// <param name="relation">The relation.</param>
    public State With(RelationState relation) => this with { Relations = [.. Relations.Where(r => r.Id != relation.Id), relation] };

    /// <summary>This state with one container replaced by another of the same name, or added.</summary>
    /// <param name="container">The container.</param>
    public State With(ContainerState container) => this with { Containers = [.. Containers.Where(c => c.Name != container.Name), container] };

    /// <summary>This state with one option set.</summary>
    /// <param name="option">The option.</param>
    /// <param name="value">string, int, long, double or bool.</param>
    public State WithConfig(string option, object value) => this with { Config = new Dictionary<string, object>(Config) { [option] = value } };
}
