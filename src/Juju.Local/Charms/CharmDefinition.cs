using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Juju.Local.Charms;

/// <summary>
/// What a charm says about itself: the content of metadata.yaml, config.yaml, actions.yaml and manifest.yaml, or of the one
/// charmcraft.yaml. Source: https://documentation.ubuntu.com/charmcraft/stable/reference/files/.
/// </summary>
sealed record CharmDefinition
{
    public required string Name { get; init; }
    public string Summary { get; init; } = "";
    public string Description { get; init; } = "";

    /// <summary>A subordinate's units live beside the units of a principal.</summary>
    public bool Subordinate { get; init; }

    /// <summary>All endpoints by name, without the implicit <c>juju-info</c>.</summary>
    public IReadOnlyDictionary<string, Endpoint> Endpoints { get; init; } = new SortedDictionary<string, Endpoint>(StringComparer.Ordinal);

    public IReadOnlyDictionary<string, ContainerDefinition> Containers { get; init; } =
        new SortedDictionary<string, ContainerDefinition>(StringComparer.Ordinal);

    public IReadOnlyDictionary<string, ResourceDefinition> Resources { get; init; } =
        new SortedDictionary<string, ResourceDefinition>(StringComparer.Ordinal);

    public IReadOnlyDictionary<string, StorageDefinition> Storage { get; init; } =
        new SortedDictionary<string, StorageDefinition>(StringComparer.Ordinal);

    public IReadOnlyDictionary<string, OptionDefinition> Options { get; init; } =
        new SortedDictionary<string, OptionDefinition>(StringComparer.Ordinal);

    public IReadOnlyDictionary<string, ActionDefinition> Actions { get; init; } =
        new SortedDictionary<string, ActionDefinition>(StringComparer.Ordinal);

    /// <summary>The base to run on, <c>ubuntu@22.04</c>: the first that the manifest names.</summary>
    public string Base { get; init; } = "ubuntu@22.04";

    /// <summary>The user the charm's hooks run as: <c>root</c>, <c>sudoer</c> or <c>non-root</c>.</summary>
    public string CharmUser { get; init; } = "root";
}

[JsonConverter(typeof(JsonStringEnumConverter<EndpointRole>))]
enum EndpointRole
{
    Provider,
    Requirer,
    Peer,
}

/// <summary>A place where a relation is made.</summary>
/// <param name="Limit">How many relations at most; 0 is no limit.</param>
/// <param name="Scope"><c>global</c>, or <c>container</c> for subordinates.</param>
sealed record Endpoint(string Name, EndpointRole Role, string Interface, int Limit = 0, bool Optional = false, string Scope = "global")
{
    /// <summary>Every application provides this endpoint, unless its charm has one of the name.</summary>
    public static Endpoint JujuInfo { get; } = new("juju-info", EndpointRole.Provider, "juju-info");
}

/// <summary>A workload container.</summary>
/// <param name="Resource">The oci-image resource it runs; null where bases are given instead.</param>
sealed record ContainerDefinition(string Name, string? Resource, IReadOnlyList<ContainerMount> Mounts, int? Uid = null, int? Gid = null);

/// <param name="Location">Where in the container; null: a place that the model chooses.</param>
sealed record ContainerMount(string Storage, string? Location);

/// <param name="Type"><c>oci-image</c> or <c>file</c>.</param>
sealed record ResourceDefinition(string Name, string Type, string? Filename = null, string Description = "", string? UpstreamSource = null);

/// <param name="Type"><c>filesystem</c> or <c>block</c>.</param>
/// <param name="MinimumSizeMiB">The least size; 1024 where the charm says none.</param>
/// <param name="CountMin">How many instances a unit has at least, 1 unless <c>multiple</c> says otherwise.</param>
/// <param name="CountMax">How many at most; -1 is no limit.</param>
sealed record StorageDefinition(
    string Name, string Type, string? Location = null, long MinimumSizeMiB = 1024, int CountMin = 1, int CountMax = 1,
    bool ReadOnly = false, bool Shared = false, string Description = "");

/// <summary>One option of config.yaml.</summary>
/// <param name="Type"><c>string</c>, <c>int</c>, <c>float</c>, <c>boolean</c> or <c>secret</c>.</param>
/// <param name="Default">A value of that type; null: the option is unset.</param>
sealed record OptionDefinition(string Name, string Type, JsonNode? Default = null, string Description = "");

/// <summary>One action.</summary>
/// <param name="Parameters">A JSON schema of the whole parameter object: <c>type, title, description, properties, required …</c></param>
sealed record ActionDefinition(string Name, string Description, JsonObject Parameters, bool Parallel = false, string ExecutionGroup = "");

[JsonSerializable(typeof(CharmDefinition))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.KebabCaseLower)]
sealed partial class CharmJson : JsonSerializerContext;
