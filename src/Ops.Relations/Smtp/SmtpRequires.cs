using Ops.Relations.Databags;

namespace Ops.Relations.Smtp;

/// <summary>The provider told a mail server, or another one.</summary>
/// <param name="relation">The relation.</param>
public sealed class SmtpDataAvailableEvent(Relation relation) : DatabagEvent(relation);

/// <summary>The requirer of <c>smtp</c>: it writes nothing and reads the mail server.</summary>
/// <remarks>Source: smtp_integrator lib v0, <c>SmtpRequires</c>.</remarks>
public sealed class SmtpRequires : OpsObject
{
    readonly string endpoint;

    /// <summary>Watches an endpoint.</summary>
    /// <param name="charm">The charm.</param>
    /// <param name="endpoint">Endpoint of charmcraft.yaml, with the interface <c>smtp</c>.</param>
    public SmtpRequires(CharmBase charm, string endpoint) : base(charm, endpoint)
    {
        this.endpoint = endpoint;
        SmtpDataAvailable = DefineEvent("smtp_data_available", snapshot => new SmtpDataAvailableEvent(snapshot.GetRelation()));
        charm.On[endpoint].RelationChanged.Observe(OnRelationChanged);
    }

    /// <summary>The provider told a mail server, or another one.</summary>
    public EventSource<SmtpDataAvailableEvent> SmtpDataAvailable { get; }

    /// <summary>The mail server, or why it is not known.</summary>
    public Reading<SmtpServer> Server => Model.Relations[endpoint] is [var relation, ..]
        ? SmtpServer.Read(relation.RemoteApplication(), uri => Model.FindSecret(uri))
        : Reading.Missing<SmtpServer>($"no relation \"{endpoint}\"");

    void OnRelationChanged(RelationChangedEvent e)
    {
        if (Server.Value is not null)
        {
            SmtpDataAvailable.Emit(new(e.Relation));
        }
    }
}
