using System.Text.Json;
using Ops.Relations.Databags;

namespace Ops.Relations.PrometheusScrape;

/// <summary>The jobs that a provider asks for, as the consumer takes them: only keys that the interface allows.</summary>
/// <param name="Jobs">Each a map as in <c>scrape_configs</c> of Prometheus, with <c>*</c> for the provider's units.</param>
public sealed record ScrapeJobs(IReadOnlyList<IReadOnlyDictionary<string, object?>> Jobs)
{
    /// <summary>Keys of a job that are passed on (prometheus_scrape v0, <c>ALLOWED_KEYS</c>).</summary>
    static readonly HashSet<string> Allowed =
    [
        "job_name", "metrics_path", "static_configs", "scrape_interval", "scrape_timeout", "proxy_url", "relabel_configs",
        "metric_relabel_configs", "sample_limit", "label_limit", "label_name_length_limit", "label_value_length_limit", "scheme",
        "basic_auth", "tls_config", "authorization", "params", "honor_labels", "honor_timestamps",
    ];

    /// <summary>What is scraped when a provider names no job: port 80, <c>/metrics</c> (the interface's default).</summary>
    static readonly ScrapeJobs Default = new([new ScrapeJob(80).ToMap()]);

    /// <summary>Reads <c>scrape_jobs</c> of a provider's application databag.</summary>
    public static Reading<ScrapeJobs> Read(IReadOnlyDictionary<string, string> bag)
    {
        if (bag.Find("scrape_jobs") is not { } json)
        {
            return bag.Find("scrape_metadata") is null
                ? Reading.Missing<ScrapeJobs>("\"scrape_jobs\" is missing")
                : Reading.Of<ScrapeJobs>(Default);
        }

        using var document = DatabagValue.Json(json);
        if (document?.RootElement is not { ValueKind: JsonValueKind.Array } list)
        {
            return Reading.Faulty<ScrapeJobs>("\"scrape_jobs\" is not a JSON list");
        }

        var jobs = new List<IReadOnlyDictionary<string, object?>>();
        foreach (var element in list.EnumerateArray())
        {
            if (JsonText.ToValue(element) is not Dictionary<string, object?> job || TargetsFault(job) is { })
            {
                return Reading.Faulty<ScrapeJobs>($"\"scrape_jobs\" holds {DatabagValue.Quoted(element.GetRawText())}, not a job with targets");
            }

            jobs.Add(job.Where(pair => Allowed.Contains(pair.Key)).ToDictionary(pair => pair.Key, pair => WithoutFiles(pair.Value)));
        }

        return Reading.Of<ScrapeJobs>(new ScrapeJobs(jobs.Count > 0 ? jobs : Default.Jobs));
    }

    static string? TargetsFault(Dictionary<string, object?> job)
    {
        if (job.GetValueOrDefault("static_configs") is not List<object?> configs)
        {
            return "static_configs is not a list";
        }

        foreach (var config in configs)
        {
            if (config is not Dictionary<string, object?> map || map.GetValueOrDefault("targets") is not List<object?> targets ||
                targets.Any(target => target is not string text || !IsTarget(text)))
            {
                return "a target is not HOST:PORT";
            }
        }

        return job.GetValueOrDefault("metrics_path") is null or string ? null : "metrics_path is not a text";
    }

    static bool IsTarget(string text)
    {
        var colon = text.LastIndexOf(':');
        var host = colon < 0 ? text : text[..colon];
        return (host == "*" || DatabagValue.IsHost(host.Trim('[', ']'))) && (colon < 0 || DatabagValue.Port(text[(colon + 1)..]) is not null);
    }

    // A job that names a file (password_file, ca_file …) would have Prometheus read a file of its own machine and send it
    // to the provider.
    static object? WithoutFiles(object? value) => value switch
    {
        Dictionary<string, object?> map => map.Where(pair => !pair.Key.EndsWith("_file", StringComparison.Ordinal))
            .ToDictionary(pair => pair.Key, pair => WithoutFiles(pair.Value)),
        List<object?> list => list.Select(WithoutFiles).ToList(),
        _ => value,
    };
}
