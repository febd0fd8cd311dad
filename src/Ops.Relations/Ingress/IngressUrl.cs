using Ops.Relations.Databags;

namespace Ops.Relations.Ingress;

/// <summary>The address under which an ingress serves a requirer.</summary>
/// <param name="Url">An absolute http or https URL.</param>
public sealed record IngressUrl(string Url)
{
    /// <summary>The provider's databag that says this address.</summary>
    public IReadOnlyDictionary<string, string> ToDatabag() => new Dictionary<string, string>
    {
        ["ingress"] = JsonText.Of(new Dictionary<string, string> { ["url"] = Url }),
    };

    /// <summary>Reads a provider's application databag.</summary>
    public static Reading<IngressUrl> Read(IReadOnlyDictionary<string, string> bag)
    {
        if (bag.Find("ingress") is not { } json)
        {
            return Reading.Missing<IngressUrl>("ingress has no URL yet");
        }

        using var document = DatabagValue.Json(json);
        return document?.RootElement.Member("url") is { } url && DatabagValue.IsHttpUrl(url)
            ? Reading.Of<IngressUrl>(new(url))
            : Reading.Faulty<IngressUrl>("\"ingress\" is not a JSON object with a \"url\"");
    }
}
