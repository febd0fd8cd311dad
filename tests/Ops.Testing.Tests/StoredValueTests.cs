using System.Text.Json.Serialization;
using Ops.Testing.Tests.Parrot;

namespace Ops.Testing.Tests;

/// <summary>What a charm keeps from one dispatch to the next.</summary>
public sealed partial class StoredValueTests
{
    const string Words = "ops.stored/charm/words";

    [Fact]
    public void A_value_is_there_at_the_next_event()
    {
        var first = Run(new State(), charm => StoredValue.Number(charm, "count").Value++);
        var second = Run(first, charm => StoredValue.Number(charm, "count").Value += 10);

        Assert.Equal("11", second.StoredState["ops.stored/charm/count"]);
    }

    [Fact]
    public void Until_it_is_set_it_is_what_the_charm_says()
    {
        var seen = ("", 0L, false);

        var after = Run(new State(), charm =>
            seen = (StoredValue.Text(charm, "a", "x").Value, StoredValue.Number(charm, "b", 7).Value, StoredValue.Flag(charm, "c", true).Value));

        Assert.Equal(("x", 7, true), seen);
        Assert.Empty(after.StoredState);
    }

    [Fact]
    public void A_list_that_was_added_to_is_written()
    {
        var after = Run(new State(), charm => List(charm).Value.Add("hello"));
        after = Run(after, charm => List(charm).Value.Add("you"));

        Assert.Equal("""["hello","you"]""", after.StoredState[Words]);
    }

    [Fact]
    public void The_same_value_is_not_written_again()
    {
        var state = new State { StoredState = new Dictionary<string, string> { [Words] = """["hello"]""" } };

        var outcome = ParrotCharm.Run(Event.ConfigChanged, state, (charm, _) => List(charm).Value = ["hello"]);

        Assert.DoesNotContain(outcome.ToolCalls, call => call.StartsWith("state-set", StringComparison.Ordinal));
    }

    [Fact]
    public void Values_and_deferred_events_are_written_in_one_call()
    {
        var outcome = ParrotCharm.Run(Event.ConfigChanged, new State(), (charm, e) =>
        {
            List(charm).Value.Add("hello");
            e.Defer();
        });

        Assert.Single(outcome.ToolCalls, call => call.StartsWith("state-set", StringComparison.Ordinal));
        Assert.Single(outcome.State.Deferred);
        Assert.Equal("""["hello"]""", outcome.State.StoredState[Words]);
    }

    [Fact]
    public void A_library_has_values_of_its_own() => Assert.Equal(
        "true", Run(new State(), charm => StoredValue.Flag(charm.Chick, "seen").Value = true).StoredState["ops.stored/charm/chick/seen"]);

    [Fact]
    public void Two_values_of_one_name_are_refused() => Assert.Contains(
        "ops.stored/charm/words", Fault(new State(), charm => (List(charm), List(charm))), StringComparison.Ordinal);

    [Fact]
    public void What_is_kept_in_another_form_is_told()
    {
        var state = new State { StoredState = new Dictionary<string, string> { [Words] = "{}" } };

        Assert.StartsWith("cannot read the kept value \"ops.stored/charm/words\"", Fault(state, charm => List(charm).Value), StringComparison.Ordinal);
    }

    [Fact]
    public void More_than_Juju_takes_is_refused() => Assert.Contains(
        "Juju takes 65536", Fault(new State(), charm => StoredValue.Text(charm, "long").Value = new string('x', 70_000)), StringComparison.Ordinal);

    static StoredValue<List<string>> List(ParrotCharm charm) => new(charm, "words", WordsJson.Default.ListString, []);

    static State Run(State state, Action<ParrotCharm> told) => ParrotCharm.Run(Event.ConfigChanged, state, (charm, _) => told(charm)).State;

    static string Fault(State state, Func<ParrotCharm, object> told) =>
        Assert.Throws<UncaughtCharmException>(() => Run(state, charm => told(charm))).InnerException!.Message;

    [JsonSerializable(typeof(List<string>))]
    sealed partial class WordsJson : JsonSerializerContext;
}
