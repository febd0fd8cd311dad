using System.Text.Json;
using Ops.Testing;

namespace Discourse.Tests;

/// <summary>What the charm writes for its neighbours.</summary>
public sealed class PublishedTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Route_is_written_at_every_event_of_the_leader(bool isLeader)
    {
        var state = World.Settled() with { Leader = isLeader };
        state = state.With(World.Nginx with { LocalAppData = isLeader ? new Dictionary<string, string> { ["stale"] = "x" } : World.Nginx.LocalAppData });

        var bag = World.Run(Event.UpdateStatus, state).State.GetRelation("nginx-route").LocalAppData;

        Assert.Equal(
            isLeader
                ? new Dictionary<string, string>
                {
                    ["service-hostname"] = "discourse-k8s", ["service-name"] = "discourse-k8s", ["service-namespace"] = "forum",
                    ["service-port"] = "3000", ["session-cookie-max-age"] = "3600",
                }
                : [],
            bag.ToDictionary());
    }

    [Fact]
    public void Route_follows_the_option() => Assert.Equal(
        "forum.example",
        World.Run(Event.ConfigChanged, World.Settled().With(World.Nginx).WithConfig("external_hostname", "forum.example"))
            .State.GetRelation("nginx-route").LocalAppData["service-hostname"]);

    [Fact]
    public void Database_is_asked_for_with_its_secrets()
    {
        var asked = World.Run(Event.RelationCreated(World.Database), World.Ready).State.GetRelation("database");

        Assert.Equal("discourse", asked.LocalAppData["database"]);
        Assert.Equal(
            """["username", "password", "tls", "tls-ca", "uris", "read-only-uris", "entity-name", "entity-password"]""", asked.LocalAppData["requested-secrets"]);
        Assert.Equal("""["mtls-cert"]""", asked.LocalUnitData["provided-secrets"]);
    }

    [Fact]
    public void Database_databag_is_remembered_in_the_units_own()
    {
        var seen = World.Run(Event.RelationChanged(World.Database), World.Ready).State.GetRelation("database");

        Assert.Equal(
            """{"database": "discourse", "endpoints": "postgresql-k8s-primary:5432", "secret-user": "secret:d2v7kqnmp25c762p8ku0"}""",
            seen.LocalUnitData["data"]);
    }

    [Fact]
    public void Metrics_are_offered_on_both_ports()
    {
        var bag = World.Run(Event.RelationJoined(World.Metrics), World.Settled().With(World.Metrics)).State.GetRelation("metrics-endpoint");

        Assert.Equal(
            """[{"metrics_path": "/metrics", "static_configs": [{"targets": ["*:3000"]}]}, """ +
            """{"metrics_path": "/metrics", "job_name": "exporter", "static_configs": [{"targets": ["*:9394"]}]}]""",
            bag.LocalAppData["scrape_jobs"]);
        Assert.Equal("192.0.2.0", bag.LocalUnitData["prometheus_scrape_unit_address"]);
        Assert.Equal("discourse-k8s/0", bag.LocalUnitData["prometheus_scrape_unit_name"]);
    }

    [Fact]
    public void New_leader_publishes_what_the_old_one_did()
    {
        var state = World.Settled().With(World.Metrics).With(World.Dashboards).With(World.Logging);

        var after = World.Run(Event.LeaderElected, state).State;

        Assert.Contains("DiscourseTargetMissing", after.GetRelation("metrics-endpoint").LocalAppData["alert_rules"], StringComparison.Ordinal);
        Assert.Contains("file:discourse_service_health", after.GetRelation("grafana-dashboard").LocalAppData["dashboards"], StringComparison.Ordinal);
        Assert.Contains("DiscourseOutOfMemoryLogged", after.GetRelation("logging").LocalAppData["alert_rules"], StringComparison.Ordinal);
    }

    [Fact]
    public void Dashboards_are_published_once()
    {
        var state = World.Settled().With(World.Dashboards);
        var first = World.Run(Event.RelationCreated(World.Dashboards), state);

        var second = World.Run(Event.UpgradeCharm, first.State);

        Assert.Contains(first.ToolCalls, call => call.StartsWith("relation-set", StringComparison.Ordinal));
        Assert.DoesNotContain(second.ToolCalls, call => call.StartsWith("relation-set", StringComparison.Ordinal) && call.Contains("grafana", StringComparison.Ordinal));
        using var databag = JsonDocument.Parse(second.State.GetRelation("grafana-dashboard").LocalAppData["dashboards"]);
        Assert.Equal(2, databag.RootElement.GetProperty("templates").EnumerateObject().Count());
    }

    [Fact]
    public void Logs_are_forwarded_and_stop_with_the_relation()
    {
        var state = World.Settled().With(World.Logging);

        var forwarding = World.Run(Event.RelationChanged(World.Logging, 0), state).State;
        var target = forwarding.GetContainer("discourse").Plan.LogTargets["loki-k8s/0"];
        Assert.Equal(("loki", "http://loki:3100/loki/api/v1/push"), (target.Type, target.Location));
        Assert.Equal("discourse-k8s/0", target.Labels["juju_unit"]);

        var broken = World.Run(Event.RelationBroken(World.Logging), forwarding);
        Assert.Equal(["-all"], broken.State.GetContainer("discourse").Plan.LogTargets["loki-k8s/0"].Services);
        Assert.True(broken.State.IsRunning());
    }

    [Fact]
    public void Log_files_are_printed_while_somebody_takes_them()
    {
        var forwarding = World.Run(Event.RelationChanged(World.Logging, 0), World.Settled().With(World.Logging)).State;
        Assert.Contains("/srv/discourse/app/log/production.log", forwarding.GetContainer("discourse").Plan.Services["discourse-logs"].Command, StringComparison.Ordinal);
        Assert.Equal(Pebble.Client.ServiceStatus.Active, forwarding.GetContainer("discourse").Services["discourse-logs"]);

        Assert.Empty(World.Run(Event.RelationChanged(World.Logging, 0), forwarding).ServiceCalls);
        Assert.Empty(World.Run(Event.ConfigChanged, forwarding).ServiceCalls);

        var departed = World.Run(Event.RelationDeparted(World.Logging), forwarding).State;
        Assert.NotEqual(Pebble.Client.ServiceStatus.Active, departed.GetContainer("discourse").Services["discourse-logs"]);
    }

    [Fact]
    public void Image_without_the_program_that_prints_files_works_all_the_same()
    {
        var state = World.Settled().With(World.Logging);
        state = state.With(state.GetContainer("discourse") with { FailingServices = ["discourse-logs"] });

        var outcome = World.Run(Event.RelationChanged(World.Logging, 0), state);

        Assert.Contains(outcome.Logs, line => line.Level == "WARNING" && line.Message.Contains("log files", StringComparison.Ordinal));
        Assert.True(outcome.State.IsRunning());
    }

    [Fact]
    public void Forwarding_does_not_start_a_stopped_service()
    {
        var stopped = World.Run(Event.RelationBroken(World.Database), World.Settled()).State.Without("database");

        Assert.False(World.Run(Event.RelationChanged(World.Logging, 0), stopped.With(World.Logging)).State.IsRunning());
    }

    [Fact]
    public void Oauth_client_is_asked_for_by_the_leader()
    {
        var state = ConfigurationTests.Configured("oauth force_https=true external_hostname=forum.example");

        var bag = World.Run(Event.RelationCreated(World.Oauth), state).State.GetRelation("oauth").LocalAppData;

        Assert.Equal("https://forum.example/auth/oidc/callback", bag["redirect_uri"]);
        Assert.Equal("openid email", bag["scope"]);
    }
}
