using System.Text.RegularExpressions;
using Ops;
using Ops.Relations.Databags;
using Ops.Relations.PrometheusScrape;
using Pebble.Client;

namespace PrometheusK8s;

/// <summary>Operates Prometheus: scrapes related applications and evaluates their alert rules.</summary>
sealed partial class PrometheusCharm : CharmBase
{
    const int Port = 9090;
    const string Folder = "/etc/prometheus-charm";
    const string ConfigFile = Folder + "/prometheus.yml";
    const string RulesFolder = Folder + "/rules";

    readonly Container container;
    readonly MetricsEndpointConsumer metrics;

    public PrometheusCharm(Framework framework) : base(framework)
    {
        container = Containers.Prometheus;
        metrics = new MetricsEndpointConsumer(this, "metrics-endpoint");

        On.PrometheusPebbleReady.Observe(OnChange);
        On.ConfigChanged.Observe(OnChange);
        On.UpgradeCharm.Observe(OnChange);
        On.UpdateStatus.Observe(OnChange);
        On.LeaderElected.Observe(OnChange);
        On.MetricsEndpointRelationChanged.Observe(OnChange);
        On.MetricsEndpointRelationDeparted.Observe(OnChange);
        On.MetricsEndpointRelationBroken.Observe(OnChange);
        On.ValidateConfigurationAction.Observe(OnValidateConfigurationAction);
    }

    void OnChange(EventBase e) => Unit.Status = Reconcile();

    StatusBase Reconcile()
    {
        if (!container.CanConnect())
        {
            return new WaitingStatus("Waiting for Pebble");
        }

        (string Option, string Value)[] durations =
            [("metrics_retention_time", Config.MetricsRetentionTime), ("evaluation_interval", Config.EvaluationInterval)];
        if (durations.FirstOrDefault(d => !DurationPattern().IsMatch(d.Value)) is { Option: { } option })
        {
            return new BlockedStatus($"{option} must be a duration such as 1m or 15d");
        }

        container.MakeDir(RulesFolder, makeParents: true);
        var changed = WriteRules(out var faults);
        changed |= Write(ConfigFile, Configuration());
        var (code, output, errors) = Promtool("check", "config", ConfigFile);
        if (code != 0)
        {
            return new BlockedStatus($"promtool refuses the configuration: {LastLine(errors ?? output)}");
        }

        container.MakeDir("/var/lib/prometheus", makeParents: true);
        container.Exec(["chown", "prometheus:prometheus", "/var/lib/prometheus"]).Wait();
        var wasRunning = container.FindService("prometheus") is { IsRunning: true };
        container.AddLayer("prometheus", Layer, combine: true);
        container.Replan();
        if (changed && wasRunning)
        {
            // Prometheus reads its files again on SIGHUP, without a restart.
            container.SendSignal("SIGHUP", "prometheus");
        }

        Unit.SetWorkloadVersion(Version());
        return faults.Count > 0 ? new ActiveStatus($"Rules not loaded: {faults[0]}") : new ActiveStatus();
    }

    /// <summary>Makes the rule files those of the relations, each checked by promtool; true if something has changed.</summary>
    bool WriteRules(out IReadOnlyList<string> faults)
    {
        var found = new List<string>();
        var wanted = new HashSet<string>();
        var changed = false;
        foreach (var (relation, endpoint) in metrics.Endpoints)
        {
            string? ruleFault = null;
            if (endpoint.Value is { Rules: { } rules } value)
            {
                var name = $"{value.Identifier}.rules";
                var candidate = $"{Folder}/candidate.rules";
                container.Push(candidate, rules.Json, makeDirs: true);
                var (code, output, errors) = Promtool("check", "rules", candidate);
                container.RemovePath(candidate);
                if (code == 0)
                {
                    wanted.Add(name);
                    changed |= Write($"{RulesFolder}/{name}", rules.Json);
                }
                else
                {
                    ruleFault = LastLine(errors is { Length: > 0 } ? errors : output);
                    found.Add($"{relation.App?.Name}: {ruleFault}");
                }
            }

            metrics.Report(relation, endpoint.IsFaulty ? endpoint.Reason : null, ruleFault);
        }

        foreach (var file in container.ListFiles(RulesFolder).Where(f => !wanted.Contains(f.Name)))
        {
            container.RemovePath(file.Path);
            changed = true;
        }

        faults = found;
        return changed;
    }

    /// <summary>prometheus.yml, as JSON, which is YAML.</summary>
    /// <remarks>Source: https://prometheus.io/docs/prometheus/latest/configuration/configuration/</remarks>
    string Configuration()
    {
        var interval = Config.EvaluationInterval;
        var self = new Dictionary<string, object?>
        {
            ["job_name"] = "prometheus",
            ["static_configs"] = new object[] { new Dictionary<string, object?> { ["targets"] = new[] { $"localhost:{Port}" } } },
        };
        return JsonText.Readable(new Dictionary<string, object?>
        {
            ["global"] = new Dictionary<string, object?> { ["scrape_interval"] = interval, ["evaluation_interval"] = interval },
            ["rule_files"] = new[] { $"{RulesFolder}/*.rules" },
            ["scrape_configs"] = metrics.Endpoints.SelectMany(e => e.Endpoint.Value?.ScrapeConfigs ?? []).Cast<object>().Prepend(self).ToList(),
        });
    }

    void OnValidateConfigurationAction(ActionEvent e)
    {
        if (!container.CanConnect())
        {
            e.Fail("Container is not ready");
            return;
        }

        var (code, output, errors) = Promtool("check", "config", ConfigFile);
        e.SetResult("output", $"{output}{errors}".Trim());
        if (code != 0)
        {
            e.Fail("promtool refuses the configuration");
        }
    }

    (int ExitCode, string Output, string? Errors) Promtool(params string[] arguments) => container.Exec(["promtool", .. arguments]).WaitForEnd();

    bool Write(string path, string content)
    {
        if (container.Exists(path) && container.Pull(path) == content)
        {
            return false;
        }

        container.Push(path, content, makeDirs: true);
        return true;
    }

    // "prometheus, version 2.42.0+ds (branch: debian/sid, revision: ...)", on standard output or, in older ones, standard error.
    string Version()
    {
        var (output, errors) = container.Exec(["prometheus", "--version"]).WaitOutput();
        return VersionPattern().Match(output + errors).Groups[1].Value;
    }

    static string LastLine(string text) =>
        text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).LastOrDefault() ?? "";

    Layer Layer => new()
    {
        Services = new Dictionary<string, Service>
        {
            ["prometheus"] = new()
            {
                Override = "replace",
                Summary = "Prometheus",
                Command = $"prometheus --config.file={ConfigFile} --storage.tsdb.path=/var/lib/prometheus "
                    + $"--storage.tsdb.retention.time={Config.MetricsRetentionTime} --web.listen-address=:{Port}",
                Startup = "enabled",
                User = "prometheus",
                Group = "prometheus",
                KillDelay = TimeSpan.FromSeconds(10),
            },
        },
        Checks = new Dictionary<string, Check>
        {
            ["prometheus-ready"] = new() { Override = "replace", Level = "ready", Http = new($"http://localhost:{Port}/-/ready") },
        },
    };

    [GeneratedRegex("^[0-9]+(ms|s|m|h|d|w|y)$")]
    private static partial Regex DurationPattern();

    [GeneratedRegex(@"version (\d+\.\d+\.\d+)")]
    private static partial Regex VersionPattern();
}
