using System.Collections.Concurrent;
using Pebble.Logs;

namespace Pebble.LogTargets;

/// <summary>
/// Where lines are collected and sent in batches. Holds the last lines only: while a target can't be reached the oldest
/// are dropped. Used by one loop at a time.
/// </summary>
abstract class LogSink : IDisposable
{
    /// <summary>As many lines as one request carries.</summary>
    public const int MostEntries = 100;

    readonly List<LogEntry> entries = [];
    // Set by whoever changes the plan, read by the loop that sends.
    readonly ConcurrentDictionary<string, IReadOnlyList<KeyValuePair<string, string>>> labels = [];

    protected IReadOnlyList<LogEntry> Entries => entries;

    public void SetLabels(string service, IReadOnlyList<KeyValuePair<string, string>> values) => labels[service] = values;

    public void Add(LogEntry entry)
    {
        if (entries.Count == MostEntries)
        {
            entries.RemoveAt(0);
        }

        entries.Add(entry);
    }

    /// <summary>Sends what was collected. What could not be sent stays for the next time.</summary>
    /// <exception cref="LogSinkException">It was not sent.</exception>
    public async Task FlushAsync(CancellationToken cancellation)
    {
        if (entries.Count > 0)
        {
            await SendAsync(cancellation);
        }
    }

    public abstract void Dispose();

    protected abstract Task SendAsync(CancellationToken cancellation);

    protected void Drop(int count) => entries.RemoveRange(0, count);

    /// <summary>Sorted by name.</summary>
    protected IReadOnlyList<KeyValuePair<string, string>> LabelsOf(string service) => labels.GetValueOrDefault(service) ?? [];

    /// <summary>The lines of each service, services by name.</summary>
    protected IEnumerable<IGrouping<string, LogEntry>> ByService() =>
        entries.GroupBy(entry => entry.Service).OrderBy(group => group.Key, StringComparer.Ordinal);
}

/// <summary>A batch was not sent; the message goes to the daemon's log.</summary>
sealed class LogSinkException(string message) : Exception(message);
