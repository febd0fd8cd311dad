using Forum.Database;
using Npgsql;
using Servers;

namespace Forum.Tests.Database;

public sealed class MigratorTests
{
    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_empty_database_gets_schema_and_first_rows_and_a_second_run_changes_nothing()
    {
        var connection = await EmptyAsync();

        await MigrateAsync(connection);
        var said = await MigrateAsync(connection);

        Assert.Empty(said);
        Assert.Equal("system", await ScalarAsync(connection, "SELECT username FROM users WHERE id = -1"));
        Assert.Equal(48L, await ScalarAsync(connection, "SELECT count(*) FROM badges"));
    }

    [Fact]
    public async Task Several_units_at_once_make_one_schema()
    {
        var connection = await EmptyAsync();

        await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => MigrateAsync(connection)));

        Assert.Equal(4L, await ScalarAsync(connection, "SELECT count(*) FROM categories"));
    }

    [Fact]
    public async Task A_Discourse_database_keeps_all_it_has()
    {
        var connection = await DumpAsync();
        var before = await ShapeAsync(connection);

        var said = await MigrateAsync(connection);

        var after = await ShapeAsync(connection);
        Assert.Empty(before.Except(after));
        Assert.Contains(said, line => line.Contains("Every table and column that is needed is there"));
        Assert.Equal(1667L, await ScalarAsync(connection, "SELECT count(*) FROM schema_migrations"));
        Assert.Equal(12L, await ScalarAsync(connection, "SELECT count(*) FROM posts"));
    }

    [Fact]
    public async Task A_database_made_here_has_every_table_column_and_version_that_Discourse_goes_on_from()
    {
        var real = await DumpAsync();
        var postgres = await PostgresServer.GetAsync();
        var made = postgres.ConnectionString(await postgres.CreateDatabaseAsync(Cancellation));
        await MigrateAsync(made);

        // Leaderboards are made by a plugin while it runs.
        var missing = (await ShapeAsync(real)).Except(await ShapeAsync(made)).Where(column => !column.StartsWith("gamification_leaderboard_cache_", StringComparison.Ordinal));
        Assert.Empty(missing);
        Assert.Equal(
            await ScalarAsync(real, "SELECT string_agg(version, ' ' ORDER BY version) FROM schema_migrations"),
            await ScalarAsync(made, "SELECT string_agg(version, ' ' ORDER BY version) FROM schema_migrations"));
        Assert.DoesNotContain(
            ((string[])(await ScalarAsync(real, Indices))!).Except((string[])(await ScalarAsync(made, Indices))!), index => !index.Contains("gamification_leaderboard_cache_", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_a_Discourse_database_lacks_is_added()
    {
        var connection = await DumpAsync();
        await ScalarAsync(connection, "ALTER TABLE users DROP COLUMN password_hash; DROP TABLE user_visits; SELECT 1");

        var said = await MigrateAsync(connection);

        Assert.Contains(said, line => line.Contains("Added 1 tables and 1 columns"));
        Assert.Equal(0L, await ScalarAsync(connection, "SELECT count(*) FROM user_visits"));
        Assert.Equal(4L, await ScalarAsync(connection, "SELECT count(*) FROM users WHERE password_hash IS NULL"));
    }

    [Fact]
    public async Task A_database_of_something_else_is_refused_and_left_alone()
    {
        var connection = await EmptyAsync();
        await ScalarAsync(connection, "CREATE TABLE invoices (id int); SELECT 1");

        var refused = await Assert.ThrowsAsync<MigrationRefusedException>(() => MigrateAsync(connection));

        Assert.Contains("not a Discourse database", refused.Message);
        Assert.Equal(1L, await ScalarAsync(connection, "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"));
    }

    [Fact]
    public async Task A_Discourse_database_that_is_too_old_is_refused_and_left_alone()
    {
        var connection = await DumpAsync();
        await ScalarAsync(connection, "DELETE FROM schema_migrations WHERE version > '20230101'; SELECT 1");

        var refused = await Assert.ThrowsAsync<MigrationRefusedException>(() => MigrateAsync(connection));

        Assert.Contains("too old", refused.Message);
        Assert.Equal(DBNull.Value, await ScalarAsync(connection, "SELECT to_regclass('forum_migrations')::text"));
    }

    static async Task<string> EmptyAsync()
    {
        var postgres = await PostgresServer.GetAsync();
        return postgres.ConnectionString(await postgres.CreateDatabaseAsync(Cancellation));
    }

    static async Task<string> DumpAsync()
    {
        var postgres = await PostgresServer.GetAsync();
        return postgres.ConnectionString(await DiscourseDump.RestoreAsync(postgres, Cancellation));
    }

    static async Task<List<string>> MigrateAsync(string connection)
    {
        List<string> said = [];
        await new Migrator(connection, said.Add).RunAsync(Cancellation);
        return said;
    }

    static async Task<object?> ScalarAsync(string connectionString, string sql)
    {
        await using var connection = new NpgsqlConnection(connectionString + ";Pooling=false");
        await connection.OpenAsync(Cancellation);
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync(Cancellation);
    }

    const string Indices = "SELECT array_agg(indexname || ' ' || tablename) FROM pg_indexes WHERE schemaname = 'public'";

    static async Task<string[]> ShapeAsync(string connection) => (string[])(await ScalarAsync(connection, """
        SELECT array_agg(table_name || '.' || column_name || ' ' || data_type || coalesce(column_default, ''))
        FROM information_schema.columns
        WHERE table_schema = 'public'
        """))!;
}
