using System.Diagnostics.CodeAnalysis;
using Npgsql;

namespace Forum.Database;

/// <summary>Several reads in one round trip: each is named first, and its rows are there once <see cref="RunAsync"/> has ended.</summary>
sealed class SqlBatch(SqlSession session)
{
    readonly List<(string Sql, object?[] Parameters, Action<NpgsqlDataReader> Read)> _reads = [];

    /// <summary>A list that the run fills with all rows.</summary>
    public List<T> List<T>([ConstantExpected] string sql, Func<NpgsqlDataReader, T> read, object?[] parameters)
    {
        List<T> rows = [];
        _reads.Add((sql, parameters, row => rows.Add(read(row))));
        return rows;
    }

    public async Task RunAsync(CancellationToken cancellation)
    {
        await using var lease = await session.OpenAsync(cancellation);
        await using var batch = new NpgsqlBatch(lease.Connection);
        foreach (var (sql, parameters, _) in _reads)
        {
            var command = new NpgsqlBatchCommand(sql);
            SqlSession.AddParameters(command.Parameters, parameters);
            batch.BatchCommands.Add(command);
        }

        using var cost = RequestCosts.Sql(_reads.Count);
        await using var reader = await batch.ExecuteReaderAsync(cancellation);
        foreach (var (_, _, read) in _reads)
        {
            while (await reader.ReadAsync(cancellation))
            {
                read(reader);
            }

            await reader.NextResultAsync(cancellation);
        }
    }
}
