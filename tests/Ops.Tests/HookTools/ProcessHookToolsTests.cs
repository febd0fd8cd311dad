namespace Ops.Tests.HookTools;

public sealed class ProcessHookToolsTests : IDisposable
{
    readonly FakeAgent agent = new();

    public void Dispose() => agent.Dispose();

    [Fact]
    public void Config_keeps_the_types_of_its_options()
    {
        agent.Answer("config-get", """{"name":"Polly","age":3,"volume":0.5,"tame":true,"nickname":null}""");

        var config = agent.Tools().ConfigGet();

        Assert.Equal(new Dictionary<string, object> { ["name"] = "Polly", ["age"] = 3L, ["volume"] = 0.5, ["tame"] = true }, config);
        Assert.Equal(["config-get|--format=json "], agent.Calls);
    }

    [Theory]
    [InlineData("true", true)]
    [InlineData("false", false)]
    public void Leadership_is_a_json_boolean(string answer, bool leads) =>
        Assert.Equal(leads, agent.Answer("is-leader", answer + "\n").Tools().IsLeader());

    [Fact]
    public void Relations_are_read_by_id_unit_and_application()
    {
        agent.Answer("relation-ids", """["db:1","db:7"]""").Answer("relation-list", """["pg/0"]""").Answer("relation-get", """{"a":"1"}""");
        var tools = agent.Tools();

        Assert.Equal(["db:1", "db:7"], tools.RelationIds("db"));
        Assert.Equal(["pg/0"], tools.RelationList("db:1"));
        Assert.Equal("1", tools.RelationGet("db:1", "pg/0", app: false)["a"]);
        Assert.Equal("1", tools.RelationGet("db:1", "pg", app: true)["a"]);

        Assert.Equal(
            [
                "relation-ids|db|--format=json ",
                "relation-list|--format=json|-r|db:1 ",
                "relation-get|--format=json|-r|db:1|-|pg/0 ",
                "relation-get|--format=json|-r|db:1|--app|-|pg ",
            ],
            agent.Calls);
    }

    [Fact]
    public void A_relation_is_written_as_json_on_standard_input()
    {
        agent.Tools().RelationSet("db:1", app: true, new Dictionary<string, string> { ["a"] = "x\n\"y\"", ["gone"] = "" });

        Assert.Equal(["relation-set|-r|db:1|--app|--file|- "], agent.Calls);
        Assert.Equal("""{"a":"x\n\u0022y\u0022","gone":""}""", agent.InputOf("relation-set"));
    }

    [Theory]
    [InlineData("relation-list")]
    [InlineData("relation-get")]
    public void A_relation_that_is_gone_is_told_apart(string tool)
    {
        agent.Refuse(tool, 2, "ERROR invalid value \"db:9\" for option -r: relation not found");
        var tools = agent.Tools();

        var error = Assert.Throws<RelationNotFoundException>(
            () => tool == "relation-list" ? (object)tools.RelationList("db:9") : tools.RelationGet("db:9", "pg/0", app: false));

        Assert.Contains("relation not found", error.Message);
    }

    [Fact]
    public void Any_other_refusal_carries_the_tool_its_exit_code_and_its_words()
    {
        agent.Refuse("relation-get", 1, "ERROR permission denied");

        var error = Assert.Throws<HookToolException>(() => agent.Tools().RelationGet("db:1", "pg", app: true));

        Assert.Equal(("relation-get", 1, "ERROR permission denied"), (error.Tool, error.ExitCode, error.Error));
    }

    [Fact]
    public void A_tool_that_is_not_there_is_named()
    {
        var error = Assert.Throws<HookToolException>(() => agent.Tools().ResourceGet("image"));

        Assert.Contains("resource-get", error.Message);
        Assert.Contains("not on PATH", error.Message);
    }

    [Fact]
    public void A_tool_that_is_killed_has_the_exit_code_of_a_shell()
    {
        agent.Script("is-leader", "kill -KILL $$");

        Assert.Equal(137, Assert.Throws<HookToolException>(() => agent.Tools().IsLeader()).ExitCode);
    }

    [Fact]
    public void Output_that_is_not_json_is_an_error_of_the_tool()
    {
        agent.Answer("relation-ids", "oops");

        Assert.Contains("cannot read what it wrote", Assert.Throws<HookToolException>(() => agent.Tools().RelationIds("db")).Message);
    }

    [Fact]
    public void Outputs_and_inputs_of_any_size_pass()
    {
        var big = new string('x', 1_000_000);
        agent.Answer("relation-get", $$"""{"big":"{{big}}"}""");
        var tools = agent.Tools();

        Assert.Equal(big, tools.RelationGet("db:1", "pg/0", app: false)["big"]);
        tools.RelationSet("db:1", app: false, new Dictionary<string, string> { ["big"] = big });

        Assert.Equal($$"""{"big":"{{big}}"}""", agent.InputOf("relation-set"));
    }

    [Theory]
    [InlineData(false, "status-set|--application=False|active|--| ")]
    [InlineData(true, "status-set|--application=True|active|--| ")]
    public void A_status_goes_behind_the_dashes_even_if_it_is_empty(bool app, string call)
    {
        agent.Tools().StatusSet(app, "active", "");

        Assert.Equal([call], agent.Calls);
    }

    [Fact]
    public void The_status_of_unit_and_application_is_read()
    {
        agent.Script("status-get", """
            case "$*" in
              *=True*) echo '{"application-status":{"message":"a","status":"blocked","status-data":{},"units":{}}}' ;;
              *) echo '{"message":"u","status":"waiting","status-data":{}}' ;;
            esac
            """);

        Assert.Equal(new BlockedStatus("a"), agent.Tools().StatusGet(app: true));
        Assert.Equal(new WaitingStatus("u"), agent.Tools().StatusGet(app: false));
    }

    [Fact]
    public void The_network_of_a_relation_is_read()
    {
        agent.Answer("network-get", """
            {"bind-addresses":[{"mac-address":"","interface-name":"eth0","addresses":[{"hostname":"","value":"10.1.0.5","cidr":"10.1.0.0/16"}]}],
             "egress-subnets":["10.152.183.7/32"],"ingress-addresses":["10.152.183.7"]}
            """);

        var network = agent.Tools().NetworkGet("db", 4);

        Assert.Equal(("10.1.0.5", "10.152.183.7"), (network.BindAddress, network.IngressAddress));
        Assert.Equal(["network-get|--format=json|-r|4|db "], agent.Calls);
    }

    [Fact]
    public void Ports_have_the_forms_of_the_tools()
    {
        agent.Answer("opened-ports", """["80/tcp","8080-8088/udp","icmp","443/tcp (*)"]""");

        Assert.Equal([Port.Tcp(80), new Port("udp", 8080, 8088), new Port("icmp", null), Port.Tcp(443)], agent.Tools().OpenedPorts());
        Assert.Equal(["80/tcp", "8080-8088/udp", "icmp"], new[] { Port.Tcp(80), new Port("udp", 8080, 8088), new Port("icmp", null) }.Select(p => p.ToString()));
    }

    [Fact]
    public void Values_of_a_secret_are_in_files_and_not_on_the_command_line()
    {
        agent.Script("secret-add", $$"""
            for argument in "$@"; do case "$argument" in *'#file='*) cat "${argument#*=}" > '{{agent.Folder}}/value' ;; esac; done
            echo secret:d2v7kqnmp25c762p8ku0
            """);

        var id = agent.Tools().SecretAdd(
            new Dictionary<string, string> { ["password"] = "correct-horse" }, new SecretOptions { Label = "l", Rotate = SecretRotate.Daily }, app: true);

        Assert.Equal("secret:d2v7kqnmp25c762p8ku0", id);
        Assert.Equal("correct-horse", File.ReadAllText(Path.Combine(agent.Folder, "value")));
        var call = Assert.Single(agent.Calls);
        Assert.StartsWith("secret-add|--label|l|--rotate|daily|--owner|application|password#file=", call);
        Assert.DoesNotContain("correct-horse", call);
        Assert.False(File.Exists(call.Split("#file=")[1].Trim()));
    }

    [Fact]
    public void An_unknown_secret_is_told_apart()
    {
        agent.Refuse("secret-get", 1, "ERROR secret \"x\" not found");

        Assert.Throws<SecretNotFoundException>(() => agent.Tools().SecretGet(null, "x", SecretGetMode.Tracked));
        Assert.Equal(["secret-get|--format=json|--label|x "], agent.Calls);
    }

    [Fact]
    public void A_secret_that_was_not_granted_is_another_error()
    {
        agent.Refuse("secret-get", 1, "ERROR permission denied");

        Assert.Throws<HookToolException>(() => agent.Tools().SecretGet("secret:abc", null, SecretGetMode.Refresh));
    }

    [Fact]
    public void What_an_owner_knows_of_a_secret_is_read()
    {
        agent.Answer("secret-info-get", """
            {"d2v7kqnmp25c762p8ku0":{"revision":3,"label":"l","owner":"application","rotation":"daily","expiry":"2026-01-02T03:04:05Z"}}
            """);

        var info = agent.Tools().SecretInfoGet("secret:d2v7kqnmp25c762p8ku0", null);

        Assert.Equal((3, "l", SecretRotate.Daily), (info.Revision, info.Label, info.Rotation));
        Assert.Equal(new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero), info.Expires);
    }

    [Fact]
    public void Units_that_go_are_not_planned()
    {
        agent.Answer("goal-state", """{"units":{"web/0":{"status":"active"},"web/1":{"status":"dying"}},"relations":{}}""");

        Assert.Equal(1, agent.Tools().PlannedUnits());
    }

    [Fact]
    public void The_environment_of_the_dispatch_reaches_the_tools()
    {
        agent.Script("resource-get", "printf '%s' \"$JUJU_UNIT_NAME\"");

        Assert.Equal("web/0", agent.Tools().ResourceGet("image"));
    }

    [Fact]
    public void A_tool_can_run_while_something_else_is_done()
    {
        agent.Answer("state-get", """{"a":"1"}""");
        var tools = agent.Tools();

        tools.BeginStateGet();

        Assert.Equal("1", tools.StateGet()["a"]);
        Assert.Equal(1, agent.CountOf("state-get"));
    }
}
