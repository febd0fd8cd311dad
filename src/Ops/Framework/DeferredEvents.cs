using Ops.HookTools;

namespace Ops;

/// <summary>
/// The events that observers deferred, kept in the controller's storage for this unit (state-get, state-set). All are read with one call at
/// the start and written with one at the end, and only if they changed. Juju keeps what is written only if the hook succeeds, so an event
/// given again is dropped from the store in the same transaction that keeps what its handler did: never lost, never doubled.
/// </summary>
sealed class DeferredEvents(IHookTools tools)
{
    readonly List<DeferredNotice> waiting = [];
    IReadOnlyDictionary<string, string>? stored;
    bool begun;

    /// <summary>What waits now: what was deferred again or anew in this dispatch.</summary>
    public IReadOnlyList<DeferredNotice> Waiting => waiting;

    /// <summary>Starts reading, which goes on while the charm is made.</summary>
    public void BeginLoading()
    {
        begun = true;
        tools.BeginStateGet();
    }

    /// <summary>What waited when the dispatch began, oldest first. From here on only what is added waits.</summary>
    public IReadOnlyList<DeferredNotice> TakeLoaded()
    {
        stored = begun ? tools.StateGet() : new Dictionary<string, string>();
        return DeferredText.Read(stored);
    }

    public void Add(DeferredNotice notice)
    {
        if (!Holds(notice))
        {
            waiting.Add(notice);
        }
    }

    public bool Holds(DeferredNotice notice) => waiting.Exists(notice.IsSameAs);

    public void Save()
    {
        var before = DeferredText.Mine(stored ?? new Dictionary<string, string>());
        if (before.Count == 0 && waiting.Count == 0)
        {
            return;
        }

        var after = DeferredText.Write(waiting);
        var changed = after.Where(a => !before.TryGetValue(a.Key, out var value) || value != a.Value).ToDictionary();
        if (changed.Count > 0)
        {
            tools.StateSet(changed);
        }

        foreach (var key in before.Keys.Where(key => !after.ContainsKey(key)))
        {
            tools.StateDelete(key);
        }
    }
}
