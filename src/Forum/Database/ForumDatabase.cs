using Npgsql;

namespace Forum.Database;

/// <summary>The forum's database: statements of their own, and transactions.</summary>
/// <param name="source">Prepares what comes often.</param>
/// <param name="unprepared">Plans each statement anew; null to do without.</param>
sealed class ForumDatabase(NpgsqlDataSource source, NpgsqlDataSource? unprepared = null) : SqlSession
{
    /// <summary>
    /// For searches and filtered lists, whose best plan depends on what is asked: a plan made once for all values would read the
    /// whole forum. Conditions that are not asked for are constants to the planner, which drops them.
    /// </summary>
    public SqlSession PlannedEachTime { get; } = unprepared is null ? new Pool(source) : new Pool(unprepared);

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

    sealed class Pool(NpgsqlDataSource pool) : SqlSession
    {
        public override async ValueTask<SqlLease> OpenAsync(CancellationToken cancellation) => new(await pool.OpenConnectionAsync(cancellation), owned: true);
    }
}
