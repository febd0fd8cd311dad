using System.Collections.Concurrent;
using System.Globalization;
using Npgsql;

namespace Servers;

/// <summary>A real PostgreSQL on a free loopback port, started once per test program and gone when it ends.</summary>
public sealed class PostgresServer
{
    static readonly Lazy<Task<PostgresServer>> Shared = new(() => StartAsync(CancellationToken.None));

    readonly ConcurrentDictionary<string, Lazy<Task>> _templates = new();
    int _databases;

    PostgresServer(string folder, int port)
    {
        Folder = folder;
        Port = port;
    }

    public string Host { get; } = "127.0.0.1";

    public int Port { get; }

    /// <summary>The superuser; any password is accepted.</summary>
    public string Username { get; } = "postgres";

    /// <summary>Holds the socket.</summary>
    public string Folder { get; }

    /// <summary>The one server of this test program.</summary>
    public static Task<PostgresServer> GetAsync() => Shared.Value;

    /// <summary>Where its programs are: psql, pg_dump, pg_restore.</summary>
    public static string Program(string name) => Programs.Find(name, "postgresql");

    public string ConnectionString(string database) => string.Create(
        CultureInfo.InvariantCulture,
        $"Host=127.0.0.1;Port={Port};Username=postgres;Password=any;Database={database};Timezone=UTC;Pooling=true;Include Error Detail=true");

    /// <summary>A new, empty database.</summary>
    public async Task<string> CreateDatabaseAsync(CancellationToken cancellation)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"test_{Interlocked.Increment(ref _databases)}");
        await ExecuteAsync($"CREATE DATABASE {name}", cancellation);
        return name;
    }

    /// <summary>A new database that is a copy of the template, which <paramref name="fill"/> makes the first time it is asked for.</summary>
    /// <param name="template">Lower-case letters and underscores.</param>
    /// <param name="fill">Given the template's database name, empty at first. It must leave no connection open.</param>
    /// <param name="cancellation">Gives up.</param>
    public async Task<string> CreateDatabaseAsync(string template, Func<string, Task> fill, CancellationToken cancellation)
    {
        await _templates.GetOrAdd(template, name => new Lazy<Task>(async () =>
        {
            await ExecuteAsync($"CREATE DATABASE {name}", cancellation);
            await fill(name);
            NpgsqlConnection.ClearAllPools();
        })).Value;

        var copy = string.Create(CultureInfo.InvariantCulture, $"test_{Interlocked.Increment(ref _databases)}");
        await ExecuteAsync($"CREATE DATABASE {copy} TEMPLATE {template}", cancellation);
        return copy;
    }

    async Task ExecuteAsync(string sql, CancellationToken cancellation)
    {
        await using var connection = new NpgsqlConnection(ConnectionString("postgres") + ";Pooling=false");
        await connection.OpenAsync(cancellation);
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancellation);
    }

    static async Task<PostgresServer> StartAsync(CancellationToken cancellation)
    {
        var initdb = Programs.Find("initdb", "postgresql");
        var postgres = Programs.Find("postgres", "postgresql");
        var folder = Programs.NewFolder("postgres");
        string[] unprivileged = [];
        if (Environment.IsPrivilegedProcess)
        {
            // PostgreSQL refuses to run as root; its package made this user.
            unprivileged = [Programs.Find("setpriv", "util-linux"), "--reuid", "postgres", "--regid", "postgres", "--clear-groups"];
            OwnedProcess.Run(["chown", "postgres", folder]);
        }

        var data = Path.Combine(folder, "data");
        OwnedProcess.Run([.. unprivileged, initdb, "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale", "C.UTF-8",
            "--no-sync", "--no-instructions"]);

        var port = Programs.FreePort();
        var process = OwnedProcess.Start(folder, "QUIT",
        [
            .. unprivileged, postgres, "-D", data, "-p", port.ToString(CultureInfo.InvariantCulture), "-k", folder, "-h", "127.0.0.1",
            "-c", "fsync=off", "-c", "full_page_writes=off", "-c", "synchronous_commit=off", "-c", "shared_buffers=64MB",
            "-c", "max_connections=300", "-c", "timezone=UTC",
        ]);
        var server = new PostgresServer(folder, port);
        await Programs.UntilAsync(() => server.AnswersAsync(cancellation), process, cancellation);
        return server;
    }

    async Task<bool> AnswersAsync(CancellationToken cancellation)
    {
        try
        {
            await ExecuteAsync("SELECT 1", cancellation);
            return true;
        }
        catch (NpgsqlException)
        {
            return false;
        }
    }
}
