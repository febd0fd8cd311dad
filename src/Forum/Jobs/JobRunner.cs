using System.Diagnostics;
using System.Text.Json.Nodes;
using Forum.Configuration;
using Forum.Database;
using Npgsql;

namespace Forum.Jobs;

/// <summary>
/// Runs queued work. A job is leased, not taken: the lease is renewed while it runs, and if this process dies it runs out and
/// another runs the job. One that fails is tried again after longer and longer times, and after the last is kept as dead with its error.
/// </summary>
sealed partial class JobRunner(
    ForumDatabase database, JobQueue queue, JobTimes times, IEnumerable<IJob> jobs, GlobalSettings globals, TimeProvider time, ILogger<JobRunner> logger)
    : BackgroundService
{
    public const int MostAttempts = 25;
    static readonly TimeSpan Lease = TimeSpan.FromMinutes(5);
    static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    readonly Dictionary<string, IJob> _jobs = jobs.ToDictionary(job => job.Name);
    readonly int _workers = Math.Max(1, globals.Number("sidekiq_workers", 5));

    // Of the workers that have nothing to do one looks for work that falls due; the others wait for a signal.
    int _lookouts;

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        globals.Environment.GetValueOrDefault("UNICORN_SIDEKIQS") == "0"
            ? Task.CompletedTask
            : Task.WhenAll(Enumerable.Range(0, _workers).Select(_ => WorkAsync(stoppingToken)));

    async Task WorkAsync(CancellationToken stopping)
    {
        await Task.Yield();
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                if (!await RunNextAsync(stopping))
                {
                    await WaitAsync(stopping);
                }
            }
            catch (NpgsqlException e)
            {
                LogUnreachable(e.Message);
                await Task.WhenAny(Task.Delay(Interval, time, stopping));
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                return;
            }
        }
    }

    async Task WaitAsync(CancellationToken stopping)
    {
        var isLookout = Interlocked.CompareExchange(ref _lookouts, 1, 0) == 0;
        try
        {
            using var pause = CancellationTokenSource.CreateLinkedTokenSource(stopping);
            await Task.WhenAny(queue.Wake.ReadAsync(pause.Token).AsTask(), Task.Delay(isLookout ? Interval : Timeout.InfiniteTimeSpan, time, pause.Token));
            await pause.CancelAsync();
        }
        finally
        {
            if (isLookout)
            {
                Volatile.Write(ref _lookouts, 0);
            }
        }
    }

    /// <summary>Runs one job, if one is due.</summary>
    public async Task<bool> RunNextAsync(CancellationToken cancellation)
    {
        var now = time.GetUtcNow().UtcDateTime;
        var job = await database.FindAsync("""
            UPDATE forum_jobs
            SET attempts = attempts + 1, locked_until = $2
            WHERE id = (
                SELECT id
                FROM forum_jobs
                WHERE dead_at IS NULL AND run_at <= $1 AND (locked_until IS NULL OR locked_until < $1)
                ORDER BY run_at
                LIMIT 1
                FOR UPDATE SKIP LOCKED)
            RETURNING id, name, arguments::text, attempts
            """, row => new Leased(row.Long(0), row.Text(1), row.Text(2), row.Int(3)), [now, now + Lease], cancellation);
        if (job is null)
        {
            return false;
        }

        // Where one was there may be more, and someone has to look out.
        queue.Signal();
        var start = Stopwatch.GetTimestamp();
        string? error;
        await using (new Renewal(() => database.ExecuteAsync(
            "UPDATE forum_jobs SET locked_until = $2 WHERE id = $1", [job.Id, time.GetUtcNow().UtcDateTime + Lease], CancellationToken.None), Lease / 3, time))
        {
            error = await TryAsync(job, cancellation);
        }

        if (error is not null && cancellation.IsCancellationRequested)
        {
            // This process is going, which is no fault of the job: whoever looks next runs it.
            await database.ExecuteAsync("UPDATE forum_jobs SET locked_until = NULL, attempts = attempts - 1 WHERE id = $1", [job.Id], CancellationToken.None);
            return true;
        }

        times.Add(job.Name, scheduled: false, error is null, Stopwatch.GetElapsedTime(start));
        if (error is null)
        {
            await database.ExecuteAsync("DELETE FROM forum_jobs WHERE id = $1", [job.Id], CancellationToken.None);
            return true;
        }

        var isDead = job.Attempts >= MostAttempts;
        // Sidekiq's curve: 15 s, then longer, some 20 days in all.
        var wait = TimeSpan.FromSeconds(Math.Pow(job.Attempts, 4) + 15);
        await database.ExecuteAsync("""
            UPDATE forum_jobs
            SET error = $2, locked_until = NULL, run_at = $3, dead_at = CASE WHEN $4 THEN $5 END
            WHERE id = $1
            """, [job.Id, error, now + wait, isDead, now], CancellationToken.None);
        return true;
    }

    async Task<string?> TryAsync(Leased job, CancellationToken cancellation)
    {
        if (!_jobs.TryGetValue(job.Name, out var handler))
        {
            return $"no job is called \"{job.Name}\"";
        }

        try
        {
            await handler.RunAsync(JsonNode.Parse(job.Arguments)!.AsObject(), cancellation);
            return null;
        }
#pragma warning disable CA1031 // The outermost turn of a job: whatever it failed with is logged, kept and tried again.
        catch (Exception e)
#pragma warning restore CA1031
        {
            LogFailed(e, job.Name, job.Attempts);
            return e.ToString();
        }
    }

    sealed record Leased(long Id, string Name, string Arguments, int Attempts);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Job {Name} failed, attempt {Attempt}")]
    partial void LogFailed(Exception e, string name, int attempt);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Could not look for jobs: {Reason}")]
    partial void LogUnreachable(string reason);
}
