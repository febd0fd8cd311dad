using System.Text.Json;
using System.Text.Json.Nodes;
using Forum.Database;
using Forum.Sessions;
using Forum.Viewing;
using Forum.Web;

namespace Forum.Drafts;

/// <summary>What a member has begun to write. A sequence number per draft catches two windows writing the same one.</summary>
static class DraftsApi
{
    public static void MapDrafts(this IEndpointRouteBuilder app)
    {
        app.MapGet("/drafts", ListAsync).RequireLogin().Named("drafts#index");
        app.MapGet("/drafts/{key}", ShowAsync).RequireLogin().Named("drafts#show");
        app.MapPost("/drafts", SaveAsync).RequireLogin().Named("drafts#create");
        app.MapDelete("/drafts/{key}", DeleteAsync).RequireLogin().Named("drafts#destroy");
    }

    static Task<long> SequenceAsync(SqlSession sql, int user, string key, CancellationToken cancellation) =>
        sql.ScalarAsync<long>("SELECT sequence FROM draft_sequences WHERE user_id = $1 AND draft_key = $2", [user, key], cancellation);

    static async Task<IResult> ListAsync(CurrentUser user, Parameters given, ForumDatabase database, BaseUrl baseUrl, CancellationToken cancellation)
    {
        var rows = await database.ListAsync("""
            SELECT d.draft_key, d.sequence, d.data, d.created_at, t.id, t.title, t.slug, t.category_id, t.closed, t.archived, t.archetype
            FROM drafts d
            LEFT JOIN topics t ON d.draft_key = 'topic_' || t.id
            WHERE d.user_id = $1
            ORDER BY d.updated_at DESC
            LIMIT $2 OFFSET $3
            """, row => (JsonNode?)new JsonObject
        {
            ["draft_key"] = row.Text(0),
            ["sequence"] = row.Long(1),
            ["draft_username"] = user.Username,
            ["avatar_template"] = Avatars.Template(user.Username, user.UploadedAvatarId, baseUrl.Host),
            ["data"] = row.Text(2),
            ["created_at"] = JsonParts.Time(row.Time(3)),
            ["topic_id"] = row.IntOrNull(4),
            ["username"] = user.Username,
            ["username_lower"] = user.Username.ToLowerInvariant(),
            ["name"] = user.Name,
            ["user_id"] = user.Id,
            ["title"] = row.TextOrNull(5),
            ["slug"] = row.TextOrNull(6),
            ["category_id"] = row.IntOrNull(7),
            ["closed"] = row.BoolOrNull(8),
            ["archived"] = row.BoolOrNull(9),
            ["archetype"] = row.TextOrNull(10) ?? "regular",
            ["excerpt"] = Reply(row.Text(2)),
        }, [user.Id, Math.Clamp(given.Int("limit") ?? 30, 1, 100), Math.Max(0, given.Int("offset") ?? 0)], cancellation);
        return Replies.Json(new JsonObject { ["drafts"] = rows.ToJsonArray() });
    }

    static string Reply(string data)
    {
        try
        {
            var text = JsonNode.Parse(data)?["reply"]?.ToString() ?? "";
            return text.Length > 300 ? text[..300] + "…" : text;
        }
        catch (JsonException)
        {
            return "";
        }
    }

    static async Task<IResult> ShowAsync(CurrentUser user, string key, ForumDatabase database, CancellationToken cancellation)
    {
        var data = await database.ScalarAsync<string>("SELECT data FROM drafts WHERE user_id = $1 AND draft_key = $2", [user.Id, key], cancellation);
        return Replies.Json(new JsonObject { ["draft"] = data, ["draft_sequence"] = await SequenceAsync(database, user.Id, key, cancellation) });
    }

    static async Task<IResult> SaveAsync(CurrentUser user, Parameters given, ForumDatabase database, TimeProvider time, CancellationToken cancellation)
    {
        var key = given.Required("draft_key");
        var data = given.Required("data");
        if (key.Length > 40)
            throw Refused.InvalidParameters("draft_key");
        try
        {
            JsonNode.Parse(data);
        }
        catch (JsonException)
        {
            throw Refused.InvalidParameters("data");
        }

        if (data.Length > 400_000)
            throw Refused.InvalidParameters("data");
        var now = time.GetUtcNow().UtcDateTime;
        await using var sql = await database.BeginAsync(cancellation);
        var current = await SequenceAsync(sql, user.Id, key, cancellation);
        var sequence = given.Int("sequence") ?? 0;
        if (sequence != current && !given.Flag("force_save"))
            throw new RefusedException(409, null, "The draft is being edited in another window. Please reload this page.");
        var added = await sql.ScalarAsync<bool>("""
            INSERT INTO drafts (user_id, draft_key, data, sequence, owner, created_at, updated_at)
            VALUES ($1, $2, $3, $4, $5, $6, $6)
            ON CONFLICT (user_id, draft_key) DO UPDATE SET data = $3, sequence = $4, owner = $5, updated_at = $6, revisions = drafts.revisions + 1
            RETURNING xmax = 0
            """, [user.Id, key, data, current, given.Text("owner"), now], cancellation);
        if (added)
            await sql.ExecuteAsync("UPDATE user_stats SET draft_count = draft_count + 1 WHERE user_id = $1", [user.Id], cancellation);
        await sql.CommitAsync(cancellation);
        return Replies.Json(new JsonObject { ["success"] = "OK", ["draft_sequence"] = current, ["conflict_user"] = null });
    }

    static async Task<IResult> DeleteAsync(CurrentUser user, string key, ForumDatabase database, CancellationToken cancellation)
    {
        await database.ExecuteAsync("""
            WITH removed AS (DELETE FROM drafts WHERE user_id = $1 AND draft_key = $2 RETURNING id)
            UPDATE user_stats SET draft_count = greatest(draft_count - 1, 0) WHERE user_id = $1 AND EXISTS (SELECT FROM removed)
            """, [user.Id, key], cancellation);
        return Replies.Success();
    }
}
