using System.Globalization;
using Ops.Relations.Databags;

namespace Ops.Relations.Redis;

/// <summary>The provider of <c>redis</c>: every unit tells where the master is, the leader also as <c>leader-host</c>.</summary>
/// <remarks>Source: redis_k8s lib v0, <c>RedisProvides</c>.</remarks>
/// <param name="charm">The charm.</param>
/// <param name="endpoint">Endpoint of charmcraft.yaml, with the interface <c>redis</c>.</param>
public sealed class RedisProvides(CharmBase charm, string endpoint) : OpsObject(charm, endpoint)
{
    readonly string endpoint = endpoint;

    /// <summary>Tells all related applications where the master is; call it at any event. The same again changes nothing.</summary>
    /// <param name="master">Address of the master.</param>
    public void Publish(RedisAddress master)
    {
        ArgumentNullException.ThrowIfNull(master);
        foreach (var relation in Model.Relations[endpoint])
        {
            relation.Data[charm.Unit].Set(new Dictionary<string, string>
            {
                ["hostname"] = master.Host,
                ["port"] = master.Port.ToString(CultureInfo.InvariantCulture),
            });
            if (charm.Unit.IsLeader)
            {
                relation.Data[charm.App].Set([new("leader-host", master.Host)]);
            }
        }
    }

    /// <summary>Takes the address back while no master answers, so that requirers wait instead of failing.</summary>
    public void Withdraw()
    {
        foreach (var relation in Model.Relations[endpoint])
        {
            relation.Data[charm.Unit].Set([new("hostname", ""), new("port", "")]);
            if (charm.Unit.IsLeader)
            {
                relation.Data[charm.App].Set([new("leader-host", "")]);
            }
        }
    }
}
