using Ops;
using Ops.Relations.Postgresql;

namespace PostgresqlK8s;

/// <summary>Operates PostgreSQL: one primary, a standby on each further unit, a database and a role for each related application.</summary>
sealed partial class PostgresqlCharm : CharmBase
{
    readonly Container container;
    readonly Cluster cluster;
    readonly Server server;
    readonly Backups backups;
    readonly DatabaseProvides database;

    public PostgresqlCharm(Framework framework) : base(framework)
    {
        container = Containers.Postgresql;
        cluster = new Cluster(this);
        server = new Server(container);
        backups = new Backups(container, server);
        database = new DatabaseProvides(this, "database");

        On.PostgresqlPebbleReady.Observe(OnChange);
        On.ConfigChanged.Observe(OnChange);
        On.LeaderElected.Observe(OnChange);
        On.UpgradeCharm.Observe(OnChange);
        On.UpdateStatus.Observe(OnChange);
        On.SecretChanged.Observe(OnChange);
        On.DatabasePeersRelationCreated.Observe(OnChange);
        On.DatabasePeersRelationChanged.Observe(OnChange);
        On.DatabasePeersRelationDeparted.Observe(OnPeerDeparted);
        On.DatabaseRelationChanged.Observe(OnChange);
        On.DatabaseRelationDeparted.Observe(OnDatabaseRelationDeparted);
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
        if (cluster.IsLeaving)
        {
            return;
        }

        if (Unit.IsLeader)
        {
            cluster.Lead(FindSuccessor);
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

        // A standby that is to be the primary needs the one it followed until it has all that was acknowledged there.
        var followed = !cluster.IsPrimary ? primary : server.IsStandby ? server.FindFollowed() : null;
        var changed = server.Configure(Config.Profile, followed, passwords.Replication);
        if (cluster.IsPrimary)
        {
            RunAsPrimary(followed, passwords);
            changed |= followed is not null && server.Configure(Config.Profile, null, passwords.Replication);
        }
        else
        {
            RunAsStandby(primary, passwords);
        }

        if (changed)
        {
            server.Reload();
        }

        Unit.SetWorkloadVersion(server.Version());
        cluster.TellRole(isStandby: !cluster.IsPrimary);
        if (!cluster.HasPrimary)
        {
            // Its standbys wait for the leader to name one of them; a leader that has not done so found none.
            return Unit.IsLeader
                ? new BlockedStatus($"No unit has the data of {cluster.Primary}, which is gone; add units until it is back")
                : new WaitingStatus("Waiting for the leader to name a new primary");
        }

        if (!Unit.IsLeader)
        {
            return new ActiveStatus(cluster.IsPrimary ? "Primary" : "");
        }

        if (!cluster.IsPrimary && server.SqlAt(primary, passwords.Operator).IsInRecovery())
        {
            return new WaitingStatus($"Waiting for {cluster.Primary} to take writes");
        }

        return PublishDatabases(primary, passwords) is { } fault ? new BlockedStatus(fault) : new ActiveStatus(cluster.IsPrimary ? "Primary" : "");
    }

    void RunAsPrimary(string? followed, Passwords passwords)
    {
        if (!server.HasData)
        {
            Unit.Status = new MaintenanceStatus("Initializing the database");
            server.Initialize(passwords.Operator, passwords.Replication);
            return;
        }

        server.Start();
        if (server.Sql.IsInRecovery())
        {
            Unit.Status = new MaintenanceStatus("Becoming the primary");
            TakeOver(followed, passwords);
        }
        else
        {
            server.EndForgottenSwitchover();
        }
    }

    /// <summary>Promotes this standby once it has all that the server it followed has acknowledged, if that one still answers.</summary>
    /// <exception cref="ModelException">It has not caught up; the agent tries the hook again.</exception>
    void TakeOver(string? followed, Passwords passwords)
    {
        var old = followed is null ? null : server.SqlAt(followed, passwords.Operator);
        if (old is null || !old.Answers() || old.IsInRecovery())
        {
            server.Promote();
        }
        else if (new Switchover(server, old).Run() is { } fault)
        {
            throw new ModelException(fault);
        }
    }

    void RunAsStandby(string primary, Passwords passwords)
    {
        if (!server.HasData)
        {
            Unit.Status = new MaintenanceStatus("Copying the primary's data");
            server.Clone(primary);
            return;
        }

        var source = server.SqlAt(primary, passwords.Operator);
        if (!source.Answers() || source.IsInRecovery())
        {
            // There is nothing to follow at present, and what is here may be the best copy there is.
            if (!server.IsStandby)
            {
                throw new ModelException($"cannot follow the primary at {primary}: it does not take writes");
            }

            server.Start();
            return;
        }

        if (source.Lineage() == server.Lineage && (server.IsStandby || server.TryRewind(primary)) && server.TryFollow(primary))
        {
            return;
        }

        // Its history has parted from the primary's, or the primary no longer has the log it needs.
        Unit.Status = new MaintenanceStatus("Copying the primary's data anew");
        server.Clone(primary);
    }

    /// <summary>The standby that has most of the log of a primary that goes; null if no unit has a copy.</summary>
    string? FindSuccessor()
    {
        if (!container.CanConnect() || cluster.FindPasswords() is not { } passwords)
        {
            return null;
        }

        var standbys = cluster.Standbys.Select(standby => (standby.Name, Sql: server.SqlAt(standby.Address, passwords.Operator)));
        if (server.HasData && server.IsStandby)
        {
            standbys = standbys.Where(standby => standby.Name != Unit.Name).Prepend((Unit.Name, server.Sql));
        }

        return standbys.Where(standby => standby.Sql.Answers()).Select(standby => (standby.Name, Position: standby.Sql.LogPosition()))
            .OrderByDescending(standby => standby.Position).Select(standby => standby.Name).FirstOrDefault();
    }

    void OnPeerDeparted(RelationDepartedEvent e)
    {
        if (e.DepartingUnit?.Name == Unit.Name)
        {
            HandOver(e);
        }
        else
        {
            cluster.Departed = e.DepartingUnit?.Name;
            Reconcile();
        }
    }

    /// <summary>This unit is being removed: if its server is the primary, it serves on until another unit's has taken over.</summary>
    /// <exception cref="ModelException">None has; the agent tries the hook again, so that no data leaves with the unit.</exception>
    void HandOver(RelationDepartedEvent e)
    {
        var isPrimary = cluster.IsPrimary && !cluster.IsLeaving;
        cluster.Leave();
        if (!isPrimary || App.PlannedUnits == 0 || !container.CanConnect() || !server.IsRunning || cluster.FindPasswords() is not { } passwords)
        {
            return;
        }

        Unit.Status = new MaintenanceStatus("Handing over to another unit");
        if (!server.AwaitPrimary(cluster.OtherAddresses(e), passwords.Operator))
        {
            throw new ModelException("no other unit has taken over from this primary yet; remove the unit with --force to lose what only it has");
        }

        server.Stop();
    }

    // A unit that leaves sees the relation break although it goes on for the others.
    void OnDatabaseRelationDeparted(RelationDepartedEvent e)
    {
        if (e.DepartingUnit?.Name == Unit.Name && App.PlannedUnits > 0)
        {
            cluster.Leave();
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
                ReadOnlyEndpoints = [.. cluster.Standbys.Select(standby => $"{standby.Address}:5432")],
                Version = server.Version(),
            });
        }

        return fault;
    }

    void OnDatabaseRelationBroken(RelationBrokenEvent e)
    {
        if (!cluster.IsLeaving && Unit.IsLeader && container.CanConnect() && cluster.FindPasswords() is { } passwords && cluster.PrimaryAddress is { } primary)
        {
            new Databases(server.SqlAt(primary, passwords.Operator)).Forget(Databases.UserOf(e.Relation));
        }

        Reconcile();
    }
}
