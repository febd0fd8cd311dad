using System.Globalization;
using System.Text;

namespace Pebble.State;

/// <summary>What a client asked for, as tasks with a common outcome. All members are used under the state's lock.</summary>
sealed class Change(DaemonState state, long id, string kind, string summary)
{
    readonly List<ChangeTask> tasks = [];
    readonly TaskCompletionSource ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    Status status;
    Status lastNoticed;

    public long Number => id;

    public string Id { get; } = id.ToString(CultureInfo.InvariantCulture);

    public string Kind => kind;

    public string Summary => summary;

    public DateTimeOffset SpawnTime { get; set; } = state.Clock.GetUtcNow();

    public DateTimeOffset? ReadyTime { get; set; }

    public IReadOnlyList<ChangeTask> Tasks => tasks;

    /// <summary>Kept with the change, not shown; "service-names" is what `GET /v1/changes?for=` matches.</summary>
    public JsonValues Values { get; } = new();

    /// <summary>Shown by the API as the change's "data".</summary>
    public JsonValues ApiData { get; } = new();

    /// <summary>Goes into the data of the change's notices besides "kind".</summary>
    public IReadOnlyDictionary<string, string> NoticeData { get; set; } = new Dictionary<string, string>();

    /// <summary>Ends when the change is ready. May be awaited without the lock.</summary>
    public Task Ready => ready.Task;

    public bool IsReady => ready.Task.IsCompleted;

    /// <summary>The explicit status, or the most urgent one of the tasks; a change without tasks is on Hold.</summary>
    public Status Status
    {
        get
        {
            if (status != Status.Default)
            {
                return status;
            }

            return tasks.Count == 0 ? Status.Hold : Statuses.ByPriority.First(each => tasks.Any(task => task.Status == each));
        }
    }

    public Status ExplicitStatus => status;

    /// <summary>What went wrong in each failed task, or null.</summary>
    public string? Error
    {
        get
        {
            if (Status != Status.Error)
            {
                return null;
            }

            var text = new StringBuilder("cannot perform the following tasks:");
            foreach (var task in tasks.Where(each => each.Status == Status.Error))
            {
                foreach (var line in task.Log)
                {
                    var afterTime = line.IndexOf(' ', StringComparison.Ordinal);
                    if (afterTime >= 0 && line.AsSpan(afterTime).StartsWith(" ERROR ", StringComparison.Ordinal))
                    {
                        text.Append(CultureInfo.InvariantCulture, $"\n- {task.Summary} ({line[(afterTime + " ERROR ".Length)..]})");
                    }
                }
            }

            return text.ToString();
        }
    }

    public void AddTask(ChangeTask task)
    {
        task.Change = this;
        tasks.Add(task);
        state.MarkModified();
    }

    public void SetStatus(Status next)
    {
        status = next;
        if (next.IsReady())
        {
            MarkReady();
        }

        state.MarkModified();
        Notice();
    }

    public void TaskMoved()
    {
        if (!IsReady && tasks.TrueForAll(task => task.Status.IsReady()))
        {
            MarkReady();
        }

        Notice();
    }

    /// <summary>Stops what runs, undoes what is done and never starts the rest.</summary>
    public void Abort() => new Aborting(this, state).AbortTasks([.. tasks]);

    public void AbortLanes(IReadOnlyList<long> lanes) => new Aborting(this, state).AbortLanes(lanes);

    /// <summary>A status going back and forth between Do and Doing is not news.</summary>
    public void Notice()
    {
        var now = Status;
        if (lastNoticed == now || (lastNoticed == Status.Doing && now == Status.Do) || (lastNoticed == Status.Undoing && now == Status.Undo))
        {
            return;
        }

        lastNoticed = now;
        state.ChangeMoved(this);
    }

    public Status LastNoticed => lastNoticed;

    /// <summary>For loading: sets what was stored without any consequence.</summary>
    public void Restore(Status stored, Status noticed, IEnumerable<ChangeTask> its)
    {
        status = stored;
        lastNoticed = noticed;
        foreach (var task in its)
        {
            task.Change = this;
            tasks.Add(task);
        }

        if (Status.IsReady() && (status != Status.Default || tasks.Count > 0))
        {
            ready.TrySetResult();
        }
    }

    void MarkReady()
    {
        ReadyTime ??= state.Clock.GetUtcNow();
        ready.TrySetResult();
    }
}
