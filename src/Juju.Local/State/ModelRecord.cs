using System.Collections.Immutable;

namespace Juju.Local.State;

/// <summary>Alive, dying (its hooks still run), dead (only its traces are to be removed).</summary>
enum Life
{
    Alive,
    Dying,
    Dead,
}

/// <summary>A model and the counters of its ids.</summary>
sealed record ModelRecord
{
    public required string Uuid { get; init; }

    public required string Name { get; init; }

    public Life Life { get; init; }

    public bool DestroyStorage { get; init; }

    public bool Force { get; init; }

    public required DateTimeOffset Created { get; init; }

    /// <summary>Only what was set; defaults are in <c>ModelOptions</c>.</summary>
    public ImmutableSortedDictionary<string, string> Config { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    public int NextRelation { get; init; }

    /// <summary>Operations and tasks draw from one counter.</summary>
    public int NextTask { get; init; } = 1;

    public int NextStorage { get; init; }

    /// <summary>Next revision of each local charm's name.</summary>
    public ImmutableSortedDictionary<string, int> NextRevision { get; init; } = ImmutableSortedDictionary<string, int>.Empty;
}

/// <summary>A charm as it was unpacked for the model.</summary>
sealed record CharmRecord
{
    /// <summary><c>local:discourse-k8s-0</c>, <c>ch:redis-k8s-35</c>.</summary>
    public required string Url { get; init; }

    /// <summary>The unpacked folder.</summary>
    public required string Folder { get; init; }

    public required Charms.CharmDefinition Definition { get; init; }

    public required int Revision { get; init; }
}

/// <summary>A status word with its message and since when.</summary>
sealed record StatusRecord(string Current, string Message, DateTimeOffset Since)
{
    /// <summary>Since stays when the word stays the same only in message too, as Juju has it.</summary>
    public StatusRecord To(string current, string message, DateTimeOffset now) =>
        Current == current && Message == message ? this : new StatusRecord(current, message, now);
}

/// <summary>A storage instance, <c>data/0</c>; it outlives its unit unless destroyed with it.</summary>
sealed record StorageRecord
{
    public required string Id { get; init; }

    /// <summary>The charm's name for it.</summary>
    public required string Name { get; init; }

    public required string Kind { get; init; }

    public string? Unit { get; init; }

    /// <summary>The unit it is or was last attached to: a unit that takes that name again gets it back.</summary>
    public required string LastUnit { get; init; }

    public required string Folder { get; init; }

    public required long SizeMiB { get; init; }

    public bool ReadOnly { get; init; }

    public Life Life { get; init; }

    public required DateTimeOffset Since { get; init; }

    /// <summary>Where the charm's container has it.</summary>
    public string Location => $"/var/lib/juju/storage/{Id}";
}
