namespace Pebble.Plan;

/// <summary>A health check as layers describe it; exactly one of http, tcp and exec is given in a valid plan.</summary>
/// <remarks>Source: the layer specification.</remarks>
sealed record CheckConfig
{
    public const int DefaultThreshold = 3;

    public required string Name { get; init; }

    public string Override { get; init; } = "";

    /// <summary>"alive", "ready" or empty.</summary>
    public string Level { get; init; } = "";

    /// <summary>"enabled" (as when empty) or "disabled".</summary>
    public string Startup { get; init; } = "";

    /// <summary>Default 10 s.</summary>
    public TimeSpan? Period { get; init; }

    /// <summary>Default 3 s, at most the period.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>Failures in a row until the check is down; 0 when not given.</summary>
    public int Threshold { get; init; }

    public HttpCheck? Http { get; init; }

    public TcpCheck? Tcp { get; init; }

    public ExecCheck? Exec { get; init; }

    public bool StartsByItself => Startup != "disabled";

    public TimeSpan EffectivePeriod => Period ?? TimeSpan.FromSeconds(10);

    public TimeSpan EffectiveTimeout => Min(Timeout ?? TimeSpan.FromSeconds(3), EffectivePeriod);

    public CheckConfig Merge(CheckConfig later) => this with
    {
        Level = later.Level.Or(Level),
        Startup = later.Startup.Or(Startup),
        Period = later.Period ?? Period,
        Timeout = later.Timeout ?? Timeout,
        Threshold = later.Threshold != 0 ? later.Threshold : Threshold,
        Http = Http is null ? later.Http : later.Http is null ? Http : Http.Merge(later.Http),
        Tcp = Tcp is null ? later.Tcp : later.Tcp is null ? Tcp : Tcp.Merge(later.Tcp),
        Exec = Exec is null ? later.Exec : later.Exec is null ? Exec : Exec.Merge(later.Exec),
    };

    /// <summary>As it stands in the combined plan: the threshold shown, a given timeout capped to the period.</summary>
    public CheckConfig WithDefaults() => this with
    {
        Threshold = Threshold == 0 ? DefaultThreshold : Threshold,
        Timeout = Timeout is { } given ? Min(given, EffectivePeriod) : null,
    };

    static TimeSpan Min(TimeSpan a, TimeSpan b) => a < b ? a : b;
}

sealed record HttpCheck
{
    public string Url { get; init; } = "";

    public SortedMap Headers { get; init; } = SortedMap.Empty;

    public HttpCheck Merge(HttpCheck later) => new() { Url = later.Url.Or(Url), Headers = Headers.Merge(later.Headers) };
}

sealed record TcpCheck
{
    public int Port { get; init; }

    /// <summary>Default "localhost".</summary>
    public string Host { get; init; } = "";

    public TcpCheck Merge(TcpCheck later) => new() { Port = later.Port != 0 ? later.Port : Port, Host = later.Host.Or(Host) };
}

sealed record ExecCheck
{
    public string Command { get; init; } = "";

    /// <summary>The service whose environment, user, group and folder are used where none are given here.</summary>
    public string ServiceContext { get; init; } = "";

    public SortedMap Environment { get; init; } = SortedMap.Empty;

    public int? UserId { get; init; }

    public string User { get; init; } = "";

    public int? GroupId { get; init; }

    public string Group { get; init; } = "";

    public string WorkingDir { get; init; } = "";

    public ExecCheck Merge(ExecCheck later) => new()
    {
        Command = later.Command.Or(Command),
        ServiceContext = later.ServiceContext.Or(ServiceContext),
        Environment = Environment.Merge(later.Environment),
        UserId = later.UserId ?? UserId,
        User = later.User.Or(User),
        GroupId = later.GroupId ?? GroupId,
        Group = later.Group.Or(Group),
        WorkingDir = later.WorkingDir.Or(WorkingDir),
    };
}
