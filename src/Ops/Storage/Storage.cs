using System.Globalization;

namespace Ops;

/// <summary>One storage instance.</summary>
/// <remarks>Source: ops.Storage.</remarks>
public sealed class Storage
{
    readonly Framework framework;

    internal Storage(Framework framework, string fullId)
    {
        this.framework = framework;
        FullId = fullId;
        var slash = fullId.LastIndexOf('/');
        Name = fullId[..slash];
        Index = int.Parse(fullId[(slash + 1)..], CultureInfo.InvariantCulture);
    }

    /// <summary>Its name and number: <c>data/0</c>.</summary>
    public string FullId { get; }

    /// <summary>Its name in charmcraft.yaml.</summary>
    public string Name { get; }

    /// <summary>Its number.</summary>
    public int Index { get; }

    /// <summary>Where it is in the charm container, or which device it is.</summary>
    public string Location => field ??= framework.Tools.StorageLocation(FullId);
}
