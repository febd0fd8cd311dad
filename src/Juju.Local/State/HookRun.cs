namespace Juju.Local.State;

enum HookKind
{
    Life,
    Relation,
    Workload,
    Secret,
    Storage,
    Action,
    Command,
}

/// <summary>
/// One turn of a unit: which hook, with what it is told. Written down before it runs and struck out with what it wrote,
/// in one transaction: a turn that was cut off is run again.
/// </summary>
sealed record HookRun
{
    public required HookKind Kind { get; init; }

    /// <summary><c>config-changed</c>, <c>db-relation-joined</c>; an action's name; <c>run-commands</c>.</summary>
    public required string Name { get; init; }

    /// <summary>Given when it starts; processes of a turn are recognised by it.</summary>
    public string ContextId { get; init; } = "";

    public int? Relation { get; init; }

    public string? RemoteApplication { get; init; }

    public string? RemoteUnit { get; init; }

    public string? DepartingUnit { get; init; }

    /// <summary>The version of the databag that the turn tells of.</summary>
    public int? BagVersion { get; init; }

    public string? Container { get; init; }

    /// <summary>The boot of the Pebble that is ready.</summary>
    public string? Boot { get; init; }

    public string? NoticeId { get; init; }

    public string? NoticeType { get; init; }

    public string? NoticeKey { get; init; }

    public string? Check { get; init; }

    public string? Secret { get; init; }

    public int? SecretRevision { get; init; }

    public string? SecretLabel { get; init; }

    public string? Storage { get; init; }

    public string? Task { get; init; }

    public string? ConfigHash { get; init; }

    public int? CharmCounter { get; init; }

    /// <summary>The last part of a relation event's name.</summary>
    public bool Is(string relationEvent) =>
        Kind == HookKind.Relation && Name.EndsWith("-relation-" + relationEvent, StringComparison.Ordinal);
}
