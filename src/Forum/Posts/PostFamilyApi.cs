using System.Text.Json.Nodes;
using Forum.Database;
using Forum.Markdown;
using Forum.Moderation;
using Forum.Users;
using Forum.Viewing;
using Forum.Web;

namespace Forum.Posts;

/// <summary>What a post answers and what answers it; which posts of a member are deleted or wait; hidden revisions.</summary>
/// <remarks>Source: upstream's posts_controller and Post#reply_history, Post#reply_ids.</remarks>
static class PostFamilyApi
{
    const int MostReplies = 1000;
    const int AtOnce = 60;

    public static void MapPostFamily(this IEndpointRouteBuilder app)
    {
        app.MapGet("/posts/{id:int}/reply-history", HistoryAsync).AllowAnyone().Named("posts#reply_history");
        app.MapGet("/posts/{id:int}/reply-ids", (HttpContext context, int id, CancellationToken cancellation) => RepliesAsync(context, id, false, cancellation)).AllowAnyone().Named("posts#reply_ids");
        app.MapGet("/posts/{id:int}/reply-ids/all", (HttpContext context, int id, CancellationToken cancellation) => RepliesAsync(context, id, true, cancellation)).AllowAnyone().Named("posts#all_reply_ids");
        app.MapPut("/posts/{id:int}/revisions/{number:int}/hide", (HttpContext context, int id, int number, CancellationToken cancellation) => ShowRevisionAsync(context, id, number, false, cancellation)).RequireLogin().Named("posts#hide_revision");
        app.MapPut("/posts/{id:int}/revisions/{number:int}/show", (HttpContext context, int id, int number, CancellationToken cancellation) => ShowRevisionAsync(context, id, number, true, cancellation)).RequireLogin().Named("posts#show_revision");
        app.MapGet("/posts/{username}/deleted", DeletedAsync).RequireStaff().Named("posts#deleted_posts");
        app.MapGet("/posts/{username}/pending", PendingAsync).RequireLogin().Named("posts#pending");
    }

    /// <summary>The posts that led to this one, the oldest first.</summary>
    static async Task<IResult> HistoryAsync(HttpContext context, int id, Parameters given, ForumDatabase database, PostStore posts, BaseUrl baseUrl, CancellationToken cancellation)
    {
        var (_, topic, viewer) = await PostsApi.FindAsync(context, id, cancellation);
        var most = Math.Clamp(given.Int("max_replies") ?? viewer.Settings.Int("max_reply_history"), 1, 50);
        var ids = await database.ListAsync("""
            WITH RECURSIVE up (topic_id, number, depth) AS (
                SELECT topic_id, reply_to_post_number, 1
                FROM posts
                WHERE id = $1
                UNION ALL
                SELECT p.topic_id, p.reply_to_post_number, up.depth + 1
                FROM up
                JOIN posts p ON p.topic_id = up.topic_id AND p.post_number = up.number
                WHERE up.depth < $2 AND p.reply_to_post_number < up.number
            )
            SELECT p.id
            FROM up
            JOIN posts p ON p.topic_id = up.topic_id AND p.post_number = up.number
            """, row => row.Int(0), [id, most], cancellation);
        var found = (await posts.ListAsync([.. ids], cancellation)).Where(post => PostPermissions.CanSee(viewer, topic, post)).OrderBy(post => post.PostNumber).ToList();
        var marks = await posts.MarksAsync(viewer.User.Id, [.. found.Select(post => post.Id)], cancellation);
        return Replies.Json(found.Select(post => (JsonNode?)PostJson.Of(post, topic, viewer, marks, baseUrl.Host, PostShape.Reply, withRaw: false)).ToJsonArray());
    }

    /// <summary>Replies and their replies with their depth. All of them, or only those that answer nothing else as well.</summary>
    static async Task<IResult> RepliesAsync(HttpContext context, int id, bool all, CancellationToken cancellation)
    {
        var (post, _, viewer) = await PostsApi.FindAsync(context, id, cancellation);
        var rows = await context.RequestServices.GetRequiredService<ForumDatabase>().ListAsync("""
            WITH RECURSIVE down (id, level) AS (
                SELECT $1::int, 0
                UNION
                SELECT r.reply_post_id, down.level + 1
                FROM down
                JOIN post_replies r ON r.post_id = down.id
                WHERE down.level < 200
            )
            SELECT p.id, min(down.level)
            FROM down
            JOIN posts p ON p.id = down.id
            WHERE down.level > 0 AND p.topic_id = $2 AND ($3 OR p.deleted_at IS NULL) AND ($4 OR p.post_type <> 4)
                AND ($5 OR (SELECT count(*) FROM post_replies r WHERE r.reply_post_id = p.id) = 1)
            GROUP BY p.id
            ORDER BY p.id
            LIMIT $6
            """, JsonNode? (row) => new JsonObject { ["id"] = row.Int(0), ["level"] = row.Int(1) },
            [id, post.TopicId, viewer.User.IsStaff, viewer.CanSeeWhispers, all, MostReplies], cancellation);
        return Replies.Json(rows.ToJsonArray());
    }

    static async Task<IResult> ShowRevisionAsync(HttpContext context, int id, int number, bool show, CancellationToken cancellation)
    {
        var (_, _, viewer) = await PostsApi.FindAsync(context, id, cancellation);
        if (!viewer.User.IsStaff)
            throw Refused.InvalidAccess();
        await using var sql = await context.RequestServices.GetRequiredService<ForumDatabase>().BeginAsync(cancellation);
        var known = await sql.ScalarAsync<bool>("SELECT EXISTS (SELECT FROM post_revisions WHERE post_id = $1 AND number = $2)", [id, number], cancellation);
        if (!known)
            throw Refused.NotFound();
        if (await sql.ExecuteAsync("UPDATE post_revisions SET hidden = $3 WHERE post_id = $1 AND number = $2 AND hidden <> $3", [id, number, !show], cancellation) > 0)
            await sql.ExecuteAsync("UPDATE posts SET public_version = greatest(1, public_version + $2) WHERE id = $1", [id, show ? 1 : -1], cancellation);
        await sql.CommitAsync(cancellation);
        return Results.StatusCode(200);
    }

    static async Task<IResult> DeletedAsync(HttpContext context, string username, Parameters given, ForumDatabase database, Viewers viewers, BaseUrl baseUrl, CancellationToken cancellation)
    {
        var viewer = await viewers.OfAsync(context, cancellation);
        var user = await UserLookup.GetAsync(database, username, viewer.User, cancellation);
        var rows = await database.ListAsync("""
            SELECT p.id, p.created_at, p.post_number, p.cooked, p.hidden, p.post_type, p.deleted_at, t.id, t.title, coalesce(t.slug, 'topic'), t.category_id,
                u.id, u.username, u.name, u.uploaded_avatar_id, d.id, d.username, d.name, d.uploaded_avatar_id
            FROM posts p
            JOIN topics t ON t.id = p.topic_id
            JOIN users u ON u.id = p.user_id
            LEFT JOIN users d ON d.id = p.deleted_by_id
            WHERE p.user_id = $1 AND p.deleted_at IS NOT NULL AND t.category_id = ANY($2)
            ORDER BY p.deleted_at DESC, p.id DESC
            LIMIT $3 OFFSET $4
            """, JsonNode? (row) =>
        {
            var (author, by) = (UserBrief.Read(row, 11), UserBrief.Read(row, 15));
            return new JsonObject
            {
                ["id"] = row.Int(0),
                ["post_id"] = row.Int(0),
                ["created_at"] = JsonParts.Time(row.Time(1)),
                ["post_number"] = row.Int(2),
                ["excerpt"] = Excerpt.Of(row.Text(3), 300),
                ["hidden"] = row.Bool(4),
                ["post_type"] = row.Int(5),
                ["deleted"] = true,
                ["deleted_at"] = JsonParts.Time(row.Time(6)),
                ["deleted_by"] = by.Id == 0 ? null : by.Json(baseUrl.Host),
                ["topic_id"] = row.Int(7),
                ["title"] = row.Text(8),
                ["slug"] = row.Text(9),
                ["category_id"] = row.IntOrNull(10),
                ["user_id"] = author.Id,
                ["username"] = author.Username,
                ["name"] = author.Name,
                ["avatar_template"] = Avatars.Template(author.Username, author.AvatarId, baseUrl.Host),
            };
        }, [user, viewer.VisibleCategories, Math.Clamp(given.Int("limit") ?? AtOnce, 1, AtOnce), Math.Max(0, given.Int("offset") ?? 0)], cancellation);
        return Replies.Json(rows.ToJsonArray());
    }

    /// <summary>What a member wrote that a moderator has not let out yet; for them and for staff.</summary>
    static async Task<IResult> PendingAsync(HttpContext context, string username, ForumDatabase database, Viewers viewers, BaseUrl baseUrl, CancellationToken cancellation)
    {
        var viewer = await viewers.OfAsync(context, cancellation);
        var user = await UserLookup.GetAsync(database, username, viewer.User, cancellation);
        if (user != viewer.User.Id && !viewer.User.IsStaff)
            throw Refused.NotFound();
        var author = (await UserBriefs.LoadAsync(database, [user], cancellation))[user];
        var waiting = await database.ListAsync($"""
            SELECT {Reviewable.Columns}
            FROM reviewables r
            WHERE r.type = $1 AND r.status = 0 AND coalesce(r.target_created_by_id, r.created_by_id) = $2
            ORDER BY r.created_at DESC
            LIMIT $3
            """, Reviewable.Read, [Reviewable.QueuedPost, user, AtOnce], cancellation);
        return Replies.Json(new JsonObject
        {
            ["pending_posts"] = waiting.Select(one => (JsonNode?)new JsonObject
            {
                ["id"] = one.Id,
                ["created_at"] = JsonParts.Time(one.CreatedAt),
                ["created_by_id"] = user,
                ["username"] = author.Username,
                ["name"] = author.Name,
                ["avatar_template"] = Avatars.Template(author.Username, author.AvatarId, baseUrl.Host),
                ["raw_text"] = one.PayloadText("raw"),
                ["title"] = one.PayloadText("title"),
                ["category_id"] = one.CategoryId,
                ["topic_id"] = one.TopicId,
                ["topic_url"] = one.TopicId is { } topic ? $"/t/{topic}" : null,
            }).ToJsonArray(),
        });
    }
}
