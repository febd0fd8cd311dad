using System.Text.Json.Serialization;

namespace Juju.Local.Status;

/// <summary>
/// Everything <c>juju status</c> shows of one model, as the controller sees it at one instant. Lists are in any order.
/// </summary>
sealed record ModelStatus
{
    public required string Name { get; init; }
    public required string Uuid { get; init; }
    public required string Controller { get; init; }
    public string Cloud { get; init; } = "localhost";
    public string Region { get; init; } = "local";
    public required string Version { get; init; }

    /// <summary><c>available</c>, or <c>destroying</c>.</summary>
    public required StatusValue State { get; init; }

    /// <summary>When this was read.</summary>
    public required DateTimeOffset Timestamp { get; init; }

    /// <summary>Counts every change of the model; what to wait beyond.</summary>
    public long Change { get; init; }

    public IReadOnlyList<ApplicationStatus> Applications { get; init; } = [];
    public IReadOnlyList<RelationStatus> Relations { get; init; } = [];
    public IReadOnlyList<StorageStatus> Storage { get; init; } = [];
}

/// <summary>A status word, its message, and when it became so.</summary>
sealed record StatusValue(string Current, string Message = "", DateTimeOffset? Since = null);

sealed record ApplicationStatus
{
    public required string Name { get; init; }

    /// <summary>The charm's name, without its origin and revision.</summary>
    public required string CharmName { get; init; }

    /// <summary><c>local</c> or <c>charmhub</c>.</summary>
    public required string CharmOrigin { get; init; }

    public required int CharmRevision { get; init; }

    /// <summary>Empty for a local charm.</summary>
    public string CharmChannel { get; init; } = "";

    public string CharmVersion { get; init; } = "";

    /// <summary><c>ubuntu@22.04</c>.</summary>
    public string Base { get; init; } = "";

    public bool Exposed { get; init; }

    /// <summary>How many units are wanted.</summary>
    public required int Scale { get; init; }

    public string ProviderId { get; init; } = "";
    public string Address { get; init; } = "";

    /// <summary>Empty while alive; <c>dying</c>.</summary>
    public string Life { get; init; } = "";

    public required StatusValue Status { get; init; }
    public string WorkloadVersion { get; init; } = "";
    public IReadOnlyList<string> SubordinateTo { get; init; } = [];
    public IReadOnlyList<UnitStatus> Units { get; init; } = [];

    /// <summary>All endpoints of the charm, for the endpoint bindings.</summary>
    public IReadOnlyList<string> Endpoints { get; init; } = [];
}

sealed record UnitStatus
{
    public required string Name { get; init; }
    public required StatusValue Workload { get; init; }
    public required StatusValue Agent { get; init; }
    public string AgentVersion { get; init; } = "";
    public bool Leader { get; init; }

    /// <summary><c>3000/tcp</c>, <c>8080-8088/udp</c>.</summary>
    public IReadOnlyList<string> OpenPorts { get; init; } = [];

    public string Address { get; init; } = "";
    public string ProviderId { get; init; } = "";
    public string Life { get; init; } = "";
    public IReadOnlyList<UnitStatus> Subordinates { get; init; } = [];
}

/// <summary>One relation. A peer relation has the application on both sides.</summary>
/// <param name="Type"><c>regular</c>, <c>peer</c> or <c>subordinate</c>.</param>
/// <param name="Message"><c>joining</c>, <c>suspended</c> or empty.</param>
sealed record RelationStatus(
    int Id, string ProviderApplication, string ProviderEndpoint, string RequirerApplication, string RequirerEndpoint,
    string Interface, string Type, string Scope = "global", string Message = "");

/// <summary>One storage instance and where it is attached.</summary>
/// <param name="Id"><c>data/0</c>.</param>
/// <param name="Kind"><c>filesystem</c> or <c>block</c>.</param>
/// <param name="Unit">Empty where detached.</param>
sealed record StorageStatus(
    string Id, string Kind, string Unit, string Pool, string Location, long SizeMiB, StatusValue Status,
    bool Persistent = false, bool ReadOnly = false, string Life = "", string FilesystemId = "", string ProviderId = "");

[JsonSerializable(typeof(ModelStatus))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.KebabCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
sealed partial class StatusJson : JsonSerializerContext;
