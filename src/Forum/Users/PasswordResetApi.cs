using System.Text.Json.Nodes;
using Forum.Configuration;
using Forum.Database;
using Forum.RateLimits;
using Forum.SecondFactors;
using Forum.Sessions;
using Forum.Settings;
using Forum.Web;

namespace Forum.Users;

/// <summary>Choosing a new password with a mailed link, and asking for a link to sign in with.</summary>
static class PasswordResetApi
{
    const string Expired = "Sorry, that password change link is too old. Select the Log In button and use 'I forgot my password' to get a new link.";

    public static void MapPasswordResets(this IEndpointRouteBuilder routes)
    {
        var users = routes.MapGroup("/u").AllowAnyone().OpenToVisitors();
        users.MapGet("/password-reset/{token}", ShowAsync).Named("users#password_reset_show");
        users.MapPut("/password-reset/{token}", UpdateAsync).Named("users#password_reset_update");
        users.MapPost("/email-login", EmailLoginAsync).Named("users#email_login");
        users.MapGet("/admin-login", ShowAdminLoginAsync).Named("users#admin_login");
        users.MapPut("/admin-login", AdminLoginAsync).Named("users#admin_login");
        users.MapGet("/confirm-email-token/{token}", ConfirmEmailAsync).Named("users#confirm_email_token");
    }

    static async Task<IResult> ShowAsync(HttpContext context, string token, ForumDatabase database, EmailTokens emailTokens, GlobalSettings globals, CancellationToken cancellation)
    {
        if (context.WantsHtml())
        {
            return await Pages.MailLinkPages.ResetAsync(context, token, database, emailTokens, cancellation);
        }

        if (await emailTokens.FindAsync(database, token, EmailTokenScope.PasswordReset, cancellation) is not { } found)
        {
            return Replies.Json(new JsonObject { ["message"] = Expired, ["success"] = false });
        }

        var answer = SecondFactorStore.Describe(await SecondFactorStore.ListAsync(database, found.UserId, cancellation));
        answer["is_developer"] = globals.DeveloperEmails.Contains(found.Email.ToLowerInvariant());
        answer["admin"] = await IsStaffAsync(database, found.UserId, cancellation);
        answer["second_factor_required"] = (bool)answer["totp_enabled"]!;
        answer["security_key_required"] = false;
        return Replies.Json(answer);
    }

    static async Task<IResult> UpdateAsync(
        HttpContext context, string token, Parameters parameters, ForumDatabase database, EmailTokens emailTokens, PasswordWork passwords, AuthTokens authTokens, SignIn signIn,
        UserAdministration administration, RateLimiter limiter, SiteSettings settings, GlobalSettings globals, TimeProvider time, CancellationToken cancellation)
    {
        await limiter.PerformAsync($"second-factor-min-{context.ClientIp()}", 6, TimeSpan.FromMinutes(1), cancellation);
        if (await emailTokens.FindAsync(database, token, EmailTokenScope.PasswordReset, cancellation) is not { } found)
        {
            return Replies.Json(new JsonObject { ["success"] = false, ["message"] = Expired });
        }

        if (await signIn.CheckSecondFactorAsync(found.UserId, parameters, cancellation) is { } needed)
        {
            needed["success"] = false;
            needed["message"] = needed["error"]!.DeepClone();
            return Replies.Json(needed);
        }

        var user = (await signIn.FindAsync(found.UserId, cancellation))!;
        var password = parameters.Text("password");
        var isDeveloper = globals.DeveloperEmails.Contains(found.Email.ToLowerInvariant());
        var isStaff = await IsStaffAsync(database, user.Id, cancellation);
        var problems = PasswordRules.Problems(password, user.Username, user.Email, null, isStaff || isDeveloper, settings.Current);
        if (problems.Count == 0 && await PasswordStore.FindAsync(database, user.Id, cancellation) is { } old && await passwords.MatchesAsync(old.Hash, password!, cancellation))
        {
            problems = ["is the same as your current password."];
        }

        if (problems.Count > 0)
        {
            return Replies.Json(new JsonObject
            {
                ["success"] = false,
                ["message"] = "Password " + problems[0],
                ["errors"] = new JsonObject { ["user_password.password"] = Array(problems), ["password"] = Array(problems) },
                ["friendly_messages"] = Array(problems.Select(problem => "Password " + problem)),
                ["is_developer"] = isDeveloper,
                ["admin"] = isStaff,
            });
        }

        var hash = await passwords.HashAsync(password!, cancellation);
        await using (var work = await database.BeginAsync(cancellation))
        {
            await PasswordStore.SetAsync(work, user.Id, hash, time.GetUtcNow().UtcDateTime, cancellation);
            await emailTokens.ConfirmAsync(work, found.Id, cancellation);
            await administration.ActivateAsync(work, user.Id, cancellation);
            await authTokens.DeleteAllAsync(work, user.Id, null, cancellation);
            await work.CommitAsync(cancellation);
        }

        user = (await signIn.FindAsync(found.UserId, cancellation))!;
        var refusal = signIn.Refusal(user);
        if (refusal is null)
        {
            await signIn.CompleteAsync(context, user, oauth: false, null, cancellation);
        }

        return Replies.Json(new JsonObject
        {
            ["success"] = true,
            ["message"] = refusal is null ? "You successfully changed your password and are now logged in." : "You successfully changed your password.",
            ["requires_approval"] = (string?)refusal?["reason"] == "not_approved",
            ["redirect_to"] = null,
        });
    }

    static async Task<IResult> EmailLoginAsync(
        HttpContext context, Parameters parameters, ForumDatabase database, EmailTokens emailTokens, AccountMail mail, SignIn signIn, RateLimiter limiter, SiteSettings settings,
        CancellationToken cancellation)
    {
        if (!settings.Bool("enable_local_logins_via_email") || !settings.Bool("enable_local_logins"))
        {
            throw Refused.NotFound();
        }

        var login = parameters.Required("login").Trim();
        await limiter.PerformAsync($"email-login-hour-{context.ClientIp()}", 6, TimeSpan.FromHours(1), cancellation);
        await limiter.PerformAsync($"email-login-min-{context.ClientIp()}", 3, TimeSpan.FromMinutes(1), cancellation);
        await limiter.PerformAsync($"email-login-user-hour-{login.ToLowerInvariant()}", 6, TimeSpan.FromHours(1), cancellation);
        var user = await signIn.FindAsync(login, cancellation);
        if (user is { Email: { } email })
        {
            await using var work = await database.BeginAsync(cancellation);
            var token = await emailTokens.AddAsync(work, user.Id, email, EmailTokenScope.EmailLogin, cancellation);
            await mail.EmailLoginAsync(work, user.Id, email, token, cancellation);
            await work.CommitAsync(cancellation);
        }

        var answer = new JsonObject { ["success"] = "OK", ["hide_taken"] = settings.Bool("hide_email_address_taken") };
        if (!settings.Bool("hide_email_address_taken"))
        {
            answer["user_found"] = user is not null;
        }

        return Replies.Json(answer);
    }

    static Task<IResult> ShowAdminLoginAsync(HttpContext context, CancellationToken cancellation) => Pages.PagesApi.FormAsync(context, "Admin login",
        [new("/u/admin-login", "PUT", "/login", "Send Email", [new("email", "Email", "email", Required: true, Autocomplete: "email")])], cancellation,
        intro: "An administrator gets a link by mail that logs them in, also when other ways to log in are off or broken.");

    /// <summary>The way in when all others are shut, for administrators alone; the answer is the same for everybody.</summary>
    static async Task<IResult> AdminLoginAsync(
        HttpContext context, Parameters parameters, ForumDatabase database, EmailTokens emailTokens, AccountMail mail, SignIn signIn, RateLimiter limiter, CancellationToken cancellation)
    {
        await limiter.PerformAsync($"admin-login-hr-{context.ClientIp()}", 6, TimeSpan.FromHours(1), cancellation);
        await limiter.PerformAsync($"admin-login-min-{context.ClientIp()}", 3, TimeSpan.FromMinutes(1), cancellation);
        if (await signIn.FindAsync(parameters.Required("email"), cancellation) is { IsAdmin: true, Email: { } email } user)
        {
            await using var work = await database.BeginAsync(cancellation);
            await mail.EmailLoginAsync(work, user.Id, email, await emailTokens.AddAsync(work, user.Id, email, EmailTokenScope.EmailLogin, cancellation), cancellation);
            await work.CommitAsync(cancellation);
        }

        return Replies.Success();
    }

    /// <summary>Confirms the address of a new account without signing anybody in; a link that is not valid changes nothing.</summary>
    static async Task<IResult> ConfirmEmailAsync(string token, ForumDatabase database, EmailTokens emailTokens, CancellationToken cancellation)
    {
        if (await emailTokens.FindAsync(database, token, EmailTokenScope.Signup, cancellation) is { } found)
        {
            await emailTokens.ConfirmAsync(database, found.Id, cancellation);
        }

        return Replies.Success();
    }

    static Task<bool> IsStaffAsync(ForumDatabase database, int userId, CancellationToken cancellation) =>
        database.ScalarAsync<bool>("SELECT admin OR coalesce(moderator, false) FROM users WHERE id = $1", [userId], cancellation)!;

    static JsonArray Array(IEnumerable<string> texts) => new([.. texts.Select(text => (JsonNode?)text)]);
}
