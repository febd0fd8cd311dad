using Npgsql;

namespace Forum.Configuration;

/// <summary>How to reach PostgreSQL.</summary>
static class DatabaseSettings
{
    public static string ConnectionString(GlobalSettings globals)
    {
        var builder = new NpgsqlConnectionStringBuilder
        {
            Host = globals.Text("db_host", null) ?? globals.Text("db_socket", null) ?? "/var/run/postgresql",
            Port = globals.Number("db_port", 5432),
            Database = globals.Text("db_name", "discourse") ?? "discourse",
            Username = globals.Text("db_username", "discourse") ?? "discourse",
            Password = globals.Text("db_password", null),
            Timeout = globals.Number("db_connect_timeout", 5),
            CommandTimeout = 30,
            // Every timestamp is without time zone and in UTC; with this session zone, now() is too.
            Timezone = "UTC",
            ApplicationName = "discourse",
            // Upstream has 8 connections in each of several processes; this is one process.
            MaxPoolSize = Math.Max(8, globals.Number("db_pool", 8)) * 4,
            MinPoolSize = 0,
            ConnectionIdleLifetime = 60,
        };
        if (globals.Flag("db_prepared_statements", true))
        {
            builder.MaxAutoPrepare = 200;
            builder.AutoPrepareMinUsages = 3;
        }

        return builder.ConnectionString;
    }
}
