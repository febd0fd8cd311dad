using Npgsql;

namespace Forum.Database;

/// <summary>
/// db:migrate. An empty database gets schema and first rows; an existing Discourse database is checked and gets only what
/// is missing, nothing is dropped; any other is refused. All in one transaction, one unit at a time.
/// </summary>
sealed class Migrator(string connectionString, Action<string> say)
{
    /// <summary>The newest migration of Discourse v3.3.0, the oldest database that this program reads.</summary>
    const string OldestVersion = "20240725042522";

    /// <summary>Whoever changes the schema holds this advisory lock.</summary>
    public const long LockKey = 0x666F72756D; // "forum"

    /// <exception cref="MigrationRefusedException">The database is not Discourse's or too old; it is left as it was.</exception>
    public async Task RunAsync(CancellationToken cancellation)
    {
        await using var connection = new NpgsqlConnection(
            new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false, CommandTimeout = 0, MaxAutoPrepare = 0 }.ConnectionString);
        await connection.OpenAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        await RunAsync(connection, $"SELECT pg_advisory_xact_lock({LockKey})", cancellation);

        if (await AsksAsync(connection, "SELECT to_regclass('public.forum_migrations') IS NULL", cancellation))
        {
            await AdoptAsync(connection, cancellation);
        }

        var done = await DoneAsync(connection, cancellation);
        foreach (var migration in Migration.All.Where(migration => !done.Contains(migration.Number)))
        {
            say($"== {migration.Name}: migrating");
            await RunAsync(connection, migration.Sql, cancellation);
            await RecordAsync(connection, migration, cancellation);
        }

        await transaction.CommitAsync(cancellation);
    }

    async Task AdoptAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        // What extensions bring is not the database's own.
        var tables = await NamesAsync(connection, """
            SELECT c.relname
            FROM pg_class c
            WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')
              AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e')
            """, cancellation);
        if (tables.Count > 0)
        {
            await CheckAsync(connection, tables, cancellation);
            await AddMissingAsync(connection, cancellation);
        }
        else
        {
            say("The database is empty: creating Discourse's schema and first rows");
        }

        await RunAsync(connection, """
            CREATE TABLE forum_migrations (
                number integer PRIMARY KEY,
                name varchar NOT NULL,
                applied_at timestamp NOT NULL DEFAULT now()
            )
            """, cancellation);
        if (tables.Count > 0)
        {
            foreach (var migration in Migration.All.Where(migration => migration.IsBase))
            {
                await RecordAsync(connection, migration, cancellation);
            }
        }
    }

    async Task CheckAsync(NpgsqlConnection connection, HashSet<string> tables, CancellationToken cancellation)
    {
        string[] needed = ["schema_migrations", "users", "user_emails", "topics", "posts", "categories", "groups", "site_settings"];
        var missing = needed.Where(table => !tables.Contains(table)).ToArray();
        if (missing.Length > 0)
        {
            throw new MigrationRefusedException(
                $"this is not a Discourse database: it has tables ({string.Join(", ", tables.Order().Take(5))}) but not {string.Join(", ", missing)}; use an empty database or Discourse's own");
        }

        var versions = await NamesAsync(connection, "SELECT max(version) FROM schema_migrations", cancellation);
        var version = versions.FirstOrDefault() ?? "";
        if (string.CompareOrdinal(version, OldestVersion) < 0)
        {
            throw new MigrationRefusedException(
                $"this Discourse database is too old: its newest migration is \"{version}\", and v3.3.0 ({OldestVersion}) is the oldest that can be read; upgrade it with Discourse first");
        }

        say($"Found a Discourse database, newest migration {version}");
    }

    /// <summary>Makes our schema in a scratch schema, compares, forgets it, and adds what is missing.</summary>
    async Task AddMissingAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        await RunAsync(connection, "SAVEPOINT compare; CREATE SCHEMA forum_compare; SET LOCAL search_path = forum_compare, public", cancellation);
        foreach (var migration in Migration.All.Where(migration => migration.IsSchema && migration.Number > 1))
        {
            await RunAsync(connection, migration.Sql, cancellation);
        }

        var additions = await NamesAsync(connection, """
            SELECT format('ALTER TABLE %I ADD COLUMN %I %s%s', w.table_name, w.column_name, w.type,
                CASE WHEN w.fallback IS NOT NULL AND w.fallback NOT LIKE 'nextval%' THEN ' DEFAULT ' || w.fallback ELSE '' END)
            FROM (
                SELECT c.relname AS table_name, a.attname AS column_name, format_type(a.atttypid, a.atttypmod) AS type,
                    pg_get_expr(d.adbin, d.adrelid) AS fallback
                FROM pg_class c
                JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
                LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
                WHERE c.relnamespace = 'forum_compare'::regnamespace AND c.relkind = 'r'
            ) w
            JOIN pg_class p ON p.relname = w.table_name AND p.relnamespace = 'public'::regnamespace AND p.relkind IN ('r', 'p')
            WHERE NOT EXISTS (
                SELECT FROM pg_attribute a WHERE a.attrelid = p.oid AND a.attname = w.column_name AND NOT a.attisdropped)
            """, cancellation);
        var tables = await NamesAsync(connection, """
            SELECT c.relname
            FROM pg_class c
            WHERE c.relnamespace = 'forum_compare'::regnamespace AND c.relkind = 'r'
              AND NOT EXISTS (SELECT FROM pg_class p WHERE p.relname = c.relname AND p.relnamespace = 'public'::regnamespace)
            """, cancellation);
        await RunAsync(connection, "ROLLBACK TO SAVEPOINT compare; SET LOCAL search_path = public", cancellation);

        foreach (var statement in additions.Order())
        {
            say($"Adding what this version needs: {statement}");
            await RunAsync(connection, statement, cancellation);
        }

        foreach (var statement in Migration.All.Where(migration => migration.IsSchema && migration.Number > 1)
            .SelectMany(migration => SchemaStatements.For(migration.Sql, tables)))
        {
            say($"Adding what this version needs: {statement.Split('\n')[0].TrimEnd(' ', '(')}");
            await RunAsync(connection, statement, cancellation);
        }

        say(additions.Count + tables.Count == 0
            ? "Every table and column that is needed is there; nothing was changed"
            : $"Added {tables.Count} tables and {additions.Count} columns; nothing was dropped or rewritten");
    }

    static async Task RecordAsync(NpgsqlConnection connection, Migration migration, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand("INSERT INTO forum_migrations (number, name) VALUES ($1, $2)", connection);
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = migration.Number });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = migration.Name });
        await command.ExecuteNonQueryAsync(cancellation);
    }

    static async Task<HashSet<int>> DoneAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand("SELECT number FROM forum_migrations", connection);
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        HashSet<int> done = [];
        while (await reader.ReadAsync(cancellation))
        {
            done.Add(reader.GetInt32(0));
        }

        return done;
    }

    static async Task<HashSet<string>> NamesAsync(NpgsqlConnection connection, string sql, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        HashSet<string> names = [];
        while (await reader.ReadAsync(cancellation))
        {
            if (!reader.IsDBNull(0))
            {
                names.Add(reader.GetString(0));
            }
        }

        return names;
    }

    static async Task<bool> AsksAsync(NpgsqlConnection connection, string sql, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync(cancellation) is true;
    }

    static async Task RunAsync(NpgsqlConnection connection, string sql, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancellation);
    }
}

/// <summary>db:migrate will not touch this database.</summary>
sealed class MigrationRefusedException(string message) : Exception(message);
