using Pebble.Formats;

namespace Pebble.Plan;

/// <summary>The plan in force, and how layers are added to it. A layer that makes no valid plan changes nothing.</summary>
sealed class PlanStore
{
    const int OrdersPerFile = 1000;

    readonly Lock gate = new();
    volatile CombinedPlan current = CombinedPlan.Empty;

    public CombinedPlan Current => current;

    /// <summary>Called for each new plan, the first included, one after the other.</summary>
    public event Action<CombinedPlan>? Changed;

    public void Load(string layersFolder)
    {
        lock (gate)
        {
            current = CombinedPlan.Of(LayersFolder.Read(layersFolder));
            Changed?.Invoke(current);
        }
    }

    /// <summary>`run --args`: the default arguments of services, as a layer of its own.</summary>
    /// <exception cref="PlanError">There is no such service.</exception>
    public void SetArguments(IReadOnlyDictionary<string, IReadOnlyList<string>> arguments)
    {
        if (arguments.Count == 0)
        {
            return;
        }

        var layer = new Layer { Label = "pebble-service-args" };
        foreach (var (name, words) in arguments)
        {
            var service = current.Services.GetValueOrDefault(name) ?? throw new PlanError($"service {GoQuote.Quote(name)} not found in plan");
            var command = ServiceCommand.Parse(name, service.Command) with { Defaults = words };
            layer.Services[name] = new ServiceConfig { Name = name, Override = "merge", Command = command.ToString() };
        }

        lock (gate)
        {
            Replace(Append(layer, inner: false));
        }
    }

    /// <param name="layer">Valid by itself.</param>
    /// <param name="combine">Into the layer of the same label, which otherwise must not exist.</param>
    /// <param name="inner">May be inserted between others, into the layers of a folder.</param>
    /// <exception cref="PlanError">The plan would not be valid, or the label exists.</exception>
    /// <exception cref="InvalidOperationException">It would be inserted, which was not asked for.</exception>
    public void Add(Layer layer, bool combine, bool inner)
    {
        lock (gate)
        {
            var layers = current.Layers.ToList();
            var index = layers.FindIndex(each => each.Label == layer.Label);
            if (index < 0)
            {
                Replace(Append(layer, inner));
                return;
            }

            if (!combine)
            {
                throw new PlanError($"layer {GoQuote.Quote(layer.Label)} already exists");
            }

            layers[index] = LayerCombination.Combine([layers[index], layer]) with { Order = layers[index].Order, Label = layer.Label };
            Replace(layers);
        }
    }

    void Replace(List<Layer> layers)
    {
        var plan = CombinedPlan.Of(layers);
        if (WorkloadsText(plan) != WorkloadsText(current))
        {
            throw new PlanError("cannot change immutable section \"workloads\"");
        }

        current = plan;
        Changed?.Invoke(plan);
    }

    List<Layer> Append(Layer layer, bool inner)
    {
        var layers = current.Layers.ToList();
        var folder = FolderOf(layer.Label);
        var lastInside = layers.FindLastIndex(each => FolderOf(each.Label) == folder);
        var index = lastInside >= 0 ? lastInside + 1 : layers.Count;
        if (index != layers.Count && !inner)
        {
            throw new InvalidOperationException("cannot insert sub-directory layer without 'inner' attribute set");
        }

        var order = lastInside >= 0
            ? layers[lastInside].Order + 1
            : (((layers.Count > 0 ? layers[^1].Order : 0) / OrdersPerFile) + 1) * OrdersPerFile + (layers.Count > 0 && layer.Label.Contains('/', StringComparison.Ordinal) ? 1 : 0);
        layers.Insert(index, layer with { Order = order });
        return layers;
    }

    static string FolderOf(string label) => label.Split('/')[0];

    static string WorkloadsText(CombinedPlan plan) => string.Join('\n', plan.Workloads.Select(each => each.Key + "\n" + PlanYaml.Write(Nothing(each.Key), each.Value)));

    static ServiceConfig Nothing(string name) => new() { Name = name };
}
