namespace Pebble.Client;

/// <summary>A layer of configuration: services, checks and log targets by name.</summary>
/// <remarks>Source: Pebble's layer specification. What is null or empty is not given.</remarks>
public sealed record Layer
{
    /// <summary>A line about the layer.</summary>
    public string? Summary { get; init; }

    /// <summary>More about the layer.</summary>
    public string? Description { get; init; }

    /// <summary>Services by name.</summary>
    public IReadOnlyDictionary<string, Service> Services { get; init; } = new Dictionary<string, Service>();

    /// <summary>Checks by name.</summary>
    public IReadOnlyDictionary<string, Check> Checks { get; init; } = new Dictionary<string, Check>();

    /// <summary>Log targets by name.</summary>
    public IReadOnlyDictionary<string, LogTarget> LogTargets { get; init; } = new Dictionary<string, LogTarget>();

    /// <summary>Reads a layer from YAML (or JSON, which is YAML). Fields it does not know are ignored.</summary>
    /// <exception cref="FormatException">It is not YAML, or a field has the wrong type.</exception>
    public static Layer Parse(string yaml) => LayerYaml.Read(yaml);

    /// <summary>The layer as YAML. It is JSON, which every YAML reader takes.</summary>
    public string ToYaml() => LayerYaml.Write(this);
}

/// <summary>The combined plan.</summary>
public sealed record Plan
{
    internal Plan(string yaml)
    {
        Yaml = yaml;
        var layer = Layer.Parse(yaml);
        (Services, Checks, LogTargets) = (layer.Services, layer.Checks, layer.LogTargets);
    }

    /// <summary>Reads a plan from the YAML that a daemon gave, or that a test makes.</summary>
    /// <param name="yaml">The plan.</param>
    /// <exception cref="FormatException">It is not YAML, or a field has the wrong type.</exception>
    public static Plan Parse(string yaml) => new(yaml);

    /// <summary>The canonical YAML, as the daemon gave it.</summary>
    public string Yaml { get; }

    /// <summary>Services by name.</summary>
    public IReadOnlyDictionary<string, Service> Services { get; }

    /// <summary>Checks by name.</summary>
    public IReadOnlyDictionary<string, Check> Checks { get; }

    /// <summary>Log targets by name.</summary>
    public IReadOnlyDictionary<string, LogTarget> LogTargets { get; }
}

/// <summary>A service in a layer or plan.</summary>
public sealed record Service
{
    /// <summary>"merge" or "replace": what happens with a service of this name in the layers below.</summary>
    public string? Override { get; init; }

    /// <summary>A line about the service.</summary>
    public string? Summary { get; init; }

    /// <summary>More about the service.</summary>
    public string? Description { get; init; }

    /// <summary>"enabled": starts by itself; "disabled" or null: when asked.</summary>
    public string? Startup { get; init; }

    /// <summary>The program and its arguments, split as a shell does; default arguments in <c>[ … ]</c> at the end.</summary>
    public string? Command { get; init; }

    /// <summary>Services that this one starts after.</summary>
    public IReadOnlyList<string> After { get; init; } = [];

    /// <summary>Services that this one starts before.</summary>
    public IReadOnlyList<string> Before { get; init; } = [];

    /// <summary>Services that must be started along with this one.</summary>
    public IReadOnlyList<string> Requires { get; init; } = [];

    /// <summary>Added to the daemon's environment.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>Runs as this user; null: as the daemon's.</summary>
    public string? User { get; init; }

    /// <summary>Runs as this user; must agree with <see cref="User"/>.</summary>
    public int? UserId { get; init; }

    /// <summary>Runs with this group; only together with a user.</summary>
    public string? Group { get; init; }

    /// <summary>Runs with this group; must agree with <see cref="Group"/>.</summary>
    public int? GroupId { get; init; }

    /// <summary>Where it runs; null: "/".</summary>
    public string? WorkingDir { get; init; }

    /// <summary>"restart" (default), "shutdown", "failure-shutdown" or "ignore": what follows exit code 0.</summary>
    public string? OnSuccess { get; init; }

    /// <summary>"restart" (default), "shutdown", "success-shutdown" or "ignore": what follows another exit code.</summary>
    public string? OnFailure { get; init; }

    /// <summary>By check name, "restart", "shutdown", "success-shutdown" or "ignore": what follows when it goes down.</summary>
    public IReadOnlyDictionary<string, string> OnCheckFailure { get; init; } = new Dictionary<string, string>();

    /// <summary>Before the first restart; default 500 ms.</summary>
    public TimeSpan? BackoffDelay { get; init; }

    /// <summary>The delay grows by this factor with each restart; at least 1, default 2.</summary>
    public double? BackoffFactor { get; init; }

    /// <summary>The delay's upper end, and how long it must run for the delay to start over; default 30 s.</summary>
    public TimeSpan? BackoffLimit { get; init; }

    /// <summary>Between SIGTERM and SIGKILL; default 5 s.</summary>
    public TimeSpan? KillDelay { get; init; }
}

/// <summary>A health check in a layer or plan; exactly one of <see cref="Http"/>, <see cref="Tcp"/> and <see cref="Exec"/>.</summary>
public sealed record Check
{
    /// <summary>"merge" or "replace": what happens with a check of this name in the layers below.</summary>
    public string? Override { get; init; }

    /// <summary>"alive" or "ready"; null: neither.</summary>
    public string? Level { get; init; }

    /// <summary>"enabled" (default) or "disabled".</summary>
    public string? Startup { get; init; }

    /// <summary>Between runs; default 10 s.</summary>
    public TimeSpan? Period { get; init; }

    /// <summary>How long a run may take; less than the period, default 3 s.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>Failures in a row that make it down; default 3.</summary>
    public int? Threshold { get; init; }

    /// <summary>Asks a URL for a status 200–299.</summary>
    public HttpCheck? Http { get; init; }

    /// <summary>Opens a TCP connection.</summary>
    public TcpCheck? Tcp { get; init; }

    /// <summary>Runs a command that must end with 0.</summary>
    public ExecCheck? Exec { get; init; }
}

/// <summary>Asks a URL for a status 200–299.</summary>
/// <param name="Url">http or https.</param>
/// <param name="Headers">Sent along; null: none.</param>
public sealed record HttpCheck(string? Url, IReadOnlyDictionary<string, string>? Headers = null);

/// <summary>Opens a TCP connection.</summary>
/// <param name="Port">1–65535.</param>
/// <param name="Host">Null: localhost.</param>
public sealed record TcpCheck(int? Port, string? Host = null);

/// <summary>Runs a command that must end with 0.</summary>
public sealed record ExecCheck
{
    /// <summary>The program and its arguments, split as a shell does.</summary>
    public string? Command { get; init; }

    /// <summary>A service whose user, group, environment and working directory are taken.</summary>
    public string? ServiceContext { get; init; }

    /// <summary>Added to the environment.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>Runs as this user.</summary>
    public string? User { get; init; }

    /// <summary>Runs as this user; must agree with <see cref="User"/>.</summary>
    public int? UserId { get; init; }

    /// <summary>Runs with this group.</summary>
    public string? Group { get; init; }

    /// <summary>Runs with this group; must agree with <see cref="Group"/>.</summary>
    public int? GroupId { get; init; }

    /// <summary>Where it runs.</summary>
    public string? WorkingDir { get; init; }
}

/// <summary>Where logs are sent.</summary>
public sealed record LogTarget
{
    /// <summary>"merge" or "replace": what happens with a target of this name in the layers below.</summary>
    public string? Override { get; init; }

    /// <summary>"loki", "opentelemetry" or "syslog".</summary>
    public string? Type { get; init; }

    /// <summary>A URL.</summary>
    public string? Location { get; init; }

    /// <summary>Names of services, "all", and either with "-" before it to leave it out; the last match wins.</summary>
    public IReadOnlyList<string> Services { get; init; } = [];

    /// <summary>Added to each line; <c>$VAR</c> is taken from the service's environment.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();
}

public sealed partial class PebbleClient
{
    /// <summary>Adds a layer on top of the plan. Services are not touched before a replan; checks are at once.</summary>
    /// <param name="label">The layer's name.</param>
    /// <param name="layer">The layer.</param>
    /// <param name="combine">True: merge into the layer of this label, if there is one; false: that is an error.</param>
    /// <param name="cancellation">Ends the request.</param>
    /// <exception cref="PebbleApiException">400: the layer or the plan it makes is not valid; nothing is changed.</exception>
    public Task AddLayerAsync(string label, Layer layer, bool combine, CancellationToken cancellation) =>
        AddLayerAsync(label, layer.ToYaml(), combine, cancellation);

    /// <summary>Adds a layer on top of the plan, given as YAML.</summary>
    /// <inheritdoc cref="AddLayerAsync(string, Layer, bool, CancellationToken)"/>
    public Task AddLayerAsync(string label, string layer, bool combine, CancellationToken cancellation) =>
        AddLayerAsync(label, layer, combine, inner: false, cancellation);

    /// <summary>As the other, and may place the layer within a directory of layers: <c>LABEL/NAME</c>.</summary>
    internal async Task AddLayerAsync(string label, string layer, bool combine, bool inner, CancellationToken cancellation)
    {
        var request = new LayersRequest("add", combine, inner, label, "yaml", layer);
        (await SendAsync(Post("/v1/layers", request, DispatchWire.Write), cancellation).ConfigureAwait(false)).Dispose();
    }

    /// <summary>The combined plan.</summary>
    public async Task<Plan> GetPlanAsync(CancellationToken cancellation) => new(await GetPlanYamlAsync(cancellation).ConfigureAwait(false));

    /// <summary>The combined plan as the daemon's canonical YAML.</summary>
    public Task<string> GetPlanYamlAsync(CancellationToken cancellation) =>
        GetAsync("/v1/plan?format=yaml", Wire.Default.ReplyString, cancellation);
}
