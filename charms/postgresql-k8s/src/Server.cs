using System.Globalization;
using Ops;
using Pebble.Client;

namespace PostgresqlK8s;

/// <summary>This unit's PostgreSQL server: its files, its Pebble service, and the change between primary and standby.</summary>
sealed class Server(Container container)
{
    public const string SocketFolder = "/run/postgresql";
    public const string PasswordFile = "/etc/postgresql-charm/pgpass";
    const string ConfigFolder = "/etc/postgresql-charm";
    const string Storage = "/var/lib/postgresql/data";
    const string DataFolder = Storage + "/pgdata";
    const string BackupFolder = Storage + "/backups";
    const string ServiceName = "postgresql";
    static readonly TimeSpan LongCommand = TimeSpan.FromMinutes(30);
    static readonly FileOwnership Private = new() { User = "postgres", Group = "postgres", Permissions = (UnixFileMode)0b110_000_000 };
    static readonly FileOwnership Folder = new() { User = "postgres", Group = "postgres", Permissions = (UnixFileMode)0b111_000_000 };
    string? binaries;

    /// <summary>Runs SQL as the superuser of this server.</summary>
    public Sql Sql => Sql.Local(container, Program("psql"));

    /// <summary>Whether there is a database cluster in the storage.</summary>
    public bool HasData => container.Exists($"{DataFolder}/PG_VERSION");

    /// <summary>Whether the data is that of a standby.</summary>
    public bool IsStandby => container.Exists($"{DataFolder}/standby.signal");

    /// <summary>SQL on another unit's server.</summary>
    public Sql SqlAt(string host, string operatorPassword) => new(container, Program("psql"), host, operatorPassword);

    /// <summary>Path of a program of PostgreSQL: of the version that made the data, or the newest in the image.</summary>
    /// <exception cref="ModelException">The image has no PostgreSQL, or not that version.</exception>
    public string Program(string name)
    {
        binaries ??= FindBinaries();
        return $"{binaries}/{name}";
    }

    /// <summary>Writes the configuration; true if it has changed.</summary>
    public bool Configure(string profile, string? primary, string replicationPassword)
    {
        container.MakeDir(SocketFolder, makeParents: true, Folder with { Permissions = (UnixFileMode)0b111_101_101 });
        container.MakeDir(DataFolder, makeParents: true, Folder);
        var memory = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
        var changed = Write("postgresql.conf", ServerConfiguration.Options(profile, memory, primary));
        changed |= Write("pg_hba.conf", ServerConfiguration.Authentication);
        changed |= Write("pgpass", $"*:*:*:replication:{replicationPassword}\n");
        return changed;
    }

    /// <summary>Makes an empty database cluster with the charm's two roles.</summary>
    public void Initialize(string operatorPassword, string replicationPassword)
    {
        Execute("initdb", "--pgdata", DataFolder, "--username=postgres", "--auth-local=peer", "--auth-host=scram-sha-256", "--encoding=UTF8",
            "--locale=C.UTF-8", "--data-checksums");
        Start();
        Sql.Run($"""
            CREATE ROLE "operator" SUPERUSER LOGIN PASSWORD {Sql.Text(operatorPassword)};
            CREATE ROLE "replication" REPLICATION LOGIN PASSWORD {Sql.Text(replicationPassword)};
            GRANT pg_read_all_settings, pg_read_all_data TO "replication";
            GRANT EXECUTE ON FUNCTION pg_ls_dir(text, boolean, boolean), pg_stat_file(text, boolean), pg_read_binary_file(text),
                pg_read_binary_file(text, bigint, bigint, boolean) TO "replication";
            """);
    }

    /// <summary>Copies the primary's data and starts as its standby.</summary>
    public void Clone(string primary)
    {
        Stop();
        container.RemovePath(DataFolder, recursive: true);
        container.MakeDir(DataFolder, makeParents: true, Folder);
        Execute("pg_basebackup", "--pgdata", DataFolder, "--dbname", Source(primary), "--wal-method=stream", "--checkpoint=fast");
        container.Push($"{DataFolder}/standby.signal", "", ownership: Private);
        Start();
    }

    /// <summary>A former primary becomes a standby: takes back what the new primary does not have, or else copies it anew.</summary>
    public void Demote(string primary)
    {
        Stop();
        var rewind = container.Exec(
            [Program("pg_rewind"), "--target-pgdata", DataFolder, "--source-server", $"{Source(primary)} dbname=postgres",
                "--config-file", $"{ConfigFolder}/postgresql.conf"],
            user: "postgres", timeout: LongCommand).WaitForEnd();
        if (rewind.ExitCode != 0)
        {
            Clone(primary);
            return;
        }

        container.Push($"{DataFolder}/standby.signal", "", ownership: Private);
        Start();
    }

    /// <summary>A standby takes writes from now on.</summary>
    /// <remarks>Until its first checkpoint it shows its old timeline, and pg_rewind would find nothing to do on the former primary.</remarks>
    public void Promote() => Sql.Run("SELECT pg_promote(true, 60); ALTER SYSTEM RESET default_transaction_read_only; SELECT pg_reload_conf(); CHECKPOINT;");

    public bool IsInRecovery() => Sql.Run("SELECT pg_is_in_recovery()") == "t";

    public void Reload() => Sql.Run("SELECT pg_reload_conf()");

    public void Stop()
    {
        if (container.FindService(ServiceName) is { IsRunning: true })
        {
            container.Stop(ServiceName);
        }
    }

    /// <summary>Starts the server if it does not run, and waits until it answers.</summary>
    public void Start()
    {
        container.AddLayer("postgresql", Layer(), combine: true);
        container.Replan();
        if (container.FindService(ServiceName) is not { IsRunning: true })
        {
            container.Start(ServiceName);
        }

        string[] wait = ["sh", "-c", $"i=0; until {Program("pg_isready")} -q -h {SocketFolder}; do i=$((i+1)); [ $i -lt 300 ] || exit 1; sleep 0.1; done"];
        container.Exec(wait, user: "postgres", timeout: TimeSpan.FromSeconds(60)).Wait();
    }

    /// <summary>Replaces the data by that of a backup, which is a folder with base.tar.gz.</summary>
    public void Restore(string backup)
    {
        Stop();
        var old = $"{DataFolder}.before-restore";
        container.Exec(["rm", "-rf", old]).Wait();
        container.Exec(["mv", DataFolder, old]).Wait();
        container.MakeDir(DataFolder, makeParents: true, Folder);
        container.Exec(["tar", "-xzf", $"{BackupFolder}/{backup}/base.tar.gz", "-C", DataFolder], user: "postgres", timeout: LongCommand).Wait();
        Start();
        container.RemovePath(old, recursive: true);
    }

    /// <summary>Copies the running server's data into a folder of the storage.</summary>
    public void Backup(string name)
    {
        container.MakeDir(BackupFolder, makeParents: true, Folder);
        Execute("pg_basebackup", "--pgdata", $"{BackupFolder}/{name}", "--host", SocketFolder, "--username=postgres", "--format=tar", "--gzip",
            "--wal-method=fetch", "--checkpoint=fast");
    }

    public IReadOnlyList<string> ListBackups() => container.Exists(BackupFolder)
        ? [.. container.ListFiles(BackupFolder).Where(f => f.Kind == FileKind.Directory).Select(f => f.Name).Order(StringComparer.Ordinal)]
        : [];

    public string Version() => Sql.Run("SHOW server_version").Split(' ')[0];

    Layer Layer() => new()
    {
        Services = new Dictionary<string, Service>
        {
            [ServiceName] = new()
            {
                Override = "replace",
                Summary = "PostgreSQL",
                // Pebble ends a service with TERM, on which PostgreSQL would wait for its clients; INT ends their sessions and loses nothing.
                Command = $"""
                    sh -c '{Program("postgres")} -D {DataFolder} -c config_file={ConfigFolder}/postgresql.conf -c hba_file={ConfigFolder}/pg_hba.conf & server=$!; trap "kill -INT $server" TERM; wait $server; code=$?; while kill -0 $server 2>/dev/null; do wait $server; code=$?; done; exit $code'
                    """.Trim(),
                Startup = "enabled",
                User = "postgres",
                Group = "postgres",
                KillDelay = TimeSpan.FromSeconds(20),
                // The default locale of a container has no UTF-8.
                Environment = new Dictionary<string, string> { ["LANG"] = "C.UTF-8" },
            },
        },
        Checks = new Dictionary<string, Check>
        {
            ["postgresql-ready"] = new()
            {
                Override = "replace",
                Level = "ready",
                Period = TimeSpan.FromSeconds(10),
                Exec = new() { Command = $"{Program("pg_isready")} -q -h {SocketFolder}" },
            },
        },
    };

    string FindBinaries()
    {
        const string root = "/usr/lib/postgresql";
        int[] versions = container.Exists(root)
            ? [.. container.ListFiles(root).Select(f => int.TryParse(f.Name, CultureInfo.InvariantCulture, out var n) ? n : 0)
                .Where(n => n > 0 && container.Exists(string.Create(CultureInfo.InvariantCulture, $"{root}/{n}/bin/postgres")))]
            : [];
        if (versions.Length == 0)
        {
            throw new ModelException($"the image has no PostgreSQL server in {root}");
        }

        var version = versions.Max();
        if (HasData)
        {
            var made = int.Parse(container.Pull($"{DataFolder}/PG_VERSION").Trim(), CultureInfo.InvariantCulture);
            version = versions.Contains(made) ? made
                : throw new ModelException(string.Create(CultureInfo.InvariantCulture, $"the data is of PostgreSQL {made}, which the image does not have"));
        }

        return string.Create(CultureInfo.InvariantCulture, $"{root}/{version}/bin");
    }

    void Execute(string program, params string[] arguments) =>
        container.Exec([Program(program), .. arguments], user: "postgres", timeout: LongCommand).Wait();

    static string Source(string primary) => $"host={primary} port=5432 user=replication passfile={PasswordFile} connect_timeout=5";

    bool Write(string name, string content)
    {
        var path = $"{ConfigFolder}/{name}";
        if (container.Exists(path) && container.Pull(path) == content)
        {
            return false;
        }

        container.Push(path, content, makeDirs: true, Private);
        return true;
    }
}
