using Pebble.Client;

namespace Ops.Testing;

/// <summary>A workload container: what its Pebble knows, and what is in its file system.</summary>
/// <remarks>Source: ops.testing.Container.</remarks>
public sealed record ContainerState(string Name)
{
    /// <summary>As in charmcraft.yaml.</summary>
    public string Name { get; init; } = Name;

    /// <summary>Whether its Pebble answers.</summary>
    public bool CanConnect { get; init; }

    /// <summary>The layers, lowest first.</summary>
    public IReadOnlyList<LabelledLayer> Layers { get; init; } = [];

    /// <summary>What services do, by name. One of the plan that is not here is inactive.</summary>
    public IReadOnlyDictionary<string, ServiceStatus> Services { get; init; } = new Dictionary<string, ServiceStatus>();

    /// <summary>Services that end at once when they are started.</summary>
    public IReadOnlyCollection<string> FailingServices { get; init; } = [];

    /// <summary>What commands answer. The one with the longest matching beginning counts.</summary>
    public IReadOnlyList<ExecResult> Execs { get; init; } = [];

    /// <summary>The files and directories, by absolute path. Directories above a file need not be here.</summary>
    public IReadOnlyDictionary<string, FileState> Files { get; init; } = new Dictionary<string, FileState>();

    /// <summary>What checks found, by name. One of the plan that is not here is up.</summary>
    public IReadOnlyDictionary<string, CheckStatus> Checks { get; init; } = new Dictionary<string, CheckStatus>();

    /// <summary>The notices.</summary>
    public IReadOnlyList<Notice> Notices { get; init; } = [];

    /// <summary>All layers combined.</summary>
    public Layer Plan => PlanOfLayers.Combine(Layers);
}

/// <summary>A layer of a plan and its label.</summary>
/// <param name="Label">The label.</param>
/// <param name="Layer">The layer.</param>
public sealed record LabelledLayer(string Label, Layer Layer);

/// <summary>What a command answers.</summary>
/// <param name="Command">The beginning of the command that it is for; empty for any command.</param>
/// <param name="ExitCode">Its exit code.</param>
/// <param name="Output">Its standard output.</param>
/// <param name="ErrorOutput">Its standard error.</param>
/// <remarks>Source: ops.testing.Exec.</remarks>
public sealed record ExecResult(IReadOnlyList<string> Command, int ExitCode = 0, string Output = "", string ErrorOutput = "")
{
    /// <summary>Whether it runs into the timeout that the charm gave.</summary>
    public bool TimesOut { get; init; }
}

/// <summary>A file of a container, or a directory.</summary>
/// <param name="Content">Its bytes as UTF-8 text; null for a directory.</param>
public sealed record FileState(string? Content)
{
    /// <summary>Its mode.</summary>
    public UnixFileMode Mode { get; init; } = Content is null
        ? (UnixFileMode)0b111_101_101
        : (UnixFileMode)0b110_100_100;

    /// <summary>Its owner.</summary>
    public string User { get; init; } = "root";

    /// <summary>Its group.</summary>
    public string Group { get; init; } = "root";

    /// <summary>A directory.</summary>
    public static FileState Directory { get; } = new((string?)null);

    /// <summary>A file with that text.</summary>
    /// <param name="content">The text.</param>
    public static implicit operator FileState(string content) => new(content);

    /// <summary>A file with that text.</summary>
    /// <param name="content">The text.</param>
    public static FileState FromString(string content) => new(content);
}
