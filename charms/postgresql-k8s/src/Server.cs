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
    public const string Storage = "/var/lib/postgresql/data";
    public const string DataFolder = Storage + "/pgdata";
    const string LineageFile = DataFolder + "/charm-lineage";
    const string ServiceName = "postgresql";
    public static readonly TimeSpan LongCommand = TimeSpan.FromMinutes(30);
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
        BeginLineage();
        Start();
        Sql.Run($"""
            CREATE ROLE "operator" SUPERUSER LOGIN PASSWORD {Sql.Text(operatorPassword)};
            CREATE ROLE "replication" REPLICATION LOGIN PASSWORD {Sql.Text(replicationPassword)};
            GRANT pg_read_all_settings, pg_read_all_data TO "replication";
            GRANT EXECUTE ON FUNCTION pg_ls_dir(text, boolean, boolean), pg_stat_file(text, boolean), pg_read_binary_file(text),
                pg_read_binary_file(text, bigint, bigint, boolean) TO "replication";
            """);
    }

    /// <summary>Copies the primary's data and starts as its standby. What was here is replaced only by a whole copy.</summary>
    public void Clone(string primary)
    {
        const string copy = DataFolder + ".new";
        container.Exec(["rm", "-rf", copy]).Wait();
        container.MakeDir(copy, makeParents: true, Folder);
        Execute("pg_basebackup", "--pgdata", copy, "--dbname", Source(primary), "--wal-method=stream", "--checkpoint=fast");
        container.Push($"{copy}/standby.signal", "", ownership: Private);
        Stop();
        container.RemovePath(DataFolder, recursive: true);
        container.Exec(["mv", copy, DataFolder]).Wait();
        Start();
    }

    /// <summary>Makes a former primary ready to be a standby: takes back what the new primary does not have. False if that cannot be done.</summary>
    public bool TryRewind(string primary)
    {
        Stop();
        var rewind = container.Exec(
            [Program("pg_rewind"), "--target-pgdata", DataFolder, "--source-server", $"{Source(primary)} dbname=postgres",
                "--config-file", $"{ConfigFolder}/postgresql.conf"],
            user: "postgres", timeout: LongCommand).WaitForEnd();
        if (rewind.ExitCode != 0)
        {
            return false;
        }

        container.Push($"{DataFolder}/standby.signal", "", ownership: Private);
        return true;
    }

    /// <summary>
    /// What copies of one database have in common: a restored backup goes on under another. By the log alone a copy of what
    /// was there before could seem to be a copy of what was restored.
    /// </summary>
    public string Lineage => container.Exists(LineageFile) ? container.Pull(LineageFile).Trim() : "";

    /// <summary>From now on no copy made before is one of this database.</summary>
    public void BeginLineage() => container.Push(LineageFile, Guid.NewGuid().ToString(), ownership: Private);

    /// <summary>A standby takes writes from now on.</summary>
    /// <remarks>Until its first checkpoint it shows its old timeline, and pg_rewind would find nothing to do on the former primary.</remarks>
    public void Promote() => Sql.Run("SELECT pg_promote(true, 60); ALTER SYSTEM RESET default_transaction_read_only; SELECT pg_reload_conf(); CHECKPOINT;");

    /// <summary>A primary that was made read-only by a switchover which then broke off takes writes again.</summary>
    public void EndForgottenSwitchover() => Sql.Run("""
        SELECT statement FROM (VALUES ('ALTER SYSTEM RESET default_transaction_read_only'), ('SELECT pg_reload_conf()')) AS reset (statement)
            WHERE current_setting('default_transaction_read_only') = 'on' AND pg_conf_load_time() < now() - interval '3 minutes' \gexec
        """);

    /// <summary>The host that this standby's configuration follows; null if it has none.</summary>
    public string? FindFollowed()
    {
        const string setting = "primary_conninfo = 'host=";
        var path = $"{ConfigFolder}/postgresql.conf";
        var line = container.Exists(path) ? container.Pull(path).Split('\n').FirstOrDefault(l => l.StartsWith(setting, StringComparison.Ordinal)) : null;
        return line?[setting.Length..].Split(' ')[0];
    }

    /// <summary>Starts a standby and waits until it receives the primary's log; false if it neither does nor gets on with what it has.</summary>
    public bool TryFollow(string primary)
    {
        try
        {
            Start();
        }
        catch (ExecException)
        {
            return false;
        }

        var follows = $"""
            EXISTS (SELECT FROM pg_stat_wal_receiver WHERE status = 'streaming' AND sender_host = {Sql.Text(primary)}) OR pg_last_wal_replay_lsn() > at
            """;
        return Sql.Run($"""
            SELECT FROM pg_reload_conf();
            DO $$ DECLARE at pg_lsn := pg_last_wal_replay_lsn(); BEGIN
              FOR i IN 1..100 LOOP
                EXIT WHEN {follows};
                PERFORM pg_sleep(0.1);
              END LOOP;
              PERFORM set_config('charm.follows', ({follows})::text, false);
            END $$;
            SELECT current_setting('charm.follows');
            """) is not "false";
    }

    /// <summary>Waits up to a minute until one of the servers takes writes; false if none does.</summary>
    public bool AwaitPrimary(IReadOnlyList<string> hosts, string operatorPassword)
    {
        const string ask = """
            psql=$1; shift
            for i in $(seq 60); do
                for host in "$@"; do
                    [ "$("$psql" -XqtA -h "$host" -U operator -d postgres -c 'SELECT pg_is_in_recovery()' 2>/dev/null)" != f ] || exit 0
                done
                sleep 1
            done
            exit 1
            """;
        var environment = new Dictionary<string, string> { ["PGPASSWORD"] = operatorPassword, ["PGCONNECT_TIMEOUT"] = "2" };
        return container.Exec(["sh", "-c", ask, "sh", Program("psql"), .. hosts], user: "postgres", environment: environment, timeout: LongCommand)
            .WaitForEnd().ExitCode == 0;
    }

    /// <summary>The charm's roles have the passwords of the secret, whatever a backup says.</summary>
    public void SetPasswords(Passwords passwords) => Sql.Run($"""
        ALTER SYSTEM RESET default_transaction_read_only;
        SELECT FROM pg_reload_conf();
        SET default_transaction_read_only = off;
        ALTER ROLE "operator" PASSWORD {PostgresqlK8s.Sql.Text(passwords.Operator)};
        ALTER ROLE "replication" PASSWORD {PostgresqlK8s.Sql.Text(passwords.Replication)};
        """);

    public bool IsRunning => container.FindService(ServiceName) is { IsRunning: true };

    public void Reload() => Sql.Run("SELECT pg_reload_conf()");

    public void Stop()
    {
        if (IsRunning)
        {
            container.Stop(ServiceName);
        }
    }

    /// <summary>Starts the server if it does not run, and waits until it answers.</summary>
    public void Start()
    {
        container.AddLayer("postgresql", Layer(), combine: true);
        container.Replan();
        if (!IsRunning)
        {
            container.Start(ServiceName);
        }

        string[] wait = ["sh", "-c", $"i=0; until {Program("pg_isready")} -q -h {SocketFolder}; do i=$((i+1)); [ $i -lt 300 ] || exit 1; sleep 0.1; done"];
        container.Exec(wait, user: "postgres", timeout: TimeSpan.FromSeconds(60)).Wait();
    }

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

    /// <summary>Runs a program of PostgreSQL as its user, to the end.</summary>
    public void Execute(string program, params string[] arguments) =>
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
