namespace Pebble.State;

/// <summary>Forgets old changes, and gives up those that never end.</summary>
/// <remarks>Limits observed: a week after the end, two weeks without an end, a thousand ended ones.</remarks>
static class Pruning
{
    public static readonly TimeSpan AfterEnd = TimeSpan.FromDays(7);
    static readonly TimeSpan WithoutEnd = TimeSpan.FromDays(14);
    const int MostEnded = 1000;

    public static readonly TimeSpan Interval = TimeSpan.FromMinutes(10);

    public static void Prune(DaemonState state, DateTimeOffset started)
    {
        using var held = state.Enter();
        var now = state.Clock.GetUtcNow();
        var ended = state.Changes.Where(each => each.ReadyTime is not null).OrderBy(each => each.ReadyTime).ToArray();
        for (var index = 0; index < ended.Length; index++)
        {
            if (ended[index].ReadyTime < now - AfterEnd || ended.Length - index > MostEnded)
            {
                state.Forget(ended[index]);
            }
        }

        foreach (var change in state.Changes.Where(each => each.ReadyTime is null).ToArray())
        {
            var since = change.SpawnTime < started ? started : change.SpawnTime;
            if (since < now - AfterEnd && change.Tasks.Count == 0)
            {
                state.Forget(change);
            }
            else if (since < now - WithoutEnd && change.Kind is not ("perform-check" or "recover-check"))
            {
                change.Abort();
            }
        }

        foreach (var section in state.Sections)
        {
            section.Prune(now);
        }
    }
}
