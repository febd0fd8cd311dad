using Ops.Relations.Databags;
using Ops.Relations.Topology;

namespace Ops.Relations.GrafanaDashboard;

/// <summary>The provider of <c>grafana_dashboard</c>: the leader publishes the dashboards of <c>src/grafana_dashboards</c>.</summary>
/// <remarks>Source: grafana_k8s lib v0 (patch 52), <c>GrafanaDashboardProvider</c>.</remarks>
public sealed class GrafanaDashboardProvider : OpsObject
{
    const string Folder = "src/grafana_dashboards";

    readonly CharmBase charm;
    readonly string endpoint;

    /// <summary>Watches an endpoint and publishes on it.</summary>
    /// <param name="charm">The charm.</param>
    /// <param name="endpoint">Endpoint of charmcraft.yaml, with the interface <c>grafana_dashboard</c>.</param>
    public GrafanaDashboardProvider(CharmBase charm, string endpoint) : base(charm, endpoint)
    {
        this.charm = charm;
        this.endpoint = endpoint;
        charm.On[endpoint].RelationCreated.Observe(OnRelationCreated);
        charm.On[endpoint].RelationChanged.Observe(OnRelationChanged);
        charm.On.ConfigChanged.Observe(OnConfigChanged);
        charm.On.LeaderElected.Observe(OnLeaderElected);
        charm.On.UpgradeCharm.Observe(OnUpgradeCharm);
    }

    void OnRelationCreated(RelationCreatedEvent e) => Publish(_ => true);

    void OnLeaderElected(LeaderElectedEvent e) => Publish(_ => true);

    void OnUpgradeCharm(UpgradeCharmEvent e) => Publish(_ => true);

    // Options change no dashboard; only a databag that never got any is filled.
    void OnConfigChanged(ConfigChangedEvent e) => Publish(bag => !bag.ContainsKey("dashboards"));

    void OnRelationChanged(RelationChangedEvent e)
    {
        if (charm.Unit.IsLeader && e.Relation.RemoteApplication().Find("event") is { } json)
        {
            using var document = DatabagValue.Json(json);
            if (document is not null && json.Contains("error", StringComparison.Ordinal))
            {
                Log.Error($"Grafana refuses a dashboard of this charm: {json}");
            }
        }
    }

    void Publish(Func<RelationDataContent, bool> isDue)
    {
        string? dashboards = null;
        foreach (var relation in Model.Relations[endpoint])
        {
            if (charm.Unit.IsLeader && relation.Data[charm.App] is var bag && isDue(bag))
            {
                bag.Set([new("dashboards", dashboards ??= Read())]);
            }
        }
    }

    string Read()
    {
        var files = DashboardFiles.Read(charm.CharmDir, Folder, JujuTopology.Of(charm));
        foreach (var fault in files.Faults)
        {
            Log.Error($"cannot publish a dashboard: {fault}");
        }

        return files.ToDatabag();
    }
}
