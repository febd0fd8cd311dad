using Forum.Database;
using Forum.SecondFactors;
using Forum.Sessions;
using Forum.Users;
using Forum.Web;

namespace Forum.Pages;

/// <summary>Where the links in mails lead. A page only shows a form: programs that look at mails fetch links, and must not use them up.</summary>
static class MailLinkPages
{
    public static async Task<IResult> ActivateAsync(
        HttpContext context, string token, ForumDatabase database, EmailTokens tokens, BrowserSession browser, CancellationToken cancellation)
    {
        if (context.WantsJson())
            throw Refused.NotFound();
        KeepToItself(context);
        if (await tokens.FindAsync(database, token, EmailTokenScope.Signup, cancellation) is null)
            return await EndedAsync(context, "The link to activate your account is not valid. Maybe it has been used already.", ("/login", "Log In"), cancellation);
        var (value, challenge) = await browser.HoneypotAsync(context, cancellation);
        return await PagesApi.FormAsync(context, "Welcome",
        [
            new($"/u/activate-account/{Uri.EscapeDataString(token)}", "PUT", "/", "Activate your account",
            [
                new("password_confirmation", "", "hidden", value),
                new("challenge", "", "hidden", string.Concat(challenge.Reverse())),
            ]),
        ], cancellation, intro: "One step is left to confirm your email address and to use your account.");
    }

    public static async Task<IResult> ResetAsync(HttpContext context, string token, ForumDatabase database, EmailTokens tokens, CancellationToken cancellation)
    {
        KeepToItself(context);
        if (await tokens.FindAsync(database, token, EmailTokenScope.PasswordReset, cancellation) is not { } found)
            return await EndedAsync(context, "This link to change your password is too old, or has been used already.", ("/password-reset", "Get a new link"), cancellation);
        List<FormField> fields = [new("password", "New password", "password", Required: true, Autocomplete: "new-password"), .. await FactorAsync(database, found.UserId, cancellation)];
        return await PagesApi.FormAsync(context, "Choose a new password",
            [new($"/u/password-reset/{Uri.EscapeDataString(token)}", "PUT", "/", "Change Password", fields)], cancellation);
    }

    public static async Task<IResult> LogInAsync(HttpContext context, string token, ForumDatabase database, EmailTokens tokens, CancellationToken cancellation)
    {
        KeepToItself(context);
        if (await tokens.FindAsync(database, token, EmailTokenScope.EmailLogin, cancellation) is not { } found)
            return await EndedAsync(context, "This link to log in has expired, or has been used already.", ("/login", "Log In"), cancellation);
        return await PagesApi.FormAsync(context, "Log In",
            [new($"/session/email-login/{Uri.EscapeDataString(token)}", "POST", "/", $"Log in as {found.Email}", await FactorAsync(database, found.UserId, cancellation))], cancellation);
    }

    /// <summary>What a member with a second factor must give besides the link.</summary>
    static async Task<List<FormField>> FactorAsync(ForumDatabase database, int userId, CancellationToken cancellation)
    {
        var factors = await SecondFactorStore.ListAsync(database, userId, cancellation);
        if (!factors.Any(factor => factor.Method == SecondFactorMethod.Totp))
            return [];
        List<FormField> fields = [new("second_factor_token", "Code of your authenticator", Required: true, Autocomplete: "one-time-code")];
        if (factors.Any(factor => factor.Method == SecondFactorMethod.BackupCode))
            fields.Add(new("second_factor_method", "Kind of code", "select", "1", Choices: [("1", "Authenticator"), ("2", "Backup code")]));
        return fields;
    }

    static Task<IResult> EndedAsync(HttpContext context, string why, (string, string) link, CancellationToken cancellation) =>
        PagesApi.FormAsync(context, "This link does not work", [], cancellation, intro: why, links: [link]);

    /// <summary>The address holds a secret.</summary>
    static void KeepToItself(HttpContext context)
    {
        context.Response.Headers["Referrer-Policy"] = "no-referrer";
        context.Response.Headers.CacheControl = "no-store";
    }
}
