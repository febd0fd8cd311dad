using System.Text.Json.Nodes;
using Forum.ApiKeys;
using Forum.Configuration;
using Forum.Database;
using Forum.RateLimits;
using Forum.Redis;
using Forum.Settings;
using Forum.SignOn.Oidc;
using Forum.Users;
using Forum.Web;

namespace Forum.Sessions;

/// <summary>Signing in and out, and forgotten passwords: /session.</summary>
static class SessionApi
{
    static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);
    static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    public static void MapSessions(this IEndpointRouteBuilder routes)
    {
        var session = routes.MapGroup("/session").AllowAnyone().OpenToVisitors();
        session.MapGet("/csrf", CsrfAsync).Named("session#csrf");
        session.MapGet("/hp", HoneypotAsync).Named("session#get_honeypot_value");
        session.MapGet("/current", CurrentAsync).Named("session#current");
        session.MapPost("", CreateAsync).Named("session#create");
        session.MapDelete("/{username}", DeleteAsync).Named("session#destroy");
        session.MapPost("/forgot_password", ForgotPasswordAsync).Named("session#forgot_password");
        session.MapGet("/email-login/{token}", ShowEmailLoginAsync).Named("session#email_login_info");
        session.MapPost("/email-login/{token}", EmailLoginAsync).Named("session#email_login");
        session.MapGet("/otp/{token}", ShowOneTimeAsync).Named("session#one_time_password");
        session.MapPost("/otp/{token}", OneTimeAsync).Named("session#one_time_password");
    }

    static async Task<IResult> CsrfAsync(HttpContext context, BrowserSession browser, CancellationToken cancellation)
    {
        context.Response.Headers.CacheControl = "no-store";
        return Replies.Json(new JsonObject { ["csrf"] = await browser.CsrfTokenAsync(context, cancellation) });
    }

    /// <summary>What a sign-up form must send back, the second one reversed.</summary>
    static async Task<IResult> HoneypotAsync(HttpContext context, BrowserSession browser, CancellationToken cancellation)
    {
        var (value, challenge) = await browser.HoneypotAsync(context, cancellation);
        context.Response.Headers.CacheControl = "no-store";
        return Replies.Json(new JsonObject { ["value"] = value, ["challenge"] = challenge, ["expires_in"] = 3600 });
    }

    static async Task<IResult> CurrentAsync(CurrentUser user, CurrentUserJson json, CancellationToken cancellation) => user.IsAnonymous
        ? throw Refused.NotFound()
        : Replies.Json(new JsonObject { ["current_user"] = await json.CreateAsync(user, cancellation) });

    static async Task<IResult> CreateAsync(
        HttpContext context, Parameters parameters, SignIn signIn, RateLimiter limiter, ForumDatabase database, PasswordWork passwords, CurrentUserJson json,
        SiteSettings settings, TimeProvider time, CancellationToken cancellation)
    {
        if (!settings.Bool("enable_local_logins") || settings.Bool("enable_discourse_connect"))
        {
            return Results.StatusCode(500);
        }

        var ip = context.ClientIp();
        await limiter.PerformAsync($"login-hr-{ip}", settings.Int("max_logins_per_ip_per_hour"), Hour, cancellation);
        await limiter.PerformAsync($"login-min-{ip}", settings.Int("max_logins_per_ip_per_minute"), Minute, cancellation);

        var password = parameters.Text("password") ?? "";
        var user = await signIn.FindAsync(parameters.Required("login"), cancellation);
        if (user is null || password.Length > 200)
        {
            // As slow as a wrong password, so that names can't be told apart by time.
            await passwords.HashAsync("an absent member", cancellation);
            return Error("Incorrect username, email or password");
        }

        var stored = await PasswordStore.FindAsync(database, user.Id, cancellation);
        if (stored is null || !await passwords.MatchesAsync(stored.Hash, password, cancellation))
        {
            return Error("Incorrect username, email or password");
        }

        if (stored.ExpiredAt is not null)
        {
            return Replies.Json(new JsonObject { ["error"] = "Your password has expired. Please reset your password.", ["reason"] = "expired" });
        }

        if (signIn.Refusal(user) is { } refusal)
        {
            return Replies.Json(refusal);
        }

        if (IsForcedToSaml(user.Email, settings))
        {
            return Error("Please log in with SAML.");
        }

        await limiter.PerformAsync($"second-factor-min-{ip}", 6, Minute, cancellation);
        await limiter.PerformAsync($"second-factor-min-{user.Id}", 6, Minute, cancellation);
        if (await signIn.CheckSecondFactorAsync(user.Id, parameters, cancellation) is { } needed)
        {
            return Replies.Json(needed);
        }

        if (!stored.Hash.IsCurrent)
        {
            await PasswordStore.SetAsync(database, user.Id, await passwords.HashAsync(password, cancellation), time.GetUtcNow().UtcDateTime, cancellation);
        }

        await signIn.CompleteAsync(context, user, oauth: false, parameters.Text("timezone"), cancellation);
        return Replies.Json(await json.SignedInAsync(user.Id, cancellation));
    }

    /// <summary>saml_forced_domains: whose address is there logs in with SAML only.</summary>
    static bool IsForcedToSaml(string? email, SiteSettings settings) => email is not null && (settings.Bool("saml_enabled") || settings.Text("saml_target_url").Length > 0)
        && settings.Text("saml_forced_domains").Split(['|', ','], StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .Any(domain => email.EndsWith("@" + domain, StringComparison.OrdinalIgnoreCase));

    static async Task<IResult> DeleteAsync(
        HttpContext context, string username, CurrentUser user, ForumDatabase database, AuthTokens tokens, OidcClient oidc, SiteSettings settings, GlobalSettings globals,
        CancellationToken cancellation)
    {
        if (user.IsAnonymous)
        {
            throw Refused.NotLoggedIn();
        }

        if (!user.Username.Equals(username, StringComparison.OrdinalIgnoreCase))
        {
            throw Refused.NotFound();
        }

        if (settings.Bool("log_out_strict") || user.AuthTokenId is null)
        {
            await tokens.DeleteAllAsync(database, user.Id, null, cancellation);
        }
        else
        {
            await tokens.DeleteAsync(user.Id, user.AuthTokenId.Value, cancellation);
        }

        context.Response.Cookies.Delete(globals.Environment.GetValueOrDefault("DISCOURSE_TOKEN_COOKIE") is { Length: > 0 } name ? name : "_t", new CookieOptions { Path = "/" });
        var to = settings.Text("logout_redirect") is { Length: > 0 } redirect ? redirect : globals.RelativeUrlRoot + "/";
        if (settings.Bool("openid_connect_enabled") && settings.Bool("openid_connect_rp_initiated_logout"))
        {
            to = await ProvidersLogoutAsync(user.Id, database, oidc, cancellation) ?? to;
        }

        return context.WantsJson() ? Replies.Json(new JsonObject { ["redirect_url"] = to }) : Results.Redirect(to);
    }

    /// <summary>Where a member who came by OpenID Connect ends that session too; null for others, and when the provider cannot be reached.</summary>
    static async Task<string?> ProvidersLogoutAsync(int userId, ForumDatabase database, OidcClient oidc, CancellationToken cancellation)
    {
        var (isKnown, token) = await database.FindAsync(
            "SELECT true, extra->>'id_token' FROM user_associated_accounts WHERE provider_name = 'oidc' AND user_id = $1", row => (row.GetBoolean(0), row.TextOrNull(1)), [userId], cancellation);
        try
        {
            return isKnown ? await oidc.LogoutUrlAsync(token, cancellation) : null;
        }
        catch (SignOn.SignOnException)
        {
            return null;
        }
    }

    static async Task<IResult> ForgotPasswordAsync(
        HttpContext context, Parameters parameters, CurrentUser current, SignIn signIn, ForumDatabase database, EmailTokens emailTokens, AccountMail mail, RateLimiter limiter,
        SiteSettings settings, CancellationToken cancellation)
    {
        if (!settings.Bool("enable_local_logins") || settings.Bool("enable_discourse_connect"))
        {
            return Results.StatusCode(500);
        }

        var login = parameters.Required("login").Trim();
        if (!current.IsStaff)
        {
            var ip = context.ClientIp();
            await limiter.PerformAsync($"forgot-password-hr-{ip}", 6, Hour, cancellation);
            await limiter.PerformAsync($"forgot-password-min-{ip}", 3, Minute, cancellation);
            await limiter.PerformAsync($"forgot-password-login-hr-{login.ToLowerInvariant()}", 12, Hour, cancellation);
            await limiter.PerformAsync($"forgot-password-login-min-{login.ToLowerInvariant()}", 3, Minute, cancellation);
        }

        var user = await signIn.FindAsync(login, cancellation);
        if (user is { Email: { } email })
        {
            await using var work = await database.BeginAsync(cancellation);
            var token = await emailTokens.AddAsync(work, user.Id, email, EmailTokenScope.PasswordReset, cancellation);
            await mail.PasswordResetAsync(work, user.Id, email, token, cancellation);
            await work.CommitAsync(cancellation);
        }

        var answer = new JsonObject { ["success"] = "OK" };
        if (!settings.Bool("hide_email_address_taken") || current.IsStaff)
        {
            answer["user_found"] = user is not null;
        }

        return Replies.Json(answer);
    }

    static async Task<IResult> ShowEmailLoginAsync(HttpContext context, string token, ForumDatabase database, EmailTokens emailTokens, CancellationToken cancellation)
    {
        if (context.WantsHtml())
        {
            return await Pages.MailLinkPages.LogInAsync(context, token, database, emailTokens, cancellation);
        }

        if (await emailTokens.FindAsync(database, token, EmailTokenScope.EmailLogin, cancellation) is not { } found)
        {
            return Replies.Json(new JsonObject { ["can_login"] = false, ["error"] = "We're sorry, but that email login link has expired. Use the login page to get a new one." });
        }

        var answer = SecondFactors.SecondFactorStore.Describe(await SecondFactors.SecondFactorStore.ListAsync(database, found.UserId, cancellation));
        answer["can_login"] = true;
        answer["token"] = token;
        answer["token_email"] = found.Email;
        answer["second_factor_required"] = (bool)answer["totp_enabled"]!;
        return Replies.Json(answer);
    }

    static async Task<IResult> EmailLoginAsync(
        HttpContext context, string token, Parameters parameters, SignIn signIn, ForumDatabase database, EmailTokens emailTokens, SiteSettings settings, RateLimiter limiter,
        UserAdministration administration, CancellationToken cancellation)
    {
        await limiter.PerformAsync($"second-factor-min-{context.ClientIp()}", 6, Minute, cancellation);
        var link = await emailTokens.FindAsync(database, token, EmailTokenScope.EmailLogin, cancellation);
        // Administrators get in by /u/admin-login whatever else is off.
        if (!settings.Bool("enable_local_logins_via_email") && (link is null || !(await signIn.FindAsync(link.UserId, cancellation))!.IsAdmin))
        {
            throw Refused.NotFound();
        }

        if (link is not { } found)
        {
            return Error("We're sorry, but that email login link has expired. Use the login page to get a new one.");
        }

        if (await signIn.CheckSecondFactorAsync(found.UserId, parameters, cancellation) is { } needed)
        {
            return Replies.Json(needed);
        }

        await using (var work = await database.BeginAsync(cancellation))
        {
            await emailTokens.ConfirmAsync(work, found.Id, cancellation);
            await administration.ActivateAsync(work, found.UserId, cancellation);
            await work.CommitAsync(cancellation);
        }

        var user = (await signIn.FindAsync(found.UserId, cancellation))!;
        if (signIn.Refusal(user) is { } refusal)
        {
            return Replies.Json(refusal);
        }

        await signIn.CompleteAsync(context, user, oauth: false, parameters.Text("timezone"), cancellation);
        return Replies.Success();
    }

    /// <summary>The page only asks: a program that looks at addresses must not use the word up.</summary>
    static async Task<IResult> ShowOneTimeAsync(HttpContext context, string token, RedisClient redis, CancellationToken cancellation)
    {
        context.Response.Headers["Referrer-Policy"] = "no-referrer";
        var name = (await redis.SendAsync(["GET", UserApiKeysApi.OneTimeKey(token)], cancellation)).Text ?? throw Refused.NotFound();
        return await Pages.PagesApi.FormAsync(context, "Log In", [new($"/session/otp/{Uri.EscapeDataString(token)}", "POST", "/", $"Log in as {name}", [])], cancellation);
    }

    static async Task<IResult> OneTimeAsync(HttpContext context, string token, RedisClient redis, SignIn signIn, RateLimiter limiter, CancellationToken cancellation)
    {
        await limiter.PerformAsync($"otp-min-{context.ClientIp()}", 10, Minute, cancellation);
        if ((await redis.SendAsync(["GETDEL", UserApiKeysApi.OneTimeKey(token)], cancellation)).Text is not { } name || await signIn.FindAsync(name, cancellation) is not { } user || signIn.Refusal(user) is not null)
        {
            throw Refused.NotFound();
        }

        await signIn.CompleteAsync(context, user, oauth: false, null, cancellation);
        return context.WantsJson() ? Replies.Success() : Results.Redirect("/");
    }

    static IResult Error(string message) => Replies.Json(new JsonObject { ["error"] = message });
}
