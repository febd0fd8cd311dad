using Ops.Relations.Postgresql;
using Ops.Testing;

namespace Ops.Relations.Tests.BothSides;

public sealed class PostgresqlTests
{
    static readonly DatabaseGrant Grant = new("discourse", "relation_id_7", "geheim", ["db-0.db:5432"]) { Version = "16.3" };

    [Fact]
    public void Requirer_gets_the_database_it_asked_for_by_a_secret()
    {
        var pair = Joined(Grant);

        pair.ToRequirer(_ => Event.UpdateStatus, charm =>
            Assert.Equal(new DatabaseConnection("db-0.db", 5432, "discourse", "relation_id_7", "geheim"), charm.Database.Connection.Value));
        Assert.Contains(pair.RequirerEvents, e => e is DatabaseCreatedEvent);
        Assert.DoesNotContain("geheim", string.Concat(pair.AtProvider.LocalAppData.Values), StringComparison.Ordinal);
        Assert.Equal("database.7.user.secret", Assert.Single(pair.Provider.Secrets, secret => secret.Content.ContainsKey("password")).Label);
    }

    [Fact]
    public void Older_requirer_gets_plain_keys()
    {
        var pair = new Pair<ProviderCharm, RequirerCharm>("database", "database");
        pair.Requirer = pair.Requirer.With(pair.AtRequirer with { LocalAppData = new Dictionary<string, string> { ["database"] = "discourse" } });

        Publish(pair, Grant);

        Assert.Equal("geheim", pair.AtProvider.LocalAppData["password"]);
        pair.ToRequirer(relation => Event.RelationChanged(relation));
        Assert.Contains(pair.RequirerEvents, e => e is DatabaseCreatedEvent);
        pair.ToRequirer(_ => Event.UpdateStatus, charm => Assert.Equal("geheim", charm.Database.Connection.Value!.Password));
    }

    [Fact]
    public void Publishing_the_same_again_changes_nothing()
    {
        var pair = Joined(Grant);

        var outcome = Publish(pair, Grant);

        Assert.DoesNotContain(outcome.ToolCalls, call => call.StartsWith("relation-set", StringComparison.Ordinal) || call.StartsWith("secret-set", StringComparison.Ordinal));
    }

    [Fact]
    public void Published_password_is_kept_and_another_is_a_new_revision()
    {
        var pair = Joined(Grant);
        pair.ToProvider(_ => Event.UpdateStatus, charm => Assert.Equal(
            ("relation_id_7", "geheim"), charm.Database.FindPublished(Assert.Single(charm.Database.Requests).Relation)));

        Publish(pair, Grant with { Password = "neu" });

        pair.ToRequirer(_ => Event.UpdateStatus, charm => Assert.Equal("neu", charm.Database.Connection.Value!.Password));
    }

    [Fact]
    public void Moved_primary_is_one_event()
    {
        var pair = Joined(Grant);
        pair.RequirerEvents.Clear();

        Publish(pair, Grant with { Endpoints = ["db-1.db:5432"] });
        pair.Settle();

        Assert.Single(pair.RequirerEvents, e => e is DatabaseEndpointsChangedEvent);
        Assert.DoesNotContain(pair.RequirerEvents, e => e is DatabaseCreatedEvent);
    }

    [Fact]
    public void Provider_is_told_of_a_request_once()
    {
        var pair = new Pair<ProviderCharm, RequirerCharm>("database", "database").Join();

        Assert.Single(pair.ProviderEvents, e => e is DatabaseRequestedEvent);
    }

    [Fact]
    public void Requirer_waits_without_a_database()
    {
        var pair = new Pair<ProviderCharm, RequirerCharm>("database", "database").Join();

        pair.ToRequirer(_ => Event.UpdateStatus, charm => Assert.Equal("\"endpoints\" is missing", charm.Database.Connection.Reason));
    }

    [Fact]
    public void Hostile_request_is_refused_with_a_reason()
    {
        var pair = new Pair<ProviderCharm, RequirerCharm>("database", "database");
        pair.Requirer = pair.Requirer.With(pair.AtRequirer with { LocalAppData = new Dictionary<string, string> { ["database"] = "x\"; DROP DATABASE postgres; --" } });

        pair.ToProvider(relation => Event.RelationChanged(relation), charm => Assert.True(Assert.Single(charm.Database.Requests).Request.IsFaulty));
    }

    [Fact]
    public void Other_units_of_the_requirer_write_no_application_data()
    {
        var pair = new Pair<ProviderCharm, RequirerCharm>("database", "database", requirer: new State()).Join();

        Assert.Empty(pair.AtRequirer.LocalAppData);
    }

    static Pair<ProviderCharm, RequirerCharm> Joined(DatabaseGrant grant)
    {
        var pair = new Pair<ProviderCharm, RequirerCharm>("database", "database").Join();
        Publish(pair, grant);
        return pair.Settle();
    }

    static Outcome Publish(Pair<ProviderCharm, RequirerCharm> pair, DatabaseGrant grant) => pair.ToProvider(_ => Event.UpdateStatus, charm =>
    {
        foreach (var (relation, request) in charm.Database.Requests)
        {
            charm.Database.Publish(relation, request.Value!, grant);
        }
    });
}
