using System.Text.Json.Nodes;
using Forum.Database;
using Forum.Sessions;
using Forum.Settings;
using Forum.Web;

namespace Forum.Users;

/// <summary>What a member changes about their account: name, picture, sessions.</summary>
static class PreferencesApi
{
    public static void MapPreferences(this IEndpointRouteBuilder routes)
    {
        var users = routes.MapGroup("/u").RequireLogin();
        users.MapPut("/{username}/preferences/username", UsernameAsync).Named("users#username");
        users.MapPut("/{username}/preferences/avatar/pick", PickAvatarAsync).Named("users#pick_avatar");
        users.MapPost("/{username}/preferences/revoke-auth-token", RevokeTokenAsync).Named("users#revoke_auth_token");
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
}
