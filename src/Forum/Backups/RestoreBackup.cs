using Forum.Configuration;
using Forum.Database;
using Forum.PageCache;
using Forum.Settings;
using Npgsql;

namespace Forum.Backups;

/// <summary>
/// Puts a backup in the place of the forum that is there. The backup is looked at first; the tables of before are moved into the schema
/// "backup" and stay there, so that they come back when anything fails, or when someone asks for it.
/// </summary>
/// <remarks>Source: Discourse's documentation of backup and restore: the schema's name and the way back are upstream's.</remarks>
sealed class RestoreBackup(Backups backups, PostgresPrograms postgres, GlobalSettings globals, SiteSettings settings, AnonymousPages pages)
{
    static readonly string[] Needed = ["schema_migrations", "users", "user_emails", "topics", "posts", "site_settings"];

    /// <exception cref="BackupException">It was not restored; the forum is as it was.</exception>
    public async Task RunAsync(string name, Action<string> say, CancellationToken cancellation)
    {
        var folder = Path.Combine(globals.AppRoot, "tmp", "restores");
        Directory.CreateDirectory(folder);
        var work = Directory.CreateDirectory(Path.Combine(folder, Guid.NewGuid().ToString("N"))).FullName;
        try
        {
            say($"Looking at {name}");
            var archive = Path.Combine(work, name);
            await backups.Store.CopyToAsync(name, archive, cancellation);
            await Archive.UnpackAsync(archive, work, cancellation);
            var list = await CheckedListAsync(Path.Combine(work, Archive.Dump), work, cancellation);
            say("Moving the present tables into the schema \"backup\"");
            await RunSqlAsync(MoveTables("public", "backup"), cancellation);
            await FillAsync(work, list, say, cancellation);
            var uploads = CopyUploads(Path.Combine(work, "uploads", "default"));
            say($"Copied {uploads} uploads");
        }
        finally
        {
            Directory.Delete(work, recursive: true);
        }

        await SettleAsync(cancellation);
        say("Restored. The tables of before are in the schema \"backup\"; a rollback brings them back");
    }

    /// <summary>The tables of before the last restore, again.</summary>
    /// <exception cref="BackupException">There are none.</exception>
    public async Task RollBackAsync(CancellationToken cancellation)
    {
        await using var connection = await OpenAsync(cancellation);
        await using var question = new NpgsqlCommand("SELECT to_regclass('backup.users') IS NOT NULL", connection);
        if (await question.ExecuteScalarAsync(cancellation) is not true)
        {
            throw new BackupException("there is nothing to go back to: no backup has been restored");
        }

        await RunSqlAsync(MoveTables("backup", "public"), cancellation);
        await SettleAsync(cancellation);
    }

    async Task FillAsync(string work, string list, Action<string> say, CancellationToken cancellation)
    {
        try
        {
            say("Restoring the database");
            await postgres.RestoreAsync(Path.Combine(work, Archive.Dump), list, cancellation);
            await new Migrator(DatabaseSettings.ConnectionString(globals), say).RunAsync(cancellation);
        }
        catch (Exception e) when (e is BackupException or NpgsqlException or MigrationRefusedException or OperationCanceledException)
        {
            say("That failed; bringing the tables of before back");
            await RunSqlAsync(MoveTables("backup", "public"), CancellationToken.None);
            throw e is OperationCanceledException ? e : new BackupException($"the backup could not be restored, and the forum is as it was: {e.Message}");
        }
    }

    /// <summary>The dump's entries but for what the database's owner made once: extensions, and the schema itself.</summary>
    async Task<string> CheckedListAsync(string dump, string work, CancellationToken cancellation)
    {
        var lines = (await postgres.ListAsync(dump, cancellation)).Split('\n');
        var missing = Needed.Where(table => !lines.Any(line => line.Contains($" TABLE public {table} ", StringComparison.Ordinal))).ToArray();
        if (missing.Length > 0)
        {
            throw new BackupException($"the archive's database is not a forum's: it has no {string.Join(", ", missing)}");
        }

        var list = Path.Combine(work, "entries");
        await File.WriteAllLinesAsync(list, lines.Where(line => !line.Contains(" EXTENSION ", StringComparison.Ordinal) && !line.Contains(" SCHEMA ", StringComparison.Ordinal)
            && !line.Contains(" backup ", StringComparison.Ordinal)), cancellation);
        return list;
    }

    /// <summary>Uploads are named by their content, so what is there already is the same.</summary>
    int CopyUploads(string from)
    {
        var to = Path.Combine(globals.AppRoot, "public", "uploads", "default");
        var copied = 0;
        foreach (var file in Directory.Exists(from) ? Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories) : [])
        {
            var target = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target, overwrite: true);
            copied++;
        }

        return copied;
    }

    async Task SettleAsync(CancellationToken cancellation)
    {
        NpgsqlConnection.ClearAllPools();
        await settings.LoadAsync(cancellation);
        await pages.ChangedAsync(cancellation);
    }

    /// <summary>One block that moves everything but what extensions brought; what was in the target before is dropped.</summary>
    static string MoveTables(string from, string to) => $"""
        DO $move$
        DECLARE
            item record;
        BEGIN
            PERFORM pg_advisory_xact_lock({Migrator.LockKey});
            CREATE SCHEMA IF NOT EXISTS {to};
            FOR item IN {Items(to)} LOOP
                EXECUTE format('DROP %s IF EXISTS %s CASCADE', item.kind, item.name);
            END LOOP;
            FOR item IN {Items(from)} LOOP
                EXECUTE format('ALTER %s %s SET SCHEMA {to}', item.kind, item.name);
            END LOOP;
        END
        $move$
        """;

    /// <summary>What a schema holds, tables first, but for what extensions brought and sequences that go with their columns.</summary>
    static string Items(string schema) => $"""
        SELECT CASE c.relkind WHEN 'v' THEN 'VIEW' WHEN 'm' THEN 'MATERIALIZED VIEW' WHEN 'S' THEN 'SEQUENCE' ELSE 'TABLE' END AS kind,
                format('{schema}.%I', c.relname) AS name, CASE c.relkind WHEN 'S' THEN 2 ELSE 1 END AS place
            FROM pg_class c
            WHERE c.relnamespace = '{schema}'::regnamespace AND c.relkind IN ('r', 'p', 'v', 'm', 'S')
                AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = c.oid AND (d.deptype = 'e' OR (c.relkind = 'S' AND d.deptype IN ('a', 'i'))))
            UNION ALL
            SELECT 'FUNCTION', format('{schema}.%I(%s)', p.proname, pg_get_function_identity_arguments(p.oid)), 3
            FROM pg_proc p
            WHERE p.pronamespace = '{schema}'::regnamespace AND p.prokind = 'f' AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e')
            UNION ALL
            SELECT 'TYPE', format('{schema}.%I', t.typname), 4
            FROM pg_type t
            WHERE t.typnamespace = '{schema}'::regnamespace AND t.typtype IN ('e', 'd') AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = t.oid AND d.deptype = 'e')
            ORDER BY place
        """;

    async Task RunSqlAsync(string sql, CancellationToken cancellation)
    {
        await using var connection = await OpenAsync(cancellation);
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
        await command.ExecuteNonQueryAsync(cancellation);
    }

    async Task<NpgsqlConnection> OpenAsync(CancellationToken cancellation)
    {
        var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(DatabaseSettings.ConnectionString(globals)) { Pooling = false, MaxAutoPrepare = 0 }.ConnectionString);
        await connection.OpenAsync(cancellation);
        return connection;
    }
}
