using Ops.Tests.Charm;
using Ops.Tests.HookTools;

namespace Ops.Tests.Units;

/// <summary>What the model reads and writes, counted in tool calls.</summary>
public sealed class ModelTests
{
    [Fact]
    public void Configuration_is_read_once()
    {
        using var agent = new FakeAgent();
        agent.Answer("config-get", """{"title":"Forum","workers":4}""");

        Start(agent, charm =>
        {
            Assert.Equal(("Forum", 4), (charm.Config.Title, charm.Config.Workers));
            Assert.Equal("Forum", charm.Config["title"]);
            var misspelt = string.Concat("tit", "tle");
            Assert.Contains("charmcraft.yaml declares \"title\", \"workers\"", Assert.Throws<KeyNotFoundException>(() => charm.Config[misspelt]).Message);
        });

        Assert.Equal(1, agent.CountOf("config-get"));
    }

    [Fact]
    public void An_option_that_Juju_leaves_out_has_its_default()
    {
        using var agent = new FakeAgent();
        agent.Answer("config-get", "{}");

        Start(agent, charm => Assert.Equal(("Untitled", 2), (charm.Config.Title, charm.Config.Workers)));
    }

    [Fact]
    public void The_same_status_is_set_once()
    {
        using var agent = new FakeAgent();

        Start(agent, charm =>
        {
            charm.Unit.Status = new MaintenanceStatus("working");
            charm.Unit.Status = new MaintenanceStatus("working");
            charm.Unit.Status = new ActiveStatus();
            Assert.Equal(new ActiveStatus(), charm.Unit.Status);
        });

        Assert.Equal((2, 0), (agent.CountOf("status-set"), agent.CountOf("status-get")));
    }

    [Fact]
    public void Statuses_of_Juju_cannot_be_set()
    {
        using var agent = new FakeAgent();

        Start(agent, charm => Assert.Throws<InvalidStatusException>(() => charm.Unit.Status = new ErrorStatus("x")));

        Assert.Equal(0, agent.CountOf("status-set"));
    }

    [Fact]
    public void Leadership_is_asked_once()
    {
        using var agent = new FakeAgent();
        agent.Answer("is-leader", "true");

        Start(agent, charm => Assert.True(charm.Unit.IsLeader && charm.Unit.IsLeader));

        Assert.Equal(1, agent.CountOf("is-leader"));
    }

    [Fact]
    public void Only_the_leader_says_what_the_application_is()
    {
        using var agent = new FakeAgent();
        agent.Answer("is-leader", "false");

        Start(agent, charm =>
        {
            var error = Assert.Throws<ModelException>(() => charm.App.Status = new ActiveStatus());
            Assert.Equal("cannot set the status of application \"web\": unit \"web/0\" is not the leader", error.Message);
        });
    }

    [Fact]
    public void What_is_told_of_this_unit_is_not_told_of_others()
    {
        using var agent = new FakeAgent();

        Start(agent, charm => Assert.Contains("this is \"web/0\"", Assert.Throws<ModelException>(() => charm.Model.GetUnit("web/1").IsLeader).Message));
    }

    [Fact]
    public void Ports_are_opened_and_closed_only_where_they_change()
    {
        using var agent = new FakeAgent();
        agent.Answer("opened-ports", """["80/tcp","81/tcp"]""").Answer("open-port", "").Answer("close-port", "");

        Start(agent, charm =>
        {
            charm.Unit.SetPorts(Port.Tcp(80), Port.Tcp(443));
            charm.Unit.OpenPort(Port.Tcp(443));
        });

        Assert.Equal(["opened-ports|--format=json ", "close-port|81/tcp ", "open-port|443/tcp "], agent.Calls.Where(c => c.Contains("port", StringComparison.Ordinal)));
    }

    [Fact]
    public void A_secret_is_read_once_and_again_when_it_is_refreshed()
    {
        using var agent = new FakeAgent();
        agent.Script("secret-get", """case "$*" in *--refresh*) echo '{"password":"second"}' ;; *) echo '{"password":"first"}' ;; esac""");

        Start(agent, charm =>
        {
            var secret = charm.Model.GetSecret("abc", "database");
            Assert.Equal("first", secret.GetContent()["password"]);
            Assert.Equal("first", secret.GetContent()["password"]);
            Assert.Equal("second", secret.GetContent(refresh: true)["password"]);
            Assert.Equal("second", secret.GetContent()["password"]);
        });

        Assert.Equal(
            ["secret-get|--format=json|secret:abc|--label|database ", "secret-get|--format=json|secret:abc|--label|database|--refresh "],
            agent.Calls.Where(c => c.StartsWith("secret-get", StringComparison.Ordinal)));
    }

    [Fact]
    public void Who_owns_a_secret_reads_it_by_id_alone_and_peeks_for_the_latest()
    {
        using var agent = new FakeAgent();
        agent.Answer("secret-add", "secret:abc\n").Answer("secret-set", "").Answer("secret-get", """{"password":"second"}""");

        Start(agent, charm =>
        {
            var secret = charm.Unit.AddSecret(new Dictionary<string, string> { ["password"] = "first" }, new SecretOptions { Label = "l" });
            Assert.Equal("first", secret.GetContent()["password"]);
            secret.SetContent(new Dictionary<string, string> { ["password"] = "second" });
            Assert.Equal("second", secret.GetContent(refresh: true)["password"]);
        });

        Assert.Equal(["secret-get|--format=json|secret:abc|--peek "], agent.Calls.Where(c => c.StartsWith("secret-get", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("ab", "x", "three characters or more")]
    [InlineData("Key", "x", "lower-case letters")]
    [InlineData("key", "", "its value is empty")]
    public void Contents_of_secrets_that_Juju_refuses_are_refused_here(string key, string value, string why)
    {
        using var agent = new FakeAgent();

        Start(agent, charm => Assert.Contains(
            why, Assert.Throws<ArgumentException>(() => charm.Unit.AddSecret(new Dictionary<string, string> { [key] = value })).Message));
    }

    [Fact]
    public void Proxies_are_read_from_the_environment()
    {
        using var agent = new FakeAgent(("JUJU_CHARM_HTTP_PROXY", "http://proxy"), ("JUJU_CHARM_NO_PROXY", ""));

        Start(agent, charm => Assert.Equal(new ProxySettings("http://proxy", null, null), charm.Model.Proxy));
    }

    [Fact]
    public void Long_log_messages_are_split()
    {
        using var agent = new FakeAgent();

        Start(agent, charm => charm.Log.Info(new string('x', 200_000)));

        Assert.Equal(7, agent.CountOf("juju-log"));
    }

    static void Start(FakeAgent agent, Action<WebCharm> test) => Dispatched.Start(agent, test);
}
