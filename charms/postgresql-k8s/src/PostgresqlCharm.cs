using Ops;
using Ops.Relations.Postgresql;

namespace PostgresqlK8s;

/// <summary>Operates PostgreSQL: one primary, a standby on each further unit, a database and a role for each related application.</summary>
sealed partial class PostgresqlCharm : CharmBase
{
    readonly Container container;
    readonly Cluster cluster;
    readonly Server server;
    readonly DatabaseProvides database;

    public PostgresqlCharm(Framework framework) : base(framework)
    {
        container = Containers.Postgresql;
        cluster = new Cluster(this);
        server = new Server(container);
        database = new DatabaseProvides(this, "database");

        On.PostgresqlPebbleReady.Observe(OnChange);
        On.ConfigChanged.Observe(OnChange);
        On.LeaderElected.Observe(OnChange);
        On.UpgradeCharm.Observe(OnChange);
        On.UpdateStatus.Observe(OnChange);
        On.SecretChanged.Observe(OnChange);
        On.DatabasePeersRelationCreated.Observe(OnChange);
        On.DatabasePeersRelationChanged.Observe(OnChange);
        On.DatabasePeersRelationDeparted.Observe(OnChange);
        On.DatabaseRelationChanged.Observe(OnChange);
        On.DatabaseRelationBroken.Observe(OnDatabaseRelationBroken);
        On.GetPrimaryAction.Observe(OnGetPrimaryAction);
        On.GetPasswordAction.Observe(OnGetPasswordAction);
        On.SetPasswordAction.Observe(OnSetPasswordAction);
        On.CreateBackupAction.Observe(OnCreateBackupAction);
        On.ListBackupsAction.Observe(OnListBackupsAction);
        On.RestoreAction.Observe(OnRestoreAction);
        On.PromoteToPrimaryAction.Observe(OnPromoteToPrimaryAction);
    }

    void OnChange(EventBase e) => Reconcile();

    void Reconcile()
    {
        if (Unit.IsLeader)
        {
            cluster.Lead();
        }

        Unit.Status = RunServer();
    }

    /// <summary>Makes the server what the cluster says it is; returns the unit's status.</summary>
    StatusBase RunServer()
    {
        if (!container.CanConnect())
        {
            return new WaitingStatus("Waiting for Pebble");
        }

        if (Config.Profile is not ("production" or "testing"))
        {
            return new BlockedStatus("profile must be one of: production, testing");
        }

        if (cluster.FindPasswords() is not { } passwords || cluster.Primary is null)
        {
            return new WaitingStatus("Waiting for the leader to set up the cluster");
        }

        if (cluster.PrimaryAddress is not { } primary)
        {
            return new WaitingStatus("Waiting for the primary's address");
        }

        var changed = server.Configure(Config.Profile, cluster.IsPrimary ? null : primary, passwords.Replication);
        if (cluster.IsPrimary)
        {
            RunAsPrimary(passwords);
        }
        else
        {
            RunAsStandby(primary);
        }

        if (changed)
        {
            server.Reload();
        }

        Unit.SetWorkloadVersion(server.Version());
        cluster.TellRole(isStandby: !cluster.IsPrimary);
        if (Unit.IsLeader && PublishDatabases(primary, passwords) is { } fault)
        {
            return new BlockedStatus(fault);
        }

        return new ActiveStatus(cluster.IsPrimary ? "Primary" : "");
    }

    void RunAsPrimary(Passwords passwords)
    {
        if (!server.HasData)
        {
            Unit.Status = new MaintenanceStatus("Initializing the database");
            server.Initialize(passwords.Operator, passwords.Replication);
            return;
        }

        server.Start();
        if (server.IsInRecovery())
        {
            Unit.Status = new MaintenanceStatus("Becoming the primary");
            server.Promote();
        }
    }

    void RunAsStandby(string primary)
    {
        if (!server.HasData)
        {
            Unit.Status = new MaintenanceStatus("Copying the primary's data");
            server.Clone(primary);
        }
        else if (!server.IsStandby)
        {
            Unit.Status = new MaintenanceStatus("Becoming a standby");
            server.Demote(primary);
        }
        else
        {
            server.Start();
        }
    }

    /// <summary>Leader: makes what related applications ask for and tells them; returns what is wrong with a request, or null.</summary>
    string? PublishDatabases(string primary, Passwords passwords)
    {
        var databases = new Databases(server.SqlAt(primary, passwords.Operator));
        (string Name, bool IsEnabled)[] plugins =
            [("hstore", Config.PluginHstoreEnable), ("pg_trgm", Config.PluginPgTrgmEnable), ("unaccent", Config.PluginUnaccentEnable)];
        string[] extensions = [.. plugins.Where(p => p.IsEnabled).Select(p => p.Name)];
        string? fault = null;
        foreach (var (relation, reading) in database.Requests)
        {
            if (reading.Value is not { } request)
            {
                fault ??= reading.IsFaulty ? $"{relation.App?.Name}: {reading.Reason}" : null;
                continue;
            }

            var (user, password) = database.FindPublished(relation) ?? (Databases.UserOf(relation), Cluster.RandomPassword());
            databases.Ensure(request, user, password, extensions);
            database.Publish(relation, request, new DatabaseGrant(request.Database, user, password, [$"{primary}:5432"])
            {
                ReadOnlyEndpoints = [.. cluster.StandbyAddresses.Select(address => $"{address}:5432")],
                Version = server.Version(),
            });
        }

        return fault;
    }

    void OnDatabaseRelationBroken(RelationBrokenEvent e)
    {
        if (Unit.IsLeader && container.CanConnect() && cluster.FindPasswords() is { } passwords && cluster.PrimaryAddress is { } primary)
        {
            new Databases(server.SqlAt(primary, passwords.Operator)).Forget(Databases.UserOf(e.Relation));
        }

        Reconcile();
    }

    void OnGetPrimaryAction(ActionEvent e) => e.SetResult("primary", cluster.Primary ?? "");

    void OnGetPasswordAction(GetPasswordActionEvent e)
    {
        if (FindPassword(e, e.Username) is { } password)
        {
            e.SetResult("password", password);
        }
    }

    void OnSetPasswordAction(SetPasswordActionEvent e)
    {
        if (!Unit.IsLeader)
        {
            e.Fail("The action can be run only on the leader unit.");
            return;
        }

        if (FindPassword(e, e.Username) is null || cluster.FindPasswords() is not { } old || cluster.PrimaryAddress is not { } primary)
        {
            return;
        }

        var password = e.Password ?? Cluster.RandomPassword();
        server.SqlAt(primary, old.Operator).Run($"ALTER ROLE {Sql.Name(e.Username)} PASSWORD {Sql.Text(password)}");
        cluster.SetPasswords(e.Username == "operator" ? old with { Operator = password } : old with { Replication = password });
        e.SetResult("password", password);
    }

    void OnCreateBackupAction(ActionEvent e)
    {
        if (!IsServing(e))
        {
            return;
        }

        var name = Framework.Time.GetUtcNow().ToString("yyyy-MM-dd'T'HH.mm.ss'Z'", System.Globalization.CultureInfo.InvariantCulture);
        server.Backup(name);
        e.SetResult("backup-id", name);
    }

    void OnListBackupsAction(ActionEvent e)
    {
        if (!container.CanConnect())
        {
            e.Fail("Container is not ready");
            return;
        }

        e.SetResult("backups", string.Join('\n', server.ListBackups()));
    }

    void OnRestoreAction(RestoreActionEvent e)
    {
        var name = e.BackupId;
        if (!IsServing(e))
        {
            return;
        }

        if (!cluster.IsPrimary || cluster.StandbyAddresses.Count > 0)
        {
            e.Fail("A backup can be restored only while the primary is the only unit; scale to one unit first");
        }
        else if (!server.ListBackups().Contains(name))
        {
            e.Fail($"There is no backup \"{name}\" on this unit; list-backups shows those there are");
        }
        else
        {
            server.Restore(name);
            e.SetResult("restore-status", "restored");
        }
    }

    void OnPromoteToPrimaryAction(ActionEvent e)
    {
        if (!IsServing(e))
        {
            return;
        }

        if (cluster.IsPrimary)
        {
            e.Fail($"{Unit.Name} is the primary already");
        }
        else if (cluster.FindPasswords() is not { } passwords || cluster.PrimaryAddress is not { } primary)
        {
            e.Fail("The cluster is not set up yet");
        }
        else if (new Switchover(server, server.SqlAt(primary, passwords.Operator)).Run() is { } fault)
        {
            e.Fail(fault);
        }
        else
        {
            cluster.ClaimPrimary();
            Reconcile();
            e.SetResult("primary", Unit.Name);
        }
    }

    bool IsServing(ActionEvent e)
    {
        if (container.CanConnect() && container.FindService("postgresql") is { IsRunning: true })
        {
            return true;
        }

        e.Fail("PostgreSQL does not run in this unit");
        return false;
    }

    string? FindPassword(ActionEvent e, string username)
    {
        var passwords = cluster.FindPasswords();
        switch (username)
        {
            case var _ when passwords is null:
                e.Fail("The cluster is not set up yet");
                return null;
            case "operator":
                return passwords.Operator;
            case "replication":
                return passwords.Replication;
            case var other:
                e.Fail($"The charm has no role \"{other}\"; it has: operator, replication");
                return null;
        }
    }
}
