using NginxIngressIntegrator;
using Ops;
using Ops.Testing;

namespace Neighbours.Tests;

public sealed class IngressTests
{
    static readonly ContainerState Nginx = new("nginx") { CanConnect = true, Execs = [new([])] };

    static readonly RelationState Route = new("nginx-route")
    {
        Id = 1,
        RemoteApp = "discourse-k8s",
        RemoteAppData = new Dictionary<string, string> { ["service-hostname"] = "forum.example", ["service-name"] = "discourse-k8s", ["service-port"] = "3000" },
        RemoteUnitsData = new Dictionary<int, IReadOnlyDictionary<string, string>>
        {
            [0] = new Dictionary<string, string> { ["ingress-address"] = "10.1.0.3" },
            [1] = new Dictionary<string, string> { ["ingress-address"] = "10.1.0.4" },
        },
    };

    static readonly Context<NginxIngressCharm> Context = new();

    static string ConfigOf(Outcome outcome) => outcome.State.GetContainer("nginx").Files["/etc/nginx-charm/nginx.conf"].Content!;

    [Fact]
    public void A_route_leads_to_every_unit()
    {
        var outcome = Context.Run(Event.RelationChanged(Route), new State { Containers = [Nginx], Relations = [Route] });

        Assert.IsType<ActiveStatus>(outcome.State.UnitStatus);
        Assert.Contains("server 10.1.0.3:3000", ConfigOf(outcome), StringComparison.Ordinal);
        Assert.Contains("server 10.1.0.4:3000", ConfigOf(outcome), StringComparison.Ordinal);
    }

    [Fact]
    public void A_departing_unit_gets_no_more_requests()
    {
        var outcome = Context.Run(Event.RelationDeparted(Route, unit: 1, departing: "discourse-k8s/1"), new State { Containers = [Nginx], Relations = [Route] });

        Assert.DoesNotContain("10.1.0.4", ConfigOf(outcome), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("service-hostname", "a; return 200 'mine'", "is not a host name")]
    [InlineData("path-routes", "/ { } location /x", "not a path")]
    [InlineData("service-port", "80; evil", "not 1–65535")]
    public void A_hostile_databag_blocks_and_writes_nothing(string key, string value, string message)
    {
        var route = Route with { RemoteAppData = new Dictionary<string, string>(Route.RemoteAppData) { [key] = value } };

        var outcome = Context.Run(Event.RelationChanged(route), new State { Containers = [Nginx], Relations = [route] });

        Assert.Contains(message, Assert.IsType<BlockedStatus>(outcome.State.UnitStatus).Message, StringComparison.Ordinal);
        Assert.False(outcome.State.GetContainer("nginx").Files.ContainsKey("/etc/nginx-charm/nginx.conf"));
    }

    [Fact]
    public void Both_kinds_of_relation_at_once_are_refused()
    {
        RelationState ingress = new("ingress") { Id = 2 };

        var outcome = Context.Run(Event.ConfigChanged, new State { Containers = [Nginx], Relations = [Route, ingress] });

        Assert.Equal(new BlockedStatus("Both nginx-route and ingress relations found, please remove either one."), outcome.State.UnitStatus);
    }

    [Fact]
    public void Without_a_relation_it_waits()
    {
        var outcome = Context.Run(Event.PebbleReady(Nginx), new State { Containers = [Nginx] });

        Assert.Equal(new WaitingStatus("waiting for relation"), outcome.State.UnitStatus);
    }
}
