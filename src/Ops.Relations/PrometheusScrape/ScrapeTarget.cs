using Ops.Relations.Databags;

namespace Ops.Relations.PrometheusScrape;

/// <summary>A unit that is scraped.</summary>
/// <param name="Unit">Name of the unit; empty if it told none.</param>
/// <param name="Address">Its host name or IP address.</param>
public sealed record ScrapeTarget(string Unit, string Address)
{
    /// <summary>What comes before the path of each job, of a unit behind an ingress; usually empty.</summary>
    public string PathPrefix { get; init; } = "";

    /// <summary>Reads the databag of a provider's unit.</summary>
    public static Reading<ScrapeTarget> Read(IReadOnlyDictionary<string, string> bag)
    {
        if (bag.Find("prometheus_scrape_unit_address") is not { } address)
        {
            return Reading.Missing<ScrapeTarget>("\"prometheus_scrape_unit_address\" is missing");
        }

        if (!DatabagValue.IsHost(address))
        {
            return Reading.Faulty<ScrapeTarget>($"\"prometheus_scrape_unit_address\" is {DatabagValue.Quoted(address)}, not a host");
        }

        var unit = bag.Find("prometheus_scrape_unit_name") ?? "";
        var path = bag.Find("prometheus_scrape_unit_path") ?? "";
        return DatabagValue.IsOneLine(unit) && DatabagValue.IsOneLine(path)
            ? Reading.Of<ScrapeTarget>(new(unit, address) { PathPrefix = path.TrimEnd('/') })
            : Reading.Faulty<ScrapeTarget>("\"prometheus_scrape_unit_name\" or \"…_path\" contains control characters");
    }
}
