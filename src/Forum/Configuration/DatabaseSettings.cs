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
            // No statement leaves anything behind in its session, so none need be cleared; it is four commands each time.
            NoResetOnClose = true,
        };
        if (globals.Flag("db_prepared_statements", true))
        {
            builder.MaxAutoPrepare = 200;
            builder.AutoPrepareMinUsages = 3;
        }

        return builder.ConnectionString;
    }

    /// <summary>The pool of connections.</summary>
    /// <param name="prepares">Whether statements that come again are prepared; without, each is planned with its values.</param>
    public static NpgsqlDataSource Source(GlobalSettings globals, bool prepares)
    {
        var settings = new NpgsqlConnectionStringBuilder(ConnectionString(globals));
        if (!prepares)
        {
            settings.MaxAutoPrepare = 0;
        }

        var builder = new NpgsqlDataSourceBuilder(settings.ConnectionString);
        // Compiling a plan, or starting workers for it, takes longer than a page may; PostgreSQL does both for plans that merely look costly.
        builder.UsePhysicalConnectionInitializer(
            connection =>
            {
                using var command = new NpgsqlCommand(SessionSetup, connection);
                command.ExecuteNonQuery();
            },
            async connection =>
            {
                await using var command = new NpgsqlCommand(SessionSetup, connection);
                await command.ExecuteNonQueryAsync();
            });
        return builder.Build();
    }

    const string SessionSetup = "SET jit = off; SET max_parallel_workers_per_gather = 0";
}
