using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Forum.Database;
using Forum.Pages;
using Forum.Redis;
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
        keys.MapGet("/otp", NewOneTimeAsync).AllowAnyone().OpenToVisitors().Named("user_api_keys#otp");
        keys.MapPost("/otp", CreateOneTimeAsync).RequireLogin().Named("user_api_keys#create_otp");
        keys.MapPost("/undo-revoke", UndoRevokeAsync).RequireLogin().Named("user_api_keys#undo_revoke");
    }

    static async Task<IResult> NewAsync(HttpContext context, Parameters parameters, CurrentUser current, SiteSettings settings, CancellationToken cancellation)
    {
        context.Response.Headers["Auth-Api-Version"] = Version;
        if (HttpMethods.IsHead(context.Request.Method))
        {
            return Results.StatusCode(200);
        }

        Check(parameters, settings);
        if (current.IsAnonymous)
        {
            return LogInFirst(context);
        }

        if (!current.IsStaff && !current.IsInAny(settings.Ids("user_api_key_allowed_groups")))
        {
            throw Refused.InvalidAccess();
        }

        return await AskAsync(context, parameters, "/user-api-key", ["application_name", "client_id", "scopes", "public_key", "nonce", "auth_redirect", "push_url", "padding"],
            $"\"{parameters.Required("application_name")}\" is requesting these rights to your account: {parameters.Required("scopes")}", cancellation);
    }

    static IResult LogInFirst(HttpContext context)
    {
        context.Response.Cookies.Append("destination_url", context.Request.Path + context.Request.QueryString, new CookieOptions { Path = "/", SameSite = SameSiteMode.Lax, MaxAge = TimeSpan.FromMinutes(30) });
        return Results.Redirect("/login");
    }

    /// <summary>The member agrees with a form; browsers count the way back to the application as the form's target, so the page's policy names it.</summary>
    static async Task<IResult> AskAsync(HttpContext context, Parameters parameters, string action, string[] names, string question, CancellationToken cancellation)
    {
        var fields = names.Where(parameters.Has).Select(name => new FormField(name, "", "hidden", parameters.Text(name) ?? "")).ToArray();
        var page = await PagesApi.FormAsync(context, "Authorize application access", [new SimpleForm(action, "POST", "/", "Authorize", fields)], cancellation, intro: question);
        if (Uri.TryCreate(parameters.Text("auth_redirect"), UriKind.Absolute, out var back))
        {
            var target = back.Scheme is "http" or "https" ? back.GetLeftPart(UriPartial.Authority) : back.Scheme + ":";
            SecurityHeaders.AllowForms(context.Response, [target]);
        }

        return page;
    }

    static async Task<IResult> NewOneTimeAsync(HttpContext context, Parameters parameters, CurrentUser current, SiteSettings settings, CancellationToken cancellation)
    {
        CheckOneTime(parameters, settings);
        return current.IsAnonymous ? LogInFirst(context) : await AskAsync(context, parameters, "/user-api-key/otp", ["application_name", "public_key", "auth_redirect", "padding"],
            $"\"{parameters.Required("application_name")}\" wants to open a browser that is logged in as you.", cancellation);
    }

    /// <summary>A word that logs a browser in once, within ten minutes, at /session/otp/WORD; encrypted for the application.</summary>
    static async Task<IResult> CreateOneTimeAsync(Parameters parameters, CurrentUser current, RedisClient redis, SiteSettings settings, CancellationToken cancellation)
    {
        CheckOneTime(parameters, settings);
        using var rsa = PublicKey(parameters);
        var word = AuthTokens.NewToken();
        await redis.SendAsync(["SET", OneTimeKey(word), current.Username, "EX", 600], cancellation);
        return Results.Redirect(Back(parameters.Required("auth_redirect"), "oneTimePassword", Encrypted(rsa, word, parameters)));
    }

    public static string OneTimeKey(string word) => RedisClient.Key("otp:" + word);

    static void CheckOneTime(Parameters parameters, SiteSettings settings)
    {
        if (!settings.Bool("allow_user_api_keys") || !settings.List("allow_user_api_key_scopes").Contains("one_time_password"))
        {
            throw Refused.NotFound();
        }

        parameters.Required("application_name");
        parameters.Required("public_key");
        if (!settings.List("allowed_user_api_auth_redirects").Any(allowed => Fits(parameters.Required("auth_redirect"), allowed)))
        {
            throw Refused.InvalidAccess();
        }
    }

    static RSA PublicKey(Parameters parameters)
    {
        var rsa = RSA.Create();
        try
        {
            rsa.ImportFromPem(parameters.Required("public_key"));
            return rsa;
        }
        catch (Exception e) when (e is ArgumentException or CryptographicException)
        {
            rsa.Dispose();
            throw Refused.InvalidParameters("public_key");
        }
    }

    static string Encrypted(RSA rsa, string text, Parameters parameters)
    {
        try
        {
            return Convert.ToBase64String(rsa.Encrypt(Encoding.UTF8.GetBytes(text), parameters.Text("padding") == "oaep" ? RSAEncryptionPadding.OaepSHA1 : RSAEncryptionPadding.Pkcs1), Base64FormattingOptions.InsertLineBreaks);
        }
        catch (CryptographicException)
        {
            // The key is too short for what it is to hold.
            throw Refused.InvalidParameters("public_key");
        }
    }

    static string Back(string redirect, string name, string value) => $"{redirect}{(redirect.Contains('?', StringComparison.Ordinal) ? '&' : '?')}{name}={Uri.EscapeDataString(value)}";

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

        using var rsa = PublicKey(parameters);
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
        var encrypted = Encrypted(rsa, payload, parameters);
        if (redirect is not null)
        {
            return Results.Redirect(Back(redirect, "payload", encrypted));
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
            WHERE user_id = $1 AND (id = $2::int OR $2::int IS NULL) AND ($5 OR key_hash = $3) AND ($2::int IS NOT NULL OR key_hash = $3)
            """, [current.Id, parameters.Int("id"), ApiKeyCheck.Hash(own), time.GetUtcNow().UtcDateTime, current.Credential != Credential.UserApiKey], cancellation);
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
