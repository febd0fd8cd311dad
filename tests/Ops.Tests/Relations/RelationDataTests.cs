using Ops.Tests.Charm;
using Ops.Tests.HookTools;

namespace Ops.Tests.Relations;

public sealed class RelationDataTests : IDisposable
{
    readonly FakeAgent agent = new();

    public RelationDataTests() => agent
        .Answer("relation-ids", """["db:1"]""")
        .Answer("relation-list", """["pg/0"]""")
        .Answer("relation-get", """{"a":"1","b":"2"}""")
        .Answer("is-leader", "false");

    public void Dispose() => agent.Dispose();

    [Fact]
    public void A_databag_is_a_dictionary() => Dispatched.Start(agent, charm =>
    {
        var relation = charm.Relations.Db!;
        var bag = relation.Data[relation.Units[0]];

        Assert.Equal(("1", null, 2, true, false), (bag["a"], bag.Find("c"), bag.Count, bag.ContainsKey("b"), bag.ContainsKey("c")));
        Assert.Equal(new Dictionary<string, string> { ["a"] = "1", ["b"] = "2" }, bag.ToDictionary(b => b.Key, b => b.Value));
        Assert.Contains("cannot read \"c\" of pg/0 in relation \"db:1\"", Assert.Throws<KeyNotFoundException>(() => bag["c"]).Message);
    });

    [Fact]
    public void Each_databag_is_read_once()
    {
        Dispatched.Start(agent, charm =>
        {
            var relation = charm.Relations.Db!;
            _ = relation.Data[relation.Units[0]]["a"];
            _ = relation.Data[relation.Units[0]]["b"];
            _ = charm.Relations.Db!.App!.Name;
        });

        Assert.Equal((1, 1, 1), (agent.CountOf("relation-ids"), agent.CountOf("relation-list"), agent.CountOf("relation-get")));
    }

    [Fact]
    public void Writes_are_seen_at_once_and_told_to_Juju_once_at_the_end()
    {
        Dispatched.Start(agent, charm =>
        {
            var bag = charm.Relations.Db!.Data[charm.Unit];
            bag["c"] = "3";
            bag["a"] = "";
            Assert.True(bag.Remove("b"));
            Assert.False(bag.Remove("nothing"));
            Assert.Equal(["c"], bag.Keys);
            Assert.Equal(0, agent.CountOf("relation-set"));
        });

        Assert.Equal("""{"c":"3","a":"","b":""}""", agent.InputOf("relation-set"));
        Assert.Equal(1, agent.CountOf("relation-set"));
    }

    [Fact]
    public void Values_that_are_there_already_are_not_written()
    {
        Dispatched.Start(agent, charm =>
        {
            var bag = charm.Relations.Db!.Data[charm.Unit];
            _ = bag.Count;
            bag["a"] = "1";
        });

        Assert.Equal(0, agent.CountOf("relation-set"));
    }

    [Fact]
    public void Writing_without_reading_costs_one_call()
    {
        Dispatched.Start(agent, charm => charm.Relations.Db!.Data[charm.Unit]["z"] = "26");

        Assert.Equal((0, 1), (agent.CountOf("relation-get"), agent.CountOf("relation-set")));
    }

    [Fact]
    public void The_databag_of_another_unit_cannot_be_written() => Dispatched.Start(agent, charm =>
    {
        var relation = charm.Relations.Db!;
        var error = Assert.Throws<RelationDataAccessException>(() => relation.Data[relation.Units[0]]["a"] = "x");
        Assert.Equal(
            "cannot write the databag of unit \"pg/0\" in relation \"db:1\": unit \"web/0\" can write only its own and, as leader, its application's", error.Message);
    });

    [Fact]
    public void The_databag_of_another_application_cannot_be_written() => Dispatched.Start(agent, charm =>
    {
        var relation = charm.Relations.Db!;
        Assert.Contains("belongs to another application", Assert.Throws<RelationDataAccessException>(() => relation.Data[relation.App!]["a"] = "x").Message);
    });

    [Fact]
    public void Who_does_not_lead_neither_writes_nor_reads_the_databag_of_its_application() => Dispatched.Start(agent, charm =>
    {
        var bag = charm.Relations.Db!.Data[charm.App];
        Assert.Contains("\"web/0\" is not the leader", Assert.Throws<RelationDataAccessException>(() => bag["a"] = "x").Message);
        Assert.Contains("cannot read the databag of application \"web\"", Assert.Throws<RelationDataAccessException>(() => bag["a"]).Message);
    });

    [Fact]
    public void Among_peers_every_unit_reads_the_databag_of_its_application()
    {
        agent.Answer("relation-ids", """["team:0"]""");

        Dispatched.Start(agent, charm => Assert.Equal("1", charm.Relations.Team!.Data[charm.App]["a"]));
    }

    [Fact]
    public void The_leader_writes_the_databag_of_its_application()
    {
        agent.Answer("is-leader", "true");

        Dispatched.Start(agent, charm => charm.Relations.Db!.Data[charm.App]["a"] = "x");

        Assert.Contains("relation-set|-r|db:1|--app|--file|- ", agent.Calls);
    }

    [Fact]
    public void A_relation_that_went_away_reads_as_empty()
    {
        agent.Refuse("relation-get", 2, "ERROR invalid value \"db:1\" for option -r: relation not found");

        Dispatched.Start(agent, charm => Assert.Empty(charm.Relations.Db!.Data[charm.Relations.Db!.App!]));
    }

    [Fact]
    public void Two_relations_where_one_is_asked_for_are_an_error()
    {
        agent.Answer("relation-ids", """["db:1","db:2"]""");

        Dispatched.Start(agent, charm => Assert.Contains("\"db\": it has 2", Assert.Throws<TooManyRelatedAppsException>(() => charm.Relations.Db).Message));
    }

    [Fact]
    public void In_departed_the_unit_that_leaves_is_still_among_the_units()
    {
        using var departed = Event("db-relation-departed", ("JUJU_REMOTE_UNIT", "pg/1"), ("JUJU_DEPARTING_UNIT", "pg/1"));
        IReadOnlyList<string> units = [];

        WebCharm.Dispatch(departed, (_, e) => units = e is RelationDepartedEvent d ? [.. d.Relation.Units.Select(u => u.Name)] : units);

        Assert.Equal(["pg/0", "pg/1"], units);
    }

    [Fact]
    public void In_broken_the_relation_is_over()
    {
        using var broken = Event("db-relation-broken");
        (bool Active, bool Listed)? seen = null;

        WebCharm.Dispatch(broken, (charm, e) => seen = e is RelationBrokenEvent b ? (b.Relation.Active, charm.Relations.Db is not null) : seen);

        Assert.Equal((false, false), seen);
    }

    static FakeAgent Event(string hook, params (string, string)[] variables) =>
        new FakeAgent([("JUJU_DISPATCH_PATH", $"hooks/{hook}"), ("JUJU_RELATION", "db"), ("JUJU_RELATION_ID", "db:1"), ("JUJU_REMOTE_APP", "pg"), .. variables])
            .Answer("relation-ids", """["db:1"]""")
            .Answer("relation-list", """["pg/0"]""");
}
