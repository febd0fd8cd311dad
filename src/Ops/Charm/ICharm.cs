namespace Ops;

/// <summary>How the framework makes a charm of type <typeparamref name="TSelf"/>. The generator implements it from charmcraft.yaml.</summary>
/// <typeparam name="TSelf">The charm's own class.</typeparam>
public interface ICharm<TSelf>
    where TSelf : CharmBase, ICharm<TSelf>
{
    /// <summary>The content of charmcraft.yaml, read when the charm was compiled.</summary>
    static abstract CharmMetadata Metadata { get; }

    /// <summary>Makes the charm, which observes its events.</summary>
    /// <param name="framework">Passed to the constructor of <see cref="CharmBase"/>.</param>
    static abstract TSelf Create(Framework framework);
}
