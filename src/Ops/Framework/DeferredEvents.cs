namespace Ops;

/// <summary>
/// The events that observers deferred, kept in the controller's storage for this unit. Juju keeps what is written only if the hook succeeds, so an event
/// given again is dropped from the store in the same transaction that keeps what its handler did: never lost, never doubled.
/// </summary>
sealed class DeferredEvents(UnitState state)
{
    readonly List<DeferredNotice> waiting = [];

    /// <summary>What waits now: what was deferred again or anew in this dispatch.</summary>
    public IReadOnlyList<DeferredNotice> Waiting => waiting;

    /// <summary>What waited when the dispatch began, oldest first. From here on only what is added waits.</summary>
    public IReadOnlyList<DeferredNotice> TakeLoaded() => DeferredText.Read(state.Stored);

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
        var before = DeferredText.Mine(state.Stored);
        if (before.Count == 0 && waiting.Count == 0)
        {
            return;
        }

        var after = DeferredText.Write(waiting);
        foreach (var (key, value) in after)
        {
            state.Set(key, value);
        }

        foreach (var key in before.Keys.Where(key => !after.ContainsKey(key)))
        {
            state.Delete(key);
        }
    }
}
