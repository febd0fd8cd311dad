using System.Globalization;
using System.Text.Json.Nodes;
using Forum.Database;
using Forum.Moderation;
using Forum.Pages;
using Forum.Sessions;
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
        users.MapGet("", ListAsync).WithPage(AdminPeoplePages.UsersAsync).Named("admin/users#index");
        users.MapGet("/list", ListAsync).WithPage(AdminPeoplePages.UsersAsync).Named("admin/users#index");
        users.MapGet("/list/{flag}", ListFlagAsync).WithPage(AdminPeoplePages.UsersAsync).Named("admin/users#index");
        users.MapGet("/{id:int}", ShowAsync).Named("admin/users#show");
        users.MapGet("/{id:int}/{username}", ShowNamedAsync).WithPage(AdminPeoplePages.UserAsync).Named("admin/users#show");
        users.MapDelete("/{id:int}", DeleteAsync).Named("admin/users#destroy");
        users.MapPut("/{id:int}/activate", ActivateAsync).Named("admin/users#activate");
        users.MapPut("/{id:int}/deactivate", DeactivateAsync).Named("admin/users#deactivate");
        users.MapPut("/{id:int}/approve", ApproveAsync).Named("admin/users#approve");
        users.MapPut("/{id:int}/anonymize", AnonymizeAsync).Named("admin/users#anonymize");
        users.MapPost("/{id:int}/reset_bounce_score", ResetBouncesAsync).Named("admin/users#reset_bounce_score");
        users.MapPost("/{id:int}/log_out", LogOutAsync).Named("admin/users#log_out");
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
        var target = await AdminTarget.GetAsync(database, id, cancellation);
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
        await AdminTarget.GetAsync(database, id, cancellation);
        await administration.ActivateAsync(id, cancellation);
        await StaffActions.LogAsync(database, StaffAction.ActivateUser, current.Id, id, time.GetUtcNow().UtcDateTime, cancellation);
        return Replies.Success();
    }

    static async Task<IResult> DeactivateAsync(
        int id, CurrentUser current, ForumDatabase database, UserAdministration administration, AuthTokens tokens, CancellationToken cancellation)
    {
        var target = await AdminTarget.GetAsync(database, id, cancellation);
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
        await AdminTarget.GetAsync(database, id, cancellation);
        await using var work = await database.BeginAsync(cancellation);
        await review.ApproveAsync(work, id, current.Id, sendMail: true, time.GetUtcNow().UtcDateTime, cancellation);
        await work.CommitAsync(cancellation);
        return Replies.Success();
    }

    static async Task<IResult> AnonymizeAsync(int id, CurrentUser current, ForumDatabase database, Anonymization anonymization, CancellationToken cancellation)
    {
        var target = await AdminTarget.GetAsync(database, id, cancellation);
        if (target.IsAdmin || target.IsModerator || id <= 0)
        {
            throw Refused.InvalidAccess();
        }

        var name = await anonymization.AnonymizeAsync(id, current.Id, cancellation);
        return Replies.Json(new JsonObject { ["success"] = "OK", ["username"] = name });
    }

    static async Task<IResult> ResetBouncesAsync(int id, ForumDatabase database, CancellationToken cancellation)
    {
        await AdminTarget.GetAsync(database, id, cancellation);
        await Mail.Bounces.ResetAsync(database, id, cancellation);
        return Replies.Success();
    }

    static async Task<IResult> LogOutAsync(int id, ForumDatabase database, AuthTokens tokens, CancellationToken cancellation)
    {
        await AdminTarget.GetAsync(database, id, cancellation);
        await tokens.DeleteAllAsync(database, id, null, cancellation);
        return Replies.Success();
    }
}
