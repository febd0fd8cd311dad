using System.Text.Json.Nodes;
using Forum.Database;
using Forum.RateLimits;
using Forum.SecondFactors;
using Forum.Sessions;
using Forum.Settings;
using Forum.Web;

namespace Forum.Users;

/// <summary>What a member changes about their account: name, address, picture, sessions, second factor.</summary>
static class PreferencesApi
{
    public static void MapPreferences(this IEndpointRouteBuilder routes)
    {
        var users = routes.MapGroup("/u").RequireLogin();
        users.MapPut("/{username}/preferences/username", UsernameAsync).Named("users#username");
        users.MapPut("/{username}/preferences/email", EmailAsync).Named("users_email#update");
        users.MapPost("/{username}/preferences/email", EmailAsync).Named("users_email#create");
        users.MapPut("/{username}/preferences/avatar/pick", PickAvatarAsync).Named("users#pick_avatar");
        users.MapPost("/{username}/preferences/revoke-auth-token", RevokeTokenAsync).Named("users#revoke_auth_token");
        users.MapPut("/confirm-old-email/{token}", ConfirmOldAsync).AllowAnyone().Named("users_email#confirm_old_email");
        users.MapPut("/confirm-new-email/{token}", ConfirmNewAsync).AllowAnyone().Named("users_email#confirm_new_email");
        users.MapGet("/confirm-old-email/{token}", ShowConfirmAsync).AllowAnyone().Named("users_email#show_confirm_old_email");
        users.MapGet("/confirm-new-email/{token}", ShowConfirmAsync).AllowAnyone().Named("users_email#show_confirm_new_email");
        users.MapGet("/trusted-session", TrustedAsync).Named("users#trusted_session");
        users.MapPost("/confirm-session", ConfirmSessionAsync).Named("users#confirm_session");
        users.MapPost("/second_factors", SecondFactorsAsync).Named("users#list_second_factors");
        users.MapPost("/create_second_factor_totp", CreateTotpAsync).Named("users#create_second_factor_totp");
        users.MapPost("/enable_second_factor_totp", EnableTotpAsync).Named("users#enable_second_factor_totp");
        users.MapPut("/second_factor", UpdateSecondFactorAsync).Named("users#update_second_factor");
        users.MapPut("/disable_second_factor", DisableSecondFactorAsync).Named("users#disable_second_factor");
        users.MapPut("/second_factors_backup", BackupCodesAsync).Named("users#create_second_factor_backup");
        routes.MapPost("/user_avatar/{username}/refresh_gravatar", RefreshGravatarAsync).RequireLogin().Named("user_avatars#refresh_gravatar");
    }

    static async Task<IResult> UsernameAsync(
        string username, Parameters parameters, CurrentUser current, ForumDatabase database, RenameUser rename, SiteSettings settings, TimeProvider time, CancellationToken cancellation)
    {
        var id = await UserLookup.EditableAsync(database, username, current, cancellation);
        var wanted = parameters.Required("new_username").Trim();
        var now = time.GetUtcNow().UtcDateTime;
        var old = await database.FindAsync("""
            SELECT u.username, u.created_at, coalesce(s.post_count + s.topic_count, 0)
            FROM users u
            LEFT JOIN user_stats s ON s.user_id = u.id
            WHERE u.id = $1
            """, row => (Username: row.Text(0), CreatedAt: row.Time(1), Posts: row.Int(2)), [id], cancellation);
        if (!current.IsStaff && (now - old.CreatedAt).TotalDays > settings.Int("username_change_period") && old.Posts > 0)
        {
            throw Refused.InvalidAccess();
        }

        if (Usernames.Problems(wanted, settings.Current) is { Count: > 0 } problems)
        {
            throw Refused.Invalid([.. problems.Select(problem => $"Username {problem}")]);
        }

        if (Usernames.IsReserved(wanted, settings.Current) || await UsernameStore.IsTakenAsync(database, wanted, id, cancellation))
        {
            throw Refused.Invalid("Username must be unique");
        }

        await rename.RunAsync(id, old.Username, wanted, current.Id, cancellation);
        return Replies.Json(new JsonObject { ["id"] = id, ["username"] = wanted });
    }

    static async Task<IResult> EmailAsync(
        string username, Parameters parameters, CurrentUser current, ForumDatabase database, UserCreation creation, EmailTokens emailTokens, AccountMail mail, RateLimiter limiter,
        SiteSettings settings, TimeProvider time, CancellationToken cancellation)
    {
        var id = await UserLookup.EditableAsync(database, username, current, cancellation);
        if (!settings.Bool("email_editable") && !current.IsAdmin)
        {
            throw Refused.InvalidAccess();
        }

        if (!current.IsStaff)
        {
            await limiter.PerformAsync($"change-email-hr-{current.Id}", 6, TimeSpan.FromHours(1), cancellation);
        }

        var email = Emails.Clean(parameters.Required("email"));
        var errors = new UserErrors();
        await creation.CheckEmailAsync(email, errors, cancellation);
        if (errors.Any)
        {
            if (settings.Bool("hide_email_address_taken") && errors.Fields["email"] is ["has already been taken"] && !current.IsStaff)
            {
                return Results.StatusCode(200);
            }

            throw Refused.Invalid([.. errors.Sentences]);
        }

        var now = time.GetUtcNow().UtcDateTime;
        var user = await database.FindAsync("""
            SELECT e.email, u.admin OR coalesce(u.moderator, false)
            FROM user_emails e
            JOIN users u ON u.id = e.user_id
            WHERE e.user_id = $1 AND e."primary"
            """, row => (Email: row.Text(0), IsStaff: row.Bool(1)), [id], cancellation);
        await using var work = await database.BeginAsync(cancellation);
        await work.ExecuteAsync("DELETE FROM email_change_requests WHERE user_id = $1 AND change_state <> 3", [id], cancellation);
        // Staff confirm their old address first, so that a stolen session can't take the account.
        var (token, tokenId) = await emailTokens.AddWithIdAsync(work, id, user.IsStaff && current.Id == id ? user.Email : email, EmailTokenScope.EmailUpdate, cancellation);
        var needsOld = user.IsStaff && current.Id == id;
        await work.ExecuteAsync("""
            INSERT INTO email_change_requests (user_id, old_email, new_email, old_email_token_id, new_email_token_id, change_state, requested_by_user_id, created_at, updated_at)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $8)
            """, [id, user.Email, email, needsOld ? tokenId : null, needsOld ? null : tokenId, needsOld ? 1 : 2, current.Id, now], cancellation);
        if (needsOld)
        {
            await mail.ConfirmOldEmailAsync(work, id, user.Email, token, cancellation);
        }
        else
        {
            await mail.ConfirmNewEmailAsync(work, id, email, token, cancellation);
        }

        await work.CommitAsync(cancellation);
        return Results.StatusCode(200);
    }

    static async Task<IResult> ShowConfirmAsync(string token, HttpContext context, ForumDatabase database, EmailTokens emailTokens, CancellationToken cancellation)
    {
        var found = await emailTokens.FindAsync(database, token, EmailTokenScope.EmailUpdate, cancellation) ?? throw Refused.NotFound();
        var change = await ChangeAsync(database, found.Id, cancellation) ?? throw Refused.NotFound();
        if (context.WantsJson())
        {
            return Replies.Json(new JsonObject { ["update_required"] = false, ["token"] = token, ["old_email"] = change.OldEmail, ["new_email"] = change.NewEmail });
        }

        var isOld = context.Request.Path.Value!.Contains("/confirm-old-email/", StringComparison.Ordinal);
        context.Response.Headers["Referrer-Policy"] = "no-referrer";
        return await Pages.PagesApi.FormAsync(context, "Confirm your email address",
            [new($"/u/confirm-{(isOld ? "old" : "new")}-email/{Uri.EscapeDataString(token)}", "PUT", "/", "Confirm", [])], cancellation,
            intro: isOld ? $"Confirm that {change.OldEmail} is yours. A link will then be sent to {change.NewEmail}." : $"Confirm that {change.NewEmail} is yours. It then replaces {change.OldEmail}.");
    }

    static async Task<IResult> ConfirmOldAsync(string token, ForumDatabase database, EmailTokens emailTokens, AccountMail mail, TimeProvider time, CancellationToken cancellation)
    {
        var found = await emailTokens.FindAsync(database, token, EmailTokenScope.EmailUpdate, cancellation) ?? throw Refused.NotFound();
        var change = await ChangeAsync(database, found.Id, cancellation) ?? throw Refused.NotFound();
        await using var work = await database.BeginAsync(cancellation);
        await emailTokens.ConfirmAsync(work, found.Id, cancellation);
        var (next, nextId) = await emailTokens.AddWithIdAsync(work, found.UserId, change.NewEmail, EmailTokenScope.EmailUpdate, cancellation);
        await work.ExecuteAsync(
            "UPDATE email_change_requests SET change_state = 2, new_email_token_id = $2, updated_at = $3 WHERE id = $1", [change.Id, nextId, time.GetUtcNow().UtcDateTime], cancellation);
        await mail.ConfirmNewEmailAsync(work, found.UserId, change.NewEmail, next, cancellation);
        await work.CommitAsync(cancellation);
        return Replies.Success();
    }

    static async Task<IResult> ConfirmNewAsync(string token, ForumDatabase database, EmailTokens emailTokens, TimeProvider time, CancellationToken cancellation)
    {
        var found = await emailTokens.FindAsync(database, token, EmailTokenScope.EmailUpdate, cancellation) ?? throw Refused.NotFound();
        var change = await ChangeAsync(database, found.Id, cancellation);
        if (change is not { State: 2 })
        {
            throw Refused.NotFound();
        }

        var now = time.GetUtcNow().UtcDateTime;
        await using var work = await database.BeginAsync(cancellation);
        await emailTokens.ConfirmAsync(work, found.Id, cancellation);
        await work.ExecuteAsync("""
            UPDATE user_emails
            SET email = $2, normalized_email = $3, updated_at = $4
            WHERE user_id = $1 AND "primary"
            """, [found.UserId, change.NewEmail, Emails.Normalized(change.NewEmail), now], cancellation);
        await work.ExecuteAsync("UPDATE email_change_requests SET change_state = 3, updated_at = $2 WHERE id = $1", [change.Id, now], cancellation);
        await work.CommitAsync(cancellation);
        return Replies.Success();
    }

    static Task<EmailChange?> ChangeAsync(ForumDatabase database, int tokenId, CancellationToken cancellation) => database.FindAsync("""
        SELECT id, coalesce(old_email, ''), new_email, change_state
        FROM email_change_requests
        WHERE old_email_token_id = $1 OR new_email_token_id = $1
        ORDER BY id DESC
        LIMIT 1
        """, row => new EmailChange(row.Int(0), row.Text(1), row.Text(2), row.Int(3)), [tokenId], cancellation);

    static async Task<IResult> PickAvatarAsync(
        string username, Parameters parameters, CurrentUser current, ForumDatabase database, SiteSettings settings, TimeProvider time, CancellationToken cancellation)
    {
        var id = await UserLookup.EditableAsync(database, username, current, cancellation);
        var type = parameters.Text("type") ?? "system";
        if (type is not ("uploaded" or "custom" or "gravatar" or "system"))
        {
            throw Refused.InvalidParameters("type");
        }

        if (type is "uploaded" or "custom" && !current.IsStaff && !current.IsInAny(settings.Ids("uploaded_avatars_allowed_groups")))
        {
            throw Refused.InvalidAccess();
        }

        int? upload = null;
        if (type != "system" && parameters.Int("upload_id") is { } uploadId)
        {
            upload = await database.ScalarAsync<int?>("SELECT id FROM uploads WHERE id = $1", [uploadId], cancellation) ?? throw Refused.InvalidParameters("upload_id");
        }

        var now = time.GetUtcNow().UtcDateTime;
        await database.ExecuteAsync("UPDATE users SET uploaded_avatar_id = $2, updated_at = $3 WHERE id = $1", [id, upload, now], cancellation);
        await database.ExecuteAsync("""
            WITH changed AS (
                UPDATE user_avatars
                SET custom_upload_id = CASE WHEN $3 THEN coalesce($2::int, custom_upload_id) ELSE custom_upload_id END,
                    gravatar_upload_id = CASE WHEN $4 THEN coalesce($2::int, gravatar_upload_id) ELSE gravatar_upload_id END, updated_at = $5
                WHERE user_id = $1
                RETURNING id
            )
            INSERT INTO user_avatars (user_id, custom_upload_id, gravatar_upload_id, created_at, updated_at)
            SELECT $1, CASE WHEN $3 THEN $2::int END, CASE WHEN $4 THEN $2::int END, $5, $5
            WHERE NOT EXISTS (SELECT FROM changed)
            """, [id, upload, type is "uploaded" or "custom", type == "gravatar", now], cancellation);
        return Replies.Success();
    }

    static async Task<IResult> RefreshGravatarAsync(string username, CurrentUser current, ForumDatabase database, CancellationToken cancellation)
    {
        await UserLookup.EditableAsync(database, username, current, cancellation);
        return Replies.Json(new JsonObject { ["gravatar_upload_id"] = null, ["gravatar_avatar_template"] = null });
    }

    static async Task<IResult> RevokeTokenAsync(string username, Parameters parameters, CurrentUser current, ForumDatabase database, AuthTokens tokens, CancellationToken cancellation)
    {
        var id = await UserLookup.EditableAsync(database, username, current, cancellation);
        if (parameters.Int("token_id") is { } token)
        {
            await tokens.DeleteAsync(id, token, cancellation);
        }
        else
        {
            await tokens.DeleteAllAsync(database, id, null, cancellation);
        }

        return Replies.Success();
    }

    static async Task<IResult> TrustedAsync(HttpContext context, CurrentUser current, BrowserSession browser, CancellationToken cancellation) =>
        await TrustedSession.IsTrustedAsync(context, current, browser, cancellation) ? Replies.Success() : Replies.Failed();

    static async Task<IResult> ConfirmSessionAsync(
        HttpContext context, Parameters parameters, CurrentUser current, ForumDatabase database, PasswordWork passwords, BrowserSession browser, RateLimiter limiter, TimeProvider time, CancellationToken cancellation)
    {
        await limiter.PerformAsync($"login-min-{context.ClientIp()}", 6, TimeSpan.FromMinutes(1), cancellation);
        var stored = await PasswordStore.FindAsync(database, current.Id, cancellation);
        if (stored is null || parameters.Text("password") is not { Length: > 0 and <= 200 } password || !await passwords.MatchesAsync(stored.Hash, password, cancellation))
        {
            return Replies.Json(new JsonObject { ["error"] = "Incorrect password" });
        }

        await TrustedSession.ConfirmAsync(context, current, browser, cancellation);
        return Replies.Success();
    }

    static async Task<IResult> SecondFactorsAsync(
        HttpContext context, Parameters parameters, CurrentUser current, ForumDatabase database, PasswordWork passwords, BrowserSession browser, TimeProvider time, CancellationToken cancellation)
    {
        if (parameters.Has("password"))
        {
            var stored = await PasswordStore.FindAsync(database, current.Id, cancellation);
            if (stored is null || !await passwords.MatchesAsync(stored.Hash, parameters.Text("password") ?? "", cancellation))
            {
                return Replies.Json(new JsonObject { ["error"] = "Incorrect password" });
            }

            await TrustedSession.ConfirmAsync(context, current, browser, cancellation);
        }
        else if (!await TrustedSession.IsTrustedAsync(context, current, browser, cancellation))
        {
            return Replies.Json(new JsonObject { ["unconfirmed_session"] = true });
        }

        var factors = await SecondFactorStore.ListAsync(database, current.Id, cancellation);
        return Replies.Json(new JsonObject
        {
            ["success"] = "OK",
            ["totps"] = new JsonArray([.. factors.Where(factor => factor.Method == SecondFactorMethod.Totp).Select(factor => (JsonNode)new JsonObject { ["id"] = factor.Id, ["name"] = factor.Name, ["method"] = 1 })]),
            ["security_keys"] = new JsonArray(),
        });
    }

    static async Task<IResult> CreateTotpAsync(HttpContext context, CurrentUser current, BrowserSession browser, SiteSettings settings, CancellationToken cancellation)
    {
        await TrustedSession.RequireAsync(context, current, browser, cancellation);
        var (key, address) = await StagedTotp.StageAsync(context, current, browser, settings, cancellation);
        return Replies.Json(new JsonObject { ["key"] = key, ["qr"] = address });
    }

    static async Task<IResult> EnableTotpAsync(
        HttpContext context, Parameters parameters, CurrentUser current, ForumDatabase database, BrowserSession browser, RateLimiter limiter, TimeProvider time, CancellationToken cancellation)
    {
        await TrustedSession.RequireAsync(context, current, browser, cancellation);
        await limiter.PerformAsync($"second-factor-min-{current.Id}", 6, TimeSpan.FromMinutes(1), cancellation);
        var code = parameters.Text("second_factor_token") ?? "";
        var name = parameters.Text("name") is { Length: > 0 and <= 300 } given ? given : null;
        if (code.Length == 0 || name is null)
        {
            return Replies.Json(new JsonObject { ["error"] = code.Length == 0 ? "You need to provide a code from your authenticator app." : "You need to provide a name for your authenticator." });
        }

        var now = time.GetUtcNow().UtcDateTime;
        if (await StagedTotp.FindAsync(context, browser, cancellation) is not { } secret || Totp.Match(secret, code, now, null) is not { } step)
        {
            return Replies.Json(new JsonObject { ["error"] = "Invalid authentication code. Each code can only be used once." });
        }

        await StagedTotp.DropAsync(context, browser, cancellation);
        await database.ExecuteAsync("""
            INSERT INTO user_second_factors (user_id, method, data, enabled, last_used, name, created_at, updated_at)
            VALUES ($1, 1, $2, true, $3, $4, $5, $5)
            """, [current.Id, secret, step, name, now], cancellation);
        return Replies.Success();
    }

    static async Task<IResult> UpdateSecondFactorAsync(HttpContext context, Parameters parameters, CurrentUser current, ForumDatabase database, BrowserSession browser, TimeProvider time, CancellationToken cancellation)
    {
        await TrustedSession.RequireAsync(context, current, browser, cancellation);
        var isDisabled = parameters.Flag("disable") || parameters.Bool("enable") == false;
        var target = parameters.Int("second_factor_target") ?? parameters.Int("second_factor_method") ?? throw Refused.Missing("second_factor_target");
        if (target == 2)
        {
            await database.ExecuteAsync("DELETE FROM user_second_factors WHERE user_id = $1 AND method = 2", [current.Id], cancellation);
            return Replies.Success();
        }

        var changed = await database.ExecuteAsync("""
            UPDATE user_second_factors
            SET name = coalesce($3, name), enabled = enabled AND NOT $4, updated_at = $5
            WHERE user_id = $1 AND id = $2 AND method = 1
            """, [current.Id, parameters.Int("id") ?? throw Refused.Missing("id"), parameters.Text("name"), isDisabled, time.GetUtcNow().UtcDateTime], cancellation);
        return changed == 0 ? throw Refused.InvalidParameters("id") : Replies.Success();
    }

    static async Task<IResult> DisableSecondFactorAsync(HttpContext context, CurrentUser current, ForumDatabase database, BrowserSession browser, CancellationToken cancellation)
    {
        await TrustedSession.RequireAsync(context, current, browser, cancellation);
        await database.ExecuteAsync("DELETE FROM user_second_factors WHERE user_id = $1", [current.Id], cancellation);
        return Replies.Success();
    }

    static async Task<IResult> BackupCodesAsync(HttpContext context, CurrentUser current, ForumDatabase database, BrowserSession browser, TimeProvider time, CancellationToken cancellation)
    {
        await TrustedSession.RequireAsync(context, current, browser, cancellation);
        var codes = BackupCodes.Create();
        var stored = await Task.Run(() => codes.Select(BackupCodes.Store).ToArray(), cancellation);
        var now = time.GetUtcNow().UtcDateTime;
        await using var work = await database.BeginAsync(cancellation);
        await work.ExecuteAsync("DELETE FROM user_second_factors WHERE user_id = $1 AND method = 2", [current.Id], cancellation);
        await work.ExecuteAsync("""
            INSERT INTO user_second_factors (user_id, method, data, enabled, created_at, updated_at)
            SELECT $1, 2, code, true, $3, $3
            FROM unnest($2) AS code
            """, [current.Id, stored, now], cancellation);
        await work.CommitAsync(cancellation);
        return Replies.Json(new JsonObject { ["backup_codes"] = new JsonArray([.. codes.Select(code => (JsonNode?)code)]) });
    }

    sealed record EmailChange(int Id, string OldEmail, string NewEmail, int State);
}
