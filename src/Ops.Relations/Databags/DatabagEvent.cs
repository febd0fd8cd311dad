namespace Ops.Relations.Databags;

/// <summary>An event that a relation library emits about one relation: a charm observes it as it does Juju's own.</summary>
/// <param name="relation">The relation.</param>
public abstract class DatabagEvent(Relation relation) : EventBase
{
    /// <summary>The relation that the event is about.</summary>
    public Relation Relation { get; } = relation;

    /// <inheritdoc/>
    protected override void Save(EventSnapshot snapshot)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        snapshot.SetRelation(Relation);
    }
}
