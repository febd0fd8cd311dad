using Ops.Relations.Databags;

namespace Ops.Relations.LokiPushApi;

/// <summary>Where one Loki unit takes log lines.</summary>
/// <param name="Url">The push URL, ending in <c>/loki/api/v1/push</c> as a rule.</param>
public sealed record LokiEndpoint(string Url)
{
    /// <summary>Reads the databag of a Loki unit.</summary>
    public static Reading<LokiEndpoint> Read(IReadOnlyDictionary<string, string> bag)
    {
        if (bag.Find("endpoint") is not { } json)
        {
            return Reading.Missing<LokiEndpoint>("\"endpoint\" is missing");
        }

        using var document = DatabagValue.Json(json);
        return document?.RootElement.Member("url") is { } url && DatabagValue.IsHttpUrl(url)
            ? Reading.Of<LokiEndpoint>(new(url))
            : Reading.Faulty<LokiEndpoint>("\"endpoint\" is not a JSON object with an http \"url\"");
    }
}
