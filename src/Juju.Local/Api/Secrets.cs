namespace Juju.Local.Api;

sealed record AddSecretRequest(string Model, string Name, string? Description, IReadOnlyDictionary<string, string> Content);

/// <summary>By name or id; null leaves a part as it is.</summary>
sealed record UpdateSecretRequest(
    string Model, string Secret, string? Name, string? Description, bool? AutoPrune, IReadOnlyDictionary<string, string>? Content);

sealed record GrantSecretRequest(string Model, string Secret, IReadOnlyList<string> Applications, bool Revoke);

sealed record RemoveSecretRequest(string Model, string Secret, int? Revision);

sealed record SecretRequest(string Model, string Secret, bool Reveal, int? Revision);

/// <summary>Owner null: all; else <c>application-x</c>, <c>unit-x-0</c>, an application's or unit's name, or <c>model</c>.</summary>
sealed record ListSecretsRequest(string Model, string? Owner);

sealed record SecretId(string Id);

/// <summary>A secret as <c>show-secret</c> shows it. Owner: application, unit, or <c>&lt;model&gt;</c>.</summary>
sealed record SecretDetails
{
    public required string Id { get; init; }

    public required int Revision { get; init; }

    public required string Owner { get; init; }

    public string? Name { get; init; }

    public string? Label { get; init; }

    public string? Description { get; init; }

    /// <summary><c>never</c>, <c>hourly</c> …; null for user secrets.</summary>
    public string? Rotation { get; init; }

    public DateTimeOffset? Rotates { get; init; }

    public DateTimeOffset? Expires { get; init; }

    public required DateTimeOffset Created { get; init; }

    public required DateTimeOffset Updated { get; init; }

    /// <summary>Only when asked to reveal.</summary>
    public IReadOnlyDictionary<string, string>? Content { get; init; }

    public IReadOnlyList<SecretRevisionDetails> Revisions { get; init; } = [];

    public IReadOnlyList<SecretAccess> Access { get; init; } = [];
}

sealed record SecretRevisionDetails(int Revision, DateTimeOffset Created, DateTimeOffset Updated, DateTimeOffset? Expires);

/// <summary>Target <c>application-x</c> or <c>unit-x-0</c>; scope <c>relation-…</c> or <c>model-…</c>.</summary>
sealed record SecretAccess(string Target, string Scope, string Role);
