using Forum.Database;
using Forum.Jobs;
using Forum.Settings;

namespace Forum.Lists;

/// <summary>How hot topics are: what they were liked and who wrote in them lately, less with every hour.</summary>
/// <remarks>Source: the schema reference on topic_hot_scores, for the formula.</remarks>
sealed class HotTopics(ForumDatabase database, SiteSettings settings, TimeProvider time) : IScheduledJob
{
    const int MostTopics = 1000;

    public string Name => "update_topic_hot_scores";

    public TimeSpan Every => TimeSpan.FromMinutes(10);

    public async Task RunAsync(CancellationToken cancellation)
    {
        var now = time.GetUtcNow().UtcDateTime;
        var days = settings.Int("hot_topics_recent_days");
        await using var sql = await database.BeginAsync(cancellation);
        await sql.ExecuteAsync("""
            DELETE FROM topic_hot_scores h
            WHERE NOT EXISTS (SELECT FROM topics t WHERE t.id = h.topic_id AND t.deleted_at IS NULL AND t.visible AND t.archetype <> 'private_message')
            """, [], cancellation);
        await sql.ExecuteAsync("""
            WITH active AS (
                SELECT t.id, t.created_at, t.like_count FROM topics t
                WHERE t.deleted_at IS NULL AND t.visible AND t.archetype <> 'private_message' AND t.bumped_at > $2
                ORDER BY t.bumped_at DESC LIMIT $4
            ), cooling AS (
                SELECT t.id, t.created_at, t.like_count FROM topic_hot_scores h JOIN topics t ON t.id = h.topic_id
                WHERE t.id NOT IN (SELECT id FROM active) ORDER BY h.score DESC LIMIT $4
            ), recent AS (
                SELECT p.topic_id, count(DISTINCT p.user_id) AS posters, min(p.created_at) AS first_at
                FROM posts p JOIN active a ON a.id = p.topic_id
                WHERE p.created_at > $2 AND p.deleted_at IS NULL AND p.post_type = 1 GROUP BY p.topic_id
            ), liked AS (
                SELECT p.topic_id, count(*) AS likes
                FROM post_actions l JOIN posts p ON p.id = l.post_id AND p.deleted_at IS NULL JOIN active a ON a.id = p.topic_id
                WHERE l.post_action_type_id = 2 AND l.deleted_at IS NULL AND l.created_at > $2 GROUP BY p.topic_id
            ), counted AS (
                SELECT x.id, coalesce(l.likes, 0) AS likes, coalesce(r.posters, 0) AS posters, r.first_at,
                    (CASE WHEN x.created_at > $2 THEN coalesce(l.likes, 0) ELSE x.like_count END)
                        / power(greatest(extract(epoch FROM $1 - x.created_at) / 3600, 0)::float8 + 2, $3)
                    + CASE WHEN r.first_at IS NULL THEN 0 ELSE (coalesce(l.likes, 0) + r.posters - 1) / power(greatest(extract(epoch FROM $1 - r.first_at) / 3600, 0)::float8 + 2, $3) END AS score
                FROM (SELECT * FROM active UNION ALL SELECT * FROM cooling) x
                LEFT JOIN recent r ON r.topic_id = x.id
                LEFT JOIN liked l ON l.topic_id = x.id
            )
            INSERT INTO topic_hot_scores (topic_id, score, recent_likes, recent_posters, recent_first_bumped_at, created_at, updated_at)
            SELECT id, score, likes, posters, first_at, $1, $1 FROM counted
            ON CONFLICT (topic_id) DO UPDATE
            SET score = EXCLUDED.score, recent_likes = EXCLUDED.recent_likes, recent_posters = EXCLUDED.recent_posters, recent_first_bumped_at = EXCLUDED.recent_first_bumped_at, updated_at = $1
            """, [now, now.AddDays(-days), settings.Number("hot_topics_gravity"), MostTopics], cancellation);
        await sql.CommitAsync(cancellation);
    }
}
