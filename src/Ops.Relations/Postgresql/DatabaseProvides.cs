using System.Globalization;
using Ops.Relations.Databags;

namespace Ops.Relations.Postgresql;

/// <summary>
/// The provider of <c>postgresql_client</c>. A charm goes through <see cref="Requests"/> at any event, makes what is not there,
/// and calls <see cref="Publish"/> for each: both may be repeated.
/// </summary>
/// <remarks>Source: data_interfaces v0 (patch 59), <c>DatabaseProvides</c>.</remarks>
public sealed class DatabaseProvides : OpsObject
{
    readonly CharmBase charm;
    readonly string endpoint;

    /// <summary>Watches an endpoint.</summary>
    /// <param name="charm">The charm.</param>
    /// <param name="endpoint">Endpoint of charmcraft.yaml, with the interface <c>postgresql_client</c>.</param>
    public DatabaseProvides(CharmBase charm, string endpoint) : base(charm, endpoint)
    {
        this.charm = charm;
        this.endpoint = endpoint;
        DatabaseRequested = DefineEvent("database_requested", snapshot => new DatabaseRequestedEvent(snapshot.GetRelation()));
        charm.On[endpoint].RelationChanged.Observe(OnRelationChanged);
    }

    /// <summary>A requirer asked for a database, or asks for something else than before. Only the leader gets it.</summary>
    public EventSource<DatabaseRequestedEvent> DatabaseRequested { get; }

    /// <summary>What each related application asks for; a reading without a value says what is wrong with its request.</summary>
    public IReadOnlyList<(Relation Relation, Reading<DatabaseRequest> Request)> Requests =>
        [.. Model.Relations[endpoint].Select(relation => (relation, DatabaseRequest.Read(relation.RemoteApplication())))];

    /// <summary>
    /// The user and password that were published in a relation, so that a later event keeps them; null if there are none yet.
    /// Only the leader may ask.
    /// </summary>
    public (string User, string Password)? FindPublished(Relation relation)
    {
        ArgumentNullException.ThrowIfNull(relation);
        IReadOnlyDictionary<string, string> own = relation.Data[charm.App];
        // An owner reads its secret by the id alone, and cannot ask for a refresh.
        var fields = own.Find("secret-user") is { } uri ? Model.GetSecret(uri).GetContent() : own;
        return fields.Find("username") is { } user && fields.Find("password") is { } password ? (user, password) : null;
    }

    /// <summary>
    /// Tells a requirer what was made for it, in secrets if it asked for them. Publishing the same again changes nothing;
    /// another password makes a new revision of the secret. Only the leader may.
    /// </summary>
    public void Publish(Relation relation, DatabaseRequest request, DatabaseGrant grant)
    {
        ArgumentNullException.ThrowIfNull(relation);
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(grant);
        var own = relation.Data[charm.App];
        own.Set(new Dictionary<string, string>
        {
            ["data"] = DiffKey.Of(relation.RemoteApplication()),
            ["database"] = grant.Database,
            ["endpoints"] = string.Join(',', grant.Endpoints),
            ["read-only-endpoints"] = string.Join(',', grant.ReadOnlyEndpoints),
            ["version"] = grant.Version,
        });
        PublishGroup(relation, "user", grant.UserFields, request);
        PublishGroup(relation, "tls", grant.TlsFields, request);
    }

    void PublishGroup(Relation relation, string group, IReadOnlyDictionary<string, string> fields, DatabaseRequest request)
    {
        var own = relation.Data[charm.App];
        var secret = fields.Where(field => request.RequestedSecrets.Contains(field.Key)).ToDictionary();
        if (request.RequestedSecrets.Count == 0)
        {
            // An older requirer, which knows no secrets; it has no use for the value that says that there is no TLS.
            own.Set(group == "tls" && fields.Count == 1 ? [] : fields);
            return;
        }

        if (secret.Count == 0)
        {
            return;
        }

        var key = $"secret-{group}";
        if (own.Find(key) is { } uri)
        {
            var known = Model.GetSecret(uri);
            if (!known.GetContent().OrderBy(f => f.Key, StringComparer.Ordinal).SequenceEqual(secret.OrderBy(f => f.Key, StringComparer.Ordinal)))
            {
                known.SetContent(secret);
            }

            return;
        }

        var label = string.Create(CultureInfo.InvariantCulture, $"{endpoint}.{relation.Id}.{group}.secret");
        var made = charm.App.AddSecret(secret, new SecretOptions { Label = label });
        // Granted before the URI is told, so that the requirer never meets a secret that it may not read.
        made.Grant(relation);
        own[key] = made.Id!;
    }

    void OnRelationChanged(RelationChangedEvent e)
    {
        if (!charm.Unit.IsLeader)
        {
            return;
        }

        var bag = e.Relation.RemoteApplication();
        var own = e.Relation.Data[charm.App];
        var changed = DiffKey.Changed(own.Find(DiffKey.Name), bag, out _);
        own.Set([new(DiffKey.Name, DiffKey.Of(bag))]);
        if (changed.Contains("database") || changed.Contains("extra-user-roles") || changed.Contains("requested-secrets"))
        {
            DatabaseRequested.Emit(new(e.Relation));
        }
    }
}
