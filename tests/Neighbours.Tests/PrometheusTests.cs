using Ops;
using Ops.Testing;
using PrometheusK8s;

namespace Neighbours.Tests;

public sealed class PrometheusTests
{
    const string Rules = "/etc/prometheus-charm/rules";

    static readonly Context<PrometheusCharm> Context = new();

    static readonly ContainerState Prometheus = new("prometheus") { CanConnect = true, Execs = [new([])] };

    static readonly RelationState Target = new("metrics-endpoint")
    {
        Id = 1,
        RemoteApp = "discourse-k8s",
        RemoteAppData = new Dictionary<string, string>
        {
            ["scrape_metadata"] = """{"model": "forum", "model_uuid": "12345678-0000-4000-8000-000000000000", "application": "discourse-k8s", "unit": "discourse-k8s/0", "charm_name": "discourse-k8s"}""",
            ["scrape_jobs"] = """[{"metrics_path": "/metrics", "static_configs": [{"targets": ["*:3000"]}]}]""",
            ["alert_rules"] = """{"groups": [{"name": "missing", "rules": [{"alert": "Missing", "expr": "up == 0"}]}]}""",
        },
        RemoteUnitsData = new Dictionary<int, IReadOnlyDictionary<string, string>>
        {
            [0] = new Dictionary<string, string> { ["prometheus_scrape_unit_address"] = "10.1.0.3", ["prometheus_scrape_unit_name"] = "discourse-k8s/0" },
        },
    };

    static State With(ContainerState container) => new() { Leader = true, Containers = [container], Relations = [Target] };

    static IEnumerable<string> RuleFiles(Outcome outcome) =>
        outcome.State.GetContainer("prometheus").Files.Keys.Where(path => path.StartsWith(Rules + "/", StringComparison.Ordinal));

    [Fact]
    public void A_unit_is_scraped_and_its_rules_are_loaded()
    {
        var outcome = Context.Run(Event.RelationChanged(Target), With(Prometheus));

        Assert.IsType<ActiveStatus>(outcome.State.UnitStatus);
        Assert.Contains("10.1.0.3:3000", outcome.State.GetContainer("prometheus").Files["/etc/prometheus-charm/prometheus.yml"].Content, StringComparison.Ordinal);
        Assert.Single(RuleFiles(outcome));
    }

    [Fact]
    public void Rules_that_promtool_refuses_are_left_out_and_their_owner_is_told()
    {
        var refusing = Prometheus with { Execs = [new([]), new(["promtool", "check", "rules"], 1, "", "could not parse expression: 1:4")] };

        var outcome = Context.Run(Event.RelationChanged(Target), With(refusing));

        Assert.Equal(new ActiveStatus("Rules not loaded: discourse-k8s: could not parse expression: 1:4"), outcome.State.UnitStatus);
        Assert.Empty(RuleFiles(outcome));
        Assert.Contains("could not parse", outcome.State.GetRelation(1).LocalAppData["event"], StringComparison.Ordinal);
    }

    [Fact]
    public void Rules_go_with_their_relation_and_the_server_is_not_restarted()
    {
        var settled = Context.Run(Event.RelationChanged(Target), With(Prometheus)).State;

        var outcome = Context.Run(Event.RelationBroken(Target), settled with { Relations = [settled.GetRelation(1) with { RemoteAppData = new Dictionary<string, string>(), RemoteUnitsData = new Dictionary<int, IReadOnlyDictionary<string, string>>() }] });

        Assert.Empty(RuleFiles(outcome));
        Assert.DoesNotContain(outcome.ServiceCalls, call => call.Action is Pebble.Client.ServiceAction.Restart);
    }

    [Fact]
    public void A_configuration_that_promtool_refuses_blocks()
    {
        var refusing = Prometheus with { Execs = [new([]), new(["promtool", "check", "config"], 1, "", "bad interval")] };

        var outcome = Context.Run(Event.ConfigChanged, With(refusing));

        Assert.Equal(new BlockedStatus("promtool refuses the configuration: bad interval"), outcome.State.UnitStatus);
    }
}
