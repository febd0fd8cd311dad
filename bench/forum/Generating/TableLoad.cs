using Npgsql;
using NpgsqlTypes;

namespace ForumBench.Generating;

/// <summary>Fills tables by COPY; their indices are taken away meanwhile and made again at the end.</summary>
static class TableLoad
{
    /// <summary>Copies rows; a cell is an int, long, string, bool, double, DateTime (UTC, stored without zone), int[] or null.</summary>
    public static async Task CopyAsync(NpgsqlConnection connection, string table, string columns, IEnumerable<object?[]> rows, CancellationToken cancellation)
    {
        await using var importer = await connection.BeginBinaryImportAsync($"COPY {table} ({columns}) FROM STDIN (FORMAT BINARY)", cancellation);
        importer.Timeout = TimeSpan.FromMinutes(10);
        foreach (var row in rows)
        {
            await importer.StartRowAsync(cancellation);
            foreach (var cell in row)
            {
                await (cell switch
                {
                    null => importer.WriteNullAsync(cancellation),
                    int number => importer.WriteAsync(number, NpgsqlDbType.Integer, cancellation),
                    double number => importer.WriteAsync(number, NpgsqlDbType.Double, cancellation),
                    string text => importer.WriteAsync(text, NpgsqlDbType.Text, cancellation),
                    bool flag => importer.WriteAsync(flag, NpgsqlDbType.Boolean, cancellation),
                    DateTime time => importer.WriteAsync(DateTime.SpecifyKind(time, DateTimeKind.Unspecified), NpgsqlDbType.Timestamp, cancellation),
                    int[] numbers => importer.WriteAsync(numbers, NpgsqlDbType.Array | NpgsqlDbType.Integer, cancellation),
                    _ => throw new ArgumentException($"no column type for {cell.GetType()}"),
                });
            }
        }

        await importer.CompleteAsync(cancellation);
    }

    /// <summary>Drops the tables' indices but for keys and constraints.</summary>
    /// <returns>The statements that make them again.</returns>
    public static async Task<List<string>> DropIndicesAsync(NpgsqlConnection connection, string[] tables, CancellationToken cancellation)
    {
        var indices = new List<(string Name, string Definition)>();
        await using (var command = new NpgsqlCommand("""
            SELECT c.relname, pg_get_indexdef(i.indexrelid)
            FROM pg_index i
            JOIN pg_class c ON c.oid = i.indexrelid
            JOIN pg_class t ON t.oid = i.indrelid
            WHERE t.relname = ANY($1) AND t.relnamespace = 'public'::regnamespace
                AND NOT EXISTS (SELECT FROM pg_constraint k WHERE k.conindid = i.indexrelid)
            """, connection) { Parameters = { new NpgsqlParameter { Value = tables } } })
        await using (var reader = await command.ExecuteReaderAsync(cancellation))
        {
            while (await reader.ReadAsync(cancellation))
            {
                indices.Add((reader.GetString(0), reader.GetString(1)));
            }
        }

        foreach (var (name, _) in indices)
        {
            await RunAsync(connection, $"DROP INDEX {name}", cancellation);
        }

        return [.. indices.Select(index => index.Definition)];
    }

    public static async Task RunAsync(NpgsqlConnection connection, string sql, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 600 };
        await command.ExecuteNonQueryAsync(cancellation);
    }

    public static async Task<int> NumberAsync(NpgsqlConnection connection, string sql, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        return Convert.ToInt32(await command.ExecuteScalarAsync(cancellation), System.Globalization.CultureInfo.InvariantCulture);
    }
}
