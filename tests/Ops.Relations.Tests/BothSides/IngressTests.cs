using Ops.Relations.Ingress;
using Ops.Relations.NginxRoute;
using Ops.Testing;

namespace Ops.Relations.Tests.BothSides;

public sealed class IngressTests
{
    [Fact]
    public void Route_of_the_requirer_is_read_by_the_integrator()
    {
        var pair = new Pair<ProviderCharm, RequirerCharm>("nginx-route", "nginx-route").Join();

        pair.ToProvider(_ => Event.UpdateStatus, charm => Assert.Equivalent(
            new RouteRequest("forum.example", "requirer", 3000), Assert.Single(charm.Routes.Routes).Route.Value));
    }

    [Fact]
    public void Ingress_gets_the_request_and_the_units_and_gives_a_url()
    {
        var pair = new Pair<ProviderCharm, RequirerCharm>("ingress", "ingress").Join();

        pair.ToProvider(_ => Event.UpdateStatus, charm =>
        {
            var (relation, request, units) = Assert.Single(charm.Ingresses.Requests);
            Assert.Equal(new IngressRequest("testing", "requirer", 3000) { StripPrefix = true }, request.Value);
            Assert.Equal([new IngressUnit("192.0.2.0")], units);
            charm.Ingresses.Publish(relation, new IngressUrl("http://forum.example/testing-requirer"));
        });
        pair.Settle();

        Assert.Contains(pair.RequirerEvents, e => e is IngressReadyEvent);
        pair.ToRequirer(_ => Event.UpdateStatus, charm => Assert.Equal("http://forum.example/testing-requirer", charm.Ingress.Url.Value!.Url));
    }

    [Fact]
    public void Url_that_is_taken_back_is_revoked()
    {
        var pair = new Pair<ProviderCharm, RequirerCharm>("ingress", "ingress").Join();
        Publish(pair, new("http://forum.example/"));
        pair.Settle();
        pair.RequirerEvents.Clear();

        Publish(pair, null);
        pair.Settle();

        Assert.Contains(pair.RequirerEvents, e => e is IngressRevokedEvent);
    }

    [Fact]
    public void End_of_the_relation_is_revoked()
    {
        var pair = new Pair<ProviderCharm, RequirerCharm>("ingress", "ingress").Join();

        pair.ToRequirer(Event.RelationBroken);

        Assert.Contains(pair.RequirerEvents, e => e is IngressRevokedEvent);
    }

    static void Publish(Pair<ProviderCharm, RequirerCharm> pair, IngressUrl? url) => pair.ToProvider(
        _ => Event.UpdateStatus, charm => charm.Ingresses.Publish(charm.Ingresses.Requests[0].Relation, url));
}
