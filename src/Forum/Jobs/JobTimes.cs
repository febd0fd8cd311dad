using System.Collections.Concurrent;

namespace Forum.Jobs;

/// <summary>How often each job ran in this process, and how long; for metrics.</summary>
sealed class JobTimes
{
    readonly ConcurrentDictionary<(string Name, bool IsScheduled, bool IsSuccess), (long Count, double Seconds)> _times = new();

    public IEnumerable<KeyValuePair<(string Name, bool IsScheduled, bool IsSuccess), (long Count, double Seconds)>> All => _times;

    public void Add(string name, bool scheduled, bool success, TimeSpan took) => _times.AddOrUpdate(
        (name, scheduled, success), (1, took.TotalSeconds), (_, sum) => (sum.Count + 1, sum.Seconds + took.TotalSeconds));
}
