using Forum.Sessions;
using Forum.Settings;

namespace Forum.SecondFactors;

/// <summary>A secret that a member is putting into an authenticator: it counts once a code of it was given.</summary>
static class StagedTotp
{
    const string Name = "staged-totp";

    /// <summary>A new secret: as people type it, in groups of four, and as the otpauth address of a QR code.</summary>
    public static async Task<(string Key, string Address)> StageAsync(HttpContext context, CurrentUser current, BrowserSession browser, SiteSettings settings, CancellationToken cancellation)
    {
        var secret = Totp.NewSecret();
        await browser.SetAsync(context, Name, secret, cancellation);
        var site = settings.Text("title");
        return (string.Join(' ', secret.Chunk(4).Select(chunk => new string(chunk))),
            $"otpauth://totp/{Uri.EscapeDataString($"{site}:{current.Username}")}?secret={secret}&issuer={Uri.EscapeDataString(site)}");
    }

    public static Task<string?> FindAsync(HttpContext context, BrowserSession browser, CancellationToken cancellation) => browser.GetAsync(context, Name, cancellation);

    public static Task DropAsync(HttpContext context, BrowserSession browser, CancellationToken cancellation) => browser.TakeAsync(context, Name, cancellation);
}
