using System.Diagnostics;
using Forum.Configuration;
using Forum.Database;
using Npgsql;

namespace Forum.Jobs;

/// <summary>Runs the jobs that come round by themselves, each in one unit at a time: whoever moves its next time forward runs it.</summary>
sealed partial class JobSchedule(
    ForumDatabase database, IEnumerable<IScheduledJob> jobs, JobTimes times, GlobalSettings globals, TimeProvider time, ILogger<JobSchedule> logger)
    : BackgroundService
{
    static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    readonly IScheduledJob[] _jobs = [.. jobs];

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (globals.Environment.GetValueOrDefault("UNICORN_SIDEKIQS") == "0")
        {
            return;
        }

        using var timer = new PeriodicTimer(Interval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            foreach (var job in _jobs)
            {
                try
                {
                    await RunIfDueAsync(job, stoppingToken);
                }
                catch (NpgsqlException e)
                {
                    LogUnreachable(e.Message);
                }
            }
        }
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
            """, [job.Name, now + job.Every, now], cancellation);
        if (mine == 0)
        {
            return false;
        }

        var start = Stopwatch.GetTimestamp();
        string? error = null;
        try
        {
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
            SET last_duration_ms = $2, last_error = $3
            WHERE name = $1
            """, [job.Name, (int)took.TotalMilliseconds, error], CancellationToken.None);
        return true;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Scheduled job {Name} failed")]
    partial void LogFailed(Exception e, string name);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Could not look for scheduled jobs: {Reason}")]
    partial void LogUnreachable(string reason);
}
