using Ops.Relations.Databags;

namespace Ops.Relations.OAuth;

/// <summary>The provider registered our client, or its data changed.</summary>
/// <param name="relation">The relation.</param>
public sealed class OAuthInfoChangedEvent(Relation relation) : DatabagEvent(relation);

/// <summary>The relation ended: the client is registered no more.</summary>
/// <param name="relation">The relation.</param>
public sealed class OAuthInfoRemovedEvent(Relation relation) : DatabagEvent(relation);

/// <summary>The requirer of <c>oauth</c>: asks an identity provider to register a client and gives what it answers.</summary>
/// <remarks>Source: hydra lib v0 (patch 13), <c>OAuthRequirer</c>.</remarks>
public sealed class OAuthRequirer : OpsObject
{
    readonly CharmBase charm;
    readonly string endpoint;
    Reading<OAuthProviderInfo>? provider;

    /// <summary>Watches an endpoint.</summary>
    /// <param name="charm">The charm.</param>
    /// <param name="endpoint">Endpoint of charmcraft.yaml, with the interface <c>oauth</c>.</param>
    public OAuthRequirer(CharmBase charm, string endpoint) : base(charm, endpoint)
    {
        this.charm = charm;
        this.endpoint = endpoint;
        OAuthInfoChanged = DefineEvent("oauth_info_changed", snapshot => new OAuthInfoChangedEvent(snapshot.GetRelation()));
        OAuthInfoRemoved = DefineEvent("oauth_info_removed", snapshot => new OAuthInfoRemovedEvent(snapshot.GetRelation()));
        charm.On[endpoint].RelationChanged.Observe(OnRelationChanged);
        charm.On[endpoint].RelationBroken.Observe(OnRelationBroken);
    }

    /// <summary>The provider registered our client, or its data changed.</summary>
    public EventSource<OAuthInfoChangedEvent> OAuthInfoChanged { get; }

    /// <summary>The relation ended: the client is registered no more.</summary>
    public EventSource<OAuthInfoRemovedEvent> OAuthInfoRemoved { get; }

    /// <summary>Whether an identity provider is related.</summary>
    public bool IsRelated => Model.Relations[endpoint].Count > 0;

    /// <summary>The provider with our client registered, or why there is none. Read once per dispatch.</summary>
    public Reading<OAuthProviderInfo> Provider => provider ??= Read();

    /// <summary>Asks the provider to register this client; the same again changes nothing. Does nothing unless this unit leads.</summary>
    /// <param name="client">A client without a <see cref="OAuthClient.Fault"/>.</param>
    public void Publish(OAuthClient client)
    {
        ArgumentNullException.ThrowIfNull(client);
        foreach (var relation in Model.Relations[endpoint])
        {
            if (charm.Unit.IsLeader)
            {
                relation.Data[charm.App].Set(client.ToDatabag());
            }
        }
    }

    Reading<OAuthProviderInfo> Read() => Model.Relations[endpoint] is [var relation, ..]
        ? OAuthProviderInfo.Read(relation.RemoteApplication(), uri => Model.FindSecret(uri))
        : Reading.Missing<OAuthProviderInfo>($"no relation \"{endpoint}\"");

    void OnRelationChanged(RelationChangedEvent e)
    {
        if (Provider.Value is not null)
        {
            OAuthInfoChanged.Emit(new(e.Relation));
        }
    }

    void OnRelationBroken(RelationBrokenEvent e) => OAuthInfoRemoved.Emit(new(e.Relation));
}
