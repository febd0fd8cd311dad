namespace Ops;

/// <summary>When Juju asks the owner for a new content.</summary>
public enum SecretRotate
{
    /// <summary>Never.</summary>
    Never,

    /// <summary>Each hour.</summary>
    Hourly,

    /// <summary>Each day.</summary>
    Daily,

    /// <summary>Each week.</summary>
    Weekly,

    /// <summary>Each month.</summary>
    Monthly,

    /// <summary>Each quarter.</summary>
    Quarterly,

    /// <summary>Each year.</summary>
    Yearly,
}

/// <summary>Which revision of a secret is read.</summary>
public enum SecretGetMode
{
    /// <summary>The one that this unit tracks; at the first read the latest, which it tracks from then on.</summary>
    Tracked,

    /// <summary>The latest, which the unit tracks from then on.</summary>
    Refresh,

    /// <summary>The latest, without tracking it.</summary>
    Peek,
}

/// <summary>What a secret has beside its content. Null: not set, or not changed.</summary>
public sealed record SecretOptions
{
    /// <summary>A name that only the owner sees; unique among its secrets.</summary>
    public string? Label { get; init; }

    /// <summary>What it is for.</summary>
    public string? Description { get; init; }

    /// <summary>When the revision's time is over.</summary>
    public DateTimeOffset? Expire { get; init; }

    /// <summary>When Juju asks for a new content.</summary>
    public SecretRotate? Rotate { get; init; }
}

/// <summary>What the owner of a secret can know of it.</summary>
/// <param name="Id">Its id: <c>secret:…</c>.</param>
/// <param name="Revision">The latest revision.</param>
/// <param name="Label">Its label; null for none.</param>
/// <param name="Description">What it is for; null for none.</param>
/// <param name="Expires">When the revision's time is over; null for never.</param>
/// <param name="Rotation">When Juju asks for a new content.</param>
/// <param name="Rotates">When it asks next; null for never.</param>
/// <remarks>Source: ops.SecretInfo.</remarks>
public sealed record SecretInfo(
    string Id, int Revision, string? Label, string? Description, DateTimeOffset? Expires, SecretRotate Rotation, DateTimeOffset? Rotates);
