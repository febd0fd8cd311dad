using System.Text.RegularExpressions;
using Forum.Redis;
using Forum.Settings;

namespace Forum.Sessions;

/// <summary>The session cookie of a browser, signed in or not: it binds CSRF tokens, and small values kept in Redis for an hour.</summary>
sealed partial class BrowserSession(SecretKey secret, RedisClient redis, SiteSettings settings)
{
    const int Seconds = 3600;

    /// <summary>The session's id; a request without one gets one.</summary>
    public string Id(HttpContext context)
    {
        if (context.Items.TryGetValue(typeof(BrowserSession), out var known))
        {
            return (string)known!;
        }

        if (Existing(context) is not { } id)
        {
            id = CsrfTokens.NewSession();
            context.Response.Cookies.Append(CsrfTokens.SessionCookie, id, new CookieOptions
            {
                HttpOnly = true,
                SameSite = SameSiteMode.Lax,
                Secure = settings.Bool("force_https"),
                Path = "/",
            });
        }

        context.Items[typeof(BrowserSession)] = id;
        return id;
    }

    /// <summary>A token for a form or script of this session.</summary>
    public async Task<string> CsrfTokenAsync(HttpContext context, CancellationToken cancellation) =>
        CsrfTokens.Create(Id(context), await secret.GetAsync(cancellation));

    public async Task<bool> IsCsrfTokenAsync(HttpContext context, string? token, CancellationToken cancellation) =>
        token is not null && Existing(context) is { } id && CsrfTokens.IsValid(token, id, await secret.GetAsync(cancellation));

    public async Task SetAsync(HttpContext context, string name, string value, CancellationToken cancellation) =>
        await redis.SendAsync(["SET", Key(Id(context), name), value, "EX", Seconds], cancellation);

    public async Task<string?> GetAsync(HttpContext context, string name, CancellationToken cancellation) =>
        Existing(context) is { } id ? (await redis.SendAsync(["GET", Key(id, name)], cancellation)).Text : null;

    /// <summary>Reads a value and forgets it, so that it is used once.</summary>
    public async Task<string?> TakeAsync(HttpContext context, string name, CancellationToken cancellation) =>
        Existing(context) is { } id ? (await redis.SendAsync(["GETDEL", Key(id, name)], cancellation)).Text : null;

    /// <summary>What a sign-up must send back: the value as password_confirmation, the challenge reversed.</summary>
    public async Task<(string Value, string Challenge)> HoneypotAsync(HttpContext context, CancellationToken cancellation)
    {
        var (value, challenge) = (CsrfTokens.NewSession(), CsrfTokens.NewSession());
        await SetAsync(context, "honeypot", value, cancellation);
        await SetAsync(context, "challenge", challenge, cancellation);
        return (value, challenge);
    }

    static string? Existing(HttpContext context) =>
        context.Request.Cookies[CsrfTokens.SessionCookie] is { } id && Hexadecimal().IsMatch(id) ? id : null;

    static string Key(string session, string name) => RedisClient.Key($"session:{session}:{name}");

    [GeneratedRegex("^[0-9a-f]{32}$")]
    private static partial Regex Hexadecimal();
}
