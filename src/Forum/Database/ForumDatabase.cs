using Npgsql;

namespace Forum.Database;

/// <summary>The forum's database: statements of their own, and transactions.</summary>
sealed class ForumDatabase(NpgsqlDataSource source) : SqlSession
{
    /// <summary>Begins a transaction. Disposing it without <see cref="ForumTransaction.CommitAsync"/> undoes it.</summary>
    public async Task<ForumTransaction> BeginAsync(CancellationToken cancellation)
    {
        var connection = await source.OpenConnectionAsync(cancellation);
        try
        {
            return new ForumTransaction(connection, await connection.BeginTransactionAsync(cancellation));
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    public override async ValueTask<SqlLease> OpenAsync(CancellationToken cancellation) =>
        new(await source.OpenConnectionAsync(cancellation), owned: true);
}
