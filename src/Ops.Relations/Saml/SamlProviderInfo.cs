using Ops.Relations.Databags;

namespace Ops.Relations.Saml;

/// <summary>A SAML identity provider, as far as a service that redirects browsers to it needs to know it.</summary>
/// <param name="EntityId">Name of the identity provider.</param>
/// <param name="SignOnUrl">URL of its single sign-on service with the HTTP-Redirect binding.</param>
/// <param name="Certificate">Its first signing certificate, DER.</param>
public sealed record SamlProviderInfo(string EntityId, string SignOnUrl, ReadOnlyMemory<byte> Certificate)
{
    const string RedirectBinding = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect";

    /// <summary>URL that serves the provider's metadata, if it told one.</summary>
    public string? MetadataUrl { get; init; }

    /// <summary>Reads a provider's application databag. No key of it may be relied upon, but all that are used are needed.</summary>
    public static Reading<SamlProviderInfo> Read(IReadOnlyDictionary<string, string> bag)
    {
        const string prefix = "single_sign_on_service_redirect_";
        if (bag.Count == 0)
        {
            return Reading.Missing<SamlProviderInfo>("the provider has not written its data");
        }

        foreach (var key in (string[])["entity_id", $"{prefix}url", $"{prefix}binding", "x509certs"])
        {
            if (bag.Find(key) is null)
            {
                return Reading.Faulty<SamlProviderInfo>($"\"{key}\" is missing");
            }
        }

        if (bag[$"{prefix}binding"] != RedirectBinding)
        {
            return Reading.Faulty<SamlProviderInfo>($"\"{prefix}binding\" is {DatabagValue.Quoted(bag[$"{prefix}binding"])}, not {RedirectBinding}");
        }

        var url = bag[$"{prefix}url"];
        if (!DatabagValue.IsHttpUrl(url))
        {
            return Reading.Faulty<SamlProviderInfo>($"\"{prefix}url\" is {DatabagValue.Quoted(url)}, not an http URL");
        }

        return Base64(bag["x509certs"].Split(',')[0]) is { Length: > 0 } certificate
            ? Reading.Of<SamlProviderInfo>(new(bag["entity_id"], url, certificate) { MetadataUrl = bag.Find("metadata_url") })
            : Reading.Faulty<SamlProviderInfo>("\"x509certs\" does not begin with a base64 certificate");
    }

    static byte[]? Base64(string text)
    {
        var buffer = new byte[text.Length];
        return Convert.TryFromBase64String(text.Trim(), buffer, out var length) ? buffer[..length] : null;
    }
}
