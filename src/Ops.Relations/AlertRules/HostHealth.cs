using Ops.Relations.Topology;

namespace Ops.Relations.AlertRules;

/// <summary>The two rules that every provider of metrics brings: its units are down, or their metrics are missing.</summary>
static class HostHealth
{
    /// <param name="topology">The application.</param>
    /// <param name="optionalJobs">Names of jobs that may be down.</param>
    public static IReadOnlyDictionary<string, object?> Group(JujuTopology topology, IEnumerable<string> optionalJobs) =>
        AlertRuleFiles.Group(topology, "", "HostHealth",
    [
        Rule("HostDown", $"up{{{AlertRuleFiles.Placeholder}{string.Concat(optionalJobs.Select(job => $", job!~\".*_{job}\""))}}} < 1", "critical",
            "Host '{{ $labels.instance }}' is down.",
            "Host '{{ $labels.instance }}' is down, failed to scrape."),
        Rule("HostMetricsMissing", $"absent(up{{{AlertRuleFiles.Placeholder}}})", "warning",
            "Metrics of '{{ $labels.juju_application }}' are missing.",
            "No unit of '{{ $labels.juju_application }}' has been scraped for five minutes."),
    ]);

    static Dictionary<string, object?> Rule(string alert, string expression, string severity, string summary, string description) => new()
    {
        ["alert"] = alert,
        ["expr"] = expression,
        ["for"] = "5m",
        ["labels"] = new Dictionary<string, object?> { ["severity"] = severity },
        ["annotations"] = new Dictionary<string, object?> { ["summary"] = summary, ["description"] = description },
    };
}
