namespace Pebble.Plan;

/// <summary>The plan in force: all layers combined, defaults filled in, valid. Never changed; a new layer makes a new plan.</summary>
sealed class CombinedPlan
{
    CombinedPlan(IReadOnlyList<Layer> layers, Layer combined)
    {
        Layers = layers;
        Services = combined.Services;
        LogTargets = combined.LogTargets;
        Workloads = combined.Workloads;
        Pairing = combined.Pairing;
        var checks = new SortedDictionary<string, CheckConfig>(StringComparer.Ordinal);
        foreach (var (name, check) in combined.Checks)
        {
            checks[name] = check.WithDefaults();
        }

        Checks = checks;
    }

    public static CombinedPlan Empty { get; } = Of([]);

    /// <summary>In the order in which they are laid over each other.</summary>
    public IReadOnlyList<Layer> Layers { get; }

    public IReadOnlyDictionary<string, ServiceConfig> Services { get; }

    public IReadOnlyDictionary<string, CheckConfig> Checks { get; }

    public IReadOnlyDictionary<string, LogTarget> LogTargets { get; }

    public IReadOnlyDictionary<string, Workload> Workloads { get; }

    public string Pairing { get; }

    /// <exception cref="PlanError">The layers do not make a valid plan.</exception>
    public static CombinedPlan Of(IReadOnlyList<Layer> layers)
    {
        var plan = new CombinedPlan(layers, LayerCombination.Combine(layers));
        PlanRules.Check(plan);
        return plan;
    }
}
