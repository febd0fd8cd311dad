using System.Text.Json.Nodes;

namespace Juju.Local.Cli.Applications.Bundles;

/// <summary>A model as a file describes it, overlays included. Source: https://documentation.ubuntu.com/juju/3.6/reference/bundle/.</summary>
sealed record Bundle(IReadOnlyList<BundleApplication> Applications, IReadOnlyList<(string First, string Second)> Relations);

sealed record BundleApplication
{
    public required string Name { get; init; }

    public required CharmSource Source { get; init; }

    public string? Channel { get; init; }

    public int? Revision { get; init; }

    public string? Base { get; init; }

    public int Units { get; init; } = 1;

    /// <summary>The bundle says how many, so a later deploy sets the number again.</summary>
    public bool UnitsAreGiven { get; init; }

    public bool Trust { get; init; }

    public bool Exposed { get; init; }

    public IReadOnlyDictionary<string, string> Options { get; init; } = new Dictionary<string, string>();

    public IReadOnlyDictionary<string, string> Resources { get; init; } = new Dictionary<string, string>();

    public IReadOnlyDictionary<string, string> Storage { get; init; } = new Dictionary<string, string>();

    public string? Constraints { get; init; }
}

/// <summary>Lays one bundle document over another.</summary>
static class BundleOverlay
{
    /// <summary>
    /// An overlay's application without content removes the application and its relations; otherwise its fields win, maps are
    /// merged key by key, and its relations are added.
    /// </summary>
    public static void Apply(JsonObject bundle, JsonObject overlay)
    {
        var applications = Applications(bundle);
        foreach (var (name, changes) in Applications(overlay))
        {
            if (changes is not JsonObject fields)
            {
                applications.Remove(name);
                RemoveRelations(bundle, name);
            }
            else if (applications[name] is JsonObject existing)
            {
                Merge(existing, fields);
            }
            else
            {
                applications[name] = fields.DeepClone();
            }
        }

        bundle["applications"] = applications.Parent is null ? applications : applications.DeepClone();
        if (overlay["relations"] is JsonArray added)
        {
            var relations = bundle["relations"] as JsonArray ?? [];
            foreach (var relation in added)
            {
                relations.Add(relation?.DeepClone());
            }

            if (relations.Parent is null)
            {
                bundle["relations"] = relations;
            }
        }
    }

    public static JsonObject Applications(JsonObject bundle) =>
        bundle["applications"] as JsonObject ?? bundle["services"] as JsonObject ?? [];

    static void Merge(JsonObject target, JsonObject changes)
    {
        foreach (var (key, value) in changes)
        {
            if (value is JsonObject inner && target[key] is JsonObject existing)
            {
                Merge(existing, inner);
            }
            else if (value is null)
            {
                target.Remove(key);
            }
            else
            {
                target[key] = value.DeepClone();
            }
        }
    }

    static void RemoveRelations(JsonObject bundle, string application)
    {
        if (bundle["relations"] is not JsonArray relations)
        {
            return;
        }

        foreach (var relation in relations.ToList())
        {
            if (relation is JsonArray ends && ends.Any(end => end?.ToString().Split(':')[0] == application))
            {
                relations.Remove(relation);
            }
        }
    }
}
