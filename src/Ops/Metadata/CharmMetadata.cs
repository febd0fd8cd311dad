namespace Ops;

/// <summary>What charmcraft.yaml says about a charm. The generator writes one at compile time; nothing is parsed at dispatch.</summary>
/// <remarks>Source: ops.CharmMeta, and https://documentation.ubuntu.com/charmcraft/stable/reference/files/charmcraft-yaml-file/.</remarks>
public sealed record CharmMetadata
{
    static readonly IReadOnlyDictionary<string, RelationMetadata> NoRelations = new Dictionary<string, RelationMetadata>();

    /// <summary>The charm's name.</summary>
    public required string Name { get; init; }

    /// <summary>One line on what it is.</summary>
    public string Summary { get; init; } = "";

    /// <summary>What it is.</summary>
    public string Description { get; init; } = "";

    /// <summary>Whether the charm is deployed beside a principal.</summary>
    public bool Subordinate { get; init; }

    /// <summary>Endpoints of provides, requires and peers, by name.</summary>
    public IReadOnlyDictionary<string, RelationMetadata> Relations { get; init; } = NoRelations;

    /// <summary>Workload containers, by name.</summary>
    public IReadOnlyDictionary<string, ContainerMetadata> Containers { get; init; } = new Dictionary<string, ContainerMetadata>();

    /// <summary>Storages, by name.</summary>
    public IReadOnlyDictionary<string, StorageMetadata> Storages { get; init; } = new Dictionary<string, StorageMetadata>();

    /// <summary>Resources, by name.</summary>
    public IReadOnlyDictionary<string, ResourceMetadata> Resources { get; init; } = new Dictionary<string, ResourceMetadata>();

    /// <summary>Actions, by name.</summary>
    public IReadOnlyDictionary<string, ActionMetadata> Actions { get; init; } = new Dictionary<string, ActionMetadata>();

    /// <summary>Configuration options, by name.</summary>
    public IReadOnlyDictionary<string, ConfigOption> Config { get; init; } = new Dictionary<string, ConfigOption>();

    /// <summary>Bindings that are no relations (extra-bindings).</summary>
    public IReadOnlyList<string> ExtraBindings { get; init; } = [];
}

/// <summary>Which end of a relation an endpoint is.</summary>
public enum RelationRole
{
    /// <summary>It offers something.</summary>
    Provides,

    /// <summary>It uses something.</summary>
    Requires,

    /// <summary>It connects the units of one application.</summary>
    Peer,
}

/// <summary>A relation endpoint.</summary>
/// <param name="Role">Which end it is.</param>
/// <param name="Interface">What both ends speak: <c>postgresql_client</c>.</param>
/// <param name="Limit">How many relations it takes; null for any number.</param>
/// <param name="Optional">Whether the charm works without it.</param>
/// <param name="Container">Whether it is scoped to a container (subordinates), not global.</param>
public sealed record RelationMetadata(RelationRole Role, string Interface, int? Limit = null, bool Optional = true, bool Container = false);

/// <summary>A workload container.</summary>
/// <param name="Resource">The image's resource; null if it has bases instead.</param>
/// <param name="Mounts">Where storages are mounted: path by storage name.</param>
public sealed record ContainerMetadata(string? Resource, IReadOnlyList<ContainerMount> Mounts);

/// <summary>A storage's place in a container.</summary>
/// <param name="Storage">The storage.</param>
/// <param name="Location">The path.</param>
public sealed record ContainerMount(string Storage, string Location);

/// <summary>A storage.</summary>
/// <param name="Type"><c>filesystem</c> or <c>block</c>.</param>
/// <param name="Location">Where it is mounted on machines; null if anywhere.</param>
/// <param name="Minimum">How many instances there are at least; 1 unless multiple says otherwise.</param>
/// <param name="Maximum">How many at most; null for any number.</param>
/// <param name="ReadOnly">Whether it can only be read.</param>
public sealed record StorageMetadata(string Type, string? Location = null, int Minimum = 1, int? Maximum = 1, bool ReadOnly = false);

/// <summary>A resource.</summary>
/// <param name="Type"><c>oci-image</c> or <c>file</c>.</param>
/// <param name="Filename">The file's name, for a file.</param>
public sealed record ResourceMetadata(string Type, string? Filename = null);

/// <summary>An action.</summary>
/// <param name="Description">What it does.</param>
/// <param name="Parameters">Its parameters, by name.</param>
/// <param name="AdditionalProperties">Whether it takes parameters that are not declared.</param>
public sealed record ActionMetadata(string Description, IReadOnlyDictionary<string, ActionParameter> Parameters, bool AdditionalProperties = true);

/// <summary>A parameter of an action.</summary>
/// <param name="Type">The type of JSON schema: string, boolean, integer, number, array, object; null for any.</param>
/// <param name="Required">Whether it must be given.</param>
/// <param name="Default">Its default as JSON text; null for none.</param>
/// <param name="Values">The values allowed, if it is an enumeration.</param>
public sealed record ActionParameter(string? Type, bool Required = false, string? Default = null, IReadOnlyList<string>? Values = null);

/// <summary>A configuration option.</summary>
/// <param name="Type">string, int, float, boolean or secret.</param>
/// <param name="Default">Its default: string, long, double or bool; null for none.</param>
/// <param name="Description">What it is for.</param>
public sealed record ConfigOption(string Type, object? Default = null, string Description = "");
