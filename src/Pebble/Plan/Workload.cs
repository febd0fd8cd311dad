namespace Pebble.Plan;

/// <summary>User and environment that several services share. Cannot change while the daemon runs.</summary>
sealed record Workload
{
    public required string Name { get; init; }

    public string Override { get; init; } = "";

    public SortedMap Environment { get; init; } = SortedMap.Empty;

    public int? UserId { get; init; }

    public string User { get; init; } = "";

    public int? GroupId { get; init; }

    public string Group { get; init; } = "";

    public Workload Merge(Workload later) => this with
    {
        Environment = Environment.Merge(later.Environment),
        UserId = later.UserId ?? UserId,
        User = later.User.Or(User),
        GroupId = later.GroupId ?? GroupId,
        Group = later.Group.Or(Group),
    };
}
