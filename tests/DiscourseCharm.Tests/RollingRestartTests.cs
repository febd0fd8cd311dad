using Ops;
using Ops.Testing;

namespace Discourse.Tests;

/// <summary>An upgrade of several units, each with its own container and databag, one at a time.</summary>
public sealed class RollingRestartTests
{
    [Fact]
    public void Single_unit_upgrades_in_one_event_and_ends_active()
    {
        var outcome = World.Run(Event.UpgradeCharm, World.Settled());

        Assert.Equal(new ActiveStatus(), outcome.State.UnitStatus);
        Assert.Equal(new ActiveStatus(), outcome.State.AppStatus);
        Assert.Equal("idle", outcome.State.GetRelation("restart").LocalAppData["<ops.model.Unit discourse-k8s/0>"]);
        Assert.Contains(new MaintenanceStatus("Executing restart operation"), outcome.UnitStatusHistory);
        Assert.Contains(new MaintenanceStatus("Beginning rolling restart"), outcome.AppStatusHistory);
    }

    [Fact]
    public void New_leader_that_gives_itself_the_lock_reconciles_once()
    {
        var settled = World.Settled();
        var waiting = settled.GetRelation("restart") with { LocalUnitData = new Dictionary<string, string> { ["state"] = "acquire" } };

        var outcome = World.Run(Event.LeaderElected, settled.With(waiting));

        Assert.Equal(["rails runner SiteSetting.force_https=false"], outcome.Commands());
        Assert.Equal(new ActiveStatus(), outcome.State.UnitStatus);
    }

    [Fact]
    public void New_container_is_set_up_by_the_upgrade()
    {
        var outcome = World.Run(Event.UpgradeCharm, World.Ready);

        Assert.True(outcome.State.IsRunning());
        Assert.Equal(new ActiveStatus(), outcome.State.UnitStatus);
    }

    [Fact]
    public void Container_that_does_not_answer_yet_is_not_called_active() => Assert.Equal(
        new WaitingStatus("Waiting for pebble"),
        World.Run(Event.UpgradeCharm, World.Ready.With(World.Container with { CanConnect = false })).State.UnitStatus);

    [Fact]
    public void Upgrade_without_peers_sets_up_at_once() =>
        Assert.True(World.Run(Event.UpgradeCharm, World.Ready.Without("restart")).State.IsRunning());

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(5)]
    public void Units_take_turns_from_the_highest_and_the_leader_last(int count)
    {
        var application = new Peers(count);
        // Kubernetes replaces pods from the highest number.
        for (var unit = count - 1; unit >= 0; unit--)
        {
            application.Dispatch(unit, _ => Event.UpgradeCharm);
        }

        application.Settle();

        Assert.Equal(Enumerable.Range(1, count - 1).Reverse().Append(0), application.Restarted);
        Assert.All(application.States, state => Assert.Equal(new ActiveStatus(), state.UnitStatus));
        Assert.Equal(new ActiveStatus(), application.States[0].AppStatus);
    }

    [Fact]
    public void Unit_that_waits_for_its_turn_says_so()
    {
        var application = new Peers(3);

        application.Dispatch(1, _ => Event.UpgradeCharm);

        Assert.Equal(new WaitingStatus("Awaiting restart operation"), application.States[1].UnitStatus);
        Assert.Empty(application.Restarted);
    }

    [Fact]
    public void Unit_that_departs_with_the_lock_keeps_nobody_waiting()
    {
        var state = World.Settled();
        var peers = state.GetRelation("restart") with
        {
            LocalAppData = new Dictionary<string, string> { ["<ops.model.Unit discourse-k8s/2>"] = "granted" },
            RemoteUnitsData = new Dictionary<int, IReadOnlyDictionary<string, string>>
            {
                [1] = new Dictionary<string, string> { ["state"] = "acquire" },
                [2] = new Dictionary<string, string> { ["state"] = "acquire" },
            },
        };

        var outcome = World.Run(Event.RelationDeparted(peers, unit: 2), state.With(peers));

        Assert.Equal("granted", outcome.State.GetRelation("restart").LocalAppData["<ops.model.Unit discourse-k8s/1>"]);
    }

    /// <summary>The units of one application, unit 0 leading, with Juju carrying their databags between them.</summary>
    sealed class Peers
    {
        readonly Queue<(int Unit, int? About)> changed = new();

        public Peers(int count)
        {
            States = [.. Enumerable.Range(0, count).Select(unit => World.Settled(World.Ready with { Leader = unit == 0 }))];
        }

        public List<State> States { get; }

        public List<int> Restarted { get; } = [];

        public void Dispatch(int unit, Func<RelationState, Event> e)
        {
            var peers = Seen(unit);
            var outcome = new Context<DiscourseCharm> { AppName = "discourse-k8s", UnitId = unit }.Run(e(peers), States[unit].With(peers));
            var now = outcome.State.GetRelation("restart");
            if (outcome.UnitStatusHistory.Contains(new MaintenanceStatus("Executing restart operation")))
            {
                Restarted.Add(unit);
            }

            foreach (var other in Enumerable.Range(0, States.Count).Where(other => other != unit))
            {
                if (!Same(now.LocalUnitData, peers.LocalUnitData))
                {
                    changed.Enqueue((other, unit));
                }

                if (!Same(now.LocalAppData, peers.LocalAppData))
                {
                    changed.Enqueue((other, null));
                }
            }

            States[unit] = outcome.State;
        }

        public void Settle()
        {
            for (var events = 0; changed.TryDequeue(out var next); events++)
            {
                Assert.True(events < 500, "the units do not come to rest");
                Dispatch(next.Unit, peers => Event.RelationChanged(peers, next.About));
            }
        }

        RelationState Seen(int unit) => States[unit].GetRelation("restart") with
        {
            LocalAppData = States[0].GetRelation("restart").LocalAppData,
            RemoteUnitsData = Enumerable.Range(0, States.Count).Where(other => other != unit)
                .ToDictionary(other => other, other => States[other].GetRelation("restart").LocalUnitData),
        };

        static bool Same(IReadOnlyDictionary<string, string> a, IReadOnlyDictionary<string, string> b) =>
            a.Count == b.Count && a.All(pair => b.GetValueOrDefault(pair.Key) == pair.Value);
    }
}
