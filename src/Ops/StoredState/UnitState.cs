using Ops.HookTools;

namespace Ops;

/// <summary>
/// What the controller keeps for this unit (state-get, state-set): read with one call at the start, written with one at the end, and only what changed.
/// </summary>
sealed class UnitState(IHookTools tools)
{
    readonly Dictionary<string, string> set = [];
    readonly List<string> deleted = [];
    IReadOnlyDictionary<string, string>? stored;
    bool begun;

    /// <summary>What was kept when the dispatch began.</summary>
    public IReadOnlyDictionary<string, string> Stored => stored ??= begun ? tools.StateGet() : new Dictionary<string, string>();

    /// <summary>Starts reading, which goes on while the charm is made.</summary>
    public void BeginLoading()
    {
        begun = true;
        tools.BeginStateGet();
    }

    public void Set(string key, string value)
    {
        if (!Stored.TryGetValue(key, out var known) || known != value)
        {
            set[key] = value;
        }
    }

    public void Delete(string key) => deleted.Add(key);

    public void Save()
    {
        if (set.Count > 0)
        {
            tools.StateSet(set);
        }

        foreach (var key in deleted)
        {
            tools.StateDelete(key);
        }
    }
}
