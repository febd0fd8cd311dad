namespace Ops.Testing;

/// <summary>An event that an observer deferred and is given again before the next.</summary>
/// <param name="Name">The event, <c>config_changed</c>; of a library its path, <c>charm/database/on/database_created</c>.</param>
/// <param name="Method">The handler, as the charm's source names it.</param>
/// <param name="Observer">Whose handler it is: <c>charm</c>, or the path of a part, <c>charm/database</c>.</param>
/// <remarks>Source: ops.testing.DeferredEvent.</remarks>
public sealed record DeferredEvent(string Name, string Method, string Observer = "charm")
{
    /// <summary>What the event is made from again.</summary>
    public IReadOnlyDictionary<string, string> Values { get; init; } = new Dictionary<string, string>();

    internal DeferredNotice ToNotice() =>
        new(Name.Contains('/', StringComparison.Ordinal) ? Name : CharmEvents.PathOf(Name), Observer, Method, Values);

    internal static DeferredEvent From(DeferredNotice notice) =>
        new(CharmEvents.NameOf(notice.Path) ?? notice.Path, notice.Method, notice.Owner) { Values = notice.Values };
}
