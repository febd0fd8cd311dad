using Forum.Database;
using Forum.Jobs;
using Forum.Settings;

namespace Forum.Lists;

/// <summary>Counts what happened in each topic in a period, and the score by which /top puts them in order.</summary>
/// <remarks>Source: the schema reference on top_topics, for the formula.</remarks>
sealed class TopTopics(ForumDatabase database, SiteSettings settings, TimeProvider time, string name, TimeSpan every, bool isDaily) : IScheduledJob
{
    public string Name => name;

    public TimeSpan Every => every;

    public static IEnumerable<TopTopics> All(ForumDatabase database, SiteSettings settings, TimeProvider time) =>
    [
        new(database, settings, time, "top_refresh_today", TimeSpan.FromHours(1), true),
        new(database, settings, time, "top_refresh_older", TimeSpan.FromDays(1), false),
    ];

    public async Task RunAsync(CancellationToken cancellation)
    {
        var now = time.GetUtcNow().UtcDateTime;
        await using var sql = await database.BeginAsync(cancellation);
        await sql.ExecuteAsync("""
            INSERT INTO top_topics (topic_id)
            SELECT t.id FROM topics t
            WHERE t.deleted_at IS NULL AND t.visible AND t.archetype <> 'private_message' AND NOT t.archived AND t.user_id IS NOT NULL
                AND NOT EXISTS (SELECT FROM categories c WHERE c.topic_id = t.id)
            ON CONFLICT DO NOTHING
            """, [], cancellation);
        await sql.ExecuteAsync("""
            DELETE FROM top_topics x
            WHERE NOT EXISTS (SELECT FROM topics t WHERE t.id = x.topic_id AND t.deleted_at IS NULL AND t.visible AND t.archetype <> 'private_message')
            """, [], cancellation);
        await CountAsync(sql, now, cancellation);
        await ScoreAsync(sql, now, cancellation);
        await sql.CommitAsync(cancellation);
    }

    /// <summary>Views, posts, likes and likes of the first post, of every period in one pass over the longest.</summary>
    Task<int> CountAsync(SqlSession sql, DateTime now, CancellationToken cancellation) => sql.ExecuteAsync("""
        WITH posts_of AS (
            SELECT p.topic_id, count(*) FILTER (WHERE p.created_at >= $1 - interval '1 day') AS d, count(*) FILTER (WHERE p.created_at >= $1 - interval '7 days') AS w,
                count(*) FILTER (WHERE p.created_at >= $1 - interval '1 month') AS m, count(*) FILTER (WHERE p.created_at >= $1 - interval '3 months') AS q, count(*) AS y
            FROM posts p WHERE p.created_at >= $2 AND p.deleted_at IS NULL AND NOT p.hidden AND p.post_type = 1 AND p.user_id <> -1 GROUP BY p.topic_id
        ), views_of AS (
            SELECT v.topic_id, count(*) FILTER (WHERE v.viewed_at >= ($1 - interval '1 day')::date) AS d, count(*) FILTER (WHERE v.viewed_at >= ($1 - interval '7 days')::date) AS w,
                count(*) FILTER (WHERE v.viewed_at >= ($1 - interval '1 month')::date) AS m, count(*) FILTER (WHERE v.viewed_at >= ($1 - interval '3 months')::date) AS q, count(*) AS y
            FROM topic_views v WHERE v.viewed_at >= $2::date GROUP BY v.topic_id
        ), likes_of AS (
            SELECT p.topic_id, count(*) FILTER (WHERE a.created_at >= $1 - interval '1 day') AS d, count(*) FILTER (WHERE a.created_at >= $1 - interval '7 days') AS w,
                count(*) FILTER (WHERE a.created_at >= $1 - interval '1 month') AS m, count(*) FILTER (WHERE a.created_at >= $1 - interval '3 months') AS q, count(*) AS y,
                count(*) FILTER (WHERE p.post_number = 1 AND a.created_at >= $1 - interval '1 day') AS od, count(*) FILTER (WHERE p.post_number = 1 AND a.created_at >= $1 - interval '7 days') AS ow,
                count(*) FILTER (WHERE p.post_number = 1 AND a.created_at >= $1 - interval '1 month') AS om,
                count(*) FILTER (WHERE p.post_number = 1 AND a.created_at >= $1 - interval '3 months') AS oq, count(*) FILTER (WHERE p.post_number = 1) AS oy
            FROM post_actions a JOIN posts p ON p.id = a.post_id AND p.deleted_at IS NULL AND NOT p.hidden AND p.post_type = 1
            WHERE a.created_at >= $2 AND a.deleted_at IS NULL AND a.post_action_type_id = 2 GROUP BY p.topic_id
        )
        UPDATE top_topics x
        SET daily_posts_count = coalesce(p.d, 0), daily_views_count = coalesce(v.d, 0), daily_likes_count = coalesce(l.d, 0), daily_op_likes_count = coalesce(l.od, 0),
            weekly_posts_count = CASE WHEN $3 THEN x.weekly_posts_count ELSE coalesce(p.w, 0) END, weekly_views_count = CASE WHEN $3 THEN x.weekly_views_count ELSE coalesce(v.w, 0) END,
            weekly_likes_count = CASE WHEN $3 THEN x.weekly_likes_count ELSE coalesce(l.w, 0) END, weekly_op_likes_count = CASE WHEN $3 THEN x.weekly_op_likes_count ELSE coalesce(l.ow, 0) END,
            monthly_posts_count = CASE WHEN $3 THEN x.monthly_posts_count ELSE coalesce(p.m, 0) END, monthly_views_count = CASE WHEN $3 THEN x.monthly_views_count ELSE coalesce(v.m, 0) END,
            monthly_likes_count = CASE WHEN $3 THEN x.monthly_likes_count ELSE coalesce(l.m, 0) END, monthly_op_likes_count = CASE WHEN $3 THEN x.monthly_op_likes_count ELSE coalesce(l.om, 0) END,
            quarterly_posts_count = CASE WHEN $3 THEN x.quarterly_posts_count ELSE coalesce(p.q, 0) END, quarterly_views_count = CASE WHEN $3 THEN x.quarterly_views_count ELSE coalesce(v.q, 0) END,
            quarterly_likes_count = CASE WHEN $3 THEN x.quarterly_likes_count ELSE coalesce(l.q, 0) END, quarterly_op_likes_count = CASE WHEN $3 THEN x.quarterly_op_likes_count ELSE coalesce(l.oq, 0) END,
            yearly_posts_count = CASE WHEN $3 THEN x.yearly_posts_count ELSE coalesce(p.y, 0) END, yearly_views_count = CASE WHEN $3 THEN x.yearly_views_count ELSE coalesce(v.y, 0) END,
            yearly_likes_count = CASE WHEN $3 THEN x.yearly_likes_count ELSE coalesce(l.y, 0) END, yearly_op_likes_count = CASE WHEN $3 THEN x.yearly_op_likes_count ELSE coalesce(l.oy, 0) END
        FROM top_topics o
        LEFT JOIN posts_of p ON p.topic_id = o.topic_id
        LEFT JOIN views_of v ON v.topic_id = o.topic_id
        LEFT JOIN likes_of l ON l.topic_id = o.topic_id
        WHERE x.id = o.id AND (NOT $3 OR p.topic_id IS NOT NULL OR v.topic_id IS NOT NULL OR l.topic_id IS NOT NULL
            OR o.daily_posts_count + o.daily_views_count + o.daily_likes_count > 0)
        """, [now, isDaily ? now.AddDays(-1) : now.AddYears(-1), isDaily], cancellation);

    /// <summary>A period in which nothing was written, or at whose beginning the topic was not there, gives no score.</summary>
    Task<int> ScoreAsync(SqlSession sql, DateTime now, CancellationToken cancellation) => sql.ExecuteAsync("""
        UPDATE top_topics x
        SET daily_score = s.daily, weekly_score = CASE WHEN $5 THEN x.weekly_score ELSE s.weekly END, monthly_score = CASE WHEN $5 THEN x.monthly_score ELSE s.monthly END,
            quarterly_score = CASE WHEN $5 THEN x.quarterly_score ELSE s.quarterly END, yearly_score = CASE WHEN $5 THEN x.yearly_score ELSE s.yearly END,
            all_score = CASE WHEN $5 THEN x.all_score ELSE s.all_time END
        FROM (
            SELECT o.id,
                max(k.score) FILTER (WHERE k.period = 1) AS daily, max(k.score) FILTER (WHERE k.period = 2) AS weekly, max(k.score) FILTER (WHERE k.period = 3) AS monthly,
                max(k.score) FILTER (WHERE k.period = 4) AS quarterly, max(k.score) FILTER (WHERE k.period = 5) AS yearly, max(k.score) FILTER (WHERE k.period = 6) AS all_time
            FROM top_topics o
            JOIN topics t ON t.id = o.topic_id AND (NOT $5 OR t.created_at >= $1 - interval '1 day' OR o.daily_score <> 0
                OR o.daily_posts_count + o.daily_views_count + o.daily_likes_count > 0)
            LEFT JOIN posts op ON op.topic_id = t.id AND op.post_number = 1
            CROSS JOIN LATERAL (
                SELECT c.period, CASE WHEN t.created_at < c.since AND c.posts = 0 AND c.period < 6 THEN 0
                    ELSE $2 * log(greatest(c.views, 1)) + $3 * c.op_likes + CASE WHEN c.likes > 0 AND c.posts > 0 THEN least(c.likes::float8 / c.posts, $4) ELSE 0 END
                        + CASE WHEN t.posts_count < 10 THEN 0 - ((10 - t.posts_count) / 20.0) * c.op_likes ELSE 10 END + log(greatest(c.posts, 1)) END AS score
                FROM (VALUES
                    (1, o.daily_views_count, o.daily_posts_count, o.daily_likes_count, o.daily_op_likes_count, $1 - interval '1 day'),
                    (2, o.weekly_views_count, o.weekly_posts_count, o.weekly_likes_count, o.weekly_op_likes_count, $1 - interval '7 days'),
                    (3, o.monthly_views_count, o.monthly_posts_count, o.monthly_likes_count, o.monthly_op_likes_count, $1 - interval '1 month'),
                    (4, o.quarterly_views_count, o.quarterly_posts_count, o.quarterly_likes_count, o.quarterly_op_likes_count, $1 - interval '3 months'),
                    (5, o.yearly_views_count, o.yearly_posts_count, o.yearly_likes_count, o.yearly_op_likes_count, $1 - interval '1 year'),
                    (6, t.views, t.posts_count, t.like_count, coalesce(op.like_count, 0), $1)
                ) AS c (period, views, posts, likes, op_likes, since)
            ) k
            GROUP BY o.id
        ) s
        WHERE s.id = x.id AND (x.daily_score IS DISTINCT FROM s.daily OR NOT $5 AND (x.weekly_score, x.monthly_score, x.quarterly_score, x.yearly_score, x.all_score)
            IS DISTINCT FROM (s.weekly, s.monthly, s.quarterly, s.yearly, s.all_time))
        """,
        [
            now, settings.Number("top_topics_formula_log_views_multiplier"), settings.Number("top_topics_formula_first_post_likes_multiplier"),
            settings.Number("top_topics_formula_least_likes_per_post_multiplier"), isDaily,
        ], cancellation);
}
