using Ops.Relations.Topology;

namespace Ops.Relations.AlertRules;

/// <summary>
/// The alert rules that a charm ships in a folder, as the databags of Prometheus and Loki hold them. A file is one rule, or
/// <c>groups:</c>; group names begin with the topology, every rule gets the labels of its application, and
/// <c>%%juju_topology%%</c> in an expression becomes the matchers that keep it to this application.
/// </summary>
/// <param name="Groups">The groups, as maps with <c>name</c> and <c>rules</c>.</param>
/// <param name="Faults">What could not be read, one line per file.</param>
public sealed record AlertRuleFiles(IReadOnlyList<IReadOnlyDictionary<string, object?>> Groups, IReadOnlyList<string> Faults)
{
    /// <summary>What stands in an expression for the matchers of this application.</summary>
    public const string Placeholder = "%%juju_topology%%";

    static readonly string[] Endings = [".rule", ".rules", ".yml", ".yaml"];

    /// <summary>Reads all rule files below a folder, in order of their paths; a folder that is not there has none.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="topology">The application that the rules are about.</param>
    public static AlertRuleFiles Read(string folder, JujuTopology topology)
    {
        var groups = new List<IReadOnlyDictionary<string, object?>>();
        var faults = new List<string>();
        if (!Directory.Exists(folder))
        {
            return new(groups, faults);
        }

        foreach (var file in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            if (!Endings.Contains(Path.GetExtension(file)))
            {
                continue;
            }

            var relative = Path.GetRelativePath(folder, file);
            if (YamlValue.Read(File.ReadAllText(file)) is not Dictionary<string, object?> content || Rules(content) is not { } found)
            {
                faults.Add($"{relative} holds neither a rule nor groups of rules");
                continue;
            }

            var within = (Path.GetDirectoryName(relative) ?? "").Replace('/', '_');
            foreach (var (name, rules) in found)
            {
                groups.Add(Group(topology, within, name ?? Path.GetFileNameWithoutExtension(file), rules));
            }
        }

        return new(groups, faults);
    }

    /// <summary>A group of rules with the names and labels of the interface.</summary>
    internal static IReadOnlyDictionary<string, object?> Group(
        JujuTopology topology, string folder, string name, IEnumerable<Dictionary<string, object?>> rules) => new Dictionary<string, object?>
    {
        ["name"] = MetricName(string.Join('_', ((string[])[topology.Identifier, folder, name, "rules"]).Where(part => part.Length > 0))),
        ["rules"] = rules.Select(rule => Labelled(rule, topology)).ToList(),
    };

    static List<(string? Name, List<Dictionary<string, object?>> Rules)>? Rules(Dictionary<string, object?> content)
    {
        if (content.ContainsKey("alert") || content.ContainsKey("record"))
        {
            return content.GetValueOrDefault("expr") is string ? [(null, [content])] : null;
        }

        if (content.GetValueOrDefault("groups") is not List<object?> list)
        {
            return null;
        }

        var groups = new List<(string?, List<Dictionary<string, object?>>)>();
        foreach (var item in list)
        {
            if (item is not Dictionary<string, object?> group || group.GetValueOrDefault("name") is not string name ||
                group.GetValueOrDefault("rules") is not List<object?> rules ||
                rules.Any(rule => rule is not Dictionary<string, object?> map || map.GetValueOrDefault("expr") is not string))
            {
                return null;
            }

            groups.Add((name, rules.Cast<Dictionary<string, object?>>().ToList()));
        }

        return groups;
    }

    static Dictionary<string, object?> Labelled(Dictionary<string, object?> rule, JujuTopology topology)
    {
        var labels = new Dictionary<string, object?>(rule.GetValueOrDefault("labels") as Dictionary<string, object?> ?? []);
        foreach (var (name, value) in topology.Labels)
        {
            labels.TryAdd(name, value);
        }

        return new Dictionary<string, object?>(rule)
        {
            ["expr"] = ((string)rule["expr"]!).Replace(Placeholder, topology.Matchers, StringComparison.Ordinal).Trim(),
            ["labels"] = labels,
        };
    }

    static string MetricName(string text) => string.Concat(text.Select(c => char.IsAsciiLetterOrDigit(c) || c is '_' or ':' ? c : '_'));
}
