using Ops;
using Pebble.Client;

namespace PostgresqlK8s;

/// <summary>Runs SQL through the workload's psql: as superuser on this unit's socket, or as <c>operator</c> on another unit's server.</summary>
/// <remarks>SQL goes in by standard input and the password by the environment, so that neither is on a command line.</remarks>
sealed class Sql(Container container, string psql, string? host, string? password)
{
    static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    /// <summary>The superuser of this unit's own server.</summary>
    public static Sql Local(Container container, string psql) => new(container, psql, null, null);

    /// <summary>Runs statements and returns their output: fields split by <c>|</c>, rows by newlines.</summary>
    /// <exception cref="ExecException">The server refused a statement, or does not answer.</exception>
    public string Run(string statements, string database = "postgres")
    {
        string[] command =
        [
            psql, "--no-psqlrc", "--quiet", "--tuples-only", "--no-align", "--set=ON_ERROR_STOP=1", "--dbname", database,
            "--host", host ?? Server.SocketFolder, "--username", host is null ? "postgres" : "operator",
        ];
        var environment = new Dictionary<string, string> { ["PGCONNECT_TIMEOUT"] = "5", ["PGOPTIONS"] = "-c client_min_messages=warning" };
        if (password is not null)
        {
            environment["PGPASSWORD"] = password;
        }

        return container.Exec(command, user: "postgres", environment: environment, stdin: statements, timeout: Limit).WaitOutput().Output.Trim();
    }

    /// <summary>A name in SQL: <c>"my-database"</c>.</summary>
    public static string Name(string name) => $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    /// <summary>A text in SQL: <c>'it''s'</c>.</summary>
    public static string Text(string text) => $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";
}
