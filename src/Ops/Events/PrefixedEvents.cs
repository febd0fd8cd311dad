using Ops.Events;

namespace Ops;

/// <summary>The events of one relation endpoint, storage, container or action.</summary>
/// <remarks>Source: ops.PrefixedEvents. A member for something that charmcraft.yaml does not declare throws, and says what is declared.</remarks>
public sealed class PrefixedEvents
{
    readonly Framework framework;
    readonly string name;

    internal PrefixedEvents(Framework framework, string name)
    {
        this.framework = framework;
        this.name = name;
    }

    /// <summary>Two applications were integrated.</summary>
    public EventSource<RelationCreatedEvent> RelationCreated => Relation<RelationCreatedEvent>("relation_created");

    /// <summary>A unit entered the relation.</summary>
    public EventSource<RelationJoinedEvent> RelationJoined => Relation<RelationJoinedEvent>("relation_joined");

    /// <summary>A databag of the other side changed.</summary>
    public EventSource<RelationChangedEvent> RelationChanged => Relation<RelationChangedEvent>("relation_changed");

    /// <summary>A unit left the relation.</summary>
    public EventSource<RelationDepartedEvent> RelationDeparted => Relation<RelationDepartedEvent>("relation_departed");

    /// <summary>The relation ends.</summary>
    public EventSource<RelationBrokenEvent> RelationBroken => Relation<RelationBrokenEvent>("relation_broken");

    /// <summary>A storage is there.</summary>
    public EventSource<StorageAttachedEvent> StorageAttached => Storage<StorageAttachedEvent>("storage_attached");

    /// <summary>A storage is about to go.</summary>
    public EventSource<StorageDetachingEvent> StorageDetaching => Storage<StorageDetachingEvent>("storage_detaching");

    /// <summary>The container's Pebble answers.</summary>
    public EventSource<PebbleReadyEvent> PebbleReady => Workload<PebbleReadyEvent>("pebble_ready");

    /// <summary>The workload sent a notice.</summary>
    public EventSource<PebbleCustomNoticeEvent> PebbleCustomNotice => Workload<PebbleCustomNoticeEvent>("pebble_custom_notice");

    /// <summary>A health check failed.</summary>
    public EventSource<PebbleCheckFailedEvent> PebbleCheckFailed => Workload<PebbleCheckFailedEvent>("pebble_check_failed");

    /// <summary>A health check is up again.</summary>
    public EventSource<PebbleCheckRecoveredEvent> PebbleCheckRecovered => Workload<PebbleCheckRecoveredEvent>("pebble_check_recovered");

    /// <summary>Somebody runs the action.</summary>
    public EventSource<ActionEvent> Action => TypedAction<ActionEvent>();

    /// <summary>Somebody runs the action; for the generator, whose event classes have the parameters as properties.</summary>
    /// <typeparam name="TEvent">The generated class.</typeparam>
    /// <param name="create">Makes the event.</param>
    public EventSource<TEvent> ActionAs<TEvent>(Func<ActionRun, TEvent> create)
        where TEvent : ActionEvent
    {
        var source = TypedAction<TEvent>();
        framework.ActionEvents.TryAdd(EventName.OfAction(name), create);
        return source;
    }

    EventSource<TEvent> TypedAction<TEvent>()
        where TEvent : EventBase
    {
        Check(framework.Meta.Actions.ContainsKey(name), "action", framework.Meta.Actions.Keys);
        return new(framework, CharmEvents.PathOf(EventName.OfAction(name)));
    }

    EventSource<TEvent> Relation<TEvent>(string kind)
        where TEvent : EventBase
    {
        Check(framework.Meta.Relations.ContainsKey(name), "relation", framework.Meta.Relations.Keys);
        return Source<TEvent>(kind);
    }

    EventSource<TEvent> Storage<TEvent>(string kind)
        where TEvent : EventBase
    {
        Check(framework.Meta.Storages.ContainsKey(name), "storage", framework.Meta.Storages.Keys);
        return Source<TEvent>(kind);
    }

    EventSource<TEvent> Workload<TEvent>(string kind)
        where TEvent : EventBase
    {
        Check(framework.Meta.Containers.ContainsKey(name), "container", framework.Meta.Containers.Keys);
        return Source<TEvent>(kind);
    }

    EventSource<TEvent> Source<TEvent>(string kind)
        where TEvent : EventBase => new(framework, CharmEvents.PathOf($"{EventName.OfHook(name)}_{kind}"));

    void Check(bool declared, string kind, IEnumerable<string> names)
    {
        if (!declared)
        {
            var known = string.Join(", ", names.Select(n => $"\"{n}\""));
            throw new InvalidOperationException(
                $"cannot observe {kind} \"{name}\": charmcraft.yaml declares {(known.Length > 0 ? known : $"no {kind} at all")}");
        }
    }
}
