using System.Globalization;
using Ops.Relations.Databags;

namespace Ops.Relations.Postgresql;

/// <summary>
/// The requirer of <c>postgresql_client</c>: asks for a database and gives the connection to it. Credentials may come in
/// Juju secrets or in plain keys.
/// </summary>
/// <remarks>Source: data_interfaces v0 (patch 59), <c>DatabaseRequires</c>.</remarks>
public sealed class DatabaseRequires : OpsObject
{
    /// <summary>The fields that we want in secrets, as the field's library asks for them.</summary>
    const string RequestedSecrets =
        "[\"username\", \"password\", \"tls\", \"tls-ca\", \"uris\", \"read-only-uris\", \"entity-name\", \"entity-password\"]";

    const string ProvidedSecrets = "[\"mtls-cert\"]";

    readonly CharmBase charm;
    readonly string endpoint;
    readonly string database;
    readonly string extraUserRoles;
    Reading<DatabaseConnection>? connection;

    /// <summary>Watches an endpoint and asks for a database on it.</summary>
    /// <param name="charm">The charm.</param>
    /// <param name="endpoint">Endpoint of charmcraft.yaml, with the interface <c>postgresql_client</c>.</param>
    /// <param name="database">Name of the database that is wanted.</param>
    /// <param name="extraUserRoles">Roles that the user needs, such as <c>SUPERUSER</c>, separated by commas; usually none.</param>
    public DatabaseRequires(CharmBase charm, string endpoint, string database, string extraUserRoles = "") : base(charm, endpoint)
    {
        this.charm = charm;
        this.endpoint = endpoint;
        this.database = database;
        this.extraUserRoles = extraUserRoles;
        DatabaseCreated = DefineEvent("database_created", snapshot => new DatabaseCreatedEvent(snapshot.GetRelation()));
        EndpointsChanged = DefineEvent("endpoints_changed", snapshot => new DatabaseEndpointsChangedEvent(snapshot.GetRelation()));
        ReadOnlyEndpointsChanged = DefineEvent(
            "read_only_endpoints_changed", snapshot => new DatabaseReadOnlyEndpointsChangedEvent(snapshot.GetRelation()));

        charm.On[endpoint].RelationCreated.Observe(OnRelationCreated);
        charm.On[endpoint].RelationChanged.Observe(OnRelationChanged);
        charm.On.LeaderElected.Observe(OnLeaderElected);
    }

    /// <summary>The provider published credentials: the database can be used.</summary>
    public EventSource<DatabaseCreatedEvent> DatabaseCreated { get; }

    /// <summary>The primary moved.</summary>
    public EventSource<DatabaseEndpointsChangedEvent> EndpointsChanged { get; }

    /// <summary>The replicas changed.</summary>
    public EventSource<DatabaseReadOnlyEndpointsChangedEvent> ReadOnlyEndpointsChanged { get; }

    /// <summary>How to reach the database, or why that is not known. Read once per dispatch, secrets in their latest revision.</summary>
    public Reading<DatabaseConnection> Connection => connection ??= Read();

    /// <summary>Asks for the database where that was not done yet. Does nothing unless this unit leads.</summary>
    public void Request()
    {
        foreach (var relation in Model.Relations[endpoint])
        {
            if (charm.Unit.IsLeader && !relation.Data[charm.App].ContainsKey("database"))
            {
                Ask(relation);
            }
        }
    }

    Reading<DatabaseConnection> Read()
    {
        if (Model.Relations[endpoint] is not [var relation, ..])
        {
            return Reading.Missing<DatabaseConnection>($"no relation \"{endpoint}\"");
        }

        var fields = new Dictionary<string, string>();
        var secrets = new Dictionary<string, string>();
        foreach (var (key, value) in relation.RemoteApplication())
        {
            (key.StartsWith("secret-", StringComparison.Ordinal) ? secrets : fields)[key] = value;
        }

        foreach (var (key, uri) in secrets)
        {
            // The same label as the field's library gives, so that a refresh from a charm that used it finds the same secret.
            var label = string.Create(CultureInfo.InvariantCulture, $"{endpoint}.{relation.Id}.{key["secret-".Length..]}.secret");
            foreach (var (name, value) in Model.FindSecret(uri, label) ?? new Dictionary<string, string>())
            {
                fields[name] = value;
            }
        }

        return DatabaseConnection.Read(fields);
    }

    void OnRelationCreated(RelationCreatedEvent e) => Ask(e.Relation);

    // Who leads now may not have led when the relation was made.
    void OnLeaderElected(LeaderElectedEvent e) => Request();

    void Ask(Relation relation)
    {
        if (!charm.Unit.IsLeader)
        {
            return;
        }

        var secrets = new Dictionary<string, string> { ["requested-secrets"] = RequestedSecrets, ["provided-secrets"] = ProvidedSecrets };
        relation.Data[charm.Unit].Set(secrets);
        relation.Data[charm.App].Set(secrets);
        relation.Data[charm.App].Set(new Dictionary<string, string> { ["database"] = database, ["extra-user-roles"] = extraUserRoles });
    }

    void OnRelationChanged(RelationChangedEvent e)
    {
        var bag = e.Relation.RemoteApplication();
        if (bag.Find("subordinated") == "true" && !e.Relation.Units.Any(unit => e.Relation.Data[unit].Find("state") == "ready"))
        {
            return;
        }

        var own = e.Relation.Data[charm.Unit];
        var changed = DiffKey.Changed(own.Find(DiffKey.Name), bag, out var added);
        own.Set([new(DiffKey.Name, DiffKey.Of(bag))]);

        // Only the first that applies, so that one change of the provider restarts a workload once.
        if (added.Contains("secret-user") || (added.Contains("username") && added.Contains("password")))
        {
            DatabaseCreated.Emit(new(e.Relation));
        }
        else if (changed.Contains("endpoints"))
        {
            EndpointsChanged.Emit(new(e.Relation));
        }
        else if (changed.Contains("read-only-endpoints"))
        {
            ReadOnlyEndpointsChanged.Emit(new(e.Relation));
        }
    }
}
