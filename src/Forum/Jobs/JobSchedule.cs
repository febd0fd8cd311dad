using System.Diagnostics;
using Forum.Configuration;
using Forum.Database;
using Npgsql;

namespace Forum.Jobs;

/// <summary>
/// Runs the jobs that come round by themselves, each in one unit at a time: whoever moves its next time forward runs it. While it
/// runs that time is a lease's end, so that a job whose process dies is run soon by another.
/// </summary>
sealed partial class JobSchedule(
    ForumDatabase database, IEnumerable<IScheduledJob> jobs, JobTimes times, GlobalSettings globals, TimeProvider time, ILogger<JobSchedule> logger)
    : BackgroundService
{
    /// <summary>Jobs that come round less often read much of the forum: they have a lane of their own, in which one runs at a time.</summary>
    static readonly TimeSpan Often = TimeSpan.FromMinutes(30);

    /// <summary>How long after its start a server has only its visitors to see to; after a pause, or on a new forum, every long job is due at once.</summary>
    static readonly TimeSpan Settling = TimeSpan.FromMinutes(5);

    static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);
    static readonly TimeSpan LongInterval = TimeSpan.FromMinutes(1);
    static readonly TimeSpan Lease = TimeSpan.FromMinutes(5);

    readonly IScheduledJob[] _jobs = [.. jobs];

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => globals.Environment.GetValueOrDefault("UNICORN_SIDEKIQS") == "0"
        ? Task.CompletedTask
        : Task.WhenAll(
            LaneAsync([.. _jobs.Where(job => job.Every < Often)], TimeSpan.Zero, Interval, stoppingToken),
            LaneAsync([.. _jobs.Where(job => job.Every >= Often)], Settling, LongInterval, stoppingToken));

    /// <summary>Runs what is due, one after the other.</summary>
    async Task LaneAsync(IScheduledJob[] lane, TimeSpan wait, TimeSpan interval, CancellationToken stopping)
    {
        await Task.Delay(wait, time, stopping);
        using var timer = new PeriodicTimer(interval, time);
        while (await timer.WaitForNextTickAsync(stopping))
        {
            try
            {
                foreach (var job in await DueAsync(lane, stopping))
                {
                    await RunIfDueAsync(job, stopping);
                }
            }
            catch (NpgsqlException e)
            {
                LogUnreachable(e.Message);
            }
        }
    }

    /// <summary>The jobs that may be due: one look for all of them.</summary>
    async Task<List<IScheduledJob>> DueAsync(IScheduledJob[] lane, CancellationToken cancellation)
    {
        var later = (await database.ListAsync("SELECT name FROM forum_schedules WHERE next_run_at > $1", row => row.Text(0), [time.GetUtcNow().UtcDateTime], cancellation)).ToHashSet();
        return [.. lane.Where(job => !later.Contains(job.Name))];
    }

    /// <summary>Runs a job if its time has come and no other unit took it.</summary>
    public async Task<bool> RunIfDueAsync(IScheduledJob job, CancellationToken cancellation)
    {
        var now = time.GetUtcNow().UtcDateTime;
        var mine = await database.ExecuteAsync("""
            INSERT INTO forum_schedules AS s (name, next_run_at, last_run_at)
            VALUES ($1, $2, $3)
            ON CONFLICT (name) DO UPDATE SET next_run_at = $2, last_run_at = $3
            WHERE s.next_run_at <= $3
            """, [job.Name, now + Lease, now], cancellation);
        if (mine == 0)
        {
            return false;
        }

        var start = Stopwatch.GetTimestamp();
        string? error = null;
        try
        {
            await using var renewal = new Renewal(() => database.ExecuteAsync(
                "UPDATE forum_schedules SET next_run_at = $2 WHERE name = $1", [job.Name, time.GetUtcNow().UtcDateTime + Lease], CancellationToken.None), Lease / 3, time);
            await job.RunAsync(cancellation);
        }
#pragma warning disable CA1031 // The outermost turn of a job.
        catch (Exception e)
#pragma warning restore CA1031
        {
            LogFailed(e, job.Name);
            error = e.Message;
        }

        var took = Stopwatch.GetElapsedTime(start);
        times.Add(job.Name, scheduled: true, error is null, took);
        await database.ExecuteAsync("""
            UPDATE forum_schedules
            SET last_duration_ms = $2, last_error = $3, next_run_at = $4
            WHERE name = $1
            """, [job.Name, (int)took.TotalMilliseconds, error, error is not null && cancellation.IsCancellationRequested ? now : now + job.Every], CancellationToken.None);
        return true;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Scheduled job {Name} failed")]
    partial void LogFailed(Exception e, string name);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Could not look for scheduled jobs: {Reason}")]
    partial void LogUnreachable(string reason);
}
