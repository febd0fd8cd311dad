using Ops.Relations.AlertRules;
using Ops.Relations.Databags;
using Ops.Relations.Topology;

namespace Ops.Relations.PrometheusScrape;

/// <summary>
/// The provider of <c>prometheus_scrape</c>: every unit tells its address, the leader the jobs and the alert rules that the
/// charm ships in <c>src/prometheus_alert_rules</c>.
/// </summary>
/// <remarks>
/// Source: prometheus_k8s lib v0 (patch 65), <c>MetricsEndpointProvider</c>. Unlike it, jobs and rules are written on
/// leader-elected and upgrade-charm as well, so that they are never those of an older charm.
/// </remarks>
public sealed class MetricsEndpointProvider : OpsObject
{
    readonly CharmBase charm;
    readonly string endpoint;
    readonly IReadOnlyList<ScrapeJob> jobs;

    /// <summary>Watches an endpoint and publishes on it.</summary>
    /// <param name="charm">The charm.</param>
    /// <param name="endpoint">Endpoint of charmcraft.yaml, with the interface <c>prometheus_scrape</c>.</param>
    /// <param name="jobs">What is to be scraped of each unit.</param>
    public MetricsEndpointProvider(CharmBase charm, string endpoint, params IReadOnlyList<ScrapeJob> jobs) : base(charm, endpoint)
    {
        this.charm = charm;
        this.endpoint = endpoint;
        this.jobs = jobs;

        var on = charm.On[endpoint];
        on.RelationJoined.Observe(OnRelationJoined);
        on.RelationChanged.Observe(OnRelationChanged);
        charm.On.LeaderElected.Observe(OnLeaderElected);
        charm.On.UpgradeCharm.Observe(OnUpgradeCharm);
        charm.On.UpdateStatus.Observe(OnUpdateStatus);
        foreach (var container in charm.Meta.Containers.Keys)
        {
            charm.On[container].PebbleReady.Observe(OnPebbleReady);
        }
    }

    void OnRelationJoined(RelationJoinedEvent e) => PublishAll();

    void OnRelationChanged(RelationChangedEvent e)
    {
        PublishAll();
        if (charm.Unit.IsLeader && e.Relation.RemoteApplication().Find("event") is { } json)
        {
            LogFaults(json);
        }
    }

    void OnLeaderElected(LeaderElectedEvent e) => PublishAll();

    void OnUpgradeCharm(UpgradeCharmEvent e) => PublishAll();

    void OnPebbleReady(PebbleReadyEvent e) => PublishAll();

    // A pod may come back with another address without any other event.
    void OnUpdateStatus(UpdateStatusEvent e) => PublishAddress();

    void PublishAll()
    {
        PublishAddress();
        var relations = Model.Relations[endpoint];
        if (relations.Count == 0 || !charm.Unit.IsLeader)
        {
            return;
        }

        var topology = JujuTopology.Of(charm);
        var rules = AlertRuleFiles.Read(Path.Combine(charm.CharmDir, "src", "prometheus_alert_rules"), topology);
        foreach (var fault in rules.Faults)
        {
            Log.Error($"cannot publish alert rules: {fault}");
        }

        var hostHealth = HostHealth.Group(topology, jobs.Where(job => job.IsOptional).Select(job => job.Name!));
        var content = new Dictionary<string, string>
        {
            ["scrape_metadata"] = JsonText.Of(topology.Metadata),
            ["scrape_jobs"] = JsonText.Of(jobs.Select(job => job.ToMap())),
            ["alert_rules"] = JsonText.Of(new Dictionary<string, object?> { ["groups"] = rules.Groups.Append(hostHealth) }),
        };
        foreach (var relation in relations)
        {
            relation.Data[charm.App].Set(content);
        }
    }

    void PublishAddress()
    {
        foreach (var relation in Model.Relations[endpoint])
        {
            var fqdn = UnitName.Fqdn;
            relation.Data[charm.Unit].Set(new Dictionary<string, string>
            {
                ["prometheus_scrape_unit_address"] = Model.GetBinding(relation).Network.BindAddress ?? fqdn,
                ["prometheus_scrape_unit_path"] = "",
                ["prometheus_scrape_unit_name"] = charm.Unit.Name,
                ["prometheus_scrape_unit_fqdn"] = fqdn,
            });
        }
    }

    void LogFaults(string json)
    {
        using var document = DatabagValue.Json(json);
        foreach (var key in (string[])["errors", "scrape_job_errors"])
        {
            if (document?.RootElement.Member(key) is { Length: > 0 } fault)
            {
                Log.Error($"Prometheus refuses what this charm publishes on \"{endpoint}\": {fault}");
            }
        }
    }
}
