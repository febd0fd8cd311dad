namespace Pebble.Plan;

/// <summary>A service as layers describe it. Empty strings, null and empty collections mean "not given".</summary>
/// <remarks>Source: the layer specification.</remarks>
sealed record ServiceConfig
{
    public static readonly TimeSpan DefaultKillDelay = TimeSpan.FromSeconds(5);

    public required string Name { get; init; }

    public string Summary { get; init; } = "";

    public string Description { get; init; } = "";

    /// <summary>"enabled" or "disabled"; anything else counts as disabled.</summary>
    public string Startup { get; init; } = "";

    public string Override { get; init; } = "";

    /// <summary>Program and arguments; default arguments at the end in brackets.</summary>
    public string Command { get; init; } = "";

    public IReadOnlyList<string> After { get; init; } = [];

    public IReadOnlyList<string> Before { get; init; } = [];

    public IReadOnlyList<string> Requires { get; init; } = [];

    public string Workload { get; init; } = "";

    public SortedMap Environment { get; init; } = SortedMap.Empty;

    public int? UserId { get; init; }

    public string User { get; init; } = "";

    public int? GroupId { get; init; }

    public string Group { get; init; } = "";

    public string WorkingDir { get; init; } = "";

    public string OnSuccess { get; init; } = "";

    public string OnFailure { get; init; } = "";

    /// <summary>Action by check.</summary>
    public SortedMap OnCheckFailure { get; init; } = SortedMap.Empty;

    /// <summary>Default 500 ms.</summary>
    public TimeSpan? BackoffDelay { get; init; }

    /// <summary>1.0 or more, default 2.0.</summary>
    public double? BackoffFactor { get; init; }

    /// <summary>Default 30 s.</summary>
    public TimeSpan? BackoffLimit { get; init; }

    /// <summary>From TERM to KILL, default 5 s.</summary>
    public TimeSpan? KillDelay { get; init; }

    public bool StartsByItself => Startup == "enabled";

    public TimeSpan EffectiveBackoffDelay => BackoffDelay ?? TimeSpan.FromMilliseconds(500);

    public double EffectiveBackoffFactor => BackoffFactor ?? 2.0;

    public TimeSpan EffectiveBackoffLimit => BackoffLimit ?? TimeSpan.FromSeconds(30);

    public TimeSpan EffectiveKillDelay => KillDelay ?? DefaultKillDelay;

    /// <summary>This service with what <paramref name="later"/> gives laid over it; lists are appended, maps merged.</summary>
    public ServiceConfig Merge(ServiceConfig later) => this with
    {
        Summary = later.Summary.Or(Summary),
        Description = later.Description.Or(Description),
        Startup = later.Startup.Or(Startup),
        Command = later.Command.Or(Command),
        After = [.. After, .. later.After],
        Before = [.. Before, .. later.Before],
        Requires = [.. Requires, .. later.Requires],
        Workload = later.Workload.Or(Workload),
        Environment = Environment.Merge(later.Environment),
        UserId = later.UserId ?? UserId,
        User = later.User.Or(User),
        GroupId = later.GroupId ?? GroupId,
        Group = later.Group.Or(Group),
        WorkingDir = later.WorkingDir.Or(WorkingDir),
        OnSuccess = later.OnSuccess.Or(OnSuccess),
        OnFailure = later.OnFailure.Or(OnFailure),
        OnCheckFailure = OnCheckFailure.Merge(later.OnCheckFailure),
        BackoffDelay = later.BackoffDelay ?? BackoffDelay,
        BackoffFactor = later.BackoffFactor ?? BackoffFactor,
        BackoffLimit = later.BackoffLimit ?? BackoffLimit,
        KillDelay = later.KillDelay ?? KillDelay,
    };
}
