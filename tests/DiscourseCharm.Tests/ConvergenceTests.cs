using FsCheck;
using FsCheck.Fluent;
using Ops.Testing;

namespace Discourse.Tests;

/// <summary>Whatever order the parts of a model come in, and however often, the unit ends in the same place.</summary>
public sealed class ConvergenceTests
{
    /// <summary>A step of the world, and the event that tells the unit of it.</summary>
    static readonly (string Name, Func<State, State> Change, Func<State, Event> Tell)[] Steps =
    [
        ("database", state => Related(state, World.Database) with { Secrets = [World.Secret] },
            state => Event.RelationChanged(state.GetRelation("database"))),
        ("redis", state => Related(state, World.Redis), state => Event.RelationChanged(state.GetRelation("redis"), 0)),
        ("container", state => state.With(state.GetContainer("discourse") with { CanConnect = true }),
            state => Event.PebbleReady(state.GetContainer("discourse"))),
        ("host name", state => state.WithConfig("external_hostname", "forum.example"), _ => Event.ConfigChanged),
        ("https", state => state.WithConfig("force_https", true), _ => Event.ConfigChanged),
        ("nesting", state => state.WithConfig("max_category_nesting", 3), _ => Event.ConfigChanged),
        ("leader", state => state with { Leader = true }, _ => Event.LeaderElected),
        ("oauth", state => Related(state, World.Oauth), state => Event.RelationChanged(state.GetRelation("oauth"))),
        ("saml", state => Related(state, World.Saml), state => Event.RelationChanged(state.GetRelation("saml"))),
        ("logging", state => Related(state, World.Logging), state => Event.RelationChanged(state.GetRelation("logging"), 0)),
        ("start", state => state, _ => Event.Start),
        ("update-status", state => state, _ => Event.UpdateStatus),
    ];

    static readonly State Nothing = new()
    {
        Relations = [World.Peers],
        Containers = [World.Container with { CanConnect = false }],
    };

    [Fact]
    public void Any_order_of_events_ends_in_the_same_plan()
    {
        var expected = Play(Enumerable.Range(0, Steps.Length));

        Prop.ForAll<int>(seed => Describe(Play(Shuffled(seed))) == Describe(expected)).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Repeated_and_lost_events_end_in_the_same_plan()
    {
        var expected = Play(Enumerable.Range(0, Steps.Length));

        Prop.ForAll<int>(seed =>
        {
            // Each step happens, the event that tells of it may come twice or never; Juju always ends with one of these.
            var random = new Random(seed);
            var state = Nothing;
            foreach (var step in Shuffled(seed))
            {
                state = Steps[step].Change(state);
                for (var times = random.Next(3); times > 0; times--)
                {
                    state = World.Run(Steps[step].Tell(state), state).State;
                }
            }

            state = World.Run(Event.ConfigChanged, state).State;
            state = World.Run(Event.RelationChanged(state.GetRelation("logging"), 0), state).State;
            return Describe(state) == Describe(expected);
        }).QuickCheckThrowOnFailure();
    }

    static State Play(IEnumerable<int> order) => order.Aggregate(Nothing, (state, step) =>
    {
        var changed = Steps[step].Change(state);
        return World.Run(Steps[step].Tell(changed), changed).State;
    });

    static int[] Shuffled(int seed)
    {
        var order = Enumerable.Range(0, Steps.Length).ToArray();
        new Random(seed).Shuffle(order);
        return order;
    }

    /// <summary>All that matters of where the unit ended.</summary>
    static string Describe(State state)
    {
        var container = state.GetContainer("discourse");
        var environment = string.Join('\n', state.Environment().OrderBy(pair => pair.Key, StringComparer.Ordinal));
        var targets = string.Join('\n', container.Plan.LogTargets.Select(target => $"{target.Key} {target.Value.Location}"));
        return $"{state.UnitStatus} {state.IsRunning()} {state.IsSetUp()} {state.WorkloadVersion}\n{environment}\n{targets}";
    }

    static State Related(State state, RelationState relation) => state.Without(relation.Endpoint).With(relation);
}
