using Forum.Database;
using Forum.Topics;
using Forum.Viewing;
using Forum.Web;

namespace Forum.Reading;

/// <summary>Counts who looks at topics: a member once a day, an address once in some hours.</summary>
sealed class TopicViews(ForumDatabase database)
{
    public async Task CountAsync(Topic topic, Viewer viewer, HttpContext context, CancellationToken cancellation)
    {
        // As upstream: a page counts when it is a browser's, an answer to a script when the script says that it shows the topic.
        if (context.WantsJson() && context.Request.Headers["Discourse-Track-View"] != "true" && !context.Request.Query.ContainsKey("track_visit"))
            return;
        var user = viewer.User.IsAnonymous ? (int?)null : viewer.User.Id;
        await database.ExecuteAsync("""
            WITH seen AS (
                INSERT INTO topic_views (topic_id, viewed_at, user_id, ip_address)
                SELECT $1, $2::date, $3::int, CASE WHEN $3::int IS NULL THEN $4::inet END
                WHERE NOT EXISTS (SELECT FROM topic_views v WHERE v.topic_id = $1
                    AND CASE WHEN $3::int IS NULL THEN v.ip_address = $4::inet AND v.user_id IS NULL AND v.viewed_at = $2::date ELSE v.user_id = $3 AND v.viewed_at = $2::date END)
                ON CONFLICT DO NOTHING
                RETURNING topic_id
            )
            UPDATE topics
            SET views = views + 1
            WHERE id IN (SELECT topic_id FROM seen)
            """, [topic.Id, viewer.Now, user, context.ClientIp()], cancellation);
        if (user is not null && topic.Mine is null)
        {
            await database.ExecuteAsync("""
                WITH entered AS (
                    INSERT INTO topic_users (user_id, topic_id, notification_level, first_visited_at, last_visited_at)
                    VALUES ($1, $2, 1, $3, $3)
                    ON CONFLICT DO NOTHING
                    RETURNING user_id
                )
                UPDATE user_stats SET topics_entered = topics_entered + 1 WHERE user_id IN (SELECT user_id FROM entered)
                """, [viewer.User.Id, topic.Id, viewer.Now], cancellation);
        }
    }
}
