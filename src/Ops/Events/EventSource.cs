using System.Runtime.CompilerServices;

namespace Ops;

/// <summary>An event that can be observed: <c>On.ConfigChanged.Observe(OnConfigChanged)</c>.</summary>
/// <typeparam name="TEvent">What the handler is given.</typeparam>
/// <remarks>Source: ops.BoundEvent.</remarks>
public sealed class EventSource<TEvent>
    where TEvent : EventBase
{
    readonly Framework framework;
    readonly string path;

    internal EventSource(Framework framework, string path)
    {
        this.framework = framework;
        this.path = path;
    }

    /// <summary>Calls <paramref name="handler"/> at every emission of the event, in the order of observing.</summary>
    /// <param name="handler">A method of the charm or of one of its parts. One that takes <see cref="EventBase"/> can observe any event.</param>
    /// <param name="method">Its name, which the compiler fills in. A deferred event finds its handler by it after an upgrade.</param>
    /// <exception cref="InvalidOperationException">The same method observes the event already.</exception>
    public void Observe(Action<TEvent> handler, [CallerArgumentExpression(nameof(handler))] string method = "")
    {
        ArgumentNullException.ThrowIfNull(handler);
        var owner = (handler.Target as OpsObject)?.Path ?? "charm";
        framework.Observe(new Observer(path, owner, method, e => handler((TEvent)e)));
    }

    /// <summary>Emits an event that the object defined with <see cref="OpsObject.DefineEvent{TEvent}"/>. Handlers run before this returns.</summary>
    /// <param name="e">The event.</param>
    public void Emit(TEvent e)
    {
        ArgumentNullException.ThrowIfNull(e);
        framework.Emit(path, e);
    }
}
