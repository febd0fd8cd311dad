using Ops.Tests.Charm;
using Ops.Tests.HookTools;

namespace Ops.Tests.Deferral;

/// <summary>Deferred events over several dispatches, with the unit's state in a file as the controller would keep it.</summary>
public sealed class DeferralTests : IDisposable
{
    readonly string store = Path.GetTempFileName();

    public DeferralTests() => File.WriteAllText(store, "{}");

    public void Dispose() => File.Delete(store);

    [Fact]
    public void A_deferred_event_is_given_again_before_the_next_until_it_is_not_deferred()
    {
        Assert.Equal(["ConfigChangedEvent"], Dispatch("config-changed", defer: e => e is ConfigChangedEvent));
        Assert.Equal(["ConfigChangedEvent", "StartEvent"], Dispatch("start", defer: e => e is ConfigChangedEvent));
        Assert.Equal(["ConfigChangedEvent", "StartEvent"], Dispatch("start", defer: _ => false));
        Assert.Equal(["StartEvent"], Dispatch("start", defer: _ => false));
        Assert.Equal("{}", File.ReadAllText(store));
    }

    [Fact]
    public void The_same_event_deferred_twice_waits_once()
    {
        Dispatch("config-changed", defer: _ => true);
        Assert.Equal(["ConfigChangedEvent"], Dispatch("config-changed", defer: _ => true));
        Assert.Equal(["ConfigChangedEvent", "StartEvent"], Dispatch("start", defer: _ => false));
    }

    [Fact]
    public void A_hook_that_fails_loses_nothing()
    {
        Dispatch("config-changed", defer: _ => true);

        // It is given again, done, and then the hook fails: Juju drops what the handler did, so it must be given once more.
        Assert.Equal(["ConfigChangedEvent", "StartEvent"], Dispatch("start", defer: _ => false, fail: e => e is StartEvent));
        Assert.Equal(["ConfigChangedEvent", "StartEvent"], Dispatch("start", defer: _ => false));
    }

    [Fact]
    public void A_relation_event_comes_back_with_its_relation_and_unit()
    {
        Dispatch(
            "db-relation-changed", defer: _ => true, fail: null, handled: null,
            ("JUJU_RELATION", "db"), ("JUJU_RELATION_ID", "db:7"), ("JUJU_REMOTE_APP", "pg"), ("JUJU_REMOTE_UNIT", "pg/3"));
        RelationChangedEvent? again = null;

        Dispatch("start", defer: _ => false, fail: null, handled: e => again ??= e as RelationChangedEvent);

        Assert.Equal(("db:7", "pg", "pg/3"), (again!.Relation.ToString(), again.App.Name, again.Unit!.Name));
    }

    [Fact]
    public void What_no_handler_is_left_for_is_dropped_with_a_warning()
    {
        File.WriteAllText(store, """
            {"ops.deferred":"[{\"event\":\"charm/on/config_changed\",\"observer\":\"charm\",\"method\":\"OnGone\",\"values\":{}}]","other":"kept"}
            """);

        using var agent = Agent("start");
        WebCharm.Dispatch(agent, (_, _) => { });
        Keep(agent);

        Assert.Contains(agent.Calls, c => c.Contains("WARNING|--|dropped the deferred event \"charm/on/config_changed\": this version of the charm has no charm OnGone", StringComparison.Ordinal));
        Assert.Equal("""{"other":"kept"}""", File.ReadAllText(store));
    }

    [Fact]
    public void Events_that_cannot_be_deferred_say_why()
    {
        Exception? error = null;
        using var agent = Agent("stop");

        WebCharm.Dispatch(agent, (_, e) => error ??= e is StopEvent ? Record.Exception(e.Defer) : null);

        Assert.Equal("cannot defer StopEvent: the unit may never get another event", Assert.IsType<InvalidOperationException>(error).Message);
    }

    [Fact]
    public void More_than_fits_into_one_value_is_kept_in_several()
    {
        var notices = Enumerable.Range(0, 400)
            .Select(n => new DeferredNotice("charm/on/x", "charm", "OnX", new Dictionary<string, string> { ["number"] = $"{n}", ["text"] = new string('ä', 200) }))
            .ToList();

        var texts = DeferredText.Write(notices);

        Assert.True(texts.Count > 1);
        Assert.All(texts.Values, t => Assert.True(System.Text.Encoding.UTF8.GetByteCount(t) <= 65_536));
        Assert.Equal(notices.Select(n => n.Values["number"]), DeferredText.Read(texts).Select(n => n.Values["number"]));
    }

    /// <summary>One dispatch; what it wrote to the state is kept if it succeeds.</summary>
    /// <returns>The events that were handled, in order.</returns>
    List<string> Dispatch(
        string hook, Func<EventBase, bool> defer, Func<EventBase, bool>? fail = null, Action<EventBase>? handled = null, params (string, string)[] variables)
    {
        List<string> seen = [];
        using var agent = Agent(hook, variables);
        var code = WebCharm.Dispatch(agent, (_, e) =>
        {
            if (e is WebCharm.Made)
            {
                return;
            }

            seen.Add(e.GetType().Name);
            handled?.Invoke(e);
            if (defer(e))
            {
                e.Defer();
            }

            if (fail?.Invoke(e) == true)
            {
                throw new InvalidOperationException("the hook fails");
            }
        });
        if (code == 0)
        {
            Keep(agent);
        }

        return seen;
    }

    FakeAgent Agent(string hook, params (string, string)[] variables) =>
        new FakeAgent([("JUJU_DISPATCH_PATH", $"hooks/{hook}"), .. variables]).Script("state-get", $"cat '{store}'");

    /// <summary>As the controller does it at the end of a hook that succeeded.</summary>
    void Keep(FakeAgent agent)
    {
        var values = System.Text.Json.Nodes.JsonNode.Parse(File.ReadAllText(store))!.AsObject();
        if (agent.CountOf("state-set") > 0)
        {
            foreach (var (key, value) in System.Text.Json.Nodes.JsonNode.Parse(agent.InputOf("state-set"))!.AsObject())
            {
                values[key] = value!.GetValue<string>();
            }
        }

        foreach (var call in agent.Calls.Where(c => c.StartsWith("state-delete|", StringComparison.Ordinal)))
        {
            values.Remove(call.Split('|')[1].Trim());
        }

        File.WriteAllText(store, values.ToJsonString());
    }
}
