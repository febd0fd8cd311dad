using Ops.Relations.Databags;

namespace Ops.Relations.Redis;

/// <summary>The Redis server, its address, or the relation to it changed.</summary>
public sealed class RedisRelationUpdatedEvent : EventBase;

/// <summary>The requirer of <c>redis</c>: it writes nothing and reads where the server is.</summary>
/// <remarks>Source: redis_k8s lib v0, <c>RedisRequires</c>.</remarks>
public sealed class RedisRequires : OpsObject
{
    readonly string endpoint;
    Reading<RedisAddress>? address;

    /// <summary>Watches an endpoint.</summary>
    /// <param name="charm">The charm.</param>
    /// <param name="endpoint">Endpoint of charmcraft.yaml, with the interface <c>redis</c>.</param>
    public RedisRequires(CharmBase charm, string endpoint) : base(charm, endpoint)
    {
        this.endpoint = endpoint;
        RedisRelationUpdated = DefineEvent("redis_relation_updated", _ => new RedisRelationUpdatedEvent());
        var on = charm.On[endpoint];
        on.RelationJoined.Observe(OnRelationJoined);
        on.RelationChanged.Observe(OnRelationChanged);
        on.RelationBroken.Observe(OnRelationBroken);
    }

    /// <summary>The server, its address, or the relation to it changed.</summary>
    public EventSource<RedisRelationUpdatedEvent> RedisRelationUpdated { get; }

    /// <summary>Whether there is a relation with a unit that has written anything.</summary>
    public bool IsRelated => FindUnit() is not null;

    /// <summary>Where the server is, or why that is not known. Read once per dispatch.</summary>
    public Reading<RedisAddress> Address => address ??= Read();

    Reading<RedisAddress> Read() => FindUnit() is { } unit
        ? RedisAddress.Read(unit.Relation.RemoteApplication(), unit.Bag)
        : Reading.Missing<RedisAddress>($"no unit in relation \"{endpoint}\"");

    // Every unit tells the master's address, so any will do; the first by name, for the same answer at every event.
    (Relation Relation, RelationDataContent Bag)? FindUnit()
    {
        if (Model.Relations[endpoint] is [var relation, ..] &&
            relation.Units.OrderBy(unit => unit.Name, StringComparer.Ordinal).FirstOrDefault() is { } unit &&
            relation.Data[unit] is { Count: > 0 } bag)
        {
            return (relation, bag);
        }

        return null;
    }

    void OnRelationJoined(RelationJoinedEvent e) => RedisRelationUpdated.Emit(new());

    void OnRelationChanged(RelationChangedEvent e)
    {
        // The library of the field tells only of units; an address in the application's databag is as good a reason.
        if (e.Unit is not null || e.Relation.RemoteApplication().Find("leader-host") is not null)
        {
            RedisRelationUpdated.Emit(new());
        }
    }

    void OnRelationBroken(RelationBrokenEvent e) => RedisRelationUpdated.Emit(new());
}
