using System.Globalization;
using System.Text.Json.Nodes;
using Forum.Database;
using Forum.Topics;
using Forum.Viewing;
using Forum.Web;

namespace Forum.Reading;

/// <summary>How long a member looked at which posts: what is read, what is unread, who read what.</summary>
static class TimingsApi
{
    const int LongestMilliseconds = 6 * 60 * 1000;

    public static void MapTimings(this IEndpointRouteBuilder app)
    {
        app.MapPost("/topics/timings", AddAsync).RequireLogin().Named("topics#timings");
        app.MapDelete("/t/{id:int}/timings", DeleteAsync).RequireLogin().Named("topics#destroy_timings");
    }

    static async Task<IResult> AddAsync(HttpContext context, Parameters given, Viewers viewers, TopicStore topics, ForumDatabase database, CancellationToken cancellation)
    {
        var viewer = await viewers.OfAsync(context, cancellation);
        var id = given.RequiredInt("topic_id");
        var topic = await topics.FindAsync(id, viewer.User.Id, cancellation);
        if (topic is null || !TopicPermissions.CanSee(viewer, topic))
            throw Refused.NotFound();
        var timings = (given.Node("timings") as JsonObject ?? []).Select(pair => (
                Number: int.TryParse(pair.Key, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0,
                Msecs: int.TryParse(pair.Value?.ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out var msecs) ? Math.Min(msecs, LongestMilliseconds) : 0))
            .Where(pair => pair.Number > 0 && pair.Number <= Math.Max(topic.HighestPostNumber, topic.HighestStaffPostNumber) && pair.Msecs > 0).Take(200).ToArray();
        if (timings.Length == 0)
            return JsonParts.Empty();
        var total = Math.Clamp(given.Int("topic_time") ?? timings.Sum(pair => pair.Msecs), 0, LongestMilliseconds);
        var numbers = timings.Select(pair => pair.Number).ToArray();
        await using var sql = await database.BeginAsync(cancellation);
        var read = await sql.ScalarAsync<int>("""
            WITH given AS (
                SELECT g.number, g.msecs FROM unnest($3::int[], $4::int[]) AS g (number, msecs)
                JOIN posts p ON p.topic_id = $1 AND p.post_number = g.number
            ), added AS (
                INSERT INTO post_timings (topic_id, post_number, user_id, msecs)
                SELECT $1, number, $2, msecs FROM given
                ON CONFLICT (topic_id, post_number, user_id) DO UPDATE SET msecs = post_timings.msecs + EXCLUDED.msecs
                RETURNING post_number, xmax = 0 AS fresh
            ), counted AS (
                UPDATE posts p
                SET reads = reads + 1, score = reply_count * 5 + like_score * 15 + incoming_link_count * 5 + bookmark_count * 2 + (reads + 1) * 0.2
                WHERE p.topic_id = $1 AND p.post_number IN (SELECT post_number FROM added WHERE fresh) AND p.user_id IS DISTINCT FROM $2
            )
            SELECT count(*) FILTER (WHERE fresh)::int FROM added
            """, [id, viewer.User.Id, numbers, timings.Select(pair => pair.Msecs).ToArray()], cancellation);
        await sql.ExecuteAsync("""
            INSERT INTO topic_users (user_id, topic_id, notification_level, last_read_post_number, last_visited_at, first_visited_at, total_msecs_viewed)
            VALUES ($1, $2, 1, $3, $4, $4, $5)
            ON CONFLICT (user_id, topic_id) DO UPDATE
            SET last_read_post_number = greatest(topic_users.last_read_post_number, $3), last_visited_at = $4, total_msecs_viewed = topic_users.total_msecs_viewed + $5,
                first_visited_at = coalesce(topic_users.first_visited_at, $4)
            """, [viewer.User.Id, id, numbers.Max(), viewer.Now, total], cancellation);
        await FollowAsync(sql, viewer, id, cancellation);
        await sql.ExecuteAsync("""
            UPDATE topic_users tu
            SET notification_level = 2, notifications_reason_id = 3, notifications_changed_at = $3
            FROM user_options o
            WHERE o.user_id = $1 AND tu.user_id = $1 AND tu.topic_id = $2 AND tu.notification_level = 1 AND tu.notifications_reason_id IS DISTINCT FROM 2
                AND coalesce(o.auto_track_topics_after_msecs, 300000) >= 0 AND tu.total_msecs_viewed >= coalesce(o.auto_track_topics_after_msecs, 300000)
            """, [viewer.User.Id, id, viewer.Now], cancellation);
        await sql.ExecuteAsync("UPDATE user_stats SET posts_read_count = posts_read_count + $2, time_read = time_read + $3 WHERE user_id = $1", [viewer.User.Id, read, total / 1000], cancellation);
        await sql.ExecuteAsync("""
            INSERT INTO user_visits (user_id, visited_at, posts_read, time_read)
            VALUES ($1, $2::date, $3, $4)
            ON CONFLICT (user_id, visited_at) DO UPDATE SET posts_read = coalesce(user_visits.posts_read, 0) + $3, time_read = user_visits.time_read + $4
            """, [viewer.User.Id, viewer.Now, read, total / 1000], cancellation);
        await sql.ExecuteAsync("UPDATE notifications SET read = true WHERE user_id = $1 AND topic_id = $2 AND post_number = ANY($3) AND NOT read", [viewer.User.Id, id, numbers], cancellation);
        await sql.CommitAsync(cancellation);
        if (viewer.User.TrustLevel < 2)
            await context.RequestServices.GetRequiredService<TrustLevels.Promotion>().ReviewAsync(viewer.User.Id, cancellation);
        return JsonParts.Empty();
    }

    /// <summary>Who watches or tracks a category or a tag does so with its topics that they open, unless they chose otherwise. Reasons: 6 and 8 by category, 10 and 12 by tag.</summary>
    static Task<int> FollowAsync(SqlSession sql, Viewer viewer, int topicId, CancellationToken cancellation) => sql.ExecuteAsync("""
        UPDATE topic_users tu
        SET notification_level = f.level, notifications_reason_id = f.reason, notifications_changed_at = $3
        FROM (
            SELECT cu.notification_level AS level, CASE cu.notification_level WHEN 3 THEN 6 ELSE 8 END AS reason
            FROM category_users cu
            JOIN topics t ON t.category_id = cu.category_id
            WHERE t.id = $2 AND cu.user_id = $1 AND cu.notification_level IN (2, 3)
            UNION ALL
            SELECT g.notification_level, CASE g.notification_level WHEN 3 THEN 10 ELSE 12 END
            FROM tag_users g
            JOIN topic_tags tt ON tt.tag_id = g.tag_id
            WHERE tt.topic_id = $2 AND g.user_id = $1 AND g.notification_level IN (2, 3)
            ORDER BY 1 DESC
            LIMIT 1
        ) f
        WHERE tu.user_id = $1 AND tu.topic_id = $2 AND tu.notification_level = 1 AND tu.notifications_reason_id IS NULL
        """, [viewer.User.Id, topicId, viewer.Now], cancellation);

    static async Task<IResult> DeleteAsync(HttpContext context, int id, Parameters given, Viewers viewers, ForumDatabase database, CancellationToken cancellation)
    {
        var viewer = await viewers.OfAsync(context, cancellation);
        var last = given.Text("last") == "1";
        await database.ExecuteAsync("""
            DELETE FROM post_timings
            WHERE user_id = $1 AND topic_id = $2 AND (NOT $3 OR post_number = (SELECT max(post_number) FROM posts WHERE topic_id = $2 AND deleted_at IS NULL))
            """, [viewer.User.Id, id, last], cancellation);
        await database.ExecuteAsync("""
            UPDATE topic_users
            SET last_read_post_number = (SELECT max(post_number) FROM post_timings WHERE user_id = $1 AND topic_id = $2)
            WHERE user_id = $1 AND topic_id = $2
            """, [viewer.User.Id, id], cancellation);
        return JsonParts.Empty();
    }
}
