namespace Ops;

/// <summary>Something happened in a relation.</summary>
/// <param name="relation">Which.</param>
/// <param name="app">The application at the other end; this one's in a peer relation.</param>
/// <param name="unit">The unit it is about; null if it is about the application.</param>
/// <remarks>Source: ops.RelationEvent.</remarks>
public abstract class RelationEvent(Relation relation, Application app, Unit? unit) : HookEvent
{
    /// <summary>The relation.</summary>
    public Relation Relation { get; } = relation;

    /// <summary>The application at the other end; this one's in a peer relation.</summary>
    public Application App { get; } = app;

    /// <summary>The unit that the event is about; null if it is about the application.</summary>
    public Unit? Unit { get; } = unit;
}

/// <summary>Two applications were integrated. No unit of the other is there yet.</summary>
/// <param name="relation">The new relation.</param>
/// <param name="app">The application at the other end.</param>
public sealed class RelationCreatedEvent(Relation relation, Application app) : RelationEvent(relation, app, null);

/// <summary>A unit of the other application entered the relation.</summary>
/// <param name="relation">The relation.</param>
/// <param name="app">The application at the other end.</param>
/// <param name="unit">The unit that joined.</param>
public sealed class RelationJoinedEvent(Relation relation, Application app, Unit unit) : RelationEvent(relation, app, unit)
{
    /// <summary>The unit that joined.</summary>
    public new Unit Unit { get; } = unit;
}

/// <summary>A databag of the other side changed.</summary>
/// <param name="relation">The relation.</param>
/// <param name="app">The application at the other end.</param>
/// <param name="unit">The unit whose databag changed; null if it is the application's.</param>
public sealed class RelationChangedEvent(Relation relation, Application app, Unit? unit) : RelationEvent(relation, app, unit);

/// <summary>A unit left the relation. Its last databag can still be read.</summary>
/// <param name="relation">The relation.</param>
/// <param name="app">The application at the other end.</param>
/// <param name="unit">The unit of the other side.</param>
/// <param name="departingUnit">The unit that leaves: the other side's, or this one.</param>
public sealed class RelationDepartedEvent(Relation relation, Application app, Unit unit, Unit? departingUnit) : RelationEvent(relation, app, unit)
{
    /// <summary>The unit of the other side.</summary>
    public new Unit Unit { get; } = unit;

    /// <summary>The unit that leaves: that of the other side, or this one when it is this one that goes; null if Juju does not say.</summary>
    public Unit? DepartingUnit { get; } = departingUnit;
}

/// <summary>The relation ends with this event; it is not in <see cref="Model.Relations"/> any more.</summary>
/// <param name="relation">The relation, not active.</param>
/// <param name="app">The application that was at the other end.</param>
public sealed class RelationBrokenEvent(Relation relation, Application app) : RelationEvent(relation, app, null);
