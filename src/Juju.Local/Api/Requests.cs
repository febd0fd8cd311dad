using System.Text.Json.Nodes;

namespace Juju.Local.Api;

/// <summary>For operations without parameters or results.</summary>
sealed record Nothing;

sealed record ModelRequest(string Model);

/// <summary>The status as text, <c>short</c> or <c>tabular</c>; empty for a model without applications.</summary>
sealed record StatusTextRequest(string Model, string Format, bool Relations, bool Storage, bool Colour);

sealed record AddModelRequest(string Name, IReadOnlyDictionary<string, string>? Config = null);

/// <summary>Begins the end of a model; it is gone when <c>ListModels</c> no longer has it.</summary>
sealed record DestroyModelRequest(string Model, bool DestroyStorage, bool ReleaseStorage, bool Force);

sealed record SetModelConfigRequest(string Model, IReadOnlyDictionary<string, string> Set, IReadOnlyList<string> Reset);

/// <summary>A charm file or directory becomes an application. The controller copies what it needs.</summary>
sealed record DeployRequest
{
    public required string Model { get; init; }

    /// <summary>Absolute path of a .charm file or a charm directory.</summary>
    public required string Path { get; init; }

    /// <summary>Null: the charm's name.</summary>
    public string? Application { get; init; }

    /// <summary><c>local</c> or <c>charmhub</c> (a built-in neighbour).</summary>
    public string Origin { get; init; } = "local";

    public string? Channel { get; init; }

    /// <summary>Of a charmhub charm; a local charm's revision is counted by the model.</summary>
    public int? Revision { get; init; }

    /// <summary><c>ubuntu@22.04</c>; null: the charm's first.</summary>
    public string? Base { get; init; }

    public int Units { get; init; } = 1;

    /// <summary>Option to value as text; <c>trust</c> is taken as well.</summary>
    public IReadOnlyDictionary<string, string> Config { get; init; } = new Dictionary<string, string>();

    public bool Trust { get; init; }

    /// <summary>Resource to a directory's path, a file's path, or <c>host</c>.</summary>
    public IReadOnlyDictionary<string, string> Resources { get; init; } = new Dictionary<string, string>();

    /// <summary>Storage name to constraint (<c>1G</c>, <c>3,1G</c>).</summary>
    public IReadOnlyDictionary<string, string> Storage { get; init; } = new Dictionary<string, string>();

    public string? Constraints { get; init; }

    /// <summary>Takes a charm whose <c>assumes</c> are not met.</summary>
    public bool Force { get; init; }
}

sealed record DeployResult(string Application, string CharmUrl, string CharmName, int Revision, string Base);

sealed record IntegrateRequest(string Model, string First, string Second);

/// <summary>The relation as <c>app:endpoint app:endpoint</c>.</summary>
sealed record IntegrateResult(int Id, string Key);

/// <summary>By two <c>app[:endpoint]</c>, or by the relation's id in <paramref name="First"/> alone.</summary>
sealed record RemoveRelationRequest(string Model, string First, string? Second, bool Force);

sealed record ApplicationRequest(string Model, string Application);

sealed record SetConfigRequest(string Model, string Application, IReadOnlyDictionary<string, string> Set, IReadOnlyList<string> Reset);

/// <summary>Messages for standard error, such as a value that was set already.</summary>
sealed record SetConfigResult(IReadOnlyList<string> Warnings);

sealed record AddUnitsRequest(string Model, string Application, int Count);

sealed record ScaleRequest(string Model, string Application, int Scale);

/// <summary>Either named units or a count of the highest numbers.</summary>
sealed record RemoveUnitsRequest(string Model, string? Application, IReadOnlyList<string> Units, int Count, bool DestroyStorage, bool Force);

sealed record RemoveApplicationRequest(string Model, string Application, bool DestroyStorage, bool Force);

sealed record RemovedResult(IReadOnlyList<string> Units, IReadOnlyList<string> Storage);

sealed record RefreshRequest
{
    public required string Model { get; init; }

    public required string Application { get; init; }

    /// <summary>Absolute path; null: only config, resources or trust change.</summary>
    public string? Path { get; init; }

    public string? Origin { get; init; }

    public string? Channel { get; init; }

    public int? Revision { get; init; }

    public IReadOnlyDictionary<string, string> Config { get; init; } = new Dictionary<string, string>();

    public IReadOnlyDictionary<string, string> Resources { get; init; } = new Dictionary<string, string>();

    public bool? Trust { get; init; }

    /// <summary>Upgrades units in an error state as well.</summary>
    public bool ForceUnits { get; init; }

    /// <summary>A local charm of the same content is left as it is (a bundle), where otherwise it is a new revision (refresh).</summary>
    public bool OnlyIfChanged { get; init; }
}

sealed record RefreshResult(string CharmUrl, string CharmName, int Revision, bool UpToDate)
{
    /// <summary>Names of the resources that hold something else than before.</summary>
    public IReadOnlyList<string> Resources { get; init; } = [];
}

sealed record ResolveRequest(string Model, IReadOnlyList<string> Units, bool All, bool Retry);

/// <summary>Units may be <c>app/leader</c>.</summary>
sealed record RunRequest(string Model, IReadOnlyList<string> Units, string Action, JsonObject Parameters);

/// <summary>A shell command line in a hook context on each unit, and on each unit of each application.</summary>
sealed record ExecRequest(string Model, IReadOnlyList<string> Units, IReadOnlyList<string> Applications, string Command, double? TimeoutSeconds);

/// <summary>Ids as text; an empty list means all. <paramref name="WaitSeconds"/>: until all are ended, at most this long.</summary>
sealed record TasksRequest(string Model, IReadOnlyList<string> Ids, double WaitSeconds = 0);

sealed record CancelTasksRequest(string Model, IReadOnlyList<string> Ids);

sealed record UnitRequest(string Model, string Unit);

/// <param name="Publish">Ports of this machine, <c>[ADDRESS:]PORT:UNIT-PORT[/proxy]</c>; null leaves those that are.</param>
sealed record ExposeRequest(string Model, string Application, bool Exposed, IReadOnlyList<string>? Publish = null);

sealed record TrustRequest(string Model, string Application, bool Trust);

/// <summary>Null container: the charm's.</summary>
sealed record ContainerRequest(string Model, string Unit, string? Container);

/// <summary>How a process gets into a container: put the command behind <paramref name="Prefix"/>.</summary>
/// <param name="Prefix">For example <c>nsenter … --</c>; run it as the controller's user.</param>
/// <param name="Directory">What relative paths are below.</param>
/// <param name="Environment">All variables a shell in it should have.</param>
/// <param name="Root">The container's root as seen from the host, <c>/proc/PID/root</c>.</param>
sealed record ContainerEntry(IReadOnlyList<string> Prefix, string Directory, IReadOnlyDictionary<string, string> Environment, string Root);

/// <summary>Returns when the model's version is above <paramref name="After"/>, or after the time.</summary>
sealed record WaitRequest(string Model, long After, double TimeoutSeconds);

sealed record WaitResult(long Version);

sealed record AttachResourceRequest(string Model, string Application, string Name, string Value);
