using Ops.Testing;

namespace Discourse.Tests;

/// <summary>How many hook tools a dispatch calls: each is a process and a round trip to the controller, most of what an event costs.</summary>
public sealed class ToolCallTests
{
    static readonly State Settled = World.Settled(World.Settled(
        World.Ready.With(World.Nginx).With(World.Metrics).With(World.Dashboards).With(World.Logging)));

    public static TheoryData<string, Event, int> Costs => new()
    {
        { "config-changed", Event.ConfigChanged, 18 },
        { "update-status", Event.UpdateStatus, 8 },
        { "install", Event.Install, 5 },
        { "create-user", Event.Action("create-user", new Dictionary<string, object> { ["email"] = "a@b.c" }), 17 },
    };

    [Theory]
    [MemberData(nameof(Costs))]
    public void Settled_unit_calls_few_tools_and_none_twice(string name, Event e, int most)
    {
        var state = Settled.With(Settled.GetContainer("discourse") with
        {
            Execs = [new([]), new(["/srv/discourse/app/bin/bundle", "exec", "rake", "users:exists[a@b.c]"], 2)],
        });

        var calls = World.Run(e, World.Run(e, state).State).ToolCalls;

        Assert.Equal(calls.Distinct(), calls);
        Assert.True(calls.Count <= most, $"{name}: {calls.Count} calls: {string.Join(", ", calls)}");
    }
}
