using Ops.Tests.HookTools;

namespace Ops.Tests.Charm;

public sealed class DispatchTests
{
    [Fact]
    public void An_event_reaches_its_handler_with_one_tool_call()
    {
        using var agent = new FakeAgent(("JUJU_DISPATCH_PATH", "hooks/config-changed"), ("JUJU_HOOK_NAME", "config-changed"));
        List<string> seen = [];

        var code = WebCharm.Dispatch(agent, (_, e) => seen.Add(e.GetType().Name));

        Assert.Equal(0, code);
        Assert.Equal(["Made", "ConfigChangedEvent"], seen);
        Assert.Equal(["state-get|--format=json "], agent.Calls);
    }

    [Theory]
    [InlineData("hooks/config-changed", "", "ConfigChangedEvent")]
    [InlineData("", "config-changed", "ConfigChangedEvent")]
    [InlineData("./dispatch", "config-changed", "ConfigChangedEvent")]
    public void The_event_is_known_with_or_without_the_dispatch_path(string path, string hook, string expected)
    {
        using var agent = new FakeAgent(("JUJU_DISPATCH_PATH", path), ("JUJU_HOOK_NAME", hook));
        List<string> seen = [];

        WebCharm.Dispatch(agent, (_, e) => seen.Add(e.GetType().Name));

        Assert.Contains(expected, seen);
    }

    [Theory]
    [InlineData("hooks/juju-info-relation-joined")]
    [InlineData("hooks/unheard-of")]
    [InlineData("")]
    public void An_event_that_is_not_this_charms_is_no_error_and_does_nothing(string path)
    {
        using var agent = new FakeAgent(("JUJU_DISPATCH_PATH", path), ("JUJU_HOOK_NAME", ""));
        var made = false;

        Assert.Equal(0, WebCharm.Dispatch(agent, (_, _) => made = true));

        Assert.False(made);
        Assert.Equal(0, agent.CountOf("state-get"));
    }

    [Fact]
    public void An_exception_fails_the_hook_and_is_logged_with_type_message_and_stack()
    {
        using var agent = new FakeAgent(("JUJU_DISPATCH_PATH", "hooks/start"));

        var code = WebCharm.Dispatch(agent, (charm, e) =>
        {
            if (e is StartEvent)
            {
                charm.Framework.Model.App.Status.ToString();
            }
        });

        Assert.Equal(1, code);
        var log = Assert.Single(agent.Calls, c => c.StartsWith("juju-log", StringComparison.Ordinal));
        Assert.StartsWith("juju-log|--log-level|ERROR|--|Uncaught exception while in charm code: Ops.HookToolException: cannot run is-leader", log);
        Assert.Contains("   at Ops.Tests.Charm.WebCharm.OnStart", log);
    }

    [Fact]
    public void A_failed_hook_writes_no_databag_and_no_deferred_event()
    {
        using var agent = new FakeAgent(
            ("JUJU_DISPATCH_PATH", "hooks/db-relation-changed"), ("JUJU_RELATION", "db"), ("JUJU_RELATION_ID", "db:1"), ("JUJU_REMOTE_APP", "pg"));

        WebCharm.Dispatch(agent, (charm, e) =>
        {
            if (e is RelationChangedEvent changed)
            {
                changed.Relation.Data[charm.Unit]["a"] = "1";
                changed.Defer();
                throw new InvalidOperationException("no");
            }
        });

        Assert.Equal((0, 0), (agent.CountOf("relation-set"), agent.CountOf("state-set")));
    }

    [Fact]
    public void Contents_of_secrets_never_reach_the_log()
    {
        using var agent = new FakeAgent(("JUJU_DISPATCH_PATH", "hooks/start"));
        agent.Answer("secret-get", """{"password":"correct-horse","uris":"postgresql://me:correct-horse@db"}""");

        WebCharm.Dispatch(agent, (charm, e) =>
        {
            if (e is StartEvent)
            {
                var content = charm.Framework.Model.GetSecret("secret:abc").GetContent();
                charm.Framework.Log.Info($"connecting with {content["uris"]}");
                throw new InvalidOperationException($"wrong password {content["password"]}");
            }
        });

        var logs = agent.Calls.Where(c => c.StartsWith("juju-log", StringComparison.Ordinal)).ToList();
        Assert.Equal(2, logs.Count);
        Assert.DoesNotContain(logs, l => l.Contains("correct-horse", StringComparison.Ordinal));
        Assert.Contains("connecting with *****", logs[0]);
    }

    [Fact]
    public void A_variable_that_is_missing_is_named()
    {
        using var agent = new FakeAgent(("JUJU_UNIT_NAME", "web"));

        Assert.Contains("JUJU_UNIT_NAME", Assert.Throws<ModelException>(() => JujuContext.FromEnvironment(agent)).Message);
    }

    [Fact]
    public void An_action_has_its_parameters_and_gives_results()
    {
        using var agent = new FakeAgent(
            ("JUJU_DISPATCH_PATH", "actions/do-it"), ("JUJU_HOOK_NAME", ""), ("JUJU_ACTION_NAME", "do-it"), ("JUJU_ACTION_UUID", "4"));
        agent.Answer("action-get", """{"how":"gently"}""");

        var code = WebCharm.Dispatch(agent, (_, e) =>
        {
            if (e is DoItActionEvent action)
            {
                action.Log("on it");
                action.SetResults(new Dictionary<string, string> { ["done"] = action.How, ["by.whom"] = $"{action.ActionName} {action.Id} {action.How}" });
                action.Fail("not quite");
            }
        });

        Assert.Equal(0, code);
        Assert.Equal(
            ["state-get|--format=json ", "action-log|--|on it ", "action-get|--format=json ", "action-set|done=gently|by.whom=do-it 4 gently ", "action-fail|--|not quite "],
            agent.Calls);
    }

    [Theory]
    [InlineData("Upper")]
    [InlineData("-dash")]
    [InlineData("stdout")]
    public void Result_keys_that_Juju_refuses_are_refused_here(string key)
    {
        using var agent = new FakeAgent(("JUJU_DISPATCH_PATH", "actions/do-it"), ("JUJU_ACTION_NAME", "do-it"));
        Exception? error = null;

        WebCharm.Dispatch(agent, (_, e) =>
        {
            if (e is DoItActionEvent action)
            {
                error = Record.Exception(() => action.SetResult(key, "x"));
            }
        });

        Assert.Contains($"cannot set the result \"{key}\"", Assert.IsType<ArgumentException>(error).Message);
    }
}
