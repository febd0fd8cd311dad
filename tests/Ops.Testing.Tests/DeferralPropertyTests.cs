using FsCheck;
using FsCheck.Fluent;
using Ops.Testing.Tests.Parrot;

namespace Ops.Testing.Tests;

/// <summary>Deferral over any sequence of dispatches: nothing is lost, nothing is given twice, the oldest comes first.</summary>
public sealed class DeferralPropertyTests
{
    static readonly Event[] Events = [Event.ConfigChanged, Event.Start, Event.UpdateStatus, Event.LeaderElected];

    [Fact]
    public void Deferred_events_are_given_exactly_as_a_queue_says()
    {
        var dispatches = (from kind in Gen.Choose(0, Events.Length - 1) from defers in Gen.Choose(0, 1).ListOf(Events.Length) select (kind, defers)).ListOf();

        Prop.ForAll(dispatches.ToArbitrary(), Behaves).QuickCheckThrowOnFailure();
    }

    /// <summary>Each dispatch is an event, and for each kind of event whether its handler defers this time.</summary>
    static bool Behaves(List<(int Kind, List<int> Defers)> dispatches)
    {
        var state = new State();
        List<string> queue = [];
        foreach (var (kind, flags) in dispatches)
        {
            var defers = flags;
            List<string> given = [];

            state = ParrotCharm.Run(Events[kind], state, (_, e) =>
            {
                given.Add(NameOf(e));
                if (defers[IndexOf(NameOf(e))] == 1)
                {
                    e.Defer();
                }
            }).State;

            // The model: the queue in its order, then the event; but not again if it waits still, having just been given.
            var expected = queue.ToList();
            var waiting = queue.Where(name => defers[IndexOf(name)] == 1).ToList();
            var now = Events[kind].Name;
            if (!waiting.Contains(now))
            {
                expected.Add(now);
                if (defers[kind] == 1)
                {
                    waiting.Add(now);
                }
            }

            queue = waiting;
            if (!given.SequenceEqual(expected) || !state.Deferred.Select(d => d.Name).SequenceEqual(queue))
            {
                return false;
            }
        }

        return true;
    }

    static int IndexOf(string name) => Array.FindIndex(Events, e => e.Name == name);

    static string NameOf(EventBase e) => e switch
    {
        ConfigChangedEvent => "config_changed",
        StartEvent => "start",
        UpdateStatusEvent => "update_status",
        _ => "leader_elected",
    };
}
