namespace Ops.Testing;

/// <summary>A storage that is attached.</summary>
/// <param name="Name">As in charmcraft.yaml.</param>
/// <param name="Index">Its number.</param>
/// <param name="Location">Where it is.</param>
/// <remarks>Source: ops.testing.Storage.</remarks>
public sealed record StorageState(string Name, int Index = 0, string? Location = null)
{
    /// <summary>Its name and number: <c>data/0</c>.</summary>
    public string FullId => $"{Name}/{Index}";

    internal string Place => Location ?? $"/var/lib/juju/storage/{FullId}";
}
