namespace Ops;

/// <summary>Something that happened, given to each handler that observes it.</summary>
/// <remarks>Source: ops.EventBase.</remarks>
public abstract class EventBase
{
    internal bool Deferred { get; set; }

    /// <summary>What a Juju event was made of, which is also what it is kept as.</summary>
    internal EventSnapshot? Juju { get; set; }

    /// <summary>
    /// Gives this event to this handler again, from its first line, before the next event of any kind. Return after it. What the charm read
    /// may be different then; a charm that reconciles at every event seldom needs this.
    /// </summary>
    /// <exception cref="InvalidOperationException">The event cannot be deferred: an action, stop, remove, collect-status, or a secret's expiry or rotation.</exception>
    public void Defer()
    {
        if (WhyNotDeferrable is { } reason)
        {
            throw new InvalidOperationException($"cannot defer {GetType().Name}: {reason}");
        }

        Deferred = true;
    }

    /// <summary>Writes what the event is made from again after <see cref="Defer"/>. Events of libraries that carry something override it.</summary>
    /// <param name="snapshot">Names and texts; kept by the controller.</param>
    protected internal virtual void Save(EventSnapshot snapshot)
    {
    }

    private protected virtual string? WhyNotDeferrable => null;
}
