using System.Text.Json;

namespace Ops.HookTools;

/// <summary>Juju's hook tools, one member for each, without state or cache. The model is made of them.</summary>
/// <remarks>Source: ops.hookcmds, and https://documentation.ubuntu.com/juju/3.6/reference/hook-command/. There are two: real processes, and the state of a test.</remarks>
/// <exception cref="ModelException">Every member throws it when the tool refuses.</exception>
public interface IHookTools
{
    /// <summary>config-get: all options that have a value: string, long, double or bool.</summary>
    IReadOnlyDictionary<string, object> ConfigGet();

    /// <summary>is-leader.</summary>
    bool IsLeader();

    /// <summary>relation-ids: ids such as <c>db:1</c>.</summary>
    /// <param name="endpoint">The endpoint.</param>
    IReadOnlyList<string> RelationIds(string endpoint);

    /// <summary>relation-list: the units of the other side (of this application, in a peer relation).</summary>
    /// <param name="relation">The relation's id.</param>
    /// <exception cref="RelationNotFoundException">The relation is gone.</exception>
    IReadOnlyList<string> RelationList(string relation);

    /// <summary>relation-list --app: the application of the other side.</summary>
    /// <param name="relation">The relation's id.</param>
    /// <exception cref="RelationNotFoundException">The relation is gone.</exception>
    string RelationListApp(string relation);

    /// <summary>relation-get: a whole databag.</summary>
    /// <param name="relation">The relation's id.</param>
    /// <param name="entity">A unit's or an application's name.</param>
    /// <param name="app">Whether it is an application's.</param>
    /// <exception cref="RelationNotFoundException">The relation is gone.</exception>
    IReadOnlyDictionary<string, string> RelationGet(string relation, string entity, bool app);

    /// <summary>relation-set: changes to this unit's or this application's databag.</summary>
    /// <param name="relation">The relation's id.</param>
    /// <param name="app">Whether it is the application's.</param>
    /// <param name="changes">Values by key; an empty one removes the key.</param>
    /// <exception cref="RelationNotFoundException">The relation is gone.</exception>
    void RelationSet(string relation, bool app, IReadOnlyDictionary<string, string> changes);

    /// <summary>relation-model-get: the UUID of the model at the other end.</summary>
    /// <param name="relation">The relation's id.</param>
    string RelationModelGet(string relation);

    /// <summary>status-get.</summary>
    /// <param name="app">Whether of the application, which only the leader may read.</param>
    StatusBase StatusGet(bool app);

    /// <summary>status-set. Takes effect at once.</summary>
    /// <param name="app">Whether of the application, which only the leader may set.</param>
    /// <param name="status">active, blocked, waiting or maintenance.</param>
    /// <param name="message">The message.</param>
    void StatusSet(bool app, string status, string message);

    /// <summary>application-version-set.</summary>
    /// <param name="version">The workload's version.</param>
    void ApplicationVersionSet(string version);

    /// <summary>juju-log. Takes effect at once.</summary>
    /// <param name="level">TRACE, DEBUG, INFO, WARNING or ERROR.</param>
    /// <param name="message">The text.</param>
    void JujuLog(string level, string message);

    /// <summary>network-get.</summary>
    /// <param name="binding">An endpoint or extra binding.</param>
    /// <param name="relation">The relation's number; null for the binding alone.</param>
    NetworkInfo NetworkGet(string binding, int? relation);

    /// <summary>open-port.</summary>
    /// <param name="port">The port.</param>
    void OpenPort(Port port);

    /// <summary>close-port.</summary>
    /// <param name="port">The port.</param>
    void ClosePort(Port port);

    /// <summary>opened-ports, without the changes of this hook.</summary>
    IReadOnlyList<Port> OpenedPorts();

    /// <summary>Starts reading the unit's state, whose values <see cref="StateGet"/> then waits for.</summary>
    void BeginStateGet();

    /// <summary>state-get: all values that the controller keeps for this unit.</summary>
    IReadOnlyDictionary<string, string> StateGet();

    /// <summary>state-set.</summary>
    /// <param name="values">Values by key.</param>
    void StateSet(IReadOnlyDictionary<string, string> values);

    /// <summary>state-delete.</summary>
    /// <param name="key">The key.</param>
    void StateDelete(string key);

    /// <summary>action-get: all parameters.</summary>
    IReadOnlyDictionary<string, JsonElement> ActionGet();

    /// <summary>action-set.</summary>
    /// <param name="results">Texts by key.</param>
    void ActionSet(IReadOnlyDictionary<string, string> results);

    /// <summary>action-fail.</summary>
    /// <param name="message">Why.</param>
    void ActionFail(string message);

    /// <summary>action-log. Takes effect at once.</summary>
    /// <param name="message">A line.</param>
    void ActionLog(string message);

    /// <summary>secret-add.</summary>
    /// <param name="content">Values by key.</param>
    /// <param name="options">Label, description, expiry, rotation.</param>
    /// <param name="app">Whether the application owns it, for which the unit must lead.</param>
    /// <returns>The id: <c>secret:…</c>.</returns>
    string SecretAdd(IReadOnlyDictionary<string, string> content, SecretOptions options, bool app);

    /// <summary>secret-set.</summary>
    /// <param name="id">The secret.</param>
    /// <param name="content">The new revision's values by key; null for none.</param>
    /// <param name="options">What else changes.</param>
    void SecretSet(string id, IReadOnlyDictionary<string, string>? content, SecretOptions options);

    /// <summary>secret-get.</summary>
    /// <param name="id">The secret; null to find it by label.</param>
    /// <param name="label">The label that it has or gets for this consumer.</param>
    /// <param name="mode">Which revision.</param>
    /// <exception cref="SecretNotFoundException">There is no such secret.</exception>
    IReadOnlyDictionary<string, string> SecretGet(string? id, string? label, SecretGetMode mode);

    /// <summary>secret-info-get, for owners.</summary>
    /// <param name="id">The secret; null to find it by label.</param>
    /// <param name="label">Its label.</param>
    /// <exception cref="SecretNotFoundException">There is no such secret.</exception>
    SecretInfo SecretInfoGet(string? id, string? label);

    /// <summary>secret-ids: the secrets that this unit or application owns.</summary>
    IReadOnlyList<string> SecretIds();

    /// <summary>secret-grant.</summary>
    /// <param name="id">The secret.</param>
    /// <param name="relation">The number of the relation whose other side may read it.</param>
    /// <param name="unit">Only this unit; null for the application.</param>
    void SecretGrant(string id, int relation, string? unit);

    /// <summary>secret-revoke.</summary>
    /// <param name="id">The secret.</param>
    /// <param name="relation">The relation's number.</param>
    /// <param name="unit">Only this unit; null for the application.</param>
    void SecretRevoke(string id, int relation, string? unit);

    /// <summary>secret-remove.</summary>
    /// <param name="id">The secret.</param>
    /// <param name="revision">Only this revision; null for all.</param>
    void SecretRemove(string id, int? revision);

    /// <summary>storage-list: ids such as <c>data/0</c>.</summary>
    /// <param name="name">Only of this storage; null for all.</param>
    IReadOnlyList<string> StorageList(string? name);

    /// <summary>storage-get: where the storage is.</summary>
    /// <param name="id">The storage's id: <c>data/0</c>.</param>
    string StorageLocation(string id);

    /// <summary>storage-add.</summary>
    /// <param name="name">The storage.</param>
    /// <param name="count">How many more.</param>
    void StorageAdd(string name, int count);

    /// <summary>resource-get: the path of the file.</summary>
    /// <param name="name">The resource.</param>
    string ResourceGet(string name);

    /// <summary>goal-state: the units that are planned, alive or not yet, without those that are dying.</summary>
    int PlannedUnits();

    /// <summary>credential-get.</summary>
    CloudSpec CredentialGet();

    /// <summary>juju-reboot; machines only.</summary>
    /// <param name="now">At once, ending the hook; otherwise after it.</param>
    void JujuReboot(bool now);

    /// <summary>unit-get.</summary>
    /// <param name="publicAddress">The public address; else the private one.</param>
    string UnitGet(bool publicAddress);
}
