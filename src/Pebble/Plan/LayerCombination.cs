using Pebble.Formats;

namespace Pebble.Plan;

/// <summary>Layers laid over each other, by the override of each object.</summary>
static class LayerCombination
{
    /// <summary>Defaults are not filled in: see <see cref="CombinedPlan"/>.</summary>
    /// <exception cref="PlanError">An object has no valid override.</exception>
    public static Layer Combine(IReadOnlyList<Layer> layers)
    {
        var combined = new Layer
        {
            Label = layers.Count > 0 ? layers[^1].Label : "",
            Summary = layers.Count > 0 ? layers[^1].Summary : "",
            Description = layers.Count > 0 ? layers[^1].Description : "",
            Pairing = layers.LastOrDefault(each => each.Pairing.Length > 0)?.Pairing ?? "",
        };
        foreach (var layer in layers)
        {
            foreach (var workload in layer.Workloads.Values)
            {
                var refusal = workload.Override.Length == 0
                    ? $"workload {GoQuote.Quote(workload.Name)}: must define an \"override\" policy"
                    : $"workload {GoQuote.Quote(workload.Name)}: has an invalid \"override\" policy: {GoQuote.Quote(workload.Override)}";
                Lay(combined.Workloads, workload.Name, workload, workload.Override, (old, later) => old.Merge(later), refusal);
            }

            foreach (var service in layer.Services.Values)
            {
                Lay(combined.Services, service.Name, service, service.Override, (old, later) => old.Merge(later), Refusal(layer, service.Override, "service", service.Name));
            }

            foreach (var check in layer.Checks.Values)
            {
                Lay(combined.Checks, check.Name, check, check.Override, (old, later) => old.Merge(later), Refusal(layer, check.Override, "check", check.Name));
            }

            foreach (var target in layer.LogTargets.Values)
            {
                Lay(combined.LogTargets, target.Name, target, target.Override, (old, later) => old.Merge(later), Refusal(layer, target.Override, "log target", target.Name));
            }
        }

        return combined;
    }

    static void Lay<T>(SortedDictionary<string, T> into, string name, T value, string policy, Func<T, T, T> merge, string refusal)
    {
        into[name] = policy switch
        {
            "replace" => value,
            "merge" => into.TryGetValue(name, out var old) ? merge(old, value) : value,
            _ => throw new PlanError(refusal),
        };
    }

    static string Refusal(Layer layer, string policy, string kind, string name) => policy.Length == 0
        ? $"layer {GoQuote.Quote(layer.Label)} must define \"override\" for {kind} {GoQuote.Quote(name)}"
        : $"layer {GoQuote.Quote(layer.Label)} has invalid \"override\" value for {kind} {GoQuote.Quote(name)}";
}
