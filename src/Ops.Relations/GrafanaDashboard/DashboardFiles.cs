using System.Text;
using Ops.Relations.Databags;
using Ops.Relations.Topology;

namespace Ops.Relations.GrafanaDashboard;

/// <summary>The dashboards that a charm ships in a folder, as the databag <c>dashboards</c> holds them.</summary>
/// <param name="Templates">One entry per file.</param>
/// <param name="Faults">Files that are not dashboards, one line each.</param>
public sealed record DashboardFiles(IReadOnlyDictionary<string, object?> Templates, IReadOnlyList<string> Faults)
{
    /// <summary>Length of a uid that Grafana keeps, in hexadecimal digits.</summary>
    const int UidLength = 40;

    static readonly string[] Endings = [".json", ".json.tmpl", ".tmpl"];

    /// <summary>Reads all dashboards below a folder, in order of their paths; a folder that is not there has none.</summary>
    /// <param name="charmFolder">The charm's folder, from which paths count.</param>
    /// <param name="folder">The folder of the dashboards in it.</param>
    /// <param name="topology">The unit that publishes them.</param>
    public static DashboardFiles Read(string charmFolder, string folder, JujuTopology topology)
    {
        var templates = new Dictionary<string, object?>();
        var faults = new List<string>();
        var path = Path.Combine(charmFolder, folder);
        var files = Directory.Exists(path) ? Directory.EnumerateFiles(path, "*", SearchOption.AllDirectories) : [];
        foreach (var file in files.Where(f => Endings.Any(e => f.EndsWith(e, StringComparison.Ordinal))).Order(StringComparer.Ordinal))
        {
            using var document = DatabagValue.Json(File.ReadAllText(file));
            if (document is null || JsonText.ToValue(document.RootElement) is not Dictionary<string, object?> dashboard)
            {
                faults.Add($"{Path.GetRelativePath(charmFolder, file)} is not the JSON of a dashboard");
                continue;
            }

            Complete(dashboard, Path.GetRelativePath(charmFolder, file), topology.CharmName);
            var key = "file:" + Path.GetFileNameWithoutExtension(file);
            templates[key] = Template(dashboard, key, topology);
        }

        return new(templates, faults);
    }

    /// <summary>The value of the databag key <c>dashboards</c>.</summary>
    public string ToDatabag() => JsonText.Of(new Dictionary<string, object?>
    {
        ["templates"] = Templates,
        ["uuid"] = Shake.Hex128(JsonText.Of(Templates, sorted: true), 8),
    });

    static void Complete(Dictionary<string, object?> dashboard, string path, string charm)
    {
        if (dashboard.GetValueOrDefault("uid") is not string uid || uid.Length != UidLength || !uid.All(char.IsAsciiHexDigitLower))
        {
            dashboard["uid"] = Shake.Hex256($"{charm}-{path}", UidLength / 2);
        }

        var tags = dashboard.GetValueOrDefault("tags") as List<object?> ?? [];
        if (!tags.Any(tag => tag is string text && text.StartsWith("charm: ", StringComparison.Ordinal)))
        {
            tags.Add($"charm: {charm}");
        }

        dashboard["tags"] = tags;
    }

    static Dictionary<string, object?> Template(Dictionary<string, object?> dashboard, string key, JujuTopology topology) => new()
    {
        ["charm"] = topology.CharmName,
        ["content"] = Convert.ToBase64String(XzContainer.Of(Encoding.UTF8.GetBytes(JsonText.Of(dashboard)))),
        ["juju_topology"] = new Dictionary<string, object?>
        {
            ["model"] = topology.Model,
            ["model_uuid"] = topology.ModelUuid,
            ["application"] = topology.Application,
            ["unit"] = topology.Unit,
        },
        ["inject_dropdowns"] = true,
        ["dashboard_alt_uid"] = Shake.Hex256($"{topology.CharmName}-{key}", 8),
    };
}
