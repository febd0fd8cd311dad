using Ops.Relations.Databags;

namespace Ops.Relations.Ingress;

/// <summary>The ingress gave an address, or another one.</summary>
/// <param name="relation">The relation.</param>
public sealed class IngressReadyEvent(Relation relation) : DatabagEvent(relation);

/// <summary>The ingress took its address back, or the relation ended.</summary>
/// <param name="relation">The relation.</param>
public sealed class IngressRevokedEvent(Relation relation) : DatabagEvent(relation);

/// <summary>The requirer of <c>ingress</c> v2, per application: the leader asks for a route, every unit tells where it is.</summary>
/// <remarks>Source: traefik_k8s lib v2, <c>IngressPerAppRequirer</c>.</remarks>
public sealed class IngressRequirer : OpsObject
{
    readonly CharmBase charm;
    readonly string endpoint;
    readonly IngressRequest request;

    /// <summary>Watches an endpoint and asks for a route on it.</summary>
    /// <param name="charm">The charm.</param>
    /// <param name="endpoint">Endpoint of charmcraft.yaml, with the interface <c>ingress</c>.</param>
    /// <param name="request">The route that is wanted.</param>
    public IngressRequirer(CharmBase charm, string endpoint, IngressRequest request) : base(charm, endpoint)
    {
        this.charm = charm;
        this.endpoint = endpoint;
        this.request = request;
        Ready = DefineEvent("ready", snapshot => new IngressReadyEvent(snapshot.GetRelation()));
        Revoked = DefineEvent("revoked", snapshot => new IngressRevokedEvent(snapshot.GetRelation()));

        var on = charm.On[endpoint];
        on.RelationCreated.Observe(OnRelationCreated);
        on.RelationJoined.Observe(OnRelationJoined);
        on.RelationChanged.Observe(OnRelationChanged);
        on.RelationBroken.Observe(OnRelationBroken);
        charm.On.LeaderElected.Observe(OnLeaderElected);
    }

    /// <summary>The ingress gave an address, or another one.</summary>
    public EventSource<IngressReadyEvent> Ready { get; }

    /// <summary>The ingress took its address back, or the relation ended.</summary>
    public EventSource<IngressRevokedEvent> Revoked { get; }

    /// <summary>The address that the ingress gave, or why there is none.</summary>
    public Reading<IngressUrl> Url => Model.Relations[endpoint] is [var relation, ..]
        ? IngressUrl.Read(relation.RemoteApplication())
        : Reading.Missing<IngressUrl>($"no relation \"{endpoint}\"");

    void OnRelationCreated(RelationCreatedEvent e) => Publish(e.Relation);

    void OnRelationJoined(RelationJoinedEvent e) => Publish(e.Relation);

    void OnRelationChanged(RelationChangedEvent e)
    {
        Publish(e.Relation);
        if (Url.Value is not null)
        {
            Ready.Emit(new(e.Relation));
        }
        else if (!Url.IsFaulty)
        {
            Revoked.Emit(new(e.Relation));
        }
    }

    void OnRelationBroken(RelationBrokenEvent e) => Revoked.Emit(new(e.Relation));

    void OnLeaderElected(LeaderElectedEvent e)
    {
        foreach (var relation in Model.Relations[endpoint])
        {
            Publish(relation);
        }
    }

    void Publish(Relation relation)
    {
        if (charm.Unit.IsLeader)
        {
            relation.Data[charm.App].Replace(request.ToDatabag());
        }

        var address = Model.GetBinding(relation).Network.BindAddress ?? "";
        relation.Data[charm.Unit].Set(new Dictionary<string, string>
        {
            ["host"] = JsonText.Of(Topology.UnitName.Fqdn),
            ["ip"] = JsonText.Of(address),
        });
    }
}
