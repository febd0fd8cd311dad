namespace Pebble.Plan;

/// <summary>
/// Groups of nodes that reach each other, each group after all that it points to (Tarjan's algorithm). A graph without
/// loops has groups of one: a topological order.
/// </summary>
sealed class StrongComponents(SortedDictionary<string, List<string>> successors)
{
    readonly Dictionary<string, int> index = [];
    readonly Dictionary<string, int> low = [];
    readonly HashSet<string> stacked = [];
    readonly Stack<string> stack = [];
    readonly List<List<string>> found = [];

    public IReadOnlyList<IReadOnlyList<string>> All()
    {
        foreach (var node in successors.Keys)
        {
            if (!index.ContainsKey(node))
            {
                Visit(node);
            }
        }

        return found;
    }

    void Visit(string node)
    {
        index[node] = low[node] = index.Count;
        stack.Push(node);
        stacked.Add(node);
        foreach (var next in successors[node])
        {
            if (!index.TryGetValue(next, out var at))
            {
                Visit(next);
                low[node] = Math.Min(low[node], low[next]);
            }
            else if (stacked.Contains(next))
            {
                low[node] = Math.Min(low[node], at);
            }
        }

        if (low[node] != index[node])
        {
            return;
        }

        List<string> component = [];
        string member;
        do
        {
            member = stack.Pop();
            stacked.Remove(member);
            component.Add(member);
        }
        while (member != node);
        found.Add(component);
    }
}
