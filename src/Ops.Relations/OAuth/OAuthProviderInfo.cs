using Ops.Relations.Databags;

namespace Ops.Relations.OAuth;

/// <summary>An identity provider with our client registered.</summary>
/// <param name="IssuerUrl">Issuer; its discovery document is below <c>/.well-known/openid-configuration</c>.</param>
/// <param name="ClientId">Id of the registered client.</param>
/// <param name="ClientSecret">Secret of the registered client; printed as <c>***</c>.</param>
public sealed record OAuthProviderInfo(string IssuerUrl, string ClientId, string ClientSecret)
{
    static readonly string[] Urls =
        ["issuer_url", "authorization_endpoint", "token_endpoint", "introspection_endpoint", "userinfo_endpoint", "jwks_endpoint"];

    /// <inheritdoc/>
    public override string ToString() => $"{ClientId}:*** at {IssuerUrl}";

    /// <summary>Reads a provider's databag.</summary>
    /// <param name="bag">The application databag.</param>
    /// <param name="secret">
    /// The content of the secret with the given URI, or null if it is unknown or not granted yet.
    /// </param>
    public static Reading<OAuthProviderInfo> Read(
        IReadOnlyDictionary<string, string> bag, Func<string, IReadOnlyDictionary<string, string>?> secret)
    {
        foreach (var key in Urls.Append("scope"))
        {
            if (bag.Find(key) is null)
            {
                return Reading.Missing<OAuthProviderInfo>($"\"{key}\" is missing");
            }
        }

        if (Urls.FirstOrDefault(key => !DatabagValue.IsHttpUrl(bag[key])) is { } bad)
        {
            return Reading.Faulty<OAuthProviderInfo>($"\"{bad}\" is {DatabagValue.Quoted(bag[bad])}, not an http URL");
        }

        if (bag.Find("client_id") is not { } id)
        {
            return Reading.Missing<OAuthProviderInfo>("the client is not registered yet");
        }

        // Some providers of test models put the secret itself into the databag.
        var clientSecret = bag.Find("client_secret") ??
            (bag.Find("client_secret_id") is { } uri ? secret(uri)?.Find("secret") : null);
        if (clientSecret is null)
        {
            return Reading.Missing<OAuthProviderInfo>("the client's secret is missing or not granted");
        }

        return DatabagValue.IsOneLine(id) && DatabagValue.IsOneLine(clientSecret)
            ? Reading.Of<OAuthProviderInfo>(new(bag["issuer_url"], id, clientSecret))
            : Reading.Faulty<OAuthProviderInfo>("the client's id or secret contains control characters");
    }
}
