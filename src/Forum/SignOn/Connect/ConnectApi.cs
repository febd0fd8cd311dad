using Forum.AdminUsers;
using Forum.Configuration;
using Forum.Redis;
using Forum.Sessions;
using Forum.Settings;
using Forum.Web;

namespace Forum.SignOn.Connect;

/// <summary>DiscourseConnect as consumer: /session/sso leads to the site that knows the visitors, /session/sso_login brings them back.</summary>
/// <remarks>Source: the reference on authentication, section 6.</remarks>
static class ConnectApi
{
    /// <summary>How long a used nonce is known as used, to tell a reload from an attack.</summary>
    const int UsedSeconds = 24 * 3600;

    public static void MapConnect(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/session/sso", StartAsync).AllowAnyone().OpenToVisitors().Named("session#sso");
        routes.MapGet("/session/sso_login", LoginAsync).AllowAnyone().OpenToVisitors().Named("session#sso_login");
        routes.MapPost("/session/sso_login", LoginAsync).AllowAnyone().OpenToVisitors().WithoutCsrf().Named("session#sso_login");
        routes.MapPost("/admin/users/sync_sso", SynchroniseAsync).RequireAdmin().Named("admin/users#sync_sso");
        routes.MapGet("/session/sso_provider", ConnectProvider.ShowAsync).AllowAnyone().OpenToVisitors().Named("session#sso_provider");
    }

    static async Task<IResult> StartAsync(
        HttpContext context, Parameters given, BrowserSession browser, RedisClient redis, SiteSettings settings, BaseUrl baseUrl, CancellationToken cancellation)
    {
        CheckEnabled(settings);
        var nonce = AuthTokens.NewToken();
        var back = ReturnPath(given.Text("return_path"), settings, baseUrl);
        if (settings.Bool("discourse_connect_csrf_protection"))
        {
            await browser.SetAsync(context, "sso:" + nonce, back, cancellation);
        }
        else
        {
            await redis.SendAsync(["SET", RedisClient.Key("sso-nonce:" + nonce), back, "EX", 600], cancellation);
        }

        var payload = new ConnectPayload { ["nonce"] = nonce, ["return_sso_url"] = baseUrl.Absolute("/session/sso_login") };
        context.Response.Headers.CacheControl = "no-store";
        return Results.Redirect(payload.AddTo(settings.Text("discourse_connect_url"), settings.Text("discourse_connect_secret")));
    }

    static async Task<IResult> LoginAsync(
        HttpContext context, Parameters given, BrowserSession browser, RedisClient redis, ConnectConsumer consumer, SignIn signIn, SiteSettings settings, GlobalSettings globals,
        CancellationToken cancellation)
    {
        CheckEnabled(settings);
        if (ConnectPayload.Read(given.Required("sso"), given.Required("sig"), settings.Text("discourse_connect_secret")) is not { } payload)
        {
            throw Refused.Invalid("Login error: the signature is not valid. Please contact the site's administrator.");
        }

        var nonce = payload["nonce"] ?? "";
        if (await TakeNonceAsync(context, nonce, browser, redis, settings, cancellation) is not { } back)
        {
            var isUsed = !(await redis.SendAsync(["GET", RedisClient.Key("sso-used:" + nonce)], cancellation)).IsNull;
            throw new RefusedException(419, null, isUsed ? "This login link was used already. Please try logging in again." : "The login has expired, or began in another browser. Please try again.");
        }

        await redis.SendAsync(["SET", RedisClient.Key("sso-used:" + nonce), "1", "EX", UsedSeconds], cancellation);
        if (payload.Flag("failed") == true)
        {
            throw Refused.InvalidAccess("The other site did not log you in.");
        }

        if (payload.Flag("logout") == true)
        {
            return Results.Redirect(globals.RelativeUrlRoot + "/");
        }

        var id = await consumer.FindOrCreateAsync(payload, context.ClientIp(), cancellation);
        var user = (await signIn.FindAsync(id, cancellation))!;
        if (signIn.Refusal(user) is { } refusal)
        {
            return (string?)refusal["reason"] == "not_approved" && settings.Text("discourse_connect_not_approved_url") is { Length: > 0 } elsewhere
                ? Results.Redirect(elsewhere)
                : throw Refused.InvalidAccess((string)refusal["error"]!);
        }

        await signIn.CompleteAsync(context, user, oauth: true, null, cancellation);
        context.Response.Headers.CacheControl = "no-store";
        return Results.Redirect(back);
    }

    /// <summary>Lets the other site push a member's data without a browser.</summary>
    static async Task<IResult> SynchroniseAsync(
        Parameters given, CurrentUser current, ConnectConsumer consumer, AdminUserJson json, SiteSettings settings, CancellationToken cancellation)
    {
        CheckEnabled(settings);
        var payload = ConnectPayload.Read(given.Required("sso"), given.Required("sig"), settings.Text("discourse_connect_secret"))
            ?? throw Refused.Invalid("Login error: the signature is not valid.");
        return Replies.Json(await json.CreateAsync(await consumer.FindOrCreateAsync(payload, null, cancellation), current, cancellation));
    }

    static async Task<string?> TakeNonceAsync(HttpContext context, string nonce, BrowserSession browser, RedisClient redis, SiteSettings settings, CancellationToken cancellation)
    {
        if (nonce.Length != 32)
        {
            return null;
        }

        return settings.Bool("discourse_connect_csrf_protection")
            ? await browser.TakeAsync(context, "sso:" + nonce, cancellation)
            : (await redis.SendAsync(["GETDEL", RedisClient.Key("sso-nonce:" + nonce)], cancellation)).Text;
    }

    /// <summary>Only this forum, or a host that the settings name, is gone back to; and never round in a circle.</summary>
    static string ReturnPath(string? path, SiteSettings settings, BaseUrl baseUrl)
    {
        if (path is null || path.Any(char.IsControl) || path.Contains("/session/sso", StringComparison.Ordinal))
        {
            return "/";
        }

        if (path.StartsWith('/') && !path.StartsWith("//", StringComparison.Ordinal) && !path.Contains('\\', StringComparison.Ordinal))
        {
            return path;
        }

        return Uri.TryCreate(path, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https"
            && (uri.Host.Equals(baseUrl.Host.Split(':')[0], StringComparison.OrdinalIgnoreCase)
                || settings.List("discourse_connect_allowed_redirect_domains").Any(domain => domain == "*" || domain.Equals(uri.Host, StringComparison.OrdinalIgnoreCase)))
            ? path : "/";
    }

    static void CheckEnabled(SiteSettings settings)
    {
        if (!settings.Bool("enable_discourse_connect") || settings.Text("discourse_connect_secret").Length == 0 || settings.Text("discourse_connect_url").Length == 0)
        {
            throw Refused.NotFound();
        }
    }
}
