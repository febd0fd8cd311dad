using System.Runtime;
using Forum.Configuration;

namespace Forum.Jobs;

/// <summary>
/// Keeps the process below UNICORN_SIDEKIQ_MAX_RSS. Upstream restarts its process of jobs when that has grown above; here jobs share the
/// server's process, which gives memory back instead.
/// </summary>
sealed partial class MemoryWatch(GlobalSettings globals, TimeProvider time, ILogger<MemoryWatch> logger) : BackgroundService
{
    /// <summary>Less than this is not obeyed, as upstream does.</summary>
    const int LeastMegabytes = 500;

    static readonly TimeSpan Interval = TimeSpan.FromSeconds(30);

    /// <summary>In bytes; null: no limit is set.</summary>
    public static long? Limit(GlobalSettings globals) =>
        int.TryParse(globals.Environment.GetValueOrDefault("UNICORN_SIDEKIQ_MAX_RSS"), out var megabytes) ? Math.Max(LeastMegabytes, megabytes) * 1024L * 1024L : null;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (Limit(globals) is not { } most)
        {
            return;
        }

        using var timer = new PeriodicTimer(Interval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            var before = Environment.WorkingSet;
            if (before > most)
            {
                GCSettings.LargeObjectHeapCompactionMode = GCLargeObjectHeapCompactionMode.CompactOnce;
                GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
                LogTrimmed(before >> 20, most >> 20, Environment.WorkingSet >> 20);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The process held {Before} MiB, more than UNICORN_SIDEKIQ_MAX_RSS ({Limit} MiB); it gave memory back and holds {After} MiB")]
    partial void LogTrimmed(long before, long limit, long after);
}
