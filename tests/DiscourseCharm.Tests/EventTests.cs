using Ops;
using Ops.Testing;

namespace Discourse.Tests;

/// <summary>Each event in each state of the integrations, on the leader and on another unit, by what the unit is afterwards.</summary>
public sealed class EventTests
{
    static readonly Dictionary<string, (State State, StatusBase? Status, bool Runs)> States = new()
    {
        ["nothing related"] = (World.Ready.Without("database").Without("redis"), new WaitingStatus("Waiting for database relation"), false),
        ["no database"] = (World.Ready.Without("database"), new WaitingStatus("Waiting for database relation"), false),
        ["database without data"] = (
            World.Ready.With(World.Database with { RemoteAppData = new Dictionary<string, string>() }), new WaitingStatus("Waiting for database relation"), false),
        ["secret not granted"] = (World.Ready with { Secrets = [] }, new WaitingStatus("Waiting for database relation"), false),
        ["endpoints malformed"] = (
            World.Ready.With(World.Database.WithRemoteApp("endpoints", "no port")), new WaitingStatus("Waiting for database relation"), false),
        ["no redis"] = (World.Ready.Without("redis"), new WaitingStatus("Waiting for redis relation"), false),
        ["redis without a unit"] = (
            World.Ready.With(World.Redis with { RemoteUnitsData = World.Units() }), new WaitingStatus("Waiting for redis relation"), false),
        ["redis with an empty bag"] = (
            World.Ready.With(World.Redis with { RemoteUnitsData = World.Units(new Dictionary<string, string>()) }),
            new WaitingStatus("Waiting for redis relation"), false),
        ["redis without a port"] = (
            World.Ready.With(World.Redis with { RemoteUnitsData = World.Units(new Dictionary<string, string> { ["hostname"] = "a" }) }),
            new WaitingStatus("Waiting for redis relation to initialize"), false),
        ["redis malformed"] = (
            World.Ready.With(World.Redis with { RemoteUnitsData = World.Units(new Dictionary<string, string> { ["hostname"] = "a", ["port"] = "x" }) }),
            new WaitingStatus("Waiting for redis relation to initialize"), false),
        ["container unreachable"] = (World.Ready.With(World.Container with { CanConnect = false }), null, false),
        ["ready"] = (World.Ready, new ActiveStatus(), true),
        ["settled"] = (World.Settled(), new ActiveStatus(), true),
        ["option wrong"] = (
            World.Ready.WithConfig("throttle_level", "extreme"), new BlockedStatus("throttle_level must be one of: none permissive strict"), false),
    };

    /// <summary>Events after which the unit must be what its state allows.</summary>
    static readonly Dictionary<string, Func<State, Event?>> Reconciling = new()
    {
        ["start"] = _ => Event.Start,
        ["config-changed"] = _ => Event.ConfigChanged,
        ["pebble-ready"] = state => state.GetContainer("discourse") is { CanConnect: true } container ? Event.PebbleReady(container) : null,
        ["secret-changed"] = state => state.Secrets is [var secret, ..] ? Event.SecretChanged(secret) : null,
        ["database-changed"] = state => On(state, "database", relation => relation.RemoteAppData.Count > 0 ? Event.RelationChanged(relation) : null),
        ["redis-joined"] = state => On(state, "redis", relation => relation.RemoteUnitsData.Count > 0 ? Event.RelationJoined(relation) : null),
        ["redis-changed"] = state => On(state, "redis", relation => relation.RemoteUnitsData.Count > 0 ? Event.RelationChanged(relation, 0) : null),
    };

    /// <summary>Events that are of no concern to the workload.</summary>
    static readonly Dictionary<string, Func<State, Event?>> Indifferent = new()
    {
        ["install"] = _ => Event.Install,
        ["update-status"] = _ => Event.UpdateStatus,
        ["leader-elected"] = _ => Event.LeaderElected,
        ["database-created"] = state => On(state, "database", relation => Event.RelationCreated(relation)),
        ["database-joined"] = state => On(state, "database", relation => Event.RelationJoined(relation)),
        ["stop"] = _ => Event.Stop,
        ["remove"] = _ => Event.Remove,
    };

    /// <summary>Integrations that the forum does not need: what happens to them is published, and the workload goes on as it is.</summary>
    static readonly RelationState[] Neighbours = [World.Nginx, World.Metrics, World.Dashboards];

    static readonly Dictionary<string, Func<RelationState, Event>> RelationEvents = new()
    {
        ["created"] = Event.RelationCreated,
        ["joined"] = relation => Event.RelationJoined(relation, 0),
        ["changed"] = relation => Event.RelationChanged(relation),
        ["unit-changed"] = relation => Event.RelationChanged(relation, 0),
        ["departed"] = relation => Event.RelationDeparted(relation, 0),
        ["broken"] = Event.RelationBroken,
    };

    public static TheoryData<string, string, bool> Cases() => Combine(Reconciling);

    public static TheoryData<string, string, string, bool> NeighbourCases()
    {
        var cases = new TheoryData<string, string, string, bool>();
        foreach (var state in States.Keys)
        {
            foreach (var neighbour in Neighbours)
            {
                foreach (var kind in RelationEvents.Keys)
                {
                    cases.Add(state, neighbour.Endpoint, kind, true);
                    cases.Add(state, neighbour.Endpoint, kind, false);
                }
            }
        }

        return cases;
    }

    public static TheoryData<string, string, bool> IndifferentCases() => Combine(Indifferent);

    [Theory]
    [MemberData(nameof(Cases))]
    public void Event_leaves_the_unit_as_its_integrations_allow(string state, string name, bool isLeader)
    {
        var (start, status, runs) = States[state];
        start = start with { Leader = isLeader };
        if (Reconciling[name](start) is not { } e)
        {
            return;
        }

        var outcome = World.Run(e, start);

        Assert.Equal(status ?? start.UnitStatus, outcome.State.UnitStatus);
        Assert.Equal(runs, outcome.State.IsRunning());
        Assert.Equal(runs, outcome.State.IsSetUp() && outcome.State.HasService());
        Assert.Equal(start.AppStatus, outcome.State.AppStatus);
    }

    [Theory]
    [MemberData(nameof(IndifferentCases))]
    public void Event_of_no_concern_changes_nothing(string state, string name, bool isLeader)
    {
        var start = States[state].State with { Leader = isLeader };

        if (Indifferent[name](start) is not { } e)
        {
            return;
        }

        var outcome = World.Run(e, start);

        Assert.Empty(outcome.Execs);
        Assert.Empty(outcome.ServiceCalls);
        Assert.Equal(start.UnitStatus, outcome.State.UnitStatus);
    }

    [Theory]
    [MemberData(nameof(NeighbourCases))]
    public void Event_of_a_neighbour_leaves_the_workload_alone(string state, string endpoint, string kind, bool isLeader)
    {
        var relation = Neighbours.Single(neighbour => neighbour.Endpoint == endpoint) with
        {
            RemoteUnitsData = kind is "created" or "broken" ? World.Units() : World.Units(new Dictionary<string, string>()),
        };
        var start = States[state].State.With(relation) with { Leader = isLeader };

        var outcome = World.Run(RelationEvents[kind](relation), start);

        Assert.Empty(outcome.Execs);
        Assert.Empty(outcome.ServiceCalls);
        Assert.Equal(start.UnitStatus, outcome.State.UnitStatus);
        Assert.Equal(start.HasService(), outcome.State.HasService());
        Assert.All(
            outcome.State.Relations.Where(other => other.Endpoint == endpoint),
            published => Assert.True(isLeader || published.LocalAppData.Count == 0));
    }

    [Fact]
    public void First_configuration_migrates_starts_and_tells_the_version()
    {
        var outcome = World.Run(Event.ConfigChanged, World.Ready);

        Assert.Equal(
            ["bundle exec rake --trace db:migrate", "rails runner puts Discourse::VERSION::STRING", "rails runner SiteSetting.force_https=false"],
            outcome.Commands());
        Assert.Equal("2026.1.7", outcome.State.WorkloadVersion);
        Assert.Equal(
            [new UnknownStatus(), new MaintenanceStatus("Executing migrations"), new ActiveStatus()], outcome.UnitStatusHistory);
        Assert.All(outcome.Execs, exec =>
        {
            Assert.Equal(("_daemon_", "/srv/discourse/app"), (exec.Options.User, exec.Options.WorkingDir));
            Assert.Equal(outcome.State.Environment(), exec.Options.Environment);
        });
    }

    [Fact]
    public void Settled_unit_is_not_restarted()
    {
        var outcome = World.Run(Event.ConfigChanged, World.Settled());

        Assert.Empty(outcome.ServiceCalls);
        Assert.Equal(["rails runner SiteSetting.force_https=false"], outcome.Commands());
    }

    [Fact]
    public void Failing_migration_fails_the_hook_and_leaves_no_flag()
    {
        var state = World.Ready.With(World.Container with { Execs = [new([], ExitCode: 1, ErrorOutput: "rake aborted!")] });

        Assert.IsType<Pebble.Client.ExecException>(Assert.Throws<UncaughtCharmException>(() => World.Run(Event.ConfigChanged, state)).InnerException);
    }

    [Theory]
    [InlineData("database", "Waiting for database relation")]
    [InlineData("redis", "Waiting for redis relation")]
    public void Broken_relation_stops_the_service_and_keeps_the_plan(string endpoint, string message)
    {
        var settled = World.Settled();

        var outcome = World.Run(Event.RelationBroken(settled.GetRelation(endpoint)), settled);

        Assert.Equal(new WaitingStatus(message), outcome.State.UnitStatus);
        Assert.False(outcome.State.IsRunning());
        Assert.True(outcome.State.HasService() && outcome.State.IsSetUp());
        Assert.True(World.Run(Event.ConfigChanged, outcome.State).State.IsRunning());
    }

    [Fact]
    public void Wrong_option_leaves_the_service_running_as_it_was()
    {
        var settled = World.Settled();

        var outcome = World.Run(Event.ConfigChanged, settled.WithConfig("max_category_nesting", 5));

        Assert.IsType<BlockedStatus>(outcome.State.UnitStatus);
        Assert.True(outcome.State.IsRunning());
        Assert.Equal("2", outcome.State.Environment()["DISCOURSE_MAX_CATEGORY_NESTING"]);
    }

    [Fact]
    public void Moved_primary_is_migrated_and_used()
    {
        var settled = Seen(World.Settled());
        var moved = settled.With(settled.GetRelation("database").WithRemoteApp("endpoints", "other:5432"));

        var outcome = World.Run(Event.RelationChanged(moved.GetRelation("database")), moved);

        Assert.Contains(outcome.EmittedEvents, e => e is ConfigChangedEvent);
        Assert.Contains("bundle exec rake --trace db:migrate", outcome.Commands());
        Assert.Equal("other", outcome.State.Environment()["DISCOURSE_DB_HOST"]);
        Assert.Equal(new ActiveStatus(), outcome.State.UnitStatus);
    }

    [Fact]
    public void Rotated_password_reaches_the_service()
    {
        var settled = World.Settled() with
        {
            Secrets = [World.Secret with { Revision = 2, LatestContent = new Dictionary<string, string> { ["username"] = "relation_id_1", ["password"] = "neu" } }],
        };

        var outcome = World.Run(Event.SecretChanged(settled.Secrets[0]), settled);

        Assert.Equal("neu", outcome.State.Environment()["DISCOURSE_DB_PASSWORD"]);
        Assert.Contains(outcome.ServiceCalls, call => call.Service == "discourse");
    }

    [Fact]
    public void Nothing_secret_is_logged()
    {
        var outcome = World.Run(Event.ConfigChanged, World.Ready.WithConfig("smtp_password", "postgeheim"));

        Assert.DoesNotContain(outcome.Logs, line => line.Message.Contains("geheim", StringComparison.Ordinal));
    }

    /// <summary>The unit has seen the database as it is: only what changes from now on is new.</summary>
    static State Seen(State state) => World.Run(Event.RelationChanged(state.GetRelation("database")), state).State;

    static Event? On(State state, string endpoint, Func<RelationState, Event?> make) =>
        state.Relations.FirstOrDefault(relation => relation.Endpoint == endpoint) is { } relation ? make(relation) : null;

    static TheoryData<string, string, bool> Combine(Dictionary<string, Func<State, Event?>> events)
    {
        var cases = new TheoryData<string, string, bool>();
        foreach (var state in States.Keys)
        {
            foreach (var e in events.Keys)
            {
                cases.Add(state, e, true);
                cases.Add(state, e, false);
            }
        }

        return cases;
    }
}
