namespace Ops;

/// <summary>A part of a charm that observes or defines events: the charm itself, and each relation library it creates.</summary>
/// <remarks>
/// Source: ops.Object. An object has a path, made of its parents' keys, which names it in deferred events: keep keys the same between
/// versions of a charm.
/// </remarks>
public abstract class OpsObject
{
    /// <summary>A part of <paramref name="parent"/>.</summary>
    /// <param name="parent">The charm, or the object that this one belongs to.</param>
    /// <param name="key">A name that no other part of the parent has; usually the endpoint.</param>
    /// <exception cref="InvalidOperationException">The parent has another part with that key.</exception>
    protected OpsObject(OpsObject parent, string key)
    {
        ArgumentNullException.ThrowIfNull(parent);
        ArgumentException.ThrowIfNullOrEmpty(key);
        Framework = parent.Framework;
        Path = $"{parent.Path}/{key}";
        Framework.Register(this);
    }

    private protected OpsObject(Framework framework)
    {
        ArgumentNullException.ThrowIfNull(framework);
        Framework = framework;
        Path = "charm";
        Framework.Register(this);
    }

    /// <summary>The framework of this dispatch.</summary>
    public Framework Framework { get; }

    /// <summary>The model: unit, application, relations, configuration, secrets.</summary>
    public Model Model => Framework.Model;

    /// <summary>Writes to the unit's log (juju-log).</summary>
    public Logger Log => Framework.Log;

    /// <summary>The object's name in deferred events: <c>charm/database</c>.</summary>
    internal string Path { get; }

    /// <summary>Defines an event that this object emits and others observe.</summary>
    /// <typeparam name="TEvent">The event's class.</typeparam>
    /// <param name="name">The event's name, in the form <c>database_created</c>. Keep it between versions: deferred events are found by it.</param>
    /// <param name="restore">Makes the event again from what its <see cref="EventBase.Save"/> wrote.</param>
    protected EventSource<TEvent> DefineEvent<TEvent>(string name, Func<EventSnapshot, TEvent> restore)
        where TEvent : EventBase
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(restore);
        var path = $"{Path}/on/{name}";
        Framework.Define(path, restore);
        return new EventSource<TEvent>(Framework, path);
    }
}
