namespace Ops;

/// <summary>Who observes what.</summary>
/// <param name="Path">The event: <c>charm/on/config_changed</c>.</param>
/// <param name="Owner">The path of the object whose method it is.</param>
/// <param name="Method">The method as the charm's source names it.</param>
/// <param name="Invoke">Calls it.</param>
sealed record Observer(string Path, string Owner, string Method, Action<EventBase> Invoke);
