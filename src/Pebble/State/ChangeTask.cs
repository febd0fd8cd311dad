using System.Globalization;
using Pebble.Formats;

namespace Pebble.State;

/// <summary>One step of a change. All members are used under the state's lock.</summary>
sealed class ChangeTask(DaemonState state, long id, string kind, string summary)
{
    const int KeptLogLines = 10;

    readonly List<long> waitsFor = [];
    readonly List<long> halts = [];
    readonly List<long> lanes = [];
    readonly List<string> log = [];

    public DaemonState State => state;

    public long Number => id;

    public string Id { get; } = id.ToString(CultureInfo.InvariantCulture);

    public string Kind => kind;

    public string Summary => summary;

    public Status Status { get; private set; } = Status.Do;

    public Change? Change { get; set; }

    public DateTimeOffset SpawnTime { get; set; } = state.Clock.GetUtcNow();

    public DateTimeOffset? ReadyTime { get; set; }

    /// <summary>Kept with the task, not shown.</summary>
    public JsonValues Values { get; } = new();

    /// <summary>Shown by the API as the task's "data".</summary>
    public JsonValues ApiData { get; } = new();

    /// <summary>The tasks this one waits for, by number.</summary>
    public IReadOnlyList<long> WaitsFor => waitsFor;

    /// <summary>The tasks that wait for this one, by number.</summary>
    public IReadOnlyList<long> Halts => halts;

    /// <summary>Lanes fail apart from each other; a task in none is in lane 0.</summary>
    public IReadOnlyList<long> Lanes => lanes.Count == 0 ? [0] : lanes;

    public IReadOnlyList<long> JoinedLanes => lanes;

    public IReadOnlyList<string> Log => log;

    public void WaitFor(ChangeTask other)
    {
        if (!waitsFor.Contains(other.Number))
        {
            waitsFor.Add(other.Number);
        }

        if (!other.halts.Contains(id))
        {
            other.halts.Add(id);
        }

        state.MarkModified();
    }

    public void JoinLane(long lane)
    {
        lanes.Add(lane);
        state.MarkModified();
    }

    /// <summary>Adds a line to the task's log, of which the last ten are kept.</summary>
    public void LogInfo(string text) => AddLog("INFO", text);

    public void LogError(string text) => AddLog("ERROR", text);

    public void SetStatus(Status next)
    {
        // An aborted task that says "done" stays aborted, so that it is undone.
        if (next == Status || (next == Status.Done && Status == Status.Abort))
        {
            return;
        }

        var was = Status;
        Status = next;
        if (!was.IsReady() && next.IsReady())
        {
            ReadyTime = state.Clock.GetUtcNow();
        }

        state.TaskMoved(this);
        Change?.TaskMoved();
    }

    /// <summary>For loading: sets what was stored without any consequence.</summary>
    public void Restore(Status status, IEnumerable<long> waits, IEnumerable<long> halted, IEnumerable<long> joined, IEnumerable<string> lines)
    {
        Status = status;
        waitsFor.AddRange(waits);
        halts.AddRange(halted);
        lanes.AddRange(joined);
        log.AddRange(lines);
    }

    void AddLog(string level, string text)
    {
        if (log.Count == KeptLogLines)
        {
            log.RemoveAt(0);
        }

        log.Add($"{GoTime.LocalSeconds(state.Clock.GetUtcNow())} {level} {text}");
        state.MarkModified();
    }
}
