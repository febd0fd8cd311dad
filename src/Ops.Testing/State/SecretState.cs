namespace Ops.Testing;

/// <summary>Who owns a secret.</summary>
public enum SecretOwner
{
    /// <summary>Another application, which granted it.</summary>
    Other,

    /// <summary>This unit.</summary>
    Unit,

    /// <summary>This application.</summary>
    App,
}

/// <summary>A secret that this unit can see.</summary>
/// <param name="Content">The content of the revision that this unit tracks.</param>
/// <remarks>Source: ops.testing.Secret.</remarks>
public sealed record SecretState(IReadOnlyDictionary<string, string> Content)
{
    static int last;

    /// <summary>Its id.</summary>
    public string Id { get; init; } = $"secret:test{Interlocked.Increment(ref last):d16}";

    /// <summary>The content of the latest revision, if this unit tracks an older one; null if it tracks the latest.</summary>
    public IReadOnlyDictionary<string, string>? LatestContent { get; init; }

    /// <summary>Who owns it.</summary>
    public SecretOwner Owner { get; init; }

    /// <summary>Its label, the owner's or this consumer's; null for none.</summary>
    public string? Label { get; init; }

    /// <summary>What it is for.</summary>
    public string? Description { get; init; }

    /// <summary>When the revision's time is over.</summary>
    public DateTimeOffset? Expire { get; init; }

    /// <summary>When Juju asks for a new content.</summary>
    public SecretRotate Rotate { get; init; }

    /// <summary>The latest revision.</summary>
    public int Revision { get; init; } = 1;

    /// <summary>The revisions that were removed.</summary>
    public IReadOnlyList<int> RemovedRevisions { get; init; } = [];

    /// <summary>Who was granted it: <c>relation number</c> to the names of the applications or units.</summary>
    public IReadOnlyDictionary<int, IReadOnlyList<string>> Grants { get; init; } = new Dictionary<int, IReadOnlyList<string>>();

    internal IReadOnlyDictionary<string, string> Latest => LatestContent ?? Content;
}
