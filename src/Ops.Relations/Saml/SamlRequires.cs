using Ops.Relations.Databags;

namespace Ops.Relations.Saml;

/// <summary>The SAML identity provider wrote its data.</summary>
/// <param name="relation">The relation.</param>
public sealed class SamlDataAvailableEvent(Relation relation) : DatabagEvent(relation);

/// <summary>The requirer of <c>saml</c>: it writes nothing and reads the identity provider.</summary>
/// <remarks>Source: saml_integrator lib v0 (patch 11), <c>SamlRequires</c>.</remarks>
public sealed class SamlRequires : OpsObject
{
    readonly string endpoint;
    Reading<SamlProviderInfo>? provider;

    /// <summary>Watches an endpoint.</summary>
    /// <param name="charm">The charm.</param>
    /// <param name="endpoint">Endpoint of charmcraft.yaml, with the interface <c>saml</c>.</param>
    public SamlRequires(CharmBase charm, string endpoint) : base(charm, endpoint)
    {
        this.endpoint = endpoint;
        SamlDataAvailable = DefineEvent("saml_data_available", snapshot => new SamlDataAvailableEvent(snapshot.GetRelation()));
        charm.On[endpoint].RelationChanged.Observe(OnRelationChanged);
    }

    /// <summary>The identity provider wrote its data.</summary>
    public EventSource<SamlDataAvailableEvent> SamlDataAvailable { get; }

    /// <summary>Whether an identity provider is related.</summary>
    public bool IsRelated => Model.Relations[endpoint].Count > 0;

    /// <summary>The identity provider, or why it is not known. Read once per dispatch.</summary>
    public Reading<SamlProviderInfo> Provider => provider ??= Model.Relations[endpoint] is [var relation, ..]
        ? SamlProviderInfo.Read(relation.RemoteApplication())
        : Reading.Missing<SamlProviderInfo>($"no relation \"{endpoint}\"");

    void OnRelationChanged(RelationChangedEvent e)
    {
        if (e.Relation.RemoteApplication().Count > 0)
        {
            SamlDataAvailable.Emit(new(e.Relation));
        }
    }
}
