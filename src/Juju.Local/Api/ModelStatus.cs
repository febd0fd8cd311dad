using System.Text.Json.Nodes;

namespace Juju.Local.Api;

/// <summary>A model as <c>models</c> and <c>show-model</c> show it.</summary>
sealed record ModelDetails
{
    public required string Name { get; init; }

    public required string Uuid { get; init; }

    public string Owner { get; init; } = "admin";

    public string Type { get; init; } = "caas";

    public string Cloud { get; init; } = "localhost";

    public string Region { get; init; } = "local";

    /// <summary><c>alive</c> or <c>dying</c>.</summary>
    public required string Life { get; init; }

    public required StatusDetails Status { get; init; }

    public required string AgentVersion { get; init; }

    public required int Units { get; init; }

    public required int Secrets { get; init; }

    public required string ControllerUuid { get; init; }

    public required string ControllerName { get; init; }
}

sealed record ControllerDetails(string Uuid, string Name, string Version, int ProcessId, string Network);

/// <summary>A status word with its message and since when.</summary>
sealed record StatusDetails(string Current, string Message, DateTimeOffset Since);

/// <summary>All of a model at one moment.</summary>
sealed record ModelStatus
{
    public required ModelDetails Model { get; init; }

    /// <summary>Counts every change; send it to <c>WaitAsync</c>.</summary>
    public required long Version { get; init; }

    public required DateTimeOffset Timestamp { get; init; }

    public required IReadOnlyDictionary<string, ApplicationDetails> Applications { get; init; }

    public required IReadOnlyList<RelationDetails> Relations { get; init; }

    public required IReadOnlyList<StorageDetails> Storage { get; init; }
}

sealed record ApplicationDetails
{
    public required string Name { get; init; }

    /// <summary><c>local:discourse-k8s-0</c>, or a charmhub name.</summary>
    public required string CharmUrl { get; init; }

    public required string CharmName { get; init; }

    public required int Revision { get; init; }

    /// <summary><c>local</c> or <c>charmhub</c>.</summary>
    public required string Origin { get; init; }

    public string? Channel { get; init; }

    /// <summary><c>ubuntu@22.04</c>.</summary>
    public required string Base { get; init; }

    public required bool Exposed { get; init; }

    /// <summary><c>ADDRESS:PORT:UNIT-PORT</c> of this machine.</summary>
    public IReadOnlyList<string> Published { get; init; } = [];

    public required bool Trust { get; init; }

    public required int Scale { get; init; }

    /// <summary><c>alive</c> or <c>dying</c>.</summary>
    public required string Life { get; init; }

    /// <summary>Null until a unit has one.</summary>
    public string? Address { get; init; }

    public required string ProviderId { get; init; }

    /// <summary>What the leader set, else the worst of the units.</summary>
    public required StatusDetails Status { get; init; }

    public string? WorkloadVersion { get; init; }

    public string? Constraints { get; init; }

    public IReadOnlyList<EndpointDetails> Endpoints { get; init; } = [];

    public IReadOnlyList<ResourceDetails> Resources { get; init; } = [];

    /// <summary>Ordered by number.</summary>
    public required IReadOnlyList<UnitDetails> Units { get; init; }
}

/// <summary>Role <c>provider requirer peer</c>, scope <c>global container</c>; limit 0 is none.</summary>
sealed record EndpointDetails(string Name, string Interface, string Role, string Scope, bool Optional, int? Limit);

/// <summary>Type <c>oci-image</c> or <c>file</c>; value as deployed, null if missing.</summary>
sealed record ResourceDetails(string Name, string Type, string? Value, string? Description, int Revision);

sealed record UnitDetails
{
    public required string Name { get; init; }

    public required bool Leader { get; init; }

    public required string Life { get; init; }

    public required StatusDetails Workload { get; init; }

    public required StatusDetails Agent { get; init; }

    public string? WorkloadVersion { get; init; }

    public string? Address { get; init; }

    public required string ProviderId { get; init; }

    /// <summary><c>3000/tcp</c>.</summary>
    public IReadOnlyList<string> Ports { get; init; } = [];

    /// <summary>The charm's URL while it is not yet the application's.</summary>
    public string? UpgradingFrom { get; init; }

    public IReadOnlyList<string> Containers { get; init; } = [];
}

sealed record RelationDetails
{
    public required int Id { get; init; }

    /// <summary><c>app:endpoint app:endpoint</c>; a peer's is one.</summary>
    public required string Key { get; init; }

    public required string Interface { get; init; }

    public required string Scope { get; init; }

    public required string Life { get; init; }

    /// <summary><c>joining joined broken suspended error</c>.</summary>
    public required string Status { get; init; }

    /// <summary>One for a peer relation, else provider first.</summary>
    public required IReadOnlyList<RelationEndpointDetails> Endpoints { get; init; }
}

sealed record RelationEndpointDetails(string Application, string Endpoint, string Role);

sealed record StorageDetails
{
    /// <summary><c>data/0</c>.</summary>
    public required string Id { get; init; }

    public required string Kind { get; init; }

    /// <summary>The unit, or null when detached.</summary>
    public string? Unit { get; init; }

    public string? Location { get; init; }

    public required string Status { get; init; }

    public required DateTimeOffset Since { get; init; }

    public required string Life { get; init; }

    public required long SizeMegabytes { get; init; }

    public required string Pool { get; init; }
}

/// <summary>A unit's side of its relations, as <c>show-unit</c> shows it.</summary>
sealed record UnitRelations(UnitDetails Unit, string CharmUrl, IReadOnlyList<UnitRelation> Relations);

sealed record UnitRelation
{
    public required int Id { get; init; }

    public required string Endpoint { get; init; }

    public required string RelatedEndpoint { get; init; }

    public required string RelatedApplication { get; init; }

    /// <summary>The remote application's; in a peer relation the own.</summary>
    public required IReadOnlyDictionary<string, string> ApplicationData { get; init; }

    /// <summary>The own application's (not shown by <c>show-unit</c> unless asked).</summary>
    public required IReadOnlyDictionary<string, string> LocalApplicationData { get; init; }

    public required RelationUnit Local { get; init; }

    public required IReadOnlyDictionary<string, RelationUnit> Remote { get; init; }
}

sealed record RelationUnit(bool InScope, IReadOnlyDictionary<string, string> Data);

/// <summary>All options of an application with what is set.</summary>
sealed record ApplicationConfig(string Application, string Charm, bool Trust, IReadOnlyList<OptionDetails> Options);

/// <summary>A value as JSON; source <c>default user unset</c>.</summary>
sealed record OptionDetails(string Name, string Type, string? Description, JsonNode? Default, JsonNode? Value, string Source);

/// <summary>A key of the model's configuration; source <c>default</c> or <c>model</c>.</summary>
sealed record ModelOption(string Name, JsonNode? Value, string Source);

/// <summary>An action as the charm declares it; the schema is its <c>params</c> with everything beside.</summary>
sealed record ActionDetails(string Name, string Description, JsonObject Schema);
