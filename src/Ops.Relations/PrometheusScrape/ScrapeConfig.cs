using Ops.Relations.Topology;

namespace Ops.Relations.PrometheusScrape;

/// <summary>Makes what Prometheus reads under <c>scrape_configs</c> of the jobs and units of one provider.</summary>
static class ScrapeConfig
{
    static readonly string[] UnitLabels = ["juju_model", "juju_model_uuid", "juju_application", "juju_unit"];

    /// <summary>One scrape configuration per job.</summary>
    public static IReadOnlyList<IReadOnlyDictionary<string, object?>> Of(
        JujuTopology provider, ScrapeJobs jobs, IReadOnlyList<ScrapeTarget> targets)
    {
        var configs = new List<IReadOnlyDictionary<string, object?>>();
        var names = new HashSet<string>();
        foreach (var job in jobs.Jobs)
        {
            // The name that the interface gives: of the topology and, if there is one, the job's own.
            var name = $"juju_{provider.Identifier}_prometheus_scrape" + (job.GetValueOrDefault("job_name") is string own ? $"_{own}" : "");
            for (var number = 2; !names.Add(name); number++)
            {
                name = $"{name.TrimEnd("-0123456789".ToCharArray())}-{number}";
            }

            var config = new Dictionary<string, object?>(job) { ["job_name"] = name };
            config["static_configs"] = Targets(provider, job, targets);
            config["relabel_configs"] = new object?[] { InstanceLabel() }
                .Concat(job.GetValueOrDefault("relabel_configs") as IEnumerable<object?> ?? []).ToList();
            configs.Add(config);
        }

        return configs;
    }

    static List<object> Targets(JujuTopology provider, IReadOnlyDictionary<string, object?> job, IReadOnlyList<ScrapeTarget> targets)
    {
        var path = job.GetValueOrDefault("metrics_path") as string ?? "/metrics";
        var result = new List<object>();
        foreach (var config in ((IEnumerable<object?>)job["static_configs"]!).Cast<Dictionary<string, object?>>())
        {
            var extra = config.GetValueOrDefault("labels") as Dictionary<string, object?> ?? [];
            foreach (var target in ((IEnumerable<object?>)config["targets"]!).Cast<string>())
            {
                if (!target.StartsWith('*'))
                {
                    result.Add(Static(target, Labels(provider, extra)));
                    continue;
                }

                foreach (var unit in targets)
                {
                    var labels = Labels(provider, extra);
                    if (unit.Unit.Length > 0)
                    {
                        labels["juju_unit"] = unit.Unit;
                    }

                    if (unit.PathPrefix.Length > 0)
                    {
                        labels["__metrics_path__"] = unit.PathPrefix + path;
                    }

                    var host = unit.Address.Contains(':', StringComparison.Ordinal) ? $"[{unit.Address}]" : unit.Address;
                    result.Add(Static(host + target[1..], labels));
                }
            }
        }

        return result;
    }

    static Dictionary<string, object?> Labels(JujuTopology provider, Dictionary<string, object?> extra)
    {
        var labels = extra.Where(pair => pair.Value is string).ToDictionary();
        foreach (var (name, value) in provider.Labels)
        {
            labels[name] = value;
        }

        return labels;
    }

    static Dictionary<string, object?> Static(string target, Dictionary<string, object?> labels) =>
        new() { ["targets"] = new[] { target }, ["labels"] = labels };

    // The instance of a series is its unit, not an address that changes with the pod.
    static Dictionary<string, object?> InstanceLabel() => new()
    {
        ["source_labels"] = UnitLabels,
        ["separator"] = "_",
        ["regex"] = "(.*)",
        ["target_label"] = "instance",
    };
}
