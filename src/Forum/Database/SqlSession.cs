using System.Diagnostics.CodeAnalysis;
using Npgsql;
using NpgsqlTypes;

namespace Forum.Database;

/// <summary>
/// Where SQL is run: the pool (<see cref="ForumDatabase"/>) or a transaction (<see cref="ForumTransaction"/>). SQL is a
/// constant with $1 parameters. A DateTime is UTC on both sides; columns are timestamps without time zone.
/// </summary>
abstract class SqlSession
{
    /// <summary>All rows.</summary>
    public async Task<List<T>> ListAsync<T>(
        [ConstantExpected] string sql, Func<NpgsqlDataReader, T> read, object?[] parameters, CancellationToken cancellation)
    {
        await using var lease = await OpenAsync(cancellation);
        await using var command = Command(lease.Connection, sql, parameters);
        using var cost = RequestCosts.Sql();
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var rows = new List<T>();
        while (await reader.ReadAsync(cancellation))
        {
            rows.Add(read(reader));
        }

        return rows;
    }

    /// <summary>The first row, or the type's default when there is none.</summary>
    public async Task<T?> FindAsync<T>(
        [ConstantExpected] string sql, Func<NpgsqlDataReader, T> read, object?[] parameters, CancellationToken cancellation)
    {
        await using var lease = await OpenAsync(cancellation);
        await using var command = Command(lease.Connection, sql, parameters);
        using var cost = RequestCosts.Sql();
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        return await reader.ReadAsync(cancellation) ? read(reader) : default;
    }

    /// <summary>The first column of the first row, or the type's default when there is none or it is NULL.</summary>
    public async Task<T?> ScalarAsync<T>([ConstantExpected] string sql, object?[] parameters, CancellationToken cancellation)
    {
        await using var lease = await OpenAsync(cancellation);
        await using var command = Command(lease.Connection, sql, parameters);
        using var cost = RequestCosts.Sql();
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        return await reader.ReadAsync(cancellation) && !reader.IsDBNull(0) ? reader.GetFieldValue<T>(0) : default;
    }

    /// <summary>How many rows it changed.</summary>
    public async Task<int> ExecuteAsync([ConstantExpected] string sql, object?[] parameters, CancellationToken cancellation)
    {
        await using var lease = await OpenAsync(cancellation);
        await using var command = Command(lease.Connection, sql, parameters);
        using var cost = RequestCosts.Sql();
        return await command.ExecuteNonQueryAsync(cancellation);
    }

    /// <summary>As <see cref="ExecuteAsync"/>, when nobody waits for how it went: in a transaction it is sent with its like, in order, before the next statement that is waited for.</summary>
    public virtual Task WriteAsync([ConstantExpected] string sql, object?[] parameters, CancellationToken cancellation) => ExecuteAsync(sql, parameters, cancellation);

    /// <summary>A connection for COPY and the like; statements run on it directly are not counted.</summary>
    public abstract ValueTask<SqlLease> OpenAsync(CancellationToken cancellation);

    static NpgsqlCommand Command(NpgsqlConnection connection, string sql, object?[] parameters)
    {
        var command = new NpgsqlCommand(sql, connection);
        AddParameters(command.Parameters, parameters);
        return command;
    }

    /// <summary>Types the values of $1, $2 and so on.</summary>
    internal static void AddParameters(NpgsqlParameterCollection target, object?[] parameters)
    {
        foreach (var value in parameters)
        {
            target.Add(value switch
            {
                null => new NpgsqlParameter { Value = DBNull.Value },
                DateTime time => new NpgsqlParameter<DateTime>
                {
                    TypedValue = DateTime.SpecifyKind(time, DateTimeKind.Unspecified),
                    NpgsqlDbType = NpgsqlDbType.Timestamp,
                },
                int number => new NpgsqlParameter<int> { TypedValue = number },
                long number => new NpgsqlParameter<long> { TypedValue = number },
                string text => new NpgsqlParameter<string> { TypedValue = text },
                bool flag => new NpgsqlParameter<bool> { TypedValue = flag },
                List<int> list => new NpgsqlParameter { Value = list.ToArray() },
                List<string> list => new NpgsqlParameter { Value = list.ToArray() },
                _ => new NpgsqlParameter { Value = value },
            });
        }
    }
}

/// <summary>A connection for the time of one statement; giving it back is a no-op inside a transaction.</summary>
readonly struct SqlLease(NpgsqlConnection connection, bool owned) : IAsyncDisposable
{
    public NpgsqlConnection Connection => connection;

    public ValueTask DisposeAsync() => owned ? connection.DisposeAsync() : ValueTask.CompletedTask;
}
