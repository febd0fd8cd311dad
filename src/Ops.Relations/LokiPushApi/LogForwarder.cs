using Ops.Relations.AlertRules;
using Ops.Relations.Databags;
using Ops.Relations.Topology;
using Pebble.Client;

namespace Ops.Relations.LokiPushApi;

/// <summary>
/// The requirer of <c>loki_push_api</c>: has the Pebble of every container forward what its services print to every Loki
/// unit, and publishes the alert rules of <c>src/loki_alert_rules</c>. Nothing is downloaded or installed. Of a workload that
/// writes its log to files, a small service prints what is added to them.
/// </summary>
/// <remarks>
/// Source: loki_k8s lib v1, <c>LogForwarder</c>. Unlike it, a change is not followed by a replan: log targets take effect
/// when the layer is added, and a replan would start a service that the charm has stopped.
/// </remarks>
public sealed class LogForwarder : OpsObject
{
    readonly CharmBase charm;
    readonly string endpoint;
    readonly IReadOnlyList<LogFiles> logFiles;

    /// <summary>Watches an endpoint and forwards to it.</summary>
    /// <param name="charm">The charm; every container that it declares is forwarded.</param>
    /// <param name="endpoint">Endpoint of charmcraft.yaml, with the interface <c>loki_push_api</c>.</param>
    /// <param name="logFiles">Files whose lines are forwarded as well; at most one entry per container.</param>
    public LogForwarder(CharmBase charm, string endpoint, params IReadOnlyList<LogFiles> logFiles) : base(charm, endpoint)
    {
        this.charm = charm;
        this.endpoint = endpoint;
        this.logFiles = logFiles;

        var on = charm.On[endpoint];
        on.RelationCreated.Observe(OnRelationCreated);
        on.RelationJoined.Observe(OnRelationJoined);
        on.RelationChanged.Observe(OnRelationChanged);
        on.RelationDeparted.Observe(OnRelationDeparted);
        on.RelationBroken.Observe(OnRelationBroken);
        charm.On.LeaderElected.Observe(OnLeaderElected);
        charm.On.UpgradeCharm.Observe(OnUpgradeCharm);
        foreach (var container in charm.Meta.Containers.Keys)
        {
            charm.On[container].PebbleReady.Observe(OnPebbleReady);
        }
    }

    /// <summary>Whether a Loki unit that takes logs is related.</summary>
    public bool IsForwarding => Endpoints(without: null).Count > 0;

    void OnRelationCreated(RelationCreatedEvent e) => PublishRules();

    void OnRelationJoined(RelationJoinedEvent e) => Reconcile();

    void OnRelationChanged(RelationChangedEvent e) => Reconcile();

    void OnRelationDeparted(RelationDepartedEvent e) => Forward(without: e.DepartingUnit ?? e.Unit);

    void OnRelationBroken(RelationBrokenEvent e) => Forward(without: null);

    void OnLeaderElected(LeaderElectedEvent e) => PublishRules();

    void OnUpgradeCharm(UpgradeCharmEvent e) => Reconcile();

    void OnPebbleReady(PebbleReadyEvent e) => Forward(without: null);

    void Reconcile()
    {
        PublishRules();
        Forward(without: null);
    }

    void PublishRules()
    {
        var relations = Model.Relations[endpoint];
        if (relations.Count == 0 || !charm.Unit.IsLeader)
        {
            return;
        }

        var topology = JujuTopology.Of(charm);
        var rules = AlertRuleFiles.Read(Path.Combine(charm.CharmDir, "src", "loki_alert_rules"), topology);
        foreach (var fault in rules.Faults)
        {
            Log.Error($"cannot publish alert rules: {fault}");
        }

        var groups = new Dictionary<string, object?>();
        if (rules.Groups.Count > 0)
        {
            groups["groups"] = rules.Groups;
        }

        foreach (var relation in relations)
        {
            relation.Data[charm.App].Set(new Dictionary<string, string>
            {
                ["metadata"] = JsonText.Of(topology.Metadata),
                ["alert_rules"] = JsonText.Of(groups),
            });
        }
    }

    void Forward(Unit? without)
    {
        var endpoints = Endpoints(without);
        var labels = LogTargets.Labels(JujuTopology.Of(charm));
        foreach (var container in charm.Unit.Containers.Values)
        {
            if (!container.CanConnect())
            {
                continue;
            }

            var files = logFiles.FirstOrDefault(f => f.Container == container.Name);
            var plan = container.GetPlan();
            var layer = new Layer
            {
                LogTargets = LogTargets.Changes(plan.LogTargets, endpoints, labels),
                Services = files is not null && endpoints.Count > 0 ? files.Changes(plan.Services) : new Dictionary<string, Service>(),
            };
            if (layer.LogTargets.Count > 0 || layer.Services.Count > 0)
            {
                container.AddLayer($"{container.Name}-log-forwarding", layer, combine: true);
            }

            if (files is not null && (endpoints.Count > 0 || plan.Services.ContainsKey(files.ServiceName)))
            {
                Follow(container, files, isWanted: endpoints.Count > 0, isNew: layer.Services.Count > 0);
            }
        }
    }

    void Follow(Container container, LogFiles files, bool isWanted, bool isNew)
    {
        var isRunning = container.FindService(files.ServiceName) is { IsRunning: true };
        try
        {
            if (isWanted && (isNew || !isRunning))
            {
                container.Restart(files.ServiceName);
            }
            else if (!isWanted && isRunning)
            {
                container.Stop(files.ServiceName);
            }
        }
        catch (ChangeException e)
        {
            // An image may lack the program that follows files; the workload itself is not to fail for that.
            Log.Warning($"the log files of container \"{container.Name}\" are not forwarded: {e.Message}");
        }
    }

    Dictionary<string, LokiEndpoint> Endpoints(Unit? without)
    {
        var endpoints = new Dictionary<string, LokiEndpoint>();
        foreach (var relation in Model.Relations[endpoint])
        {
            foreach (var unit in relation.Units.Where(unit => unit != without))
            {
                var reading = LokiEndpoint.Read(relation.Data[unit]);
                if (reading.Value is { } loki)
                {
                    endpoints[unit.Name] = loki;
                }
                else if (reading.IsFaulty)
                {
                    Log.Warning($"no logs are forwarded to {unit.Name}: {reading.Reason}");
                }
            }
        }

        return endpoints;
    }
}
