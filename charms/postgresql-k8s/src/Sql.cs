using System.Globalization;
using Ops;
using Pebble.Client;

namespace PostgresqlK8s;

/// <summary>Runs SQL through the workload's psql: as superuser on this unit's socket, or as <c>operator</c> on another unit's server.</summary>
/// <remarks>SQL goes in by standard input and the password by the environment, so that neither is on a command line.</remarks>
sealed class Sql(Container container, string psql, string? host, string? password)
{
    static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    string User => host is null ? "postgres" : "operator";

    Dictionary<string, string> Environment
    {
        get
        {
            var variables = new Dictionary<string, string> { ["PGCONNECT_TIMEOUT"] = "5", ["PGOPTIONS"] = "-c client_min_messages=warning" };
            if (password is not null)
            {
                variables["PGPASSWORD"] = password;
            }

            return variables;
        }
    }

    /// <summary>The superuser of this unit's own server.</summary>
    public static Sql Local(Container container, string psql) => new(container, psql, null, null);

    /// <summary>Runs statements and returns their output: fields split by <c>|</c>, rows by newlines.</summary>
    /// <exception cref="ExecException">The server refused a statement, or does not answer.</exception>
    public string Run(string statements, string database = "postgres")
    {
        string[] command =
        [
            psql, "--no-psqlrc", "--quiet", "--tuples-only", "--no-align", "--set=ON_ERROR_STOP=1", "--dbname", database,
            "--host", host ?? Server.SocketFolder, "--username", User,
        ];
        return container.Exec(command, user: "postgres", environment: Environment, stdin: statements, timeout: Limit).WaitOutput().Output.Trim();
    }

    /// <summary>Whether the server takes connections, asked a few times: one that starts again is not gone.</summary>
    public bool Answers()
    {
        string[] ask =
        [
            "sh", "-c", """for i in 1 2 3; do "$@" >/dev/null 2>&1 && exit 0; sleep 1; done; exit 1""", "sh",
            psql, "--no-psqlrc", "--dbname", "postgres", "--host", host ?? Server.SocketFolder, "--username", User, "--command", "SELECT 1",
        ];
        return container.Exec(ask, user: "postgres", environment: Environment, timeout: Limit).WaitForEnd().ExitCode == 0;
    }

    /// <summary>Whether the server is a standby that follows, and takes no writes.</summary>
    public bool IsInRecovery() => Run("SELECT pg_is_in_recovery()") == "t";

    /// <summary>The server's <see cref="Server.Lineage"/>.</summary>
    public string Lineage() => Run("SELECT pg_read_file('charm-lineage', 0, 100, true)");

    /// <summary>How far a standby has the primary's log.</summary>
    public ulong LogPosition() =>
        ulong.TryParse(Run("SELECT GREATEST(pg_last_wal_receive_lsn(), pg_last_wal_replay_lsn()) - '0/0'::pg_lsn"), CultureInfo.InvariantCulture, out var position) ? position : 0;

    /// <summary>A name in SQL: <c>"my-database"</c>.</summary>
    public static string Name(string name) => $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    /// <summary>A text in SQL: <c>'it''s'</c>.</summary>
    public static string Text(string text) => $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";
}
