using System.Text.Json.Nodes;
using System.Threading.Channels;
using Forum.Database;

namespace Forum.Jobs;

/// <summary>
/// Work for later, kept in the database, so that it is written with what it belongs to and lost with nothing. Any unit runs it.
/// </summary>
sealed class JobQueue(TimeProvider time)
{
    readonly Channel<bool> _wake = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    /// <summary>Signalled when there may be work.</summary>
    public ChannelReader<bool> Wake => _wake.Reader;

    /// <summary>Has one more worker look for work.</summary>
    public void Signal() => _wake.Writer.TryWrite(true);

    /// <param name="sql">The transaction that the work belongs to, or the pool.</param>
    /// <param name="name">The job's name, as in <see cref="IJob.Name"/>.</param>
    /// <param name="arguments">What it needs.</param>
    /// <param name="delay">How long to wait first.</param>
    /// <param name="cancellation">Gives up.</param>
    public async Task EnqueueAsync(SqlSession sql, string name, JsonObject arguments, CancellationToken cancellation, TimeSpan delay = default)
    {
        await sql.ExecuteAsync("""
            INSERT INTO forum_jobs (name, arguments, run_at, created_at)
            VALUES ($1, $2::jsonb, $3, $4)
            """, [name, arguments.ToJsonString(), time.GetUtcNow().UtcDateTime + delay, time.GetUtcNow().UtcDateTime], cancellation);
        if (sql is ForumTransaction work)
        {
            work.AfterCommit(() =>
            {
                Signal();
                return Task.CompletedTask;
            });
        }
        else
        {
            Signal();
        }
    }
}

/// <summary>A kind of work. It may run twice, when a process died in between, so it must end in the same place.</summary>
interface IJob
{
    /// <summary>Upstream's name of it, such as user_email; metrics show it as Jobs::UserEmail.</summary>
    string Name { get; }

    Task RunAsync(JsonObject arguments, CancellationToken cancellation);
}

/// <summary>Work that comes round by itself; one unit does it each time.</summary>
interface IScheduledJob
{
    string Name { get; }

    TimeSpan Every { get; }

    Task RunAsync(CancellationToken cancellation);
}
