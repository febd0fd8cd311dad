using Ops.Relations.AlertRules;
using Ops.Relations.Databags;

namespace Ops.Relations.PrometheusScrape;

/// <summary>What one related application has scraped.</summary>
/// <param name="Identifier">Name among all applications of all models, fit for a file name: <c>model_uuid8_application</c>.</param>
/// <param name="ScrapeConfigs">Its entries of <c>scrape_configs</c> in prometheus.yml; <see cref="JsonText.Readable"/> makes them text.</param>
/// <param name="Rules">Its alert rules, or null if it has none.</param>
public sealed record MetricsEndpoint(
    string Identifier, IReadOnlyList<IReadOnlyDictionary<string, object?>> ScrapeConfigs, ReceivedAlertRules? Rules);

/// <summary>
/// The consumer of <c>prometheus_scrape</c>: what Prometheus is to scrape and to watch for. A charm reads it at any event
/// and makes the files of Prometheus equal to it.
/// </summary>
/// <remarks>Source: prometheus_k8s lib v0 (patch 65), <c>MetricsEndpointConsumer</c>.</remarks>
/// <param name="charm">The charm.</param>
/// <param name="endpoint">Endpoint of charmcraft.yaml, with the interface <c>prometheus_scrape</c>.</param>
public sealed class MetricsEndpointConsumer(CharmBase charm, string endpoint) : OpsObject(charm, endpoint)
{
    readonly string endpoint = endpoint;

    /// <summary>
    /// What each related application has scraped. A reading without a value is one that has written nothing yet, or
    /// something unusable; the others are scraped nevertheless.
    /// </summary>
    public IReadOnlyList<(Relation Relation, Reading<MetricsEndpoint> Endpoint)> Endpoints =>
        [.. Model.Relations[endpoint].Select(relation => (relation, Read(relation)))];

    /// <summary>
    /// Tells an application what is wrong with its jobs or its rules, which it logs; null takes it back. Does nothing unless
    /// this unit leads.
    /// </summary>
    /// <param name="relation">The relation.</param>
    /// <param name="jobFault">Why its jobs are not scraped.</param>
    /// <param name="ruleFault">Why its rules are not loaded, such as what promtool said.</param>
    public void Report(Relation relation, string? jobFault, string? ruleFault)
    {
        ArgumentNullException.ThrowIfNull(relation);
        if (!charm.Unit.IsLeader)
        {
            return;
        }

        var faults = new Dictionary<string, object?>();
        if (ruleFault is not null)
        {
            faults["valid"] = false;
            faults["errors"] = ruleFault;
        }

        if (jobFault is not null)
        {
            faults["scrape_job_errors"] = jobFault;
        }

        relation.Data[charm.App].Set([new("event", faults.Count > 0 ? JsonText.Of(faults) : "")]);
    }

    static Reading<MetricsEndpoint> Read(Relation relation)
    {
        var bag = relation.RemoteApplication();
        var topology = ScrapeMetadata.Read(bag);
        var jobs = ScrapeJobs.Read(bag);
        var rules = ReceivedAlertRules.Read(bag);
        if (topology.Value is null || jobs.Value is null)
        {
            var reason = topology.Value is null ? topology.Reason : jobs.Reason;
            return topology.IsFaulty || jobs.IsFaulty ? Reading.Faulty<MetricsEndpoint>(reason) : Reading.Missing<MetricsEndpoint>(reason);
        }

        var targets = relation.Units.Select(unit => ScrapeTarget.Read(relation.Data[unit]).Value).OfType<ScrapeTarget>();
        return rules.IsFaulty
            ? Reading.Faulty<MetricsEndpoint>(rules.Reason)
            : Reading.Of<MetricsEndpoint>(new(
                topology.Value.Identifier,
                ScrapeConfig.Of(topology.Value, jobs.Value, [.. targets.OrderBy(target => target.Unit, StringComparer.Ordinal)]),
                rules.Value));
    }
}
