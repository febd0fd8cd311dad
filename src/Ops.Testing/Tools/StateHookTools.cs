using System.Text.Json;
using Ops.HookTools;

namespace Ops.Testing;

/// <summary>The hook tools as the state of a test answers them.</summary>
sealed partial class StateHookTools(Run run, Event e) : IHookTools
{
    State State
    {
        get => run.State;
        set => run.State = value;
    }

    public IReadOnlyDictionary<string, object> ConfigGet()
    {
        Called("config-get");
        var values = run.Meta.Config.Where(o => o.Value.Default is not null).ToDictionary(o => o.Key, o => o.Value.Default!);
        foreach (var (name, value) in State.Config)
        {
            values[name] = value is int whole ? (long)whole : value;
        }

        return values;
    }

    public bool IsLeader()
    {
        Called("is-leader");
        return State.Leader;
    }

    public StatusBase StatusGet(bool app)
    {
        Called("status-get");
        return app ? State.AppStatus : State.UnitStatus;
    }

    public void StatusSet(bool app, string status, string message)
    {
        Called($"status-set {(app ? "--application " : "")}{status} {message}".TrimEnd());
        var value = StatusBase.From(status, message);
        if (app)
        {
            RequireLeader("status-set");
            State = State with { AppStatus = value };
            run.AppStatusHistory.Add(value);
        }
        else
        {
            State = State with { UnitStatus = value };
            run.UnitStatusHistory.Add(value);
        }
    }

    public void ApplicationVersionSet(string version)
    {
        Called("application-version-set");
        State = State with { WorkloadVersion = version };
    }

    public void JujuLog(string level, string message)
    {
        Called("juju-log");
        run.Logs.Add(new LogLine(level, message));
    }

    public NetworkInfo NetworkGet(string binding, int? relation)
    {
        Called($"network-get {binding}");
        return State.Networks.TryGetValue(binding, out var network)
            ? network
            : new NetworkInfo([new NetworkInterface("", "192.0.2.0", "")], ["192.0.2.0"], ["192.0.2.0/32"]);
    }

    public void OpenPort(Port port)
    {
        Called($"open-port {port}");
        State = State with { OpenedPorts = [.. State.OpenedPorts.Append(port).Distinct()] };
    }

    public void ClosePort(Port port)
    {
        Called($"close-port {port}");
        State = State with { OpenedPorts = [.. State.OpenedPorts.Where(p => p != port)] };
    }

    public IReadOnlyList<Port> OpenedPorts()
    {
        Called("opened-ports");
        return State.OpenedPorts;
    }

    public void BeginStateGet()
    {
    }

    public IReadOnlyDictionary<string, string> StateGet()
    {
        Called("state-get");
        var values = new Dictionary<string, string>(State.StoredState);
        foreach (var (key, value) in DeferredText.Write([.. State.Deferred.Select(d => d.ToNotice())]))
        {
            values[key] = value;
        }

        return values;
    }

    public void StateSet(IReadOnlyDictionary<string, string> values)
    {
        Called("state-set");
        Store(values, []);
    }

    public void StateDelete(string key)
    {
        Called("state-delete");
        Store(new Dictionary<string, string>(), [key]);
    }

    public IReadOnlyDictionary<string, JsonElement> ActionGet()
    {
        Called("action-get");
        var values = run.Meta.Actions[e.ActionName!].Parameters
            .Where(p => p.Value.Default is not null)
            .ToDictionary(p => p.Key, p => TestJson.Parse(p.Value.Default!));
        foreach (var (name, value) in e.Params)
        {
            values[name] = value;
        }

        return values;
    }

    public void ActionSet(IReadOnlyDictionary<string, string> results)
    {
        Called("action-set");
        foreach (var (key, value) in results)
        {
            run.ActionResults[key] = value;
        }
    }

    public void ActionFail(string message)
    {
        Called("action-fail");
        run.ActionFailure = message;
    }

    public void ActionLog(string message)
    {
        Called("action-log");
        run.ActionLogs.Add(message);
    }

    public IReadOnlyList<string> StorageList(string? name)
    {
        Called("storage-list");
        return [.. State.Storages.Where(s => name is null || s.Name == name).Select(s => s.FullId)];
    }

    public string StorageLocation(string id)
    {
        Called($"storage-get {id}");
        return State.Storages.FirstOrDefault(s => s.FullId == id)?.Place
            ?? throw new HookToolException("storage-get", 2, $"ERROR invalid value \"{id}\" for option -s: storage not found");
    }

    public void StorageAdd(string name, int count)
    {
        Called("storage-add");
        run.StorageRequests.Add((name, count));
    }

    public string ResourceGet(string name)
    {
        Called($"resource-get {name}");
        return State.Resources.TryGetValue(name, out var path)
            ? path
            : throw new HookToolException("resource-get", 1, $"ERROR could not download resource: resource \"{name}\" is not in the state");
    }

    public int PlannedUnits()
    {
        Called("goal-state");
        return State.PlannedUnits;
    }

    public CloudSpec CredentialGet()
    {
        Called("credential-get");
        return State.CloudSpec ?? throw new HookToolException("credential-get", 1, "ERROR cannot access cloud credentials");
    }

    public void JujuReboot(bool now) => Called("juju-reboot");

    public string UnitGet(bool publicAddress)
    {
        Called("unit-get");
        return "192.0.2.0";
    }

    void Called(string call) => run.ToolCalls.Add(call);

    void RequireLeader(string tool)
    {
        if (!State.Leader)
        {
            throw new HookToolException(tool, 1, "ERROR this unit is not the leader");
        }
    }

    void Store(IReadOnlyDictionary<string, string> set, IReadOnlyCollection<string> removed)
    {
        var values = new Dictionary<string, string>(State.StoredState);
        foreach (var (key, value) in DeferredText.Write([.. State.Deferred.Select(d => d.ToNotice())]).Concat(set))
        {
            values[key] = value;
        }

        foreach (var key in removed)
        {
            values.Remove(key);
        }

        var deferred = DeferredText.Read(values).Select(DeferredEvent.From).ToList();
        foreach (var key in DeferredText.Mine(values).Keys)
        {
            values.Remove(key);
        }

        State = State with { StoredState = values, Deferred = deferred };
    }
}
