using Ops.Relations.Databags;

namespace Ops.Relations.OAuth;

/// <summary>The client that a requirer asks an identity provider to register.</summary>
/// <param name="RedirectUri">Where the provider sends users back to.</param>
/// <param name="Scope">Scopes, separated by spaces, such as <c>openid email</c>.</param>
public sealed record OAuthClient(string RedirectUri, string Scope)
{
    static readonly string[] Grants =
        ["authorization_code", "refresh_token", "client_credentials", "urn:ietf:params:oauth:grant-type:device_code"];

    /// <summary>Kinds of grant; <c>authorization_code</c> by default.</summary>
    public IReadOnlyList<string> GrantTypes { get; init; } = ["authorization_code"];

    /// <summary>How the client proves itself: <c>client_secret_basic</c> (default) or <c>client_secret_post</c>.</summary>
    public string AuthMethod { get; init; } = "client_secret_basic";

    /// <summary>Why a provider would refuse this client, or null if it would not.</summary>
    public string? Fault()
    {
        if (!IsRedirect(RedirectUri))
        {
            return $"the redirect URI {DatabagValue.Quoted(RedirectUri)} needs a host name with a dot or an IP address";
        }

        if (GrantTypes.FirstOrDefault(grant => !Grants.Contains(grant)) is { } unknown)
        {
            return $"the grant type {DatabagValue.Quoted(unknown)} is not one of {string.Join(", ", Grants)}";
        }

        return AuthMethod is "client_secret_basic" or "client_secret_post"
            ? null
            : $"the authentication method {DatabagValue.Quoted(AuthMethod)} is unknown";
    }

    /// <summary>The databag that asks for this client.</summary>
    public IReadOnlyDictionary<string, string> ToDatabag() => new Dictionary<string, string>
    {
        ["redirect_uri"] = RedirectUri,
        ["scope"] = Scope,
        ["grant_types"] = JsonText.Of(GrantTypes),
        ["audience"] = "[]",
        ["token_endpoint_auth_method"] = AuthMethod,
    };

    // The interface asks for a dotted domain or an IPv4 address (hydra oauth v0, url_regex): a bare label is no place for a
    // browser of another machine to go back to.
    static bool IsRedirect(string text) =>
        DatabagValue.IsHttpUrl(text) && new Uri(text) is var uri && (uri.HostNameType == UriHostNameType.IPv4 || IsDomain(uri.Host.TrimEnd('.').Split('.')));

    static bool IsDomain(string[] labels) => labels is [_, .., { Length: > 1 }] && Array.TrueForAll(labels, IsLabel);

    static bool IsLabel(string text) =>
        text.Length is > 0 and <= 63 && text[0] != '-' && text[^1] != '-' && text.All(c => char.IsAsciiLetterOrDigit(c) || c == '-');
}
