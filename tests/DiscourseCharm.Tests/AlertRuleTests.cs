using System.Diagnostics;
using System.Text.Json;
using System.Text.RegularExpressions;
using Ops.Relations.AlertRules;
using Ops.Relations.Databags;
using Ops.Relations.Topology;

namespace Discourse.Tests;

/// <summary>The alert rules through Prometheus' own tool: they parse, they fire when they should and not otherwise.</summary>
public sealed class AlertRuleTests : IDisposable
{
    const string Labels =
        """juju_model="forum", juju_model_uuid="4f4ec6d6-6f4b-4d0e-8d1c-1a2b3c4d5e6f", juju_application="discourse-k8s", juju_unit="discourse-k8s/0" """;

    static readonly JujuTopology Topology = new("forum", "4f4ec6d6-6f4b-4d0e-8d1c-1a2b3c4d5e6f", "discourse-k8s", "discourse-k8s/0", "discourse-k8s");

    readonly string folder = Directory.CreateTempSubdirectory("rules-").FullName;

    static string Source => Path.Combine(AppContext.BaseDirectory, "src");

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task Rules_are_valid()
    {
        var (exitCode, output) = await Promtool("check", "rules", "--lint=all", await RuleFile());

        Assert.True(exitCode == 0, output);
        Assert.Contains("SUCCESS", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("DiscourseTargetMissing", """up{job="forum", LABELS}""", "0x30", 0)]
    [InlineData("DiscourseTargetMissing", """up{job="forum_exporter", LABELS}""", "0x30", null)]
    [InlineData("DiscourseTargetMissing", """up{job="forum", LABELS}""", "1x30", null)]
    [InlineData("DiscourseErrorRateHigh", """discourse_http_requests{status="500", LABELS}""", "0+10x30", 11)]
    [InlineData("DiscourseErrorRateHigh", """discourse_http_requests{status="200", LABELS}""", "0+10x30", null)]
    [InlineData("DiscourseLatencyHigh", """discourse_http_requests_duration_seconds_bucket{le="30", LABELS}""", "0+10x40", 20)]
    [InlineData("DiscourseLatencyHigh", """discourse_http_requests_duration_seconds_bucket{le="1", LABELS}""", "0+10x40", null)]
    [InlineData("DiscourseRequestsQueued", """discourse_queued_app_reqs{LABELS}""", "50x30", 6)]
    [InlineData("DiscourseJobQueueLatencyHigh", """discourse_sidekiq_queue_latency_seconds{queue="default", LABELS}""", "900x30", 11)]
    [InlineData("DiscourseJobQueueLatencyHigh", """discourse_sidekiq_queue_latency_seconds{queue="ultra_low", LABELS}""", "900x30", null)]
    [InlineData("DiscourseJobQueueLong", """discourse_sidekiq_jobs_enqueued{queue="default", LABELS}""", "20000x30", 16)]
    [InlineData("DiscourseJobProcessesMissing", """discourse_sidekiq_processes{LABELS}""", "0x30", 6)]
    [InlineData("DiscourseJobProcessesMissing", """discourse_sidekiq_processes{LABELS}""", "1x30", null)]
    [InlineData("DiscourseJobsFailing", """discourse_sidekiq_job_count{success="false", LABELS}""", "0+5x60", 40)]
    [InlineData("DiscourseJobsPaused", """discourse_sidekiq_paused{LABELS}""", "1x60", 40)]
    [InlineData("DiscourseDatabaseLost", """discourse_postgres_primary_available{LABELS}""", "0x30", 2)]
    [InlineData("DiscourseDatabaseLost", """discourse_postgres_primary_available{LABELS}""", "1x30", null)]
    [InlineData("DiscourseDatabaseReadOnly", """discourse_postgres_readonly_mode{LABELS}""", "1x30", 6)]
    [InlineData("DiscourseCacheLost", """discourse_redis_primary_available{type="main", LABELS}""", "0x30", 2)]
    [InlineData("DiscourseDiskAlmostFull", """discourse_tmp_dir_available_bytes{LABELS}""", "1000000x30", 11)]
    [InlineData("DiscourseDiskFillsWithinADay", """discourse_tmp_dir_available_bytes{LABELS}""", "10000000000-10000000x600", 500)]
    [InlineData("DiscourseUploadsMissing", """discourse_missing_s3_uploads{LABELS}""", "3x90", 70)]
    [InlineData("HostDown", """up{job="forum", LABELS}""", "0x30", 6)]
    [InlineData("HostDown", """up{job="forum_exporter", LABELS}""", "0x30", null)]
    public async Task Rule_fires_when_it_should(string alert, string series, string values, int? minute)
    {
        // Of promtool's test only whether the alert fires is asked: its labels and texts are free to be reworded.
        var expression = $$"""count(ALERTS{alertname="{{alert}}", alertstate="firing"}) or vector(0)""";
        var test = JsonText.Readable(new Dictionary<string, object?>
        {
            ["rule_files"] = new[] { await RuleFile() },
            ["evaluation_interval"] = "1m",
            ["tests"] = new object[]
            {
                new Dictionary<string, object?>
                {
                    ["interval"] = "1m",
                    ["input_series"] = Series(series.Replace("LABELS", Labels, StringComparison.Ordinal), values),
                    ["promql_expr_test"] = new object[]
                    {
                        new Dictionary<string, object?>
                        {
                            ["expr"] = expression,
                            ["eval_time"] = $"{minute ?? 25}m",
                            ["exp_samples"] = new object[] { new Dictionary<string, object?> { ["labels"] = "{}", ["value"] = minute is null ? 0 : 1 } },
                        },
                    },
                },
            },
        });
        var file = Path.Combine(folder, "test.yaml");
        await File.WriteAllTextAsync(file, test, TestContext.Current.CancellationToken);

        var (exitCode, output) = await Promtool("test", "rules", file);

        Assert.True(exitCode == 0, output);
    }

    [Fact]
    public async Task Queries_of_the_dashboards_are_valid()
    {
        var rules = new List<object>();
        foreach (var file in Directory.EnumerateFiles(Path.Combine(Source, "grafana_dashboards")))
        {
            using var dashboard = JsonDocument.Parse(await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken));
            foreach (var panel in dashboard.RootElement.GetProperty("panels").EnumerateArray().Where(panel => panel.GetProperty("type").GetString() is not ("row" or "logs")))
            {
                foreach (var target in panel.GetProperty("targets").EnumerateArray())
                {
                    var expression = target.GetProperty("expr").GetString()!.Replace("$__rate_interval", "5m", StringComparison.Ordinal);
                    rules.Add(new Dictionary<string, object?> { ["record"] = $"panel:{rules.Count}", ["expr"] = expression });
                }
            }
        }

        Assert.True(rules.Count > 40);
        var path = Path.Combine(folder, "queries.yaml");
        await File.WriteAllTextAsync(path, JsonText.Readable(Groups([new Dictionary<string, object?> { ["name"] = "dashboards", ["rules"] = rules }])), TestContext.Current.CancellationToken);
        var (exitCode, output) = await Promtool("check", "rules", "--lint=none", path);
        Assert.True(exitCode == 0, output);
    }

    [Fact]
    public void Every_rule_says_how_bad_it_is_and_what_to_do()
    {
        foreach (var folder in (string[])["prometheus_alert_rules", "loki_alert_rules"])
        {
            var files = AlertRuleFiles.Read(Path.Combine(Source, folder), Topology);
            Assert.Empty(files.Faults);
            Assert.NotEmpty(files.Groups);
            foreach (var rule in files.Groups.SelectMany(group => (IEnumerable<Dictionary<string, object?>>)group["rules"]!))
            {
                Assert.Contains((string)((Dictionary<string, object?>)rule["labels"]!)["severity"]!, (string[])["critical", "warning"]);
                var annotations = (Dictionary<string, object?>)rule["annotations"]!;
                Assert.NotEmpty((string)annotations["summary"]!);
                Assert.NotEmpty((string)annotations["description"]!);
                Assert.Contains("juju_application=\"discourse-k8s\"", (string)rule["expr"]!, StringComparison.Ordinal);
            }
        }
    }

    /// <summary>The rules as Prometheus gets them: what the charm writes into the databag.</summary>
    async Task<string> RuleFile()
    {
        var path = Path.Combine(folder, "rules.yaml");
        var state = World.Settled().With(World.Metrics);
        var bag = new Ops.Testing.Context<DiscourseCharm> { AppName = "discourse-k8s", ModelName = "forum", ModelUuid = Topology.ModelUuid }
            .Run(Ops.Testing.Event.RelationJoined(World.Metrics), state).State.GetRelation("metrics-endpoint").LocalAppData;
        await File.WriteAllTextAsync(path, ReceivedAlertRules.Read(bag).Value!.Json, TestContext.Current.CancellationToken);
        return path;
    }

    // A bucket of a histogram comes with those below and above it.
    static IEnumerable<object> Series(string series, string values) => series.Contains("le=\"", StringComparison.Ordinal)
        ? [Input(WithBound(series, "0.1"), "0x60"), Input(series, values), Input(WithBound(series, "+Inf"), values)]
        : [Input(series, values)];

    static Dictionary<string, object?> Input(string series, string values) => new() { ["series"] = series, ["values"] = values };

    static string WithBound(string series, string bound) => Regex.Replace(series, "le=\"[^\"]*\"", $"le=\"{bound}\"");

    static Dictionary<string, object?> Groups(IEnumerable<object> groups) => new() { ["groups"] = groups };

    static async Task<(int ExitCode, string Output)> Promtool(params string[] arguments)
    {
        var start = new ProcessStartInfo("promtool", arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        using var promtool = Process.Start(start)!;
        var output = promtool.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var error = promtool.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await promtool.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (promtool.ExitCode, await output + await error);
    }
}
