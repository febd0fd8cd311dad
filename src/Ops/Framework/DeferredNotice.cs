namespace Ops;

/// <summary>One event that one observer has deferred.</summary>
/// <param name="Path">The event: <c>charm/on/config_changed</c>.</param>
/// <param name="Owner">The path of the object that deferred it.</param>
/// <param name="Method">Its method.</param>
/// <param name="Values">What the event is made from again.</param>
sealed record DeferredNotice(string Path, string Owner, string Method, IReadOnlyDictionary<string, string> Values)
{
    public bool IsSameAs(DeferredNotice other) =>
        Path == other.Path && Owner == other.Owner && Method == other.Method && Values.Count == other.Values.Count
        && Values.All(v => other.Values.TryGetValue(v.Key, out var value) && value == v.Value);
}
