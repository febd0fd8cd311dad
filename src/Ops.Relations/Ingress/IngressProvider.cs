using Ops.Relations.Databags;

namespace Ops.Relations.Ingress;

/// <summary>A requirer's unit behind an ingress.</summary>
/// <param name="Host">Host name or IP address.</param>
public sealed record IngressUnit(string Host)
{
    /// <summary>Reads the databag of a requirer's unit: its <c>ip</c>, else its <c>host</c>.</summary>
    public static Reading<IngressUnit> Read(IReadOnlyDictionary<string, string> bag)
    {
        var host = IngressRequest.Text(bag, "ip") is { Length: > 0 } ip ? ip : IngressRequest.Text(bag, "host");
        return host switch
        {
            null or "" => Reading.Missing<IngressUnit>("the unit has not written its address"),
            _ when DatabagValue.IsHost(host) => Reading.Of<IngressUnit>(new(host)),
            _ => Reading.Faulty<IngressUnit>($"\"host\" is {DatabagValue.Quoted(host)}, not a host"),
        };
    }
}

/// <summary>The provider of <c>ingress</c> v2: reads what applications ask for and tells them their address.</summary>
/// <param name="charm">The charm.</param>
/// <param name="endpoint">Endpoint of charmcraft.yaml, with the interface <c>ingress</c>.</param>
public sealed class IngressProvider(CharmBase charm, string endpoint) : OpsObject(charm, endpoint)
{
    readonly string endpoint = endpoint;

    /// <summary>The request of each related application, with those of its units that told a usable address.</summary>
    public IReadOnlyList<(Relation Relation, Reading<IngressRequest> Request, IReadOnlyList<IngressUnit> Units)> Requests =>
    [
        .. Model.Relations[endpoint].Select(relation => (
            relation,
            IngressRequest.Read(relation.RemoteApplication()),
            (IReadOnlyList<IngressUnit>)[.. relation.Units.Select(unit => IngressUnit.Read(relation.Data[unit]).Value).OfType<IngressUnit>()])),
    ];

    /// <summary>Tells an application under which URL it is served; null takes it back. Does nothing unless this unit leads.</summary>
    public void Publish(Relation relation, IngressUrl? url)
    {
        ArgumentNullException.ThrowIfNull(relation);
        if (charm.Unit.IsLeader)
        {
            relation.Data[charm.App].Set(url?.ToDatabag() ?? new Dictionary<string, string> { ["ingress"] = "" });
        }
    }
}
