using System.Globalization;
using System.Text.Json.Nodes;
using Forum.Database;
using Forum.Markdown;
using Forum.Pages;
using Forum.Posts;
using Forum.Sessions;
using Forum.Topics;
using Forum.Viewing;
using Forum.Web;

namespace Forum.Bookmarks;

/// <summary>Bookmarks of posts and topics.</summary>
static class BookmarksApi
{
    const int MostPerUser = 2000;

    public static void MapBookmarks(this IEndpointRouteBuilder app)
    {
        app.MapPost("/bookmarks", CreateAsync).RequireLogin().Named("bookmarks#create");
        app.MapPut("/bookmarks/{id:long}", UpdateAsync).RequireLogin().Named("bookmarks#update");
        app.MapDelete("/bookmarks/{id:long}", DeleteAsync).RequireLogin().Named("bookmarks#destroy");
        app.MapPut("/bookmarks/{id:long}/toggle_pin", PinAsync).RequireLogin().Named("bookmarks#toggle_pin");
        app.MapPut("/t/{id:int}/bookmark", TopicAsync).RequireLogin().Named("topics#bookmark");
        app.MapPut("/t/{id:int}/remove_bookmarks", RemoveAsync).RequireLogin().Named("topics#remove_bookmarks");
        app.MapDelete("/posts/{id:int}/bookmark", RemovePostAsync).RequireLogin().Named("posts#destroy_bookmark");
        app.MapGet("/u/{username}/bookmarks", ListAsync).ShownBy<BookmarksView>("Bookmarks").RequireLogin().Named("users#bookmarks");
        app.MapGet("/users/{username}/bookmarks", ListAsync).RequireLogin().Named("users#bookmarks");
    }

    static async Task<Topic> TopicOfAsync(HttpContext context, string type, int id, CancellationToken cancellation)
    {
        var services = context.RequestServices;
        var viewer = await services.GetRequiredService<Viewers>().OfAsync(context, cancellation);
        var post = type == "Post" ? await services.GetRequiredService<PostStore>().FindAsync(id, cancellation) ?? throw Refused.NotFound() : null;
        var topic = await services.GetRequiredService<TopicStore>().FindAsync(post?.TopicId ?? id, viewer.User.Id, cancellation) ?? throw Refused.NotFound();
        return (post is null ? TopicPermissions.CanSee(viewer, topic) : PostPermissions.CanSee(viewer, topic, post)) ? topic : throw Refused.NotFound();
    }

    static DateTime? Reminder(Parameters given, DateTime now)
    {
        if (given.Text("reminder_at") is not { Length: > 0 } text)
            return null;
        if (!DateTime.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal | DateTimeStyles.AssumeUniversal, out var at))
            throw Refused.InvalidParameters("reminder_at");
        return at < now ? throw Refused.Invalid("Reminder at must be in the future") : at;
    }

    static async Task<long> AddAsync(HttpContext context, CurrentUser user, string type, int id, Parameters given, ForumDatabase database, TimeProvider time, CancellationToken cancellation)
    {
        var topic = await TopicOfAsync(context, type, id, cancellation);
        var now = time.GetUtcNow().UtcDateTime;
        if (given.Text("name") is { Length: > 100 })
            throw Refused.Invalid("Name is too long (maximum is 100 characters)");
        await using var sql = await database.BeginAsync(cancellation);
        var (count, exists) = await sql.FindAsync("""
            SELECT count(*)::int, count(*) FILTER (WHERE bookmarkable_type = $2 AND bookmarkable_id = $3) > 0
            FROM bookmarks
            WHERE user_id = $1
            """, row => (row.Int(0), row.Bool(1)), [(long)user.Id, type, id], cancellation);
        if (exists)
            throw new RefusedException(400, null, "You already bookmarked this.");
        if (count >= MostPerUser)
            throw new RefusedException(400, null, $"You can have at most {MostPerUser} bookmarks.");
        var made = await sql.ScalarAsync<long>("""
            INSERT INTO bookmarks (user_id, bookmarkable_type, bookmarkable_id, name, reminder_at, reminder_set_at, auto_delete_preference, created_at, updated_at)
            VALUES ($1, $2, $3, $4, $5, CASE WHEN $5::timestamp IS NOT NULL THEN $7::timestamp END, $6, $7, $7)
            RETURNING id
            """, [(long)user.Id, type, id, given.Text("name"), Reminder(given, now), given.Int("auto_delete_preference") ?? 3, now], cancellation);
        await BookmarkCounts.RefreshAsync(sql, user.Id, topic.Id, type == "Post" ? id : 0, now, cancellation);
        await sql.CommitAsync(cancellation);
        return made;
    }

    static async Task<IResult> CreateAsync(HttpContext context, CurrentUser user, Parameters given, ForumDatabase database, TimeProvider time, CancellationToken cancellation)
    {
        var type = given.Text("bookmarkable_type") ?? (given.Has("post_id") ? "Post" : "");
        if (type is not ("Post" or "Topic"))
            throw Refused.InvalidParameters("bookmarkable_type");
        var id = await AddAsync(context, user, type, given.Int("bookmarkable_id") ?? given.RequiredInt("post_id"), given, database, time, cancellation);
        return Replies.Json(new JsonObject { ["success"] = "OK", ["id"] = id });
    }

    static async Task<IResult> TopicAsync(HttpContext context, CurrentUser user, int id, Parameters given, ForumDatabase database, TimeProvider time, CancellationToken cancellation)
    {
        await AddAsync(context, user, "Topic", id, given, database, time, cancellation);
        return JsonParts.Empty();
    }

    static async Task<(string Type, int Target)> OwnAsync(ForumDatabase database, long id, int userId, CancellationToken cancellation)
    {
        var (type, target, owner) = await database.FindAsync("SELECT bookmarkable_type, bookmarkable_id, user_id FROM bookmarks WHERE id = $1",
            row => (row.Text(0), row.Int(1), row.Long(2)), [id], cancellation);
        return type is null ? throw Refused.NotFound() : owner != userId ? throw Refused.InvalidAccess() : (type, target);
    }

    static async Task<IResult> UpdateAsync(CurrentUser user, long id, Parameters given, ForumDatabase database, TimeProvider time, CancellationToken cancellation)
    {
        await OwnAsync(database, id, user.Id, cancellation);
        var now = time.GetUtcNow().UtcDateTime;
        await database.ExecuteAsync("""
            UPDATE bookmarks
            SET name = $2, reminder_at = $3, reminder_set_at = CASE WHEN $3::timestamp IS NOT NULL THEN $5::timestamp END, reminder_last_sent_at = NULL, auto_delete_preference = coalesce($4, auto_delete_preference), updated_at = $5
            WHERE id = $1
            """, [id, given.Text("name"), Reminder(given, now), given.Int("auto_delete_preference"), now], cancellation);
        return Replies.Success();
    }

    static async Task<IResult> DeleteAsync(CurrentUser user, long id, ForumDatabase database, PostStore posts, TimeProvider time, CancellationToken cancellation)
    {
        var (type, target) = await OwnAsync(database, id, user.Id, cancellation);
        await database.ExecuteAsync("DELETE FROM bookmarks WHERE id = $1", [id], cancellation);
        var topic = type == "Topic" ? target : (await posts.FindAsync(target, cancellation))?.TopicId ?? 0;
        await BookmarkCounts.RefreshAsync(database, user.Id, topic, type == "Post" ? target : 0, time.GetUtcNow().UtcDateTime, cancellation);
        var still = await database.ScalarAsync<bool>("SELECT bookmarked FROM topic_users WHERE user_id = $1 AND topic_id = $2", [user.Id, topic], cancellation);
        return Replies.Json(new JsonObject { ["success"] = "OK", ["topic_bookmarked"] = still });
    }

    static async Task<IResult> PinAsync(CurrentUser user, long id, ForumDatabase database, CancellationToken cancellation)
    {
        await OwnAsync(database, id, user.Id, cancellation);
        await database.ExecuteAsync("UPDATE bookmarks SET pinned = NOT coalesce(pinned, false) WHERE id = $1", [id], cancellation);
        return Replies.Success();
    }

    static async Task<IResult> RemoveAsync(CurrentUser user, int id, ForumDatabase database, CancellationToken cancellation)
    {
        await database.ExecuteAsync("""
            DELETE FROM bookmarks
            WHERE user_id = $1 AND ((bookmarkable_type = 'Topic' AND bookmarkable_id = $2)
                OR (bookmarkable_type = 'Post' AND bookmarkable_id IN (SELECT id FROM posts WHERE topic_id = $2)))
            """, [(long)user.Id, id], cancellation);
        await database.ExecuteAsync("UPDATE topic_users SET bookmarked = false WHERE user_id = $1 AND topic_id = $2", [user.Id, id], cancellation);
        return JsonParts.Empty();
    }

    static async Task<IResult> RemovePostAsync(CurrentUser user, int id, ForumDatabase database, PostStore posts, TimeProvider time, CancellationToken cancellation)
    {
        var removed = await database.ExecuteAsync("DELETE FROM bookmarks WHERE user_id = $1 AND bookmarkable_type = 'Post' AND bookmarkable_id = $2", [(long)user.Id, id], cancellation);
        if (removed == 0)
            throw Refused.NotFound();
        var topic = (await posts.FindAsync(id, cancellation))?.TopicId ?? 0;
        await BookmarkCounts.RefreshAsync(database, user.Id, topic, id, time.GetUtcNow().UtcDateTime, cancellation);
        return Replies.Json(new JsonObject { ["success"] = "OK", ["topic_bookmarked"] = false });
    }

    static async Task<IResult> ListAsync(string username, Parameters given, CurrentUser user, ForumDatabase database, BaseUrl baseUrl, CancellationToken cancellation)
    {
        if (!user.Username.Equals(username, StringComparison.OrdinalIgnoreCase) && !user.IsAdmin)
            throw Refused.InvalidAccess();
        var page = Math.Max(0, given.Int("page") ?? 0);
        var rows = await database.ListAsync("""
            SELECT b.id, b.name, b.reminder_at, b.created_at, b.updated_at, b.bookmarkable_type, b.bookmarkable_id, coalesce(b.pinned, false), t.id, t.title, coalesce(t.fancy_title, t.title),
                coalesce(t.slug, 'topic'), t.category_id, t.closed, t.archived, t.archetype, t.highest_post_number, t.bumped_at, coalesce(p.post_number, 1), p.cooked,
                u.id, u.username, u.name, u.uploaded_avatar_id
            FROM bookmarks b
            LEFT JOIN posts bp ON b.bookmarkable_type = 'Post' AND bp.id = b.bookmarkable_id
            JOIN topics t ON t.id = coalesce(bp.topic_id, CASE WHEN b.bookmarkable_type = 'Topic' THEN b.bookmarkable_id END)
            JOIN posts p ON p.id = coalesce(bp.id, (SELECT f.id FROM posts f WHERE f.topic_id = t.id AND f.post_number = 1))
            LEFT JOIN users u ON u.id = p.user_id
            WHERE b.user_id = (SELECT id FROM users WHERE username_lower = lower($1)) AND t.deleted_at IS NULL AND p.deleted_at IS NULL
                AND ($4::text IS NULL OR t.title ILIKE '%' || $4 || '%' OR b.name ILIKE '%' || $4 || '%')
            ORDER BY coalesce(b.pinned, false) DESC, b.updated_at DESC
            LIMIT $2 OFFSET $3
            """, row => (JsonNode?)new JsonObject
        {
            ["id"] = row.Long(0),
            ["created_at"] = JsonParts.Time(row.Time(3)),
            ["updated_at"] = JsonParts.Time(row.Time(4)),
            ["name"] = row.TextOrNull(1),
            ["reminder_at"] = JsonParts.Time(row.TimeOrNull(2)),
            ["pinned"] = row.Bool(7),
            ["title"] = row.Text(9),
            ["fancy_title"] = row.Text(10),
            ["excerpt"] = Excerpt.Of(row.Text(19), 300),
            ["bookmarkable_id"] = row.Int(6),
            ["bookmarkable_type"] = row.Text(5),
            ["bookmarkable_url"] = $"{baseUrl.Value}/t/{row.Text(11)}/{row.Int(8)}/{row.Int(18)}",
            ["topic_id"] = row.Int(8),
            ["linked_post_number"] = row.Int(18),
            ["deleted"] = false,
            ["hidden"] = false,
            ["category_id"] = row.IntOrNull(12),
            ["closed"] = row.Bool(13),
            ["archived"] = row.Bool(14),
            ["archetype"] = row.Text(15),
            ["highest_post_number"] = row.Int(16),
            ["bumped_at"] = JsonParts.Time(row.Time(17)),
            ["slug"] = row.Text(11),
            ["user"] = UserBrief.Read(row, 20).Json(baseUrl.Host),
        }, [username, 21, page * 20, given.Text("q")], cancellation);
        if (rows.Count == 0)
            return Replies.Json(new JsonObject { ["bookmarks"] = new JsonArray() });
        return Replies.Json(new JsonObject
        {
            ["user_bookmark_list"] = new JsonObject
            {
                ["more_bookmarks_url"] = rows.Count > 20 ? $"/u/{username}/bookmarks.json?page={page + 1}" : null,
                ["bookmarks"] = rows.Take(20).ToJsonArray(),
            },
        });
    }
}
