using Ops.Relations.Topology;
using Pebble.Client;

namespace Ops.Relations.LokiPushApi;

/// <summary>Log targets of a Pebble plan, one for each Loki unit.</summary>
static class LogTargets
{
    /// <summary>Marks the targets that this library made: another charm's own are left alone.</summary>
    const string ProductLabel = "product";

    const string Product = "Juju";

    /// <summary>The labels of every line.</summary>
    public static IReadOnlyDictionary<string, string> Labels(JujuTopology unit) => new Dictionary<string, string>
    {
        [ProductLabel] = Product,
        ["charm"] = unit.CharmName,
        ["juju_model"] = unit.Model,
        ["juju_model_uuid"] = unit.ModelUuid,
        ["juju_application"] = unit.Application,
        ["juju_unit"] = unit.Unit,
        ["juju_charm"] = unit.CharmName,
        ["job"] = $"juju_{unit.Identifier}",
    };

    /// <summary>What has to be laid over a plan, so that it forwards to these units and no others; empty when it does so already.</summary>
    /// <param name="plan">The targets of the plan.</param>
    /// <param name="endpoints">Where each Loki unit takes lines, by the unit's name.</param>
    /// <param name="labels">The labels of every line.</param>
    public static IReadOnlyDictionary<string, LogTarget> Changes(
        IReadOnlyDictionary<string, LogTarget> plan,
        IReadOnlyDictionary<string, LokiEndpoint> endpoints,
        IReadOnlyDictionary<string, string> labels)
    {
        var changes = new Dictionary<string, LogTarget>();
        foreach (var (unit, loki) in endpoints)
        {
            if (!plan.TryGetValue(unit, out var target) || target.Location != loki.Url || !target.Services.SequenceEqual(["all"]) ||
                !target.Labels.OrderBy(l => l.Key, StringComparer.Ordinal).SequenceEqual(labels.OrderBy(l => l.Key, StringComparer.Ordinal)))
            {
                changes[unit] = new LogTarget { Override = "replace", Type = "loki", Location = loki.Url, Services = ["all"], Labels = labels };
            }
        }

        // A layer cannot delete: the target of a unit that left stays in the plan and takes nothing.
        foreach (var (unit, target) in plan)
        {
            if (!endpoints.ContainsKey(unit) && target.Labels.GetValueOrDefault(ProductLabel) == Product && !target.Services.SequenceEqual(["-all"]))
            {
                changes[unit] = new LogTarget { Override = "replace", Type = "loki", Location = "(removed)", Services = ["-all"], Labels = labels };
            }
        }

        return changes;
    }
}
