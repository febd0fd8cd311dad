using System.Text.Json;
using Ops.Relations.Databags;

namespace Ops.Relations.AlertRules;

/// <summary>The alert rules that another application sent, checked in their shape; whether expressions parse is for promtool.</summary>
/// <param name="Json">A rule file as JSON, which Prometheus and Loki read as the YAML it is; non-ASCII stays as it is.</param>
public sealed record ReceivedAlertRules(string Json)
{
    /// <summary>Reads <c>alert_rules</c> of an application databag; missing or <c>{}</c> means that there are none.</summary>
    public static Reading<ReceivedAlertRules> Read(IReadOnlyDictionary<string, string> bag)
    {
        if (bag.Find("alert_rules") is not { } json || json == "{}")
        {
            return Reading.Missing<ReceivedAlertRules>("no alert rules");
        }

        using var document = DatabagValue.Json(json);
        if (document?.RootElement is not { ValueKind: JsonValueKind.Object } root ||
            !root.TryGetProperty("groups", out var groups) || groups.ValueKind != JsonValueKind.Array)
        {
            return Reading.Faulty<ReceivedAlertRules>("\"alert_rules\" is not a JSON object with \"groups\"");
        }

        var names = new HashSet<string>();
        foreach (var group in groups.EnumerateArray())
        {
            if (group.Member("name") is not { Length: > 0 } name || !names.Add(name) ||
                !group.TryGetProperty("rules", out var rules) || rules.ValueKind != JsonValueKind.Array || !rules.EnumerateArray().All(IsRule))
            {
                return Reading.Faulty<ReceivedAlertRules>("\"alert_rules\" has a group without a name of its own or with a rule that is none");
            }
        }

        return names.Count == 0
            ? Reading.Missing<ReceivedAlertRules>("no alert rules")
            : Reading.Of<ReceivedAlertRules>(new(JsonText.Readable(new Dictionary<string, object?> { ["groups"] = JsonText.ToValue(groups) })));
    }

    static bool IsRule(JsonElement rule) =>
        rule.Member("expr") is not null && (rule.Member("alert") is not null ^ rule.Member("record") is not null);
}
