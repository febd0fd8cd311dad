using Forum.ApiKeys;
using Forum.Configuration;
using Forum.RateLimits;
using Forum.SecondFactors;
using Forum.Settings;
using Forum.Users;
using Forum.Web;

namespace Forum.Sessions;

/// <summary>Finds out who a request is from, refuses forged ones, and lets endpoints refuse those who may not call them.</summary>
sealed class SessionMiddleware(
    RequestDelegate next,
    AuthTokens tokens,
    BrowserSession browser,
    ApiKeyCheck apiKeys,
    UserApiKeyCheck userApiKeys,
    RateLimiter limiter,
    IpLimits limits,
    Overload overload,
    UserVisits visits,
    SecondFactorEnforcement secondFactors,
    SiteSettings settings,
    GlobalSettings globals)
{
    static readonly TimeSpan AttemptsPeriod = TimeSpan.FromMinutes(1);

    readonly string _cookie = globals.Environment.GetValueOrDefault("DISCOURSE_TOKEN_COOKIE") is { Length: > 0 } name ? name : "_t";

    public async Task InvokeAsync(HttpContext context)
    {
        var endpoint = context.GetEndpoint();
        if (endpoint is null || endpoint.Metadata.GetMetadata<RouteAction>() is null)
        {
            // Also what routing answers for a method that a path does not have.
            throw Refused.NotFound();
        }

        var cancellation = context.RequestAborted;
        overload.Check(context);
        var user = await WhoAsync(context, endpoint, cancellation);
        context.Features.Set(user);
        if (!context.Items.ContainsKey(typeof(IpLimits)))
        {
            await limits.CheckAsync(context, user, cancellation);
        }

        if (!user.IsAnonymous && user.Credential == Credential.Cookie)
        {
            context.Response.Headers["X-Discourse-Username"] = user.Username;
        }

        await CheckForgeryAsync(context, endpoint, user, cancellation);
        AccessRules.Check(endpoint, user, settings.Bool("login_required"));
        if (await secondFactors.RedirectsAsync(context, endpoint, user, cancellation))
        {
            return;
        }

        if (!user.IsAnonymous && IsPresent(context))
        {
            await visits.SeenAsync(user, context, cancellation);
        }

        await next(context);
    }

    async Task<CurrentUser> WhoAsync(HttpContext context, Endpoint endpoint, CancellationToken cancellation)
    {
        var headers = context.Request.Headers;
        if (headers["Api-Key"].ToString() is { Length: > 0 } key)
        {
            return await apiKeys.CheckAsync(context, endpoint, key, cancellation);
        }

        if (headers["User-Api-Key"].ToString() is { Length: > 0 } userKey)
        {
            return await userApiKeys.CheckAsync(context, endpoint, userKey, cancellation);
        }

        if (context.Request.Cookies[_cookie] is not { Length: > 0 } token)
        {
            if (headers["Discourse-Logged-In"] == "true")
            {
                context.Response.Headers["Discourse-Logged-Out"] = "1";
            }

            return CurrentUser.Anonymous;
        }

        if (await overload.ForcesVisitorAsync(context, cancellation))
        {
            context.Response.Cookies.Append("dosp", "1", new CookieOptions { Path = "/" });
            return CurrentUser.Anonymous;
        }

        var ip = context.ClientIp();
        if (await tokens.FindAsync(token, cancellation) is { } session)
        {
            if (await tokens.ProgressAsync(session, headers.UserAgent, ip, cancellation) is { } rotated)
            {
                context.Response.Cookies.Append(_cookie, rotated, tokens.Cookie());
            }

            return session.User;
        }

        context.Response.Cookies.Delete(_cookie, new CookieOptions { Path = "/" });
        context.Response.Headers["Discourse-Logged-Out"] = "1";
        if (!await limiter.TryAsync($"invalid-token:{ip}", 10, AttemptsPeriod, cancellation))
        {
            throw Refused.InvalidAccess();
        }

        return CurrentUser.Anonymous;
    }

    async Task CheckForgeryAsync(HttpContext context, Endpoint endpoint, CurrentUser user, CancellationToken cancellation)
    {
        var method = context.Request.Method;
        if (HttpMethods.IsGet(method) || HttpMethods.IsHead(method) || HttpMethods.IsOptions(method)
            || user.Credential is Credential.ApiKey or Credential.UserApiKey
            || endpoint.Metadata.GetMetadata<WithoutCsrf>() is not null)
        {
            return;
        }

        string? token = context.Request.Headers["X-CSRF-Token"];
        if (string.IsNullOrEmpty(token) && context.Request.HasFormContentType)
        {
            token = (await Parameters.ReadAsync(context)).Text("authenticity_token");
        }

        if (!await browser.IsCsrfTokenAsync(context, token, cancellation))
        {
            throw new ForgedRequestException();
        }
    }

    static bool IsPresent(HttpContext context) =>
        context.Request.Headers["Discourse-Present"] == "true" || (!context.IsXhr() && !context.WantsJson());
}

/// <summary>A request that changes something without its session's token. The answer has a shape of its own.</summary>
sealed class ForgedRequestException() : Exception("the request has no valid CSRF token");
