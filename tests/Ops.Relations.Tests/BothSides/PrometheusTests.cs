using Ops.Relations.Databags;
using Ops.Testing;

namespace Ops.Relations.Tests.BothSides;

public sealed class PrometheusTests
{
    [Fact]
    public void Consumer_scrapes_every_unit_with_its_labels()
    {
        var pair = new Pair<ProviderCharm, RequirerCharm>("metrics-endpoint", "metrics-endpoint").Join();

        pair.ToRequirer(_ => Event.UpdateStatus, charm =>
        {
            var endpoint = Assert.Single(charm.Metrics.Endpoints).Endpoint.Value!;
            Assert.Equal("testing_3f4c5d6e_provider", endpoint.Identifier);
            var config = JsonText.Of(endpoint.ScrapeConfigs);
            Assert.Contains("\"targets\": [\"192.0.2.0:3000\"]", config, StringComparison.Ordinal);
            Assert.Contains("\"juju_unit\": \"provider/0\"", config, StringComparison.Ordinal);
            Assert.Contains("HostDown", endpoint.Rules!.Json, StringComparison.Ordinal);
        });
    }

    [Fact]
    public void Fault_is_told_to_the_provider_which_logs_it()
    {
        var pair = new Pair<ProviderCharm, RequirerCharm>("metrics-endpoint", "metrics-endpoint").Join();

        pair.ToRequirer(_ => Event.UpdateStatus, charm => charm.Metrics.Report(charm.Metrics.Endpoints[0].Relation, null, "bad expression"));

        var outcome = pair.ToProvider(relation => Event.RelationChanged(relation));
        Assert.Contains(outcome.Logs, line => line.Level == "ERROR" && line.Message.Contains("bad expression", StringComparison.Ordinal));

        pair.ToRequirer(_ => Event.UpdateStatus, charm => charm.Metrics.Report(charm.Metrics.Endpoints[0].Relation, null, null));
        Assert.DoesNotContain("event", pair.AtRequirer.LocalAppData.Keys);
    }

    [Fact]
    public void Application_that_has_written_nothing_is_waited_for()
    {
        var pair = new Pair<ProviderCharm, RequirerCharm>("metrics-endpoint", "metrics-endpoint");

        pair.ToRequirer(_ => Event.UpdateStatus, charm =>
        {
            var reading = Assert.Single(charm.Metrics.Endpoints).Endpoint;
            Assert.Null(reading.Value);
            Assert.False(reading.IsFaulty);
        });
    }
}
