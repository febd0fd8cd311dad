using System.Globalization;

namespace Ops.Relations.PrometheusScrape;

/// <summary>What a provider has scraped of each of its units.</summary>
/// <param name="Port">Port of the exporter on every unit, 1–65535.</param>
/// <param name="Path">Path of the metrics. Default <c>/metrics</c>.</param>
public sealed record ScrapeJob(int Port, string Path = "/metrics")
{
    /// <summary>Distinguishes several jobs of one application; null for the only one.</summary>
    public string? Name { get; init; }

    /// <summary>
    /// Whether not every workload of the charm serves it: that it does not answer raises no alert. Needs a name. Default false.
    /// </summary>
    public bool IsOptional { get; init; }

    /// <summary>How often, as Prometheus writes it (<c>30s</c>); null means its default.</summary>
    public string? Interval { get; init; }

    /// <summary>The job as databags have it; the target <c>*:PORT</c> means every unit.</summary>
    internal IReadOnlyDictionary<string, object?> ToMap()
    {
        var job = new Dictionary<string, object?> { ["metrics_path"] = Path };
        if (Name is not null)
        {
            job["job_name"] = Name;
        }

        if (Interval is not null)
        {
            job["scrape_interval"] = Interval;
        }

        job["static_configs"] = new object[]
        {
            new Dictionary<string, object?> { ["targets"] = new[] { string.Create(CultureInfo.InvariantCulture, $"*:{Port}") } },
        };
        return job;
    }
}
