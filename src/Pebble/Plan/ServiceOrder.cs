using Pebble.Formats;

namespace Pebble.Plan;

/// <summary>
/// In which order services start and stop, in lanes that run beside each other. `requires` pulls services in and ties
/// them into one lane; only `after` and `before` order them.
/// </summary>
static class ServiceOrder
{
    /// <summary>The services and all they require.</summary>
    /// <exception cref="PlanError">One does not exist, or they form a loop.</exception>
    public static IReadOnlyList<IReadOnlyList<string>> ForStart(CombinedPlan plan, IReadOnlyList<string> names) =>
        InLanes(plan, Sort(plan, names, stop: false));

    /// <summary>The services and all that require them, those first.</summary>
    public static IReadOnlyList<IReadOnlyList<string>> ForStop(CombinedPlan plan, IReadOnlyList<string> names) =>
        InLanes(plan, Sort(plan, names, stop: true));

    static List<string> Sort(CombinedPlan plan, IReadOnlyList<string> names, bool stop)
    {
        var successors = Involved(plan, names, stop);
        foreach (var (name, own) in successors)
        {
            var service = plan.Services[name];
            own.AddRange((stop ? service.Before : service.After).Where(successors.ContainsKey));
            foreach (var before in stop ? service.After : service.Before)
            {
                if (successors.TryGetValue(before, out var theirs))
                {
                    theirs.Add(name);
                }
            }
        }

        List<string> order = [];
        foreach (var component in new StrongComponents(successors).All())
        {
            if (component.Count > 1)
            {
                throw new PlanError($"services in before/after loop: {string.Join(", ", component.Order(StringComparer.Ordinal))}");
            }

            order.Add(component[0]);
        }

        return order;
    }

    static SortedDictionary<string, List<string>> Involved(CombinedPlan plan, IReadOnlyList<string> names, bool stop)
    {
        var involved = new SortedDictionary<string, List<string>>(StringComparer.Ordinal);
        var pending = new List<string>(names);
        for (var index = 0; index < pending.Count; index++)
        {
            var name = pending[index];
            if (involved.ContainsKey(name))
            {
                continue;
            }

            if (!plan.Services.TryGetValue(name, out var service))
            {
                throw new PlanError($"service {GoQuote.Quote(name)} does not exist");
            }

            involved.Add(name, []);
            pending.AddRange(stop ? plan.Services.Values.Where(each => each.Requires.Contains(name)).Select(each => each.Name) : service.Requires);
        }

        return involved;
    }

    static List<List<string>> InLanes(CombinedPlan plan, List<string> names)
    {
        var laneOf = new Dictionary<string, int>();
        var last = -1;
        foreach (var name in names)
        {
            var requires = plan.Services[name].Requires;
            var tied = requires.Prepend(name).Where(laneOf.ContainsKey).ToArray();
            var lane = tied.Length > 0 ? laneOf[tied[0]] : ++last;
            foreach (var each in requires.Prepend(name))
            {
                laneOf[each] = lane;
            }
        }

        return [.. names.GroupBy(name => laneOf[name]).OrderBy(lane => lane.Key).Select(lane => lane.ToList())];
    }
}
