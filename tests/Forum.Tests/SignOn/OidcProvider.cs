using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using System.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.Tokens;

namespace Forum.Tests.SignOn;

/// <summary>An OpenID provider on loopback: discovery, keys, codes with PKCE, signed tokens, user information.</summary>
sealed class OidcProvider : IAsyncDisposable
{
    readonly RSA _key = RSA.Create(2048);
    readonly WebApplication _app;
    readonly Dictionary<string, (string Nonce, string? Challenge)> _codes = [];

    OidcProvider(WebApplication app) => _app = app;

    public string Issuer { get; private set; } = "";

    /// <summary>Who logs in next; claims of the token.</summary>
    public JsonObject Claims { get; set; } = [];

    /// <summary>What the user information endpoint adds.</summary>
    public JsonObject UserInformation { get; set; } = [];

    /// <summary>Changes the token before it is signed, or the signed text.</summary>
    public Func<JsonObject, JsonObject> Alter { get; set; } = claims => claims;

    public Func<string, string> AlterSigned { get; set; } = token => token;

    public static async Task<OidcProvider> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var provider = new OidcProvider(builder.Build());
        provider.Map();
        await provider._app.StartAsync(ForumApp.Cancellation);
        provider.Issuer = provider._app.Urls.First();
        return provider;
    }

    /// <summary>The person agrees: the callback's path and query.</summary>
    public string Authorize(string location)
    {
        var query = HttpUtility.ParseQueryString(new Uri(location).Query);
        Assert.Equal("code", query["response_type"]);
        Assert.Equal("forum-client", query["client_id"]);
        var code = Guid.NewGuid().ToString("N");
        _codes[code] = (query["nonce"]!, query["code_challenge"]);
        return $"{new Uri(query["redirect_uri"]!).AbsolutePath}?code={code}&state={query["state"]}";
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _key.Dispose();
    }

    void Map()
    {
        _app.MapGet("/.well-known/openid-configuration", context => WriteAsync(context, new JsonObject
        {
            ["issuer"] = Issuer,
            ["authorization_endpoint"] = Issuer + "/authorize",
            ["token_endpoint"] = Issuer + "/token",
            ["userinfo_endpoint"] = Issuer + "/userinfo",
            ["jwks_uri"] = Issuer + "/keys",
            ["end_session_endpoint"] = Issuer + "/logout",
            ["token_endpoint_auth_methods_supported"] = new JsonArray("client_secret_basic"),
        }));
        _app.MapGet("/keys", context =>
        {
            var key = _key.ExportParameters(false);
            return WriteAsync(context, new JsonObject
            {
                ["keys"] = new JsonArray(new JsonObject
                {
                    ["kty"] = "RSA", ["use"] = "sig", ["kid"] = "one", ["alg"] = "RS256", ["n"] = Base64UrlEncoder.Encode(key.Modulus!), ["e"] = Base64UrlEncoder.Encode(key.Exponent!),
                }),
            });
        });
        _app.MapPost("/token", TokenAsync);
        _app.MapGet("/userinfo", context => WriteAsync(context, new JsonObject([.. UserInformation.Select(pair => KeyValuePair.Create(pair.Key, pair.Value?.DeepClone()))])));
    }

    async Task TokenAsync(HttpContext context)
    {
        var form = await context.Request.ReadFormAsync();
        var basic = "Basic " + Convert.ToBase64String("forum-client:s3cret"u8);
        if (context.Request.Headers.Authorization != basic || !_codes.Remove(form["code"].ToString(), out var code)
            || (code.Challenge is not null && code.Challenge != Base64UrlEncoder.Encode(SHA256.HashData(Encoding.ASCII.GetBytes(form["code_verifier"].ToString())))))
        {
            context.Response.StatusCode = 400;
            await WriteAsync(context, new JsonObject { ["error"] = "invalid_grant" });
            return;
        }

        var now = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
        var claims = new JsonObject { ["iss"] = Issuer, ["aud"] = "forum-client", ["iat"] = now, ["exp"] = now + 300, ["nonce"] = code.Nonce };
        foreach (var (name, value) in Claims)
        {
            claims[name] = value?.DeepClone();
        }

        await WriteAsync(context, new JsonObject { ["access_token"] = "opaque", ["token_type"] = "Bearer", ["id_token"] = AlterSigned(Sign(Alter(claims))) });
    }

    string Sign(JsonObject claims)
    {
        var text = Base64UrlEncoder.Encode("{\"alg\":\"RS256\",\"kid\":\"one\",\"typ\":\"JWT\"}") + "." + Base64UrlEncoder.Encode(claims.ToJsonString());
        return text + "." + Base64UrlEncoder.Encode(_key.SignData(Encoding.ASCII.GetBytes(text), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));
    }

    static async Task WriteAsync(HttpContext context, JsonObject body)
    {
        context.Response.ContentType = "application/json";
        context.Response.Headers["X-Time"] = DateTimeOffset.UtcNow.ToString(CultureInfo.InvariantCulture);
        await context.Response.WriteAsync(body.ToJsonString());
    }
}
