using Ops;
using Ops.Testing;
using PostgresqlK8s;

namespace Neighbours.Tests;

public sealed class PostgresqlTests
{
    const string Data = "/var/lib/postgresql/data";

    static readonly Context<PostgresqlCharm> Context = new();

    static readonly ContainerState Image = new("postgresql")
    {
        CanConnect = true,
        Execs = [new([])],
        Files = new Dictionary<string, FileState> { ["/usr/lib/postgresql/15/bin/postgres"] = "" },
    };

    static readonly State Leading = new() { Leader = true, Containers = [Image], Relations = [RelationState.Peer("database-peers") with { Id = 0 }] };

    static readonly RelationState Request = new("database")
    {
        Id = 1,
        RemoteApp = "discourse-k8s",
        RemoteAppData = new Dictionary<string, string>
        {
            ["database"] = "discourse", ["extra-user-roles"] = "admin", ["requested-secrets"] = """["username","password","tls"]""",
        },
    };

    // With data in its storage, and the server that the charm's plan starts.
    static State Settled()
    {
        var begun = Context.Run(Event.PebbleReady(Image), Leading).State;
        var container = begun.GetContainer("postgresql");
        return begun.With(container with
        {
            Files = new Dictionary<string, FileState>(container.Files) { [$"{Data}/pgdata/PG_VERSION"] = "15\n", [$"{Data}/backups/2026-01-01T00.00.00Z"] = FileState.Directory },
        });
    }

    static IReadOnlyDictionary<string, string> Passwords(State state) => state.GetSecret("database-peers.app").LatestContent ?? state.GetSecret("database-peers.app").Content;

    static string CommandLine(ExecCall call) => string.Join(' ', call.Options.Command);

    [Fact]
    public void The_leader_makes_the_cluster_and_its_passwords_are_on_no_command_line_and_in_no_log()
    {
        var outcome = Context.Run(Event.PebbleReady(Image), Leading);

        Assert.Equal(new ActiveStatus("Primary"), outcome.State.UnitStatus);
        Assert.Contains(outcome.Execs, call => call.Options.Command[0] == "/usr/lib/postgresql/15/bin/initdb");
        Assert.All(Passwords(outcome.State).Values, password =>
        {
            Assert.Equal(24, password.Length);
            Assert.Contains(outcome.Execs, call => call.Input?.Contains(password, StringComparison.Ordinal) == true);
            Assert.DoesNotContain(outcome.Execs, call => CommandLine(call).Contains(password, StringComparison.Ordinal));
            Assert.DoesNotContain(outcome.Logs, line => line.Message.Contains(password, StringComparison.Ordinal));
        });
    }

    [Fact]
    public void A_unit_that_does_not_lead_waits_for_the_cluster()
    {
        var outcome = Context.Run(Event.PebbleReady(Image), Leading with { Leader = false });

        Assert.Equal(new WaitingStatus("Waiting for the leader to set up the cluster"), outcome.State.UnitStatus);
        Assert.Empty(outcome.Execs);
    }

    [Fact]
    public void An_application_gets_a_database_a_role_and_its_password_in_a_secret()
    {
        var state = Settled().With(Request).WithConfig("plugin_hstore_enable", true);

        var outcome = Context.Run(Event.RelationChanged(Request), state);

        var bag = outcome.State.GetRelation(1).LocalAppData;
        Assert.Equal("discourse", bag["database"]);
        Assert.EndsWith(":5432", bag["endpoints"], StringComparison.Ordinal);
        Assert.DoesNotContain("password", bag.Keys);
        var granted = outcome.State.GetSecret(bag["secret-user"]).Content;
        Assert.Equal("relation_id_1", granted["username"]);
        var statements = string.Concat(outcome.Execs.Select(call => call.Input));
        Assert.Contains("CREATE ROLE \"relation_id_1\" LOGIN", statements, StringComparison.Ordinal);
        Assert.Contains($"PASSWORD '{granted["password"]}'", statements, StringComparison.Ordinal);
        Assert.Contains("CREATE EXTENSION IF NOT EXISTS \"hstore\"", statements, StringComparison.Ordinal);
        Assert.DoesNotContain("\"pg_trgm\"", statements, StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_is_made_anew_while_nothing_changes()
    {
        var first = Context.Run(Event.RelationChanged(Request), Settled().With(Request)).State;

        var second = Context.Run(Event.UpdateStatus, first);

        Assert.Equal(first.GetRelation(1).LocalAppData, second.State.GetRelation(1).LocalAppData);
        Assert.Equal(Passwords(first), Passwords(second.State));
        Assert.DoesNotContain(second.Execs, call => call.Options.Command[0].EndsWith("/initdb", StringComparison.Ordinal));
        Assert.DoesNotContain(second.ServiceCalls, call => call.Action is Pebble.Client.ServiceAction.Restart or Pebble.Client.ServiceAction.Stop);
    }

    [Fact]
    public void A_hostile_name_stays_a_name()
    {
        var hostile = Request with { RemoteAppData = new Dictionary<string, string>(Request.RemoteAppData) { ["database"] = "a\"; DROP DATABASE x; --'" } };

        var outcome = Context.Run(Event.RelationChanged(hostile), Settled().With(hostile));

        // Refused, or quoted whole.
        var statements = string.Concat(outcome.Execs.Select(call => call.Input));
        Assert.DoesNotContain("\"a\"; DROP", statements, StringComparison.Ordinal);
    }

    [Fact]
    public void A_wrong_profile_blocks_and_names_itself()
    {
        var outcome = Context.Run(Event.ConfigChanged, Leading.WithConfig("profile", "fast"));

        Assert.Equal(new BlockedStatus("profile must be one of: production, testing"), outcome.State.UnitStatus);
    }

    [Theory]
    [InlineData(1, true)]
    [InlineData(0, false)]
    public void A_primary_that_is_removed_waits_for_a_successor_if_there_is_to_be_one(int plannedUnits, bool waits)
    {
        var settled = Settled();
        var standby = new Dictionary<int, IReadOnlyDictionary<string, string>> { [1] = new Dictionary<string, string> { ["role"] = "standby", ["ingress-address"] = "192.0.2.1" } };
        var state = settled.With(settled.GetRelation(0) with { RemoteUnitsData = standby }) with { PlannedUnits = plannedUnits };

        var outcome = Context.Run(Event.RelationDeparted(state.GetRelation(0), 1, "postgresql-k8s/0"), state);

        Assert.Equal("true", outcome.State.GetRelation(0).LocalUnitData["leaving"]);
        Assert.Equal(waits, outcome.Execs.Any(call => CommandLine(call).Contains("pg_is_in_recovery", StringComparison.Ordinal)));
        Assert.Equal(waits, outcome.ServiceCalls.Any(call => call.Action is Pebble.Client.ServiceAction.Stop));
    }

    [Fact]
    public void A_backup_is_taken_into_the_storage_and_another_units_is_not_restored()
    {
        var settled = Settled();

        var taken = Context.Run(Event.Action("create-backup"), settled);
        var restored = Context.Run(Event.Action("restore", new Dictionary<string, object> { ["backup-id"] = "2026-01-01T00.00.00Z" }), settled);
        var refused = Context.Run(Event.Action("restore", new Dictionary<string, object> { ["backup-id"] = "../../etc" }), settled);

        var backup = Assert.Single(taken.Execs, call => call.Options.Command[0].EndsWith("/pg_basebackup", StringComparison.Ordinal));
        Assert.Contains($"--pgdata {Data}/backups/{taken.ActionResults["backup-id"]}.partial ", CommandLine(backup), StringComparison.Ordinal);
        Assert.Equal("restored", restored.ActionResults["restore-status"]);
        Assert.Contains(restored.Execs, call => CommandLine(call).StartsWith($"tar -xzf {Data}/backups/2026-01-01T00.00.00Z/base.tar.gz", StringComparison.Ordinal));
        Assert.Equal("There is no backup \"../../etc\" on this unit; list-backups shows those there are", refused.ActionFailure);
        Assert.DoesNotContain(refused.ServiceCalls, call => call.Action is Pebble.Client.ServiceAction.Stop);
    }

    [Fact]
    public void A_password_is_given_to_who_may_run_actions_and_can_be_changed()
    {
        var settled = Settled();

        var asked = Context.Run(Event.Action("get-password"), settled);
        var changed = Context.Run(Event.Action("set-password", new Dictionary<string, object> { ["password"] = "a-new-one-of-mine" }), settled);
        var unknown = Context.Run(Event.Action("get-password", new Dictionary<string, object> { ["username"] = "root" }), settled);

        Assert.Equal(Passwords(settled)["operator-password"], asked.ActionResults["password"]);
        Assert.Equal("a-new-one-of-mine", Passwords(changed.State)["operator-password"]);
        Assert.Contains(changed.Execs, call => call.Input == "ALTER ROLE \"operator\" PASSWORD 'a-new-one-of-mine'");
        Assert.Equal("The charm has no role \"root\"; it has: operator, replication", unknown.ActionFailure);
    }
}
