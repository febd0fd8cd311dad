using Ops.HookTools;

namespace Ops;

/// <summary>What holds one dispatch together: the model, who observes what, and what was deferred.</summary>
/// <remarks>Source: ops.Framework. A charm passes it on to <see cref="CharmBase"/>; it has few reasons to use it.</remarks>
public sealed class Framework
{
    readonly HashSet<string> objects = [];
    readonly List<Observer> observers = [];
    readonly Dictionary<string, Func<EventSnapshot, EventBase>> restorers = [];
    readonly Dictionary<string, IStoredValue> values = [];

    /// <summary>A framework for one dispatch. Charm programs get theirs from <see cref="Charm.Run{TCharm}"/>, tests from Ops.Testing.</summary>
    /// <param name="context">What Juju's environment says.</param>
    /// <param name="tools">The hook tools.</param>
    /// <param name="meta">What charmcraft.yaml says.</param>
    /// <param name="pebbles">The Pebble of the container with a name.</param>
    /// <param name="time">The clock: a lease of leadership and waits are measured with it.</param>
    public Framework(JujuContext context, IHookTools tools, CharmMetadata meta, Func<string, IPebble> pebbles, TimeProvider time)
    {
        Context = context;
        Tools = tools;
        Meta = meta;
        Time = time;
        Pebbles = pebbles;
        Redaction = new Redaction();
        Log = new Logger(tools, Redaction);
        Model = new Model(this);
        State = new UnitState(tools);
        Deferred = new DeferredEvents(State);
    }

    /// <summary>The model: unit, application, relations, configuration, secrets.</summary>
    public Model Model { get; }

    /// <summary>What charmcraft.yaml says about the charm.</summary>
    public CharmMetadata Meta { get; }

    /// <summary>What Juju's environment says about this dispatch.</summary>
    public JujuContext Context { get; }

    /// <summary>Writes to the unit's log (juju-log).</summary>
    public Logger Log { get; }

    /// <summary>The clock.</summary>
    public TimeProvider Time { get; }

    /// <summary>The hook tools themselves, for what the model has no member for. Results are not cached.</summary>
    public IHookTools Tools { get; }

    /// <summary>The configuration, read when first used; secrets that options name are ids here, not contents.</summary>
    internal IReadOnlyDictionary<string, object> ConfigValues => field ??= Tools.ConfigGet();

    internal Func<string, IPebble> Pebbles { get; }

    internal Redaction Redaction { get; }

    internal UnitState State { get; }

    internal DeferredEvents Deferred { get; }

    /// <summary>How the typed events of actions are made, by event name; filled in by the generated members.</summary>
    internal Dictionary<string, Func<ActionRun, ActionEvent>> ActionEvents { get; } = [];

    /// <summary>Told of every emission with an observer, in order; for tests.</summary>
    internal Action<EventBase>? Emitted { get; set; }

    internal void Register(OpsObject part)
    {
        if (!objects.Add(part.Path))
        {
            throw new InvalidOperationException($"cannot add \"{part.Path}\": the charm has such a part already; give this one another key");
        }
    }

    internal void Define(string path, Func<EventSnapshot, EventBase> restore)
    {
        if (!restorers.TryAdd(path, restore))
        {
            throw new InvalidOperationException($"cannot define the event \"{path}\": it is defined already");
        }
    }

    internal void Observe(Observer observer)
    {
        if (observers.Exists(o => o.Path == observer.Path && o.Owner == observer.Owner && o.Method == observer.Method))
        {
            throw new InvalidOperationException($"cannot observe \"{observer.Path}\": {observer.Owner} does so with {observer.Method} already");
        }

        observers.Add(observer);
    }

    internal bool IsObserved(string path) => observers.Exists(o => o.Path == path);

    /// <summary>Emits the event that Juju started this process for.</summary>
    internal void EmitJujuEvent(string name)
    {
        var path = CharmEvents.PathOf(name);
        if (IsObserved(path))
        {
            var values = new Dictionary<string, string>(Context.EventVariables);
            Emit(path, JujuEvents.Create(name, new EventSnapshot(Model, values)));
        }
    }

    internal void Emit(string path, EventBase e)
    {
        var snapshot = Snapshot(e);
        Emitted?.Invoke(e);

        // Observers that observe while the event is emitted see the next one, not this.
        foreach (var observer in observers.FindAll(o => o.Path == path))
        {
            var notice = new DeferredNotice(path, observer.Owner, observer.Method, snapshot.Values);
            if (Deferred.Holds(notice))
            {
                // The same observer has the same event waiting from before, and has just been given it: once is enough (ops: skip_duplicate_events).
                continue;
            }

            if (Run(observer, e))
            {
                Deferred.Add(notice);
            }
        }
    }

    /// <summary>Gives each deferred event again to the one observer that deferred it, oldest first.</summary>
    internal void Reemit()
    {
        foreach (var notice in Deferred.TakeLoaded())
        {
            var observer = observers.Find(o => o.Path == notice.Path && o.Owner == notice.Owner && o.Method == notice.Method);
            var e = observer is null ? null : Restore(notice);
            if (observer is null || e is null)
            {
                Log.Warning($"dropped the deferred event \"{notice.Path}\": this version of the charm has no {notice.Owner} {notice.Method}");
                continue;
            }

            Emitted?.Invoke(e);
            if (Run(observer, e))
            {
                Deferred.Add(notice);
            }
        }
    }

    internal void Store(string key, IStoredValue value)
    {
        if (!values.TryAdd(key, value))
        {
            throw new InvalidOperationException($"cannot keep two values as \"{key}\": give one another name");
        }
    }

    /// <summary>Writes what was collected during the dispatch: databags, deferred events and kept values.</summary>
    internal void Commit()
    {
        Model.Flush();
        Deferred.Save();
        foreach (var (_, value) in values)
        {
            value.Save();
        }

        State.Save();
    }

    static EventSnapshot Snapshot(EventBase e)
    {
        var snapshot = e.Juju ?? new EventSnapshot(null, []);
        e.Save(snapshot);
        return snapshot;
    }

    static bool Run(Observer observer, EventBase e)
    {
        e.Deferred = false;
        observer.Invoke(e);
        return e.Deferred;
    }

    EventBase? Restore(DeferredNotice notice)
    {
        var snapshot = new EventSnapshot(Model, new Dictionary<string, string>(notice.Values));
        if (restorers.TryGetValue(notice.Path, out var restore))
        {
            return restore(snapshot);
        }

        return CharmEvents.NameOf(notice.Path) is { } name && JujuEvents.IsDeclared(name, Meta) ? JujuEvents.Create(name, snapshot) : null;
    }
}
