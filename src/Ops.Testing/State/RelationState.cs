namespace Ops.Testing;

/// <summary>A relation: its endpoint, its number, and the databags of both sides.</summary>
/// <remarks>Source: ops.testing.Relation and PeerRelation.</remarks>
public sealed record RelationState
{
    static readonly IReadOnlyDictionary<string, string> Nothing = new Dictionary<string, string>();
    static int last;

    /// <summary>A relation with another application that has one unit.</summary>
    /// <param name="endpoint">As in charmcraft.yaml.</param>
    public RelationState(string endpoint)
    {
        Endpoint = endpoint;
        Id = Interlocked.Increment(ref last);
    }

    /// <summary>As in charmcraft.yaml.</summary>
    public string Endpoint { get; init; }

    /// <summary>Its number, different for each relation made unless it is given.</summary>
    public int Id { get; init; }

    /// <summary>The application of the other side; null in a peer relation, where it is this one.</summary>
    public string? RemoteApp { get; init; } = "remote";

    /// <summary>The databag of the other side's application.</summary>
    public IReadOnlyDictionary<string, string> RemoteAppData { get; init; } = Nothing;

    /// <summary>The databags of the other side's units (in a peer relation: of the other units) by unit number.</summary>
    public IReadOnlyDictionary<int, IReadOnlyDictionary<string, string>> RemoteUnitsData { get; init; } =
        new Dictionary<int, IReadOnlyDictionary<string, string>> { [0] = Nothing };

    /// <summary>The databag of this application.</summary>
    public IReadOnlyDictionary<string, string> LocalAppData { get; init; } = Nothing;

    /// <summary>The databag of this unit. Juju puts three addresses there.</summary>
    public IReadOnlyDictionary<string, string> LocalUnitData { get; init; } = new Dictionary<string, string>
    {
        ["egress-subnets"] = "192.0.2.0/32",
        ["ingress-address"] = "192.0.2.0",
        ["private-address"] = "192.0.2.0",
    };

    /// <summary>The UUID of the other side's model; null for this model.</summary>
    public string? RemoteModelUuid { get; init; }

    /// <summary>Whether it connects the units of one application.</summary>
    public bool IsPeer => RemoteApp is null;

    /// <summary>A peer relation, without other units.</summary>
    /// <param name="endpoint">As in charmcraft.yaml.</param>
    public static RelationState Peer(string endpoint) => new(endpoint)
    {
        RemoteApp = null,
        RemoteUnitsData = new Dictionary<int, IReadOnlyDictionary<string, string>>(),
    };
}
