using System.Globalization;
using System.Text.Json.Nodes;
using Forum.Configuration;
using Forum.Database;
using Forum.Moderation;
using Forum.Sessions;
using Forum.TrustLevels;
using Forum.Users;
using Forum.Web;

namespace Forum.AdminUsers;

/// <summary>What staff see of members and do to them: /admin/users.</summary>
static class AdminUsersApi
{
    const int PerPage = 100;

    public static void MapAdminUsers(this IEndpointRouteBuilder routes)
    {
        var users = routes.MapGroup("/admin/users").RequireStaff();
        users.MapGet("", ListAsync).Named("admin/users#index");
        users.MapGet("/list", ListAsync).Named("admin/users#index");
        users.MapGet("/list/{flag}", ListFlagAsync).Named("admin/users#index");
        users.MapGet("/{id:int}", ShowAsync).Named("admin/users#show");
        users.MapGet("/{id:int}/{username}", ShowNamedAsync).Named("admin/users#show");
        users.MapDelete("/{id:int}", DeleteAsync).Named("admin/users#destroy");
        users.MapPut("/{id:int}/activate", ActivateAsync).Named("admin/users#activate");
        users.MapPut("/{id:int}/deactivate", DeactivateAsync).Named("admin/users#deactivate");
        users.MapPut("/{id:int}/approve", ApproveAsync).Named("admin/users#approve");
        users.MapPut("/{id:int}/suspend", SuspendAsync).Named("admin/users#suspend");
        users.MapPut("/{id:int}/unsuspend", UnsuspendAsync).Named("admin/users#unsuspend");
        users.MapPut("/{id:int}/silence", SilenceAsync).Named("admin/users#silence");
        users.MapPut("/{id:int}/unsilence", UnsilenceAsync).Named("admin/users#unsilence");
        users.MapPut("/{id:int}/anonymize", AnonymizeAsync).Named("admin/users#anonymize");
        users.MapPost("/{id:int}/log_out", LogOutAsync).Named("admin/users#log_out");
        users.MapPut("/{id:int}/trust_level", TrustLevelAsync).Named("admin/users#trust_level");
        users.MapPut("/{id:int}/trust_level_lock", TrustLevelLockAsync).Named("admin/users#trust_level_lock");
        users.MapPut("/{id:int}/primary_group", PrimaryGroupAsync).Named("admin/users#primary_group");

        var admin = routes.MapGroup("/admin/users").RequireAdmin();
        admin.MapPut("/{id:int}/grant_admin", GrantAdminAsync).Named("admin/users#grant_admin");
        admin.MapPut("/{id:int}/revoke_admin", RevokeAdminAsync).Named("admin/users#revoke_admin");
        admin.MapPut("/{id:int}/grant_moderation", GrantModerationAsync).Named("admin/users#grant_moderation");
        admin.MapPut("/{id:int}/revoke_moderation", RevokeModerationAsync).Named("admin/users#revoke_moderation");
        admin.MapPut("/{id:int}/disable_second_factor", DisableSecondFactorAsync).Named("admin/users#disable_second_factor");
    }

    static Task<IResult> ListAsync(Parameters parameters, CurrentUser current, ForumDatabase database, AdminUserJson json, CancellationToken cancellation) =>
        ListFlagAsync(parameters.Text("flag") ?? "active", parameters, current, database, json, cancellation);

    static async Task<IResult> ListFlagAsync(
        string flag, Parameters parameters, CurrentUser current, ForumDatabase database, AdminUserJson json, CancellationToken cancellation)
    {
        var page = Math.Max(1, parameters.Int("page") ?? 1);
        if (page > 100_000)
        {
            throw Refused.InvalidParameters("page");
        }

        var filter = (parameters.Text("filter") ?? parameters.Text("email"))?.Trim().ToLowerInvariant() ?? "";
        var ascending = parameters.Flag("asc");
        var withEmails = parameters.Flag("show_emails") && current.IsAdmin;
        var users = await database.ListAsync($"""
            SELECT {AdminUserJson.ListColumns}
            FROM users u
            LEFT JOIN user_stats s ON s.user_id = u.id
            LEFT JOIN user_emails e ON e.user_id = u.id AND e."primary"
            WHERE ($1 = '' OR u.username_lower LIKE '%' || $1 || '%' OR lower(u.name) LIKE '%' || $1 || '%' OR e.email LIKE '%' || $1 || '%' OR host(u.ip_address) = $1)
              AND CASE $2
                WHEN 'staff' THEN u.admin OR u.moderator
                WHEN 'admins' THEN u.admin
                WHEN 'moderators' THEN u.moderator
                WHEN 'suspended' THEN u.suspended_till > now()
                WHEN 'silenced' THEN u.silenced_till > now()
                WHEN 'suspect' THEN false
                WHEN 'staged' THEN u.staged
                WHEN 'pending' THEN NOT u.approved AND u.active
                WHEN 'new' THEN true
                ELSE $1 <> '' OR u.active END
            ORDER BY
                CASE WHEN $3 = 'username' AND $4 THEN u.username_lower END, CASE WHEN $3 = 'username' AND NOT $4 THEN u.username_lower END DESC,
                CASE WHEN $3 = 'email' AND $4 THEN e.email END, CASE WHEN $3 = 'email' AND NOT $4 THEN e.email END DESC,
                CASE WHEN $3 = 'trust_level' AND $4 THEN u.trust_level END, CASE WHEN $3 = 'trust_level' AND NOT $4 THEN u.trust_level END DESC,
                CASE WHEN $3 = 'last_emailed' AND $4 THEN u.last_emailed_at END, CASE WHEN $3 = 'last_emailed' AND NOT $4 THEN u.last_emailed_at END DESC NULLS LAST,
                CASE WHEN $3 = 'seen' AND $4 THEN u.last_seen_at END, CASE WHEN $3 = 'seen' AND NOT $4 THEN u.last_seen_at END DESC NULLS LAST,
                CASE WHEN $3 = 'created' AND $4 THEN u.created_at END, CASE WHEN $3 = 'created' AND NOT $4 THEN u.created_at END DESC,
                CASE WHEN $3 = 'posts' THEN s.post_count END DESC NULLS LAST,
                CASE WHEN $2 = 'new' THEN u.created_at ELSE u.last_seen_at END DESC NULLS LAST, u.username_lower
            LIMIT $5 OFFSET $6
            """, JsonNode (row) => json.Brief(row, withEmails), [filter, flag, parameters.Text("order") ?? "", ascending, PerPage, (page - 1) * PerPage], cancellation);
        return Replies.Json(new JsonArray([.. users]));
    }

    static async Task<IResult> ShowAsync(int id, CurrentUser current, AdminUserJson json, CancellationToken cancellation) =>
        Replies.Json(await json.CreateAsync(id, current, cancellation));

    static Task<IResult> ShowNamedAsync(int id, string username, CurrentUser current, AdminUserJson json, CancellationToken cancellation) =>
        username.Length == 0 ? throw Refused.NotFound() : ShowAsync(id, current, json, cancellation);

    static async Task<IResult> DeleteAsync(int id, Parameters parameters, CurrentUser current, ForumDatabase database, UserDeletion deletion, CancellationToken cancellation)
    {
        var target = await TargetAsync(database, id, cancellation);
        if (target.IsAdmin || target.IsModerator || id <= 0)
        {
            throw Refused.InvalidAccess();
        }

        if (target.Posts > 0 && !parameters.Flag("delete_posts"))
        {
            return Replies.Json(new JsonObject
            {
                ["deleted"] = false,
                ["message"] = $"User {target.Username} has {target.Posts.ToString(CultureInfo.InvariantCulture)} posts in a public topic. Delete the posts first, or ask for them to be deleted with the user.",
            }, 403);
        }

        await deletion.DeleteAsync(id, current.Id, parameters.Flag("block_email"), parameters.Flag("block_ip"), parameters.Text("context"), cancellation);
        return Replies.Json(new JsonObject { ["deleted"] = true });
    }

    static async Task<IResult> ActivateAsync(int id, CurrentUser current, ForumDatabase database, UserAdministration administration, TimeProvider time, CancellationToken cancellation)
    {
        await TargetAsync(database, id, cancellation);
        await administration.ActivateAsync(database, id, cancellation);
        await StaffActions.LogAsync(database, StaffAction.ActivateUser, current.Id, id, time.GetUtcNow().UtcDateTime, cancellation);
        return Replies.Success();
    }

    static async Task<IResult> DeactivateAsync(
        int id, CurrentUser current, ForumDatabase database, UserAdministration administration, AuthTokens tokens, CancellationToken cancellation)
    {
        var target = await TargetAsync(database, id, cancellation);
        if (target.IsAdmin || id <= 0)
        {
            throw Refused.InvalidAccess();
        }

        await administration.DeactivateAsync(id, current.Id, cancellation);
        await tokens.DeleteAllAsync(database, id, null, cancellation);
        return Replies.Success();
    }

    static async Task<IResult> ApproveAsync(int id, CurrentUser current, ForumDatabase database, UserReview review, TimeProvider time, CancellationToken cancellation)
    {
        await TargetAsync(database, id, cancellation);
        await using var work = await database.BeginAsync(cancellation);
        await review.ApproveAsync(work, id, current.Id, sendMail: true, time.GetUtcNow().UtcDateTime, cancellation);
        await work.CommitAsync(cancellation);
        return Replies.Success();
    }

    static async Task<IResult> SuspendAsync(
        int id, Parameters parameters, CurrentUser current, ForumDatabase database, AuthTokens tokens, GlobalSettings globals, TimeProvider time, CancellationToken cancellation)
    {
        var target = await TargetAsync(database, id, cancellation);
        if (target.IsAdmin || target.IsModerator || id <= 0)
        {
            throw Refused.InvalidAccess();
        }

        var reason = parameters.Required("reason");
        var until = Until(parameters, "suspend_until");
        var now = time.GetUtcNow().UtcDateTime;
        if (target.SuspendedTill > now)
        {
            throw new RefusedException(409, null, $"User {target.Username} was already suspended.");
        }

        await using var work = await database.BeginAsync(cancellation);
        await work.ExecuteAsync("UPDATE users SET suspended_till = $2, suspended_at = $3, updated_at = $3 WHERE id = $1", [id, until, now], cancellation);
        await tokens.DeleteAllAsync(work, id, null, cancellation);
        await StaffActions.LogAsync(work, StaffAction.SuspendUser, current.Id, id, now, cancellation, new StaffActionDetails { Details = Full(reason, parameters), Context = reason });
        await work.CommitAsync(cancellation);
        return Replies.Json(new JsonObject
        {
            ["suspension"] = new JsonObject
            {
                ["suspend_reason"] = reason,
                ["full_suspend_reason"] = Full(reason, parameters),
                ["suspended_till"] = Replies.Time(until),
                ["suspended_at"] = Replies.Time(now),
                ["suspended_by"] = By(current, globals),
            },
        });
    }

    static async Task<IResult> UnsuspendAsync(int id, CurrentUser current, ForumDatabase database, TimeProvider time, CancellationToken cancellation)
    {
        await TargetAsync(database, id, cancellation);
        await database.ExecuteAsync("UPDATE users SET suspended_till = NULL, suspended_at = NULL WHERE id = $1", [id], cancellation);
        await StaffActions.LogAsync(database, StaffAction.UnsuspendUser, current.Id, id, time.GetUtcNow().UtcDateTime, cancellation);
        return Replies.Json(new JsonObject { ["suspension"] = new JsonObject { ["suspended_till"] = null, ["suspended_at"] = null } });
    }

    static async Task<IResult> SilenceAsync(
        int id, Parameters parameters, CurrentUser current, ForumDatabase database, GlobalSettings globals, TimeProvider time, CancellationToken cancellation)
    {
        var target = await TargetAsync(database, id, cancellation);
        if (target.IsAdmin || target.IsModerator || id <= 0)
        {
            throw Refused.InvalidAccess();
        }

        var reason = parameters.Text("reason") ?? "";
        var now = time.GetUtcNow().UtcDateTime;
        if (target.SilencedTill > now)
        {
            throw new RefusedException(409, null, $"User {target.Username} was already silenced.");
        }

        var until = parameters.Text("silenced_till") is { Length: > 0 } ? Until(parameters, "silenced_till") : now.AddYears(1000);
        await database.ExecuteAsync("UPDATE users SET silenced_till = $2, updated_at = $3 WHERE id = $1", [id, until, now], cancellation);
        await StaffActions.LogAsync(database, StaffAction.SilenceUser, current.Id, id, now, cancellation, new StaffActionDetails { Details = Full(reason, parameters), Context = reason });
        return Replies.Json(new JsonObject
        {
            ["silence"] = new JsonObject
            {
                ["silenced"] = true,
                ["silence_reason"] = reason,
                ["full_silence_reason"] = Full(reason, parameters),
                ["silenced_till"] = Replies.Time(until),
                ["silenced_at"] = Replies.Time(now),
                ["silenced_by"] = By(current, globals),
            },
        });
    }

    static async Task<IResult> UnsilenceAsync(int id, CurrentUser current, ForumDatabase database, TimeProvider time, CancellationToken cancellation)
    {
        await TargetAsync(database, id, cancellation);
        await database.ExecuteAsync("UPDATE users SET silenced_till = NULL WHERE id = $1", [id], cancellation);
        await StaffActions.LogAsync(database, StaffAction.UnsilenceUser, current.Id, id, time.GetUtcNow().UtcDateTime, cancellation);
        return Replies.Json(new JsonObject { ["unsilence"] = new JsonObject { ["silenced"] = false, ["silence_reason"] = null, ["silenced_till"] = null, ["silenced_at"] = null } });
    }

    static async Task<IResult> AnonymizeAsync(int id, CurrentUser current, ForumDatabase database, Anonymization anonymization, CancellationToken cancellation)
    {
        var target = await TargetAsync(database, id, cancellation);
        if (target.IsAdmin || target.IsModerator || id <= 0)
        {
            throw Refused.InvalidAccess();
        }

        var name = await anonymization.AnonymizeAsync(id, current.Id, cancellation);
        return Replies.Json(new JsonObject { ["success"] = "OK", ["username"] = name });
    }

    static async Task<IResult> LogOutAsync(int id, ForumDatabase database, AuthTokens tokens, CancellationToken cancellation)
    {
        await TargetAsync(database, id, cancellation);
        await tokens.DeleteAllAsync(database, id, null, cancellation);
        return Replies.Success();
    }

    static async Task<IResult> TrustLevelAsync(int id, Parameters parameters, CurrentUser current, ForumDatabase database, AdminUserJson json, Promotion promotion, CancellationToken cancellation)
    {
        var level = parameters.RequiredInt("level");
        if (level is < 0 or > 4)
        {
            throw Refused.InvalidParameters("level");
        }

        await TargetAsync(database, id, cancellation);
        await using var work = await database.BeginAsync(cancellation);
        await promotion.ChangeAsync(work, id, level, current.Id, cancellation);
        await work.CommitAsync(cancellation);
        return Replies.Json(await json.CreateAsync(id, current, cancellation));
    }

    static async Task<IResult> TrustLevelLockAsync(int id, Parameters parameters, CurrentUser current, ForumDatabase database, AdminUserJson json, TimeProvider time, CancellationToken cancellation)
    {
        var isLocked = parameters.Bool("locked") ?? throw Refused.InvalidParameters("locked");
        await TargetAsync(database, id, cancellation);
        await database.ExecuteAsync("UPDATE users SET manual_locked_trust_level = CASE WHEN $2 THEN trust_level END WHERE id = $1", [id, isLocked], cancellation);
        await StaffActions.LogAsync(database, isLocked ? StaffAction.LockTrustLevel : StaffAction.UnlockTrustLevel, current.Id, id, time.GetUtcNow().UtcDateTime, cancellation);
        return Replies.Json(await json.CreateAsync(id, current, cancellation));
    }

    static async Task<IResult> PrimaryGroupAsync(int id, Parameters parameters, ForumDatabase database, CancellationToken cancellation)
    {
        var group = parameters.Int("primary_group_id");
        await TargetAsync(database, id, cancellation);
        if (group is not null && !await database.ScalarAsync<bool>("SELECT EXISTS (SELECT FROM group_users WHERE user_id = $1 AND group_id = $2)", [id, group], cancellation))
        {
            throw Refused.InvalidParameters("primary_group_id");
        }

        await database.ExecuteAsync("UPDATE users SET primary_group_id = $2 WHERE id = $1", [id, group], cancellation);
        return Results.StatusCode(200);
    }

    static async Task<IResult> GrantAdminAsync(int id, CurrentUser current, ForumDatabase database, UserAdministration administration, CancellationToken cancellation)
    {
        await TargetAsync(database, id, cancellation);
        await administration.GrantAdminAsync(id, current.Id, cancellation);
        return Replies.Success();
    }

    static async Task<IResult> RevokeAdminAsync(int id, CurrentUser current, ForumDatabase database, UserAdministration administration, CancellationToken cancellation)
    {
        await TargetAsync(database, id, cancellation);
        if (id == current.Id || id <= 0)
        {
            throw Refused.InvalidAccess();
        }

        await administration.RevokeAdminAsync(id, current.Id, cancellation);
        return Replies.Success();
    }

    static async Task<IResult> GrantModerationAsync(int id, CurrentUser current, ForumDatabase database, UserAdministration administration, CancellationToken cancellation)
    {
        await TargetAsync(database, id, cancellation);
        await administration.GrantModerationAsync(id, current.Id, cancellation);
        return Replies.Success();
    }

    static async Task<IResult> RevokeModerationAsync(int id, CurrentUser current, ForumDatabase database, UserAdministration administration, CancellationToken cancellation)
    {
        await TargetAsync(database, id, cancellation);
        await administration.RevokeModerationAsync(id, current.Id, cancellation);
        return Replies.Success();
    }

    static async Task<IResult> DisableSecondFactorAsync(int id, ForumDatabase database, CancellationToken cancellation)
    {
        if (await database.ExecuteAsync("DELETE FROM user_second_factors WHERE user_id = $1", [id], cancellation) == 0)
        {
            throw Refused.InvalidParameters("id");
        }

        return Replies.Success();
    }

    static async Task<Target> TargetAsync(ForumDatabase database, int id, CancellationToken cancellation) => await database.FindAsync("""
        SELECT u.username, u.admin, coalesce(u.moderator, false), u.suspended_till, u.silenced_till, coalesce(s.post_count, 0) + coalesce(s.topic_count, 0)
        FROM users u
        LEFT JOIN user_stats s ON s.user_id = u.id
        WHERE u.id = $1
        """, row => new Target(row.Text(0), row.Bool(1), row.Bool(2), row.TimeOrNull(3), row.TimeOrNull(4), row.Int(5)), [id], cancellation)
        ?? throw Refused.NotFound();

    static DateTime Until(Parameters parameters, string name) =>
        DateTime.TryParse(parameters.Required(name), CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal | DateTimeStyles.AssumeUniversal, out var until)
            ? until : throw Refused.InvalidParameters(name);

    static string Full(string reason, Parameters parameters) => parameters.Text("message") is { Length: > 0 } message ? $"{reason}\n\n{message}" : reason;

    static JsonObject By(CurrentUser user, GlobalSettings globals) => new()
    {
        ["id"] = user.Id,
        ["username"] = user.Username,
        ["name"] = user.Name ?? "",
        ["avatar_template"] = Avatars.Template(user.Username, user.UploadedAvatarId, globals),
    };

    sealed record Target(string Username, bool IsAdmin, bool IsModerator, DateTime? SuspendedTill, DateTime? SilencedTill, int Posts);
}
