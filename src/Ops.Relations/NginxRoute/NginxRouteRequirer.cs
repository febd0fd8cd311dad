using Ops.Relations.Databags;

namespace Ops.Relations.NginxRoute;

/// <summary>
/// The requirer of <c>nginx-route</c>. The route is written when this is made, which is at every event, so that it always
/// says what the configuration says; the provider writes nothing back.
/// </summary>
/// <remarks>Source: nginx_ingress_integrator lib v0, <c>require_nginx_route</c>.</remarks>
public sealed class NginxRouteRequirer : OpsObject
{
    /// <summary>Asks for a route, if this unit leads.</summary>
    /// <param name="charm">The charm.</param>
    /// <param name="endpoint">Endpoint of charmcraft.yaml, with the interface <c>nginx-route</c>.</param>
    /// <param name="route">Makes the route that is wanted; called only if there is somebody to ask.</param>
    public NginxRouteRequirer(CharmBase charm, string endpoint, Func<RouteRequest> route) : base(charm, endpoint)
    {
        ArgumentNullException.ThrowIfNull(charm);
        ArgumentNullException.ThrowIfNull(route);
        foreach (var relation in Model.Relations[endpoint])
        {
            if (charm.Unit.IsLeader)
            {
                relation.Data[charm.App].Replace(route().ToDatabag());
            }
        }
    }
}
