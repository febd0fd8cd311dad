using System.Diagnostics;
using Forum.Jobs;
using Forum.Redis;

namespace Forum.Metrics;

/// <summary>What this process uses. It is web server and job runner in one, so both types are reported; what Ruby and V8 have is given as the managed heap.</summary>
sealed class ProcessMetrics(RedisClient redis, JobTimes jobs)
{
    static readonly string[] Types = ["web", "sidekiq"];

    public void Write(Exposition text)
    {
        using var process = Process.GetCurrentProcess();
        var memory = GC.GetGCMemoryInfo();
        var free = Math.Max(0, memory.TotalCommittedBytes - memory.HeapSizeBytes);
        Gauge("heap_free_slots", "Free ruby heap slots", free / 40);
        Gauge("heap_live_slots", "Used ruby heap slots", memory.HeapSizeBytes / 40);
        Gauge("v8_heap_size", "Total JavaScript V8 heap size (bytes)", memory.TotalCommittedBytes);
        Gauge("v8_used_heap_size", "Total used JavaScript V8 heap size (bytes)", memory.HeapSizeBytes);
        Gauge("v8_physical_size", "Physical size consumed by V8 heaps", memory.TotalCommittedBytes);
        Gauge("v8_heap_count", "Number of V8 contexts running", 1);
        Gauge("rss", "Total RSS used by process", process.WorkingSet64);
        Gauge("thread_count", "Total number of active threads per process", process.Threads.Count);
        Gauge("deferred_jobs_queued", "Number of jobs queued in the deferred job queue", 0);
        Gauge("active_record_failover_count", "Count of ActiveRecord databases in a failover state", 0);
        Gauge("redis_failover_count", "Count of Redis servers in a failover state", redis.IsAvailable ? 0 : 1);
        Count("major_gc_count", "Major GC operations by process", GC.CollectionCount(2));
        Count("minor_gc_count", "Minor GC operations by process", GC.CollectionCount(0));
        Count("total_allocated_objects", "Total number of allocated objects by process", GC.GetTotalAllocatedBytes() / 40);
        Count("process_cpu_seconds_total", "Total CPU time used by the process", process.TotalProcessorTime.TotalSeconds);
        WriteJobs(text);

        void Gauge(string name, string help, double value) => Family(name, "gauge", help, value);

        void Count(string name, string help, double value) => Family(name, "counter", help, value);

        void Family(string name, string type, string help, double value)
        {
            text.Family(name, type, help);
            foreach (var kind in Types)
            {
                text.Sample(name, Exposition.Labels(("type", kind), ("pid", Exposition.Number(Environment.ProcessId))), value);
            }
        }
    }

    void WriteJobs(Exposition text)
    {
        foreach (var (isScheduled, family) in new[] { (true, "scheduled"), (false, "sidekiq") })
        {
            var times = jobs.All.Where(pair => pair.Key.IsScheduled == isScheduled).ToArray();
            text.Family($"{family}_job_duration_seconds", "counter", $"Total time spent in {family} jobs");
            foreach (var ((name, _, success), (_, seconds)) in times)
            {
                text.Sample($"{family}_job_duration_seconds", Labels(name, success), seconds);
            }

            text.Family($"{family}_job_count", "counter", $"Total number of {family} jobs executed");
            foreach (var ((name, _, success), (count, _)) in times)
            {
                text.Sample($"{family}_job_count", Labels(name, success), count);
            }
        }

        text.Family("job_failures", "counter", "Number of scheduled and regular jobs that failed in a process");
        foreach (var ((name, isScheduled, _), (count, _)) in jobs.All.Where(pair => !pair.Key.IsSuccess))
        {
            text.Sample("job_failures", Exposition.Labels(
                ("type", "sidekiq"), ("pid", Exposition.Number(Environment.ProcessId)), ("job", JobClass(name)), ("family", isScheduled ? "scheduled" : "regular")), count);
        }
    }

    static string Labels(string name, bool success) => Exposition.Labels(("job_name", JobClass(name)), ("success", success ? "true" : "false"));

    /// <summary>user_email is Jobs::UserEmail.</summary>
    static string JobClass(string name) => "Jobs::" + string.Concat(name.Split('_').Select(word => char.ToUpperInvariant(word[0]) + word[1..]));
}
