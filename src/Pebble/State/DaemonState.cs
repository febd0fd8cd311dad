using System.Globalization;

namespace Pebble.State;

/// <summary>
/// What the daemon remembers: changes, their tasks and what other parts register, behind one lock. Whatever is modified
/// under the lock is written to disk afterwards, and no answer leaves before it is (<see cref="SavedAsync"/>).
/// </summary>
/// <param name="clock">The time of changes and tasks.</param>
/// <param name="file">Where it is kept; null keeps it in memory.</param>
sealed class DaemonState(TimeProvider clock, StateFile? file)
{
    readonly Lock gate = new();
    readonly SortedDictionary<long, Change> changes = [];
    readonly Dictionary<long, ChangeTask> tasks = [];
    readonly HashSet<ChangeTask> unready = [];
    readonly List<IStateSection> sections = [];
    long version;
    bool modified;

    public TimeProvider Clock => clock;

    public long LastChange { get; set; }

    public long LastTask { get; set; }

    public long LastLane { get; set; }

    /// <summary>All changes, oldest first.</summary>
    public IReadOnlyCollection<Change> Changes => changes.Values;

    public IReadOnlyCollection<ChangeTask> Tasks => tasks.Values;

    public IReadOnlyCollection<ChangeTask> UnreadyTasks => unready;

    public IReadOnlyList<IStateSection> Sections => sections;

    /// <summary>Called under the lock for each new status of a change, the first included.</summary>
    public event Action<Change>? ChangeUpdated;

    /// <summary>Called under the lock when a change has been forgotten.</summary>
    public event Action<Change>? ChangePruned;

    /// <summary>Takes the lock until disposed. Never await while holding it.</summary>
    public Scope Enter()
    {
        gate.Enter();
        return new Scope(this);
    }

    public void AddSection(IStateSection section) => sections.Add(section);

    /// <summary>What is on disk has to be written anew. Under the lock.</summary>
    public void MarkModified() => modified = true;

    /// <summary>Ends when all that was modified until now is on disk.</summary>
    public ValueTask SavedAsync(CancellationToken cancellation) =>
        file is null ? ValueTask.CompletedTask : file.SavedAsync(Volatile.Read(ref version), cancellation);

    public Change NewChange(string kind, string summary, IReadOnlyDictionary<string, string>? noticeData = null)
    {
        var change = new Change(this, ++LastChange, kind, summary);
        if (noticeData is not null)
        {
            change.NoticeData = noticeData;
        }

        changes.Add(change.Number, change);
        change.Notice();
        MarkModified();
        return change;
    }

    public ChangeTask NewTask(string kind, string summary)
    {
        var task = new ChangeTask(this, ++LastTask, kind, summary);
        tasks.Add(task.Number, task);
        unready.Add(task);
        MarkModified();
        return task;
    }

    public long NewLane()
    {
        MarkModified();
        return ++LastLane;
    }

    public Change? FindChange(string id) => Number(id) is { } number ? changes.GetValueOrDefault(number) : null;

    public ChangeTask? FindTask(string id) => Number(id) is { } number ? TaskByNumber(number) : null;

    public ChangeTask? TaskByNumber(long number) => tasks.GetValueOrDefault(number);

    public void TaskMoved(ChangeTask task)
    {
        if (task.Status.IsReady())
        {
            unready.Remove(task);
        }
        else
        {
            unready.Add(task);
        }

        MarkModified();
    }

    public void ChangeMoved(Change change)
    {
        MarkModified();
        ChangeUpdated?.Invoke(change);
    }

    /// <summary>For loading.</summary>
    public void Restore(Change change) => changes[change.Number] = change;

    /// <summary>For loading.</summary>
    public void Restore(ChangeTask task)
    {
        tasks[task.Number] = task;
        if (!task.Status.IsReady())
        {
            unready.Add(task);
        }
    }

    public void Forget(Change change)
    {
        changes.Remove(change.Number);
        foreach (var task in change.Tasks)
        {
            tasks.Remove(task.Number);
            unready.Remove(task);
        }

        MarkModified();
        ChangePruned?.Invoke(change);
    }

    static long? Number(string id) =>
        long.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
        && id == number.ToString(CultureInfo.InvariantCulture) ? number : null;

    void Leave()
    {
        var save = modified && file is not null;
        modified = false;
        if (save)
        {
            version++;
        }

        gate.Exit();
        if (save)
        {
            file!.Request();
        }
    }

    /// <summary>Serializes under the lock; returns the version the bytes are of.</summary>
    public long Snapshot(System.Buffers.ArrayBufferWriter<byte> into)
    {
        lock (gate)
        {
            StateJson.Write(this, into);
            return version;
        }
    }

    /// <summary>The lock, held until disposed.</summary>
    public readonly ref struct Scope(DaemonState state)
    {
        public void Dispose() => state.Leave();
    }
}
