using Ops;
using Pebble.Client;

namespace PostgresqlK8s;

/// <summary>Physical backups in the unit's storage: each a folder, named by its time, with base.tar.gz.</summary>
sealed class Backups(Container container, Server server)
{
    const string Folder = Server.Storage + "/backups";
    static readonly FileOwnership Private = new() { User = "postgres", Group = "postgres", Permissions = (UnixFileMode)0b111_000_000 };

    /// <summary>The names of those that are whole, the oldest first.</summary>
    public IReadOnlyList<string> List() => container.Exists(Folder)
        ? [.. container.ListFiles(Folder).Where(f => f.Kind == FileKind.Directory && !f.Name.EndsWith(".partial", StringComparison.Ordinal))
            .Select(f => f.Name).Order(StringComparer.Ordinal)]
        : [];

    /// <summary>Copies the running server's data.</summary>
    public void Create(string name)
    {
        container.MakeDir(Folder, makeParents: true, Private);
        var partial = $"{Folder}/{name}.partial";
        server.Execute("pg_basebackup", "--pgdata", partial, "--host", Server.SocketFolder, "--username=postgres", "--format=tar", "--gzip",
            "--wal-method=fetch", "--checkpoint=fast");
        container.Exec(["mv", partial, $"{Folder}/{name}"]).Wait();
    }

    /// <summary>Replaces the data by that of a backup; sessions end. If the server cannot start with it, the data from before is there again.</summary>
    /// <exception cref="ModelException">The backup is damaged, or the server does not start with it.</exception>
    public void Restore(string name)
    {
        const string old = Server.DataFolder + ".before-restore", restored = Server.DataFolder + ".restored";
        container.Exec(["rm", "-rf", old, restored]).Wait();
        container.MakeDir(restored, makeParents: true, Private);
        try
        {
            container.Exec(["tar", "-xzf", $"{Folder}/{name}/base.tar.gz", "-C", restored], user: "postgres", timeout: Server.LongCommand).Wait();
        }
        catch (ExecException broken)
        {
            container.Exec(["rm", "-rf", restored]).Wait();
            throw new ModelException($"the backup \"{name}\" is damaged, nothing was changed: {broken.ErrorOutput?.Trim()}");
        }

        // A standby's backup would go on as a standby.
        container.Exec(["rm", "-f", $"{restored}/standby.signal"]).Wait();
        server.Stop();
        container.Exec(["mv", Server.DataFolder, old]).Wait();
        container.Exec(["mv", restored, Server.DataFolder]).Wait();
        try
        {
            server.Start();
        }
        catch (ExecException broken)
        {
            server.Stop();
            container.Exec(["rm", "-rf", Server.DataFolder]).Wait();
            container.Exec(["mv", old, Server.DataFolder]).Wait();
            server.Start();
            throw new ModelException($"PostgreSQL does not start with the backup \"{name}\"; the data from before is there again: {broken.Message}");
        }

        server.BeginLineage();
        container.RemovePath(old, recursive: true);
    }
}
