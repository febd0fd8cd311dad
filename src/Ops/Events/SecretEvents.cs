namespace Ops;

/// <summary>Something happened to a secret.</summary>
/// <param name="secret">Which.</param>
/// <remarks>Source: ops.SecretEvent.</remarks>
public abstract class SecretEvent(Secret secret) : HookEvent
{
    /// <summary>The secret; its label is filled in if it has one.</summary>
    public Secret Secret { get; } = secret;
}

/// <summary>The owner of a secret that this unit tracks made a new revision; read it with <see cref="Secret.GetContent"/> and refresh.</summary>
/// <param name="secret">Which.</param>
public sealed class SecretChangedEvent(Secret secret) : SecretEvent(secret);

/// <summary>The secret is due for a new content; the owner gets this until it sets one.</summary>
/// <param name="secret">Which.</param>
public sealed class SecretRotateEvent(Secret secret) : SecretEvent(secret)
{
    private protected override string WhyNotDeferrable => "Juju sends it again until the secret has a new revision";
}

/// <summary>Nobody tracks a revision any more: the owner can remove it.</summary>
/// <param name="secret">Which.</param>
/// <param name="revision">The revision.</param>
public sealed class SecretRemoveEvent(Secret secret, int revision) : SecretEvent(secret)
{
    /// <summary>The revision that nobody tracks.</summary>
    public int Revision { get; } = revision;

    /// <summary>Removes that revision.</summary>
    public void RemoveRevision() => Secret.RemoveRevision(Revision);
}

/// <summary>A revision's time is over: the owner gets this until it removes it or sets a new expiry.</summary>
/// <param name="secret">Which.</param>
/// <param name="revision">The revision.</param>
public sealed class SecretExpiredEvent(Secret secret, int revision) : SecretEvent(secret)
{
    /// <summary>The revision that expired.</summary>
    public int Revision { get; } = revision;

    /// <summary>Removes that revision.</summary>
    public void RemoveRevision() => Secret.RemoveRevision(Revision);

    private protected override string WhyNotDeferrable => "Juju sends it again until the revision is removed";
}
