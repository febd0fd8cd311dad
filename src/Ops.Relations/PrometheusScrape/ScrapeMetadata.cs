using Ops.Relations.Databags;
using Ops.Relations.Topology;

namespace Ops.Relations.PrometheusScrape;

/// <summary>Reads <c>scrape_metadata</c>: where in Juju a provider of metrics is.</summary>
static class ScrapeMetadata
{
    public static Reading<JujuTopology> Read(IReadOnlyDictionary<string, string> bag)
    {
        if (bag.Find("scrape_metadata") is not { } json)
        {
            return Reading.Missing<JujuTopology>("\"scrape_metadata\" is missing");
        }

        using var document = DatabagValue.Json(json);
        var metadata = document?.RootElement ?? default;
        string?[] names = [metadata.Member("model"), metadata.Member("model_uuid"), metadata.Member("application")];
        // They become names of files and jobs at the consumer, so they are held to what names in Juju may be.
        return names.All(IsName)
            ? Reading.Of<JujuTopology>(new(names[0]!, names[1]!, names[2]!, metadata.Member("unit") ?? "", metadata.Member("charm_name") ?? ""))
            : Reading.Faulty<JujuTopology>("\"scrape_metadata\" is not a JSON object with model, model_uuid and application");
    }

    static bool IsName(string? text) =>
        text is { Length: > 0 and < 100 } && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.' ) && text[0] != '.';
}
