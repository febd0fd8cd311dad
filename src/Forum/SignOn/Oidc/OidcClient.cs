using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Forum.Settings;
using Forum.Web;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Protocols;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Microsoft.IdentityModel.Tokens;

namespace Forum.SignOn.Oidc;

/// <summary>Talks to the provider. Nothing is fetched before someone signs in, so an unreachable provider keeps no server from starting.</summary>
sealed partial class OidcClient(SiteSettings settings, BaseUrl baseUrl, TimeProvider time, ILogger<OidcClient> logger) : IDisposable
{
    static readonly TimeSpan Skew = TimeSpan.FromMinutes(1);
    static readonly TimeSpan DiscoveryLife = TimeSpan.FromMinutes(10);
    const int LargestAnswer = 1024 * 1024;

    readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(10), MaxResponseContentBufferSize = LargestAnswer };
    readonly Lock _lock = new();
    (string Address, ConfigurationManager<OpenIdConnectConfiguration> Discovery)? _discovery;

    string RedirectUri => baseUrl.Absolute("/auth/oidc/callback");

    /// <exception cref="SignOnException">The provider cannot be reached.</exception>
    public async Task<string> AuthorizeUrlAsync(OidcAttempt attempt, CancellationToken cancellation)
    {
        var provider = await DiscoverAsync(cancellation);
        var query = new Dictionary<string, string>
        {
            ["client_id"] = settings.Text("openid_connect_client_id"),
            ["response_type"] = "code",
            ["redirect_uri"] = RedirectUri,
            ["scope"] = settings.Text("openid_connect_authorize_scope"),
            ["state"] = attempt.State,
            ["nonce"] = attempt.Nonce,
        };
        if (settings.Text("openid_connect_claims") is { Length: > 0 } claims)
        {
            query["claims"] = claims;
        }

        if (settings.Bool("openid_connect_use_pkce"))
        {
            query["code_challenge"] = Base64UrlEncoder.Encode(SHA256.HashData(Encoding.ASCII.GetBytes(attempt.Verifier)));
            query["code_challenge_method"] = "S256";
        }

        foreach (var pair in settings.Text("openid_connect_authorize_parameters").Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var words = pair.Split('=', 2);
            query.TryAdd(Uri.UnescapeDataString(words[0]), words.Length == 2 ? Uri.UnescapeDataString(words[1]) : "");
        }

        var separator = provider.AuthorizationEndpoint.Contains('?', StringComparison.Ordinal) ? '&' : '?';
        return provider.AuthorizationEndpoint + separator + string.Join('&', query.Select(pair => $"{pair.Key}={Uri.EscapeDataString(pair.Value)}"));
    }

    /// <summary>Exchanges the code and checks what comes: signature by the provider's published keys, issuer, audience, times, nonce.</summary>
    public async Task<ExternalIdentity> IdentityAsync(string code, OidcAttempt attempt, CancellationToken cancellation)
    {
        var provider = await DiscoverAsync(cancellation);
        var tokens = await ExchangeAsync(provider, code, attempt, cancellation);
        var claims = await CheckedClaimsAsync(provider, (string?)tokens["id_token"] ?? throw new SignOnException("The other site sent no identity token."), attempt, cancellation);
        var subject = (string?)claims["sub"] is { Length: > 0 } sub ? sub : throw new SignOnException("The other site did not say who you are.");
        if (provider.UserInfoEndpoint is { Length: > 0 } endpoint && (string?)tokens["access_token"] is { } access)
        {
            await AddUserInfoAsync(endpoint, access, subject, claims, cancellation);
        }

        if (settings.Bool("openid_connect_verbose_logging"))
        {
            LogClaims(claims.ToJsonString());
        }

        var email = Text(claims, "email");
        return new ExternalIdentity
        {
            Provider = "oidc",
            Uid = subject,
            Email = email,
            // Upstream trusts an address about which the provider says nothing.
            IsEmailVerified = email is not null && Text(claims, "email_verified") is null or "true",
            Name = Text(claims, "name") ?? ($"{Text(claims, "given_name")} {Text(claims, "family_name")}".Trim() is { Length: > 0 } whole && whole != email ? whole : null),
            Username = Text(claims, "preferred_username") ?? Text(claims, "nickname"),
            Info = new JsonObject { ["name"] = Text(claims, "name"), ["email"] = email, ["nickname"] = Text(claims, "preferred_username"), ["image"] = Text(claims, "picture") },
            Extra = new JsonObject { ["raw_info"] = claims.DeepClone(), ["id_token"] = (string?)tokens["id_token"] },
        };
    }

    /// <summary>Where to end the provider's own session; null when it offers none.</summary>
    public async Task<string?> LogoutUrlAsync(string? idToken, CancellationToken cancellation)
    {
        var provider = await DiscoverAsync(cancellation);
        if (provider.EndSessionEndpoint is not { Length: > 0 } endpoint)
        {
            return null;
        }

        var query = new List<string>();
        if (idToken is not null)
        {
            query.Add("id_token_hint=" + Uri.EscapeDataString(idToken));
        }

        if (settings.Text("openid_connect_rp_initiated_logout_redirect") is { Length: > 0 } back)
        {
            query.Add("post_logout_redirect_uri=" + Uri.EscapeDataString(back));
        }

        return endpoint + (endpoint.Contains('?', StringComparison.Ordinal) ? "&" : "?") + string.Join('&', query);
    }

    public void Dispose() => _http.Dispose();

    async Task<OpenIdConnectConfiguration> DiscoverAsync(CancellationToken cancellation)
    {
        try
        {
            return await Discovery().GetConfigurationAsync(cancellation);
        }
        catch (Exception e) when (e is InvalidOperationException or IOException or HttpRequestException or JsonException || (e is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            LogUnreachable(e, settings.Text("openid_connect_discovery_document"));
            throw new SignOnException("The site that knows you cannot be reached. Please try again later.");
        }
    }

    ConfigurationManager<OpenIdConnectConfiguration> Discovery()
    {
        var address = settings.Text("openid_connect_discovery_document");
        lock (_lock)
        {
            if (_discovery is not { } known || known.Address != address)
            {
                // Whether the address is https is the operator's word.
                _discovery = known = (address, new ConfigurationManager<OpenIdConnectConfiguration>(
                    address, new OpenIdConnectConfigurationRetriever(), new HttpDocumentRetriever(_http) { RequireHttps = false }) { AutomaticRefreshInterval = DiscoveryLife });
            }

            return known.Discovery;
        }
    }

    async Task<JsonObject> ExchangeAsync(OpenIdConnectConfiguration provider, string code, OidcAttempt attempt, CancellationToken cancellation)
    {
        var form = new Dictionary<string, string> { ["grant_type"] = "authorization_code", ["code"] = code, ["redirect_uri"] = RedirectUri };
        if (settings.Bool("openid_connect_use_pkce"))
        {
            form["code_verifier"] = attempt.Verifier;
        }

        if (settings.Text("openid_connect_token_scope") is { Length: > 0 } scope)
        {
            form["scope"] = scope;
        }

        var (id, secret) = (settings.Text("openid_connect_client_id"), settings.Text("openid_connect_client_secret"));
        using var request = new HttpRequestMessage(HttpMethod.Post, provider.TokenEndpoint);
        if (provider.TokenEndpointAuthMethodsSupported.Count > 0 && !provider.TokenEndpointAuthMethodsSupported.Contains("client_secret_basic"))
        {
            (form["client_id"], form["client_secret"]) = (id, secret);
        }
        else
        {
            request.Headers.Authorization = new AuthenticationHeaderValue(
                "Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{Uri.EscapeDataString(id)}:{Uri.EscapeDataString(secret)}")));
        }

        request.Content = new FormUrlEncodedContent(form);
        var (status, body) = await SendAsync(request, cancellation);
        if (status != 200)
        {
            LogRefused(provider.TokenEndpoint, status, body.ToJsonString());
            throw new SignOnException("The other site did not confirm your login. Please try again.");
        }

        return body;
    }

    async Task<JsonObject> CheckedClaimsAsync(OpenIdConnectConfiguration provider, string token, OidcAttempt attempt, CancellationToken cancellation)
    {
        var handler = new JsonWebTokenHandler { MapInboundClaims = false };
        var rules = new TokenValidationParameters
        {
            ValidIssuer = provider.Issuer,
            ValidAudience = settings.Text("openid_connect_client_id"),
            IssuerSigningKeys = provider.SigningKeys,
            RequireSignedTokens = true,
            RequireExpirationTime = true,
            ValidAlgorithms = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512"],
            LifetimeValidator = (from, to, _, _) => to > time.GetUtcNow().UtcDateTime - Skew && (from is null || from < time.GetUtcNow().UtcDateTime + Skew),
        };
        var result = await handler.ValidateTokenAsync(token, rules);
        if (!result.IsValid && result.Exception is SecurityTokenSignatureKeyNotFoundException)
        {
            // The provider has changed its keys since they were fetched.
            Discovery().RequestRefresh();
            rules.IssuerSigningKeys = (await DiscoverAsync(cancellation)).SigningKeys;
            result = await handler.ValidateTokenAsync(token, rules);
        }

        if (!result.IsValid)
        {
            LogInvalid(result.Exception?.Message ?? "");
            throw new SignOnException("The other site's word about you could not be verified.");
        }

        var claims = JsonNode.Parse(Base64UrlEncoder.Decode(((JsonWebToken)result.SecurityToken).EncodedPayload))!.AsObject();
        return CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(Text(claims, "nonce") ?? ""), Encoding.UTF8.GetBytes(attempt.Nonce))
            ? claims
            : throw new SignOnException("The other site's answer belongs to another login. Please try again.");
    }

    /// <summary>What the token does not say the endpoint may; it must speak of the same person.</summary>
    async Task AddUserInfoAsync(string endpoint, string access, string subject, JsonObject claims, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, endpoint);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", access);
        var (status, body) = await SendAsync(request, cancellation);
        if (status != 200 || Text(body, "sub") != subject)
        {
            LogRefused(endpoint, status, "");
            throw new SignOnException("The other site did not say who you are.");
        }

        foreach (var (name, value) in body)
        {
            if (value is not null)
            {
                claims[name] = value.DeepClone();
            }
        }
    }

    async Task<(int Status, JsonObject Body)> SendAsync(HttpRequestMessage request, CancellationToken cancellation)
    {
        request.Headers.Accept.ParseAdd("application/json");
        try
        {
            using var response = await _http.SendAsync(request, cancellation);
            var text = await response.Content.ReadAsStringAsync(cancellation);
            return ((int)response.StatusCode, response.IsSuccessStatusCode ? JsonNode.Parse(text) as JsonObject ?? [] : []);
        }
        catch (Exception e) when (e is HttpRequestException or JsonException || (e is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            LogUnreachable(e, request.RequestUri!.ToString());
            throw new SignOnException("The site that knows you cannot be reached. Please try again later.");
        }
    }

    static string? Text(JsonObject claims, string name) => claims[name] is JsonValue value && value.ToString() is { Length: > 0 } text ? text : null;

    [LoggerMessage(Level = LogLevel.Warning, Message = "Could not reach the OpenID provider at {Address}")]
    partial void LogUnreachable(Exception e, string address);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The OpenID provider refused at {Address}: {Status} {Body}")]
    partial void LogRefused(string address, int status, string body);

    [LoggerMessage(Level = LogLevel.Warning, Message = "An OpenID token was not valid: {Reason}")]
    partial void LogInvalid(string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "OpenID claims: {Claims}")]
    partial void LogClaims(string claims);
}
