using Ops;

namespace PostgresqlK8s;

/// <summary>What a person asks of one unit.</summary>
sealed partial class PostgresqlCharm
{
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
        backups.Create(name);
        e.SetResult("backup-id", name);
    }

    void OnListBackupsAction(ActionEvent e)
    {
        if (!container.CanConnect())
        {
            e.Fail("Container is not ready");
            return;
        }

        e.SetResult("backups", string.Join('\n', backups.List()));
    }

    void OnRestoreAction(RestoreActionEvent e)
    {
        var name = e.BackupId;
        if (!IsServing(e))
        {
            return;
        }

        if (!cluster.IsPrimary || cluster.Standbys.Count > 0)
        {
            e.Fail("A backup can be restored only while the primary is the only unit; scale to one unit first");
        }
        else if (!backups.List().Contains(name))
        {
            e.Fail($"There is no backup \"{name}\" on this unit; list-backups shows those there are");
        }
        else if (cluster.FindPasswords() is { } passwords)
        {
            try
            {
                backups.Restore(name);
            }
            catch (ModelException refused)
            {
                e.Fail(refused.Message);
                return;
            }

            // The backup's roles are of its time: those of today's relations get in again.
            server.SetPasswords(passwords);
            Reconcile();
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
