using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json.Nodes;
using Forum.Database;
using Forum.Sessions;
using Forum.Settings;
using Forum.Web;

namespace Forum.ApiKeys;

/// <summary>Keys that members give to apps: /user-api-key. The key is encrypted for the app with its own public key.</summary>
static class UserApiKeysApi
{
    const string Version = "4";

    public static void MapUserApiKeys(this IEndpointRouteBuilder routes)
    {
        var keys = routes.MapGroup("/user-api-key");
        keys.MapMethods("/new", ["GET", "HEAD"], NewAsync).AllowAnyone().OpenToVisitors().Named("user_api_keys#new");
        keys.MapPost("", CreateAsync).RequireLogin().Named("user_api_keys#create");
        keys.MapPost("/revoke", RevokeAsync).RequireLogin().Named("user_api_keys#revoke");
        keys.MapPost("/undo-revoke", UndoRevokeAsync).RequireLogin().Named("user_api_keys#undo_revoke");
    }

    static async Task<IResult> NewAsync(HttpContext context, Parameters parameters, CurrentUser current, SiteSettings settings, BrowserSession browser, CancellationToken cancellation)
    {
        context.Response.Headers["Auth-Api-Version"] = Version;
        if (HttpMethods.IsHead(context.Request.Method))
        {
            return Results.StatusCode(200);
        }

        Check(parameters, settings);
        if (current.IsAnonymous)
        {
            context.Response.Cookies.Append("destination_url", context.Request.Path + context.Request.QueryString);
            return Results.Redirect("/login");
        }

        if (!current.IsStaff && !current.IsInAny(settings.Ids("user_api_key_allowed_groups")))
        {
            throw Refused.InvalidAccess();
        }

        var fields = new StringBuilder();
        foreach (var name in new[] { "application_name", "client_id", "scopes", "public_key", "nonce", "auth_redirect", "push_url", "padding" })
        {
            if (parameters.Text(name) is { } value)
            {
                fields.Append("<input type=\"hidden\" name=\"").Append(name).Append("\" value=\"").Append(HtmlEncoder.Default.Encode(value)).Append("\">");
            }
        }

        return Results.Content($"""
            <!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>Authorize application access</title></head><body><main><h1>Authorize application access</h1>
            <p>"{HtmlEncoder.Default.Encode(parameters.Required("application_name"))}" is requesting these rights to your account: {HtmlEncoder.Default.Encode(parameters.Required("scopes"))}</p>
            <form method="post" action="/user-api-key"><input type="hidden" name="authenticity_token" value="{await browser.CsrfTokenAsync(context, cancellation)}">{fields}
            <button type="submit">Authorize</button></form></main></body></html>
            """, "text/html; charset=utf-8");
    }

    static async Task<IResult> CreateAsync(HttpContext context, Parameters parameters, CurrentUser current, ForumDatabase database, SiteSettings settings, TimeProvider time, CancellationToken cancellation)
    {
        var scopes = Check(parameters, settings);
        var redirect = parameters.Text("auth_redirect");
        if (redirect is not null && !settings.List("allowed_user_api_auth_redirects").Any(allowed => Fits(redirect, allowed)))
        {
            throw Refused.InvalidAccess();
        }

        if (!current.IsStaff && !current.IsInAny(settings.Ids("user_api_key_allowed_groups")))
        {
            throw Refused.InvalidAccess();
        }

        using var rsa = RSA.Create();
        try
        {
            rsa.ImportFromPem(parameters.Required("public_key"));
        }
        catch (Exception e) when (e is ArgumentException or CryptographicException)
        {
            throw Refused.InvalidParameters("public_key");
        }

        var key = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
        var now = time.GetUtcNow().UtcDateTime;
        var client = parameters.Required("client_id");
        await using var work = await database.BeginAsync(cancellation);
        await work.ExecuteAsync("DELETE FROM user_api_keys WHERE client_id = $1", [client], cancellation);
        var id = await work.ScalarAsync<int>("""
            INSERT INTO user_api_keys (user_id, client_id, application_name, push_url, key_hash, last_used_at, created_at, updated_at)
            VALUES ($1, $2, $3, $4, $5, $6, $6, $6)
            RETURNING id
            """, [current.Id, client, parameters.Required("application_name"), parameters.Text("push_url"), ApiKeyCheck.Hash(key), now], cancellation);
        await work.ExecuteAsync("""
            INSERT INTO user_api_key_scopes (user_api_key_id, name, created_at, updated_at)
            SELECT $1, name, $3, $3
            FROM unnest($2) AS name
            """, [id, scopes, now], cancellation);
        await work.CommitAsync(cancellation);

        var payload = new JsonObject { ["key"] = key, ["nonce"] = parameters.Required("nonce"), ["push"] = false, ["api"] = 4 }.ToJsonString();
        var padding = parameters.Text("padding") == "oaep" ? RSAEncryptionPadding.OaepSHA1 : RSAEncryptionPadding.Pkcs1;
        var encrypted = Convert.ToBase64String(rsa.Encrypt(Encoding.UTF8.GetBytes(payload), padding), Base64FormattingOptions.InsertLineBreaks);
        if (redirect is not null)
        {
            return Results.Redirect($"{redirect}{(redirect.Contains('?', StringComparison.Ordinal) ? '&' : '?')}payload={Uri.EscapeDataString(encrypted)}");
        }

        return context.WantsJson()
            ? Replies.Json(new JsonObject { ["payload"] = encrypted })
            : Results.Content($"<!DOCTYPE html><html lang=\"en\"><head><title>Key</title></head><body><main><p>Paste this into the application:</p><pre>{encrypted}</pre></main></body></html>", "text/html; charset=utf-8");
    }

    static async Task<IResult> RevokeAsync(HttpContext context, Parameters parameters, CurrentUser current, ForumDatabase database, TimeProvider time, CancellationToken cancellation)
    {
        var own = context.Request.Headers["User-Api-Key"].ToString();
        var changed = await database.ExecuteAsync("""
            UPDATE user_api_keys
            SET revoked_at = $4
            WHERE user_id = $1 AND (id = $2::int OR ($2::int IS NULL AND key_hash = $3))
            """, [current.Id, parameters.Int("id"), ApiKeyCheck.Hash(own), time.GetUtcNow().UtcDateTime], cancellation);
        return changed == 0 ? throw Refused.NotFound() : Replies.Success();
    }

    static async Task<IResult> UndoRevokeAsync(Parameters parameters, CurrentUser current, ForumDatabase database, CancellationToken cancellation) =>
        await database.ExecuteAsync("UPDATE user_api_keys SET revoked_at = NULL WHERE user_id = $1 AND id = $2", [current.Id, parameters.RequiredInt("id")], cancellation) == 0
            ? throw Refused.NotFound() : Replies.Success();

    static string[] Check(Parameters parameters, SiteSettings settings)
    {
        if (!settings.Bool("allow_user_api_keys"))
        {
            throw Refused.NotFound();
        }

        foreach (var name in new[] { "public_key", "nonce", "scopes", "client_id", "application_name" })
        {
            parameters.Required(name);
        }

        var allowed = settings.List("allow_user_api_key_scopes");
        var scopes = parameters.Required("scopes").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        return scopes.Length > 0 && scopes.All(scope => allowed.Contains(scope.Split(':')[0])) ? scopes : throw Refused.InvalidAccess();
    }

    static bool Fits(string redirect, string allowed) => allowed.EndsWith('*')
        ? redirect.StartsWith(allowed[..^1], StringComparison.Ordinal)
        : redirect == allowed || redirect.StartsWith(allowed + "?", StringComparison.Ordinal);
}
