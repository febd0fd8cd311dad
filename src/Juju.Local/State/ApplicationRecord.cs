using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Juju.Local.Publishing;

namespace Juju.Local.State;

sealed record ApplicationRecord
{
    public required string Name { get; init; }

    public Life Life { get; init; }

    public required string CharmUrl { get; init; }

    /// <summary>Counts refreshes, also to the same charm; units compare it with what they last upgraded to.</summary>
    public int CharmCounter { get; init; }

    /// <summary>Counts changes of resources: the workload containers are made anew.</summary>
    public int ResourceCounter { get; init; }

    /// <summary>A refresh with --force-units also goes to units in error.</summary>
    public bool ForceUnits { get; init; }

    public required string Origin { get; init; }

    public string? Channel { get; init; }

    public required string Base { get; init; }

    /// <summary>Only what the user set, as JSON of the option's type.</summary>
    public ImmutableSortedDictionary<string, JsonNode?> Config { get; init; } = ImmutableSortedDictionary<string, JsonNode?>.Empty;

    public bool Trust { get; init; }

    public bool Exposed { get; init; }

    /// <summary>Ports of this machine that lead to its units.</summary>
    public ImmutableList<PublishedPort> Published { get; init; } = [];

    public int Scale { get; init; }

    public int NextUnit { get; init; }

    public string? Leader { get; init; }

    public string? Constraints { get; init; }

    public ImmutableSortedDictionary<string, string> Resources { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    /// <summary>Resource to where the controller keeps what it held when it was given.</summary>
    public ImmutableSortedDictionary<string, string> Contents { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    public ImmutableSortedDictionary<string, string> Storage { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    /// <summary>What the leader set with <c>status-set --application</c>.</summary>
    public StatusRecord? Status { get; init; }

    public string? WorkloadVersion { get; init; }

    public required string ProviderId { get; init; }

    public required DateTimeOffset Created { get; init; }
}

sealed record UnitRecord
{
    public required string Name { get; init; }

    public required string Application { get; init; }

    public required int Number { get; init; }

    /// <summary>The unit's number on this machine: its folder, its network, its address.</summary>
    public required int Place { get; init; }

    public Life Life { get; init; }

    /// <summary>Its end runs no hooks.</summary>
    public bool Force { get; init; }

    public bool DestroyStorage { get; init; }

    public required StatusRecord Agent { get; init; }

    /// <summary>What the charm set, or the agent before it did. An error of a hook is shown over it.</summary>
    public required StatusRecord Workload { get; init; }

    /// <summary>Whether the charm has ever set its status.</summary>
    public bool HasCharmStatus { get; init; }

    public string? Address { get; init; }

    public ImmutableSortedSet<string> Ports { get; init; } = [];

    /// <summary>The charm that is in the unit's folder.</summary>
    public required string CharmUrl { get; init; }

    /// <summary>Set by <c>resolved</c>: retry or skip the failed hook.</summary>
    public Resolution Resolved { get; init; }

    public static int NumberOf(string unit) => int.Parse(unit.AsSpan(unit.IndexOf('/') + 1), System.Globalization.CultureInfo.InvariantCulture);

    public static string ApplicationOf(string unit) => unit[..unit.IndexOf('/')];

    /// <summary><c>unit-discourse-k8s-0</c>.</summary>
    public static string TagOf(string unit) => "unit-" + unit.Replace('/', '-');
}

enum Resolution
{
    None,
    Retry,
    Skip,
}
