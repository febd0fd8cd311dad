using Npgsql;

namespace Forum.Database;

/// <summary>A unit of work. The verb opens it and passes it down; what must follow the commit is queued with <see cref="AfterCommit"/>.</summary>
sealed class ForumTransaction(NpgsqlConnection connection, NpgsqlTransaction transaction) : SqlSession, IAsyncDisposable
{
    readonly List<Func<Task>> _after = [];

    /// <summary>Runs once the work is committed: cache invalidation, messages to readers.</summary>
    public void AfterCommit(Func<Task> action) => _after.Add(action);

    public async Task CommitAsync(CancellationToken cancellation)
    {
        await transaction.CommitAsync(cancellation);
        foreach (var action in _after)
        {
            await action();
        }
    }

    public override ValueTask<SqlLease> OpenAsync(CancellationToken cancellation) => new(new SqlLease(connection, owned: false));

    public async ValueTask DisposeAsync()
    {
        await transaction.DisposeAsync();
        await connection.DisposeAsync();
    }
}
