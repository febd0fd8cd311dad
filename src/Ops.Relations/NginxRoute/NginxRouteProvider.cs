using Ops.Relations.Databags;

namespace Ops.Relations.NginxRoute;

/// <summary>The provider of <c>nginx-route</c>: reads the routes that applications ask for. It writes nothing back.</summary>
/// <param name="charm">The charm.</param>
/// <param name="endpoint">Endpoint of charmcraft.yaml, with the interface <c>nginx-route</c>.</param>
public sealed class NginxRouteProvider(CharmBase charm, string endpoint) : OpsObject(charm, endpoint)
{
    readonly string endpoint = endpoint;

    /// <summary>
    /// The route of each related application. A reading without a value and without a fault is one whose application has
    /// written nothing yet; a faulty one has the message of a blocked status as its reason.
    /// </summary>
    public IReadOnlyList<(Relation Relation, Reading<RouteRequest> Route)> Routes =>
        [.. Model.Relations[endpoint].Select(relation => (relation, RouteRequestReader.Read(relation.RemoteApplication())))];
}
