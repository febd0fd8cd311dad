using System.Diagnostics.CodeAnalysis;
using Npgsql;

namespace Forum.Database;

/// <summary>A unit of work. The verb opens it and passes it down; what must follow the commit is queued with <see cref="AfterCommit"/>.</summary>
sealed class ForumTransaction(NpgsqlConnection connection, NpgsqlTransaction transaction) : SqlSession, IAsyncDisposable
{
    readonly List<Func<Task>> _after = [];
    readonly List<(string Sql, object?[] Parameters)> _writes = [];

    /// <summary>Runs once the work is committed: cache invalidation, messages to readers.</summary>
    public void AfterCommit(Func<Task> action) => _after.Add(action);

    public async Task CommitAsync(CancellationToken cancellation)
    {
        await SendWritesAsync(cancellation);
        await transaction.CommitAsync(cancellation);
        if (RequestCosts.Current is { } costs)
        {
            costs.HasCommitted = true;
        }

        foreach (var action in _after)
        {
            await action();
        }
    }

    public override Task WriteAsync([ConstantExpected] string sql, object?[] parameters, CancellationToken cancellation)
    {
        _writes.Add((sql, parameters));
        return Task.CompletedTask;
    }

    public override async ValueTask<SqlLease> OpenAsync(CancellationToken cancellation)
    {
        await SendWritesAsync(cancellation);
        return new SqlLease(connection, owned: false);
    }

    /// <summary>The writes so far, in one round trip.</summary>
    async ValueTask SendWritesAsync(CancellationToken cancellation)
    {
        if (_writes.Count == 0)
        {
            return;
        }

        await using var batch = new NpgsqlBatch(connection);
        foreach (var (sql, parameters) in _writes)
        {
            var command = new NpgsqlBatchCommand(sql);
            AddParameters(command.Parameters, parameters);
            batch.BatchCommands.Add(command);
        }

        using var cost = RequestCosts.Sql(_writes.Count);
        _writes.Clear();
        await batch.ExecuteNonQueryAsync(cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        await transaction.DisposeAsync();
        await connection.DisposeAsync();
    }
}
