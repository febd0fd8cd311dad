using Ops.Relations.LokiPushApi;
using Ops.Relations.Topology;
using Pebble.Client;

namespace Ops.Relations.Tests.LokiPushApi;

public sealed class LogTargetsTests
{
    static readonly IReadOnlyDictionary<string, string> Labels =
        LogTargets.Labels(new JujuTopology("forum", "4f4ec6d6-6f4b-4d0e-8d1c-1a2b3c4d5e6f", "discourse-k8s", "discourse-k8s/0", "discourse-k8s"));

    static readonly Dictionary<string, LokiEndpoint> Loki = new() { ["loki-k8s/0"] = new("http://loki:3100/loki/api/v1/push") };

    [Fact]
    public void New_unit_gets_a_target_for_all_services()
    {
        var target = Assert.Single(LogTargets.Changes(new Dictionary<string, LogTarget>(), Loki, Labels));

        Assert.Equal(("loki-k8s/0", "loki", "http://loki:3100/loki/api/v1/push"), (target.Key, target.Value.Type, target.Value.Location));
        Assert.Equal(["all"], target.Value.Services);
        Assert.Equal("juju_forum_4f4ec6d6_discourse-k8s", target.Value.Labels["job"]);
    }

    [Fact]
    public void Settled_plan_needs_no_change() =>
        Assert.Empty(LogTargets.Changes(LogTargets.Changes(new Dictionary<string, LogTarget>(), Loki, Labels), Loki, Labels));

    [Fact]
    public void Unit_that_left_takes_nothing_any_more()
    {
        var plan = LogTargets.Changes(new Dictionary<string, LogTarget>(), Loki, Labels);

        var removed = LogTargets.Changes(plan, new Dictionary<string, LokiEndpoint>(), Labels);

        Assert.Equal(["-all"], removed["loki-k8s/0"].Services);
        Assert.Empty(LogTargets.Changes(removed, new Dictionary<string, LokiEndpoint>(), Labels));
    }

    [Fact]
    public void Targets_of_others_are_left_alone()
    {
        var plan = new Dictionary<string, LogTarget> { ["own"] = new() { Type = "syslog", Location = "tcp://a:1", Services = ["all"] } };

        Assert.Empty(LogTargets.Changes(plan, new Dictionary<string, LokiEndpoint>(), Labels));
    }
}
