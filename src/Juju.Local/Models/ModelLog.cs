using Juju.Local.Api;
using Juju.Local.State;

namespace Juju.Local.Models;

/// <summary>The model's log and the history of its statuses.</summary>
sealed class ModelLog(Database database, TimeProvider clock, string model)
{
    const int Kept = 100_000;
    long lines;
    TaskCompletionSource added = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Add(string entity, string level, string module, string message)
    {
        database.Execute(
            "INSERT INTO log (model, time, entity, level, module, message) VALUES ($1, $2, $3, $4, $5, $6)",
            model, clock.GetUtcNow().UtcTicks, entity, level, module, message);
        if (Interlocked.Increment(ref lines) % 1000 == 0)
        {
            database.Execute("DELETE FROM log WHERE id < (SELECT max(id) FROM log) - $1", Kept);
        }

        Interlocked.Exchange(ref added, new(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();
    }

    /// <summary>Lines behind an id that match, in order.</summary>
    public async Task<LogPage> ReadAsync(LogsRequest request, CancellationToken cancellation)
    {
        var filter = new LogFilter(request);
        var begin = clock.GetTimestamp();
        while (true)
        {
            var signal = Volatile.Read(ref added).Task;
            var all = Read(request.After);
            IReadOnlyList<LogLine> lines = [.. all.Where(filter.Matches)];
            if (request.Last > 0 && lines.Count > request.Last)
            {
                lines = [.. lines.Skip(lines.Count - request.Last)];
            }

            if (request.Limit > 0 && lines.Count > request.Limit)
            {
                lines = [.. lines.Take(request.Limit)];
                return new LogPage(lines, lines[^1].Id);
            }

            var left = TimeSpan.FromSeconds(request.WaitSeconds) - clock.GetElapsedTime(begin);
            if (lines.Count > 0 || left <= TimeSpan.Zero)
            {
                return new LogPage(lines, all is [.., var last] ? last.Id : request.After);
            }

            await Task.WhenAny(signal, Task.Delay(left, clock, cancellation));
            cancellation.ThrowIfCancellationRequested();
        }
    }

    public IReadOnlyList<StatusLogLine> ReadStatus(string entity, int limit)
    {
        var rows = database.Query(
            """
            SELECT time, kind, status, message
            FROM status_history
            WHERE model = $1 AND entity = $2
            ORDER BY id DESC
            LIMIT $3
            """,
            row => new StatusLogLine(new(row.GetInt64(0), TimeSpan.Zero), row.GetString(1), row.GetString(2), row.GetString(3)),
            model, entity, limit <= 0 ? int.MaxValue : limit);
        return [.. rows.Reverse()];
    }

    /// <summary>Notes each status that a change has brought.</summary>
    public void StatusChanges(ModelState before, ModelState after)
    {
        if (!ReferenceEquals(before.Units, after.Units))
        {
            foreach (var (name, unit) in after.Units)
            {
                var old = before.Units.GetValueOrDefault(name);
                if (!ReferenceEquals(old, unit))
                {
                    Note(name, "workload", old?.Workload, unit.Workload);
                    Note(name, "juju-unit", old?.Agent, unit.Agent);
                }
            }
        }

        if (!ReferenceEquals(before.Applications, after.Applications))
        {
            foreach (var (name, application) in after.Applications)
            {
                Note(name, "application", before.Applications.GetValueOrDefault(name)?.Status, application.Status);
            }
        }
    }

    void Note(string entity, string kind, StatusRecord? before, StatusRecord? after)
    {
        if (after is not null && after != before)
        {
            database.Execute(
                "INSERT INTO status_history (model, entity, kind, time, status, message) VALUES ($1, $2, $3, $4, $5, $6)",
                model, entity, kind, after.Since.UtcTicks, after.Current, after.Message);
        }
    }

    IReadOnlyList<LogLine> Read(long after) => database.Query(
        """
        SELECT id, time, entity, level, module, message
        FROM log
        WHERE model = $1 AND id > $2
        ORDER BY id
        """,
        row => new LogLine(
            row.GetInt64(0), new(row.GetInt64(1), TimeSpan.Zero), row.GetString(2), row.GetString(3), row.GetString(4), row.GetString(5)),
        model, after);
}
