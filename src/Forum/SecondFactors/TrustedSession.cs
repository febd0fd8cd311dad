using System.Globalization;
using Forum.Sessions;
using Forum.Web;

namespace Forum.SecondFactors;

/// <summary>Whether a member has given the password just now: asked before a second factor is changed.</summary>
static class TrustedSession
{
    const string Key = "confirmed";
    static readonly TimeSpan Life = TimeSpan.FromMinutes(5);

    public static Task ConfirmAsync(HttpContext context, CurrentUser current, BrowserSession browser, CancellationToken cancellation) =>
        browser.SetAsync(context, Key, string.Create(CultureInfo.InvariantCulture, $"{current.Id} {(Now(context) + Life).ToUnixTimeSeconds()}"), cancellation);

    public static async Task<bool> IsTrustedAsync(HttpContext context, CurrentUser current, BrowserSession browser, CancellationToken cancellation) =>
        (await browser.GetAsync(context, Key, cancellation))?.Split(' ') is [var id, var until]
        && id == current.Id.ToString(CultureInfo.InvariantCulture) && long.Parse(until, CultureInfo.InvariantCulture) > Now(context).ToUnixTimeSeconds();

    /// <exception cref="RefusedException">The password was not given within the last five minutes.</exception>
    public static async Task RequireAsync(HttpContext context, CurrentUser current, BrowserSession browser, CancellationToken cancellation)
    {
        if (!await IsTrustedAsync(context, current, browser, cancellation))
            throw Refused.InvalidAccess();
    }

    static DateTimeOffset Now(HttpContext context) => context.RequestServices.GetRequiredService<TimeProvider>().GetUtcNow();
}
