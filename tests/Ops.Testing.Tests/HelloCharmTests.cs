using Hello;
using Pebble.Client;

namespace Ops.Testing.Tests;

/// <summary>The tests that the tutorial shows.</summary>
public sealed class HelloCharmTests
{
    static readonly Context<HelloCharm> Context = new();

    [Fact]
    public void The_greeter_runs_once_its_container_can_be_reached()
    {
        var web = new ContainerState("web") { CanConnect = true };

        var outcome = Context.Run(Event.PebbleReady(web), new State { Containers = [web] }.WithConfig("greeting", "Ahoy"));

        Assert.Equal(new ActiveStatus(), outcome.State.UnitStatus);
        var after = outcome.State.GetContainer("web");
        Assert.Equal("/bin/greeter --port 8080", after.Plan.Services["web"].Command);
        Assert.Equal("Ahoy", after.Plan.Services["web"].Environment["GREETING"]);
        Assert.Equal(ServiceStatus.Active, after.Services["web"]);
    }

    [Fact]
    public void An_impossible_port_blocks()
    {
        var outcome = Context.Run(Event.ConfigChanged, new State().WithConfig("port", 70000));

        Assert.Equal(new BlockedStatus("port must be 1 to 65535, not 70000"), outcome.State.UnitStatus);
    }

    [Fact]
    public void Who_joins_the_website_is_told_where_it_is()
    {
        var website = new RelationState("website");

        var outcome = Context.Run(Event.RelationJoined(website), new State { Relations = [website] });

        Assert.Equal("8080", outcome.State.GetRelation("website").LocalUnitData["port"]);
    }

    [Fact]
    public void The_action_greets_loudly()
    {
        var outcome = Context.Run(
            Event.Action("greet", new Dictionary<string, object> { ["who"] = "Ada", ["loudly"] = true }), new State());

        Assert.Equal("HELLO, ADA!", outcome.ActionResults["greeting"]);
    }
}
