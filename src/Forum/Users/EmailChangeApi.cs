using System.Text.Json.Nodes;
using Forum.Database;
using Forum.RateLimits;
using Forum.Sessions;
using Forum.Settings;
using Forum.Web;

namespace Forum.Users;

/// <summary>Another address for an account: asked for, and confirmed by the link mailed to it.</summary>
static class EmailChangeApi
{
    public static void MapEmailChanges(this IEndpointRouteBuilder routes)
    {
        var users = routes.MapGroup("/u").RequireLogin();
        users.MapPut("/{username}/preferences/email", EmailAsync).Named("users_email#update");
        users.MapPost("/{username}/preferences/email", EmailAsync).Named("users_email#create");
        users.MapPut("/confirm-old-email/{token}", ConfirmOldAsync).AllowAnyone().Named("users_email#confirm_old_email");
        users.MapPut("/confirm-new-email/{token}", ConfirmNewAsync).AllowAnyone().Named("users_email#confirm_new_email");
        users.MapGet("/confirm-old-email/{token}", ShowConfirmAsync).AllowAnyone().Named("users_email#show_confirm_old_email");
        users.MapGet("/confirm-new-email/{token}", ShowConfirmAsync).AllowAnyone().Named("users_email#show_confirm_new_email");
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

    sealed record EmailChange(int Id, string OldEmail, string NewEmail, int State);
}
