using Juju.Local.Api;
using Juju.Local.State;
using Microsoft.Data.Sqlite;

namespace Juju.Local.Models;

/// <summary>The model's log and the history of its statuses.</summary>
sealed class ModelLog(Database database, TimeProvider clock, string model)
{
    const int Kept = 100_000;
    const int Batch = 500;
    long lines;
    TaskCompletionSource added = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>A line that cannot be kept, for want of space, is lost: who writes it must go on.</summary>
    public void Add(string entity, string level, string module, string message)
    {
        try
        {
            database.Execute(
                "INSERT INTO log (model, time, entity, level, module, message) VALUES ($1, $2, $3, $4, $5, $6)",
                model, clock.GetUtcNow().UtcTicks, entity, level, module, message);
            if (Interlocked.Increment(ref lines) % 1000 == 0)
            {
                database.Execute("DELETE FROM log WHERE id < (SELECT max(id) FROM log) - $1", Kept);
            }
        }
        catch (SqliteException)
        {
            return;
        }

        Interlocked.Exchange(ref added, new(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();
    }

    /// <summary>Lines behind an id that match, in order; the last ones are looked for from the end.</summary>
    public async Task<LogPage> ReadAsync(LogsRequest request, CancellationToken cancellation)
    {
        var filter = new LogFilter(request);
        var begin = clock.GetTimestamp();
        var after = request.After;
        while (true)
        {
            var signal = Volatile.Read(ref added).Task;
            var page = request.Last > 0 ? ReadLast(filter, after, request.Last) : ReadNext(filter, after, request.Limit);
            var left = TimeSpan.FromSeconds(request.WaitSeconds) - clock.GetElapsedTime(begin);
            if (page.Lines.Count > 0 || left <= TimeSpan.Zero)
            {
                return page;
            }

            // What did not match is not read again.
            after = page.Next;
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

    /// <summary>Forgets the statuses before a moment.</summary>
    public void PruneStatus(DateTimeOffset oldest) =>
        database.Execute("DELETE FROM status_history WHERE model = $1 AND time < $2", model, oldest.UtcTicks);

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

    LogPage ReadNext(LogFilter filter, long after, int limit)
    {
        List<LogLine> found = [];
        while (true)
        {
            var lines = database.Query(
                """
                SELECT id, time, entity, level, module, message
                FROM log
                WHERE model = $1 AND id > $2
                ORDER BY id
                LIMIT $3
                """,
                ReadLine, model, after, Batch);
            foreach (var line in lines)
            {
                after = line.Id;
                if (filter.Matches(line))
                {
                    found.Add(line);
                    if (found.Count == limit)
                    {
                        return new LogPage(found, after);
                    }
                }
            }

            if (lines.Count < Batch)
            {
                return new LogPage(found, after);
            }
        }
    }

    LogPage ReadLast(LogFilter filter, long after, int count)
    {
        List<LogLine> found = [];
        var before = long.MaxValue;
        var next = after;
        while (true)
        {
            var lines = database.Query(
                """
                SELECT id, time, entity, level, module, message
                FROM log
                WHERE model = $1 AND id > $2 AND id < $3
                ORDER BY id DESC
                LIMIT $4
                """,
                ReadLine, model, after, before, Batch);
            if (lines.Count > 0)
            {
                next = Math.Max(next, lines[0].Id);
                before = lines[^1].Id;
            }

            found.AddRange(lines.Where(filter.Matches).Take(count - found.Count));
            if (lines.Count < Batch || found.Count == count)
            {
                found.Reverse();
                return new LogPage(found, next);
            }
        }
    }

    static LogLine ReadLine(SqliteDataReader row) => new(
        row.GetInt64(0), new(row.GetInt64(1), TimeSpan.Zero), row.GetString(2), row.GetString(3), row.GetString(4), row.GetString(5));
}
