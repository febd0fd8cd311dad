using System.Collections.Immutable;

namespace Juju.Local.State;

/// <summary>A secret with its revisions, who may read it, and which revision each reader tracks.</summary>
sealed record SecretRecord
{
    /// <summary>20 of 0-9a-z, without the scheme.</summary>
    public required string Id { get; init; }

    /// <summary>An application, a unit, or <c>&lt;model&gt;</c>.</summary>
    public required string Owner { get; init; }

    public string? Label { get; init; }

    /// <summary>Of a user's secret.</summary>
    public string? Name { get; init; }

    public string? Description { get; init; }

    /// <summary><c>never</c> or a period.</summary>
    public string Rotation { get; init; } = "never";

    public DateTimeOffset? Rotates { get; init; }

    public bool AutoPrune { get; init; }

    public required DateTimeOffset Created { get; init; }

    public required DateTimeOffset Updated { get; init; }

    public ImmutableList<SecretRevision> Revisions { get; init; } = [];

    /// <summary>Reader (application or unit) to the relation it was granted through; empty for a user's grant.</summary>
    public ImmutableSortedDictionary<string, string> Grants { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    /// <summary>By unit.</summary>
    public ImmutableSortedDictionary<string, SecretConsumer> Consumers { get; init; } = ImmutableSortedDictionary<string, SecretConsumer>.Empty;

    public const string ModelOwner = "<model>";

    public SecretRevision Latest => Revisions[^1];

    public string Uri => "secret:" + Id;

    public bool IsOwnedBy(string unit) => Owner == unit || Owner == UnitRecord.ApplicationOf(unit);

    public bool CanRead(string unit) => IsOwnedBy(unit) || Grants.ContainsKey(unit) || Grants.ContainsKey(UnitRecord.ApplicationOf(unit));
}

sealed record SecretRevision(
    int Number, ImmutableSortedDictionary<string, string> Content, DateTimeOffset Created, DateTimeOffset? Expires = null);

sealed record SecretConsumer(int Revision, string? Label = null);
