using Forum.Database;
using Forum.Jobs;

namespace Forum.Categories;

/// <summary>What categories keep about their topics: counts of a day, a week, a month and a year, and the topics they show first.</summary>
sealed class CategoryStats(ForumDatabase database, TimeProvider time) : IScheduledJob
{
    public string Name => "category_stats";

    public TimeSpan Every => TimeSpan.FromHours(1);

    public async Task RunAsync(CancellationToken cancellation)
    {
        var now = time.GetUtcNow().UtcDateTime;
        await using var sql = await database.BeginAsync(cancellation);
        await sql.ExecuteAsync("""
            WITH topics_of AS (
                SELECT t.category_id, count(*) AS topics, count(*) FILTER (WHERE t.created_at > $1 - interval '1 day') AS d, count(*) FILTER (WHERE t.created_at > $1 - interval '7 days') AS w,
                    count(*) FILTER (WHERE t.created_at > $1 - interval '1 month') AS m, count(*) FILTER (WHERE t.created_at > $1 - interval '1 year') AS y,
                    coalesce(sum(greatest(t.posts_count - 1, 0)), 0) AS posts
                FROM topics t
                WHERE t.deleted_at IS NULL AND t.visible AND t.category_id IS NOT NULL AND NOT EXISTS (SELECT FROM categories d WHERE d.topic_id = t.id)
                GROUP BY t.category_id
            ), posts_of AS (
                SELECT t.category_id, count(*) FILTER (WHERE p.created_at > $1 - interval '1 day') AS d, count(*) FILTER (WHERE p.created_at > $1 - interval '7 days') AS w,
                    count(*) FILTER (WHERE p.created_at > $1 - interval '1 month') AS m, count(*) AS y
                FROM posts p
                JOIN topics t ON t.id = p.topic_id AND t.deleted_at IS NULL AND t.visible AND t.category_id IS NOT NULL
                WHERE p.created_at > $1 - interval '1 year' AND p.deleted_at IS NULL AND p.post_number > 1 AND p.post_type IN (1, 2)
                GROUP BY t.category_id
            )
            UPDATE categories c
            SET topic_count = coalesce(t.topics, 0), topics_day = coalesce(t.d, 0), topics_week = coalesce(t.w, 0), topics_month = coalesce(t.m, 0), topics_year = coalesce(t.y, 0),
                post_count = coalesce(t.posts, 0), posts_day = coalesce(p.d, 0), posts_week = coalesce(p.w, 0), posts_month = coalesce(p.m, 0), posts_year = coalesce(p.y, 0)
            FROM categories o
            LEFT JOIN topics_of t ON t.category_id = o.id
            LEFT JOIN posts_of p ON p.category_id = o.id
            WHERE o.id = c.id
            """, [now], cancellation);
        await FeatureAsync(sql, now, cancellation);
        await BumpAsync(sql, now, cancellation);
        await sql.CommitAsync(cancellation);
    }

    /// <summary>The topics beside each category's name: pinned first, then by activity.</summary>
    static async Task FeatureAsync(SqlSession sql, DateTime now, CancellationToken cancellation)
    {
        await sql.ExecuteAsync("DELETE FROM category_featured_topics", [], cancellation);
        await sql.ExecuteAsync("""
            INSERT INTO category_featured_topics (category_id, topic_id, rank, created_at, updated_at)
            SELECT c.id, f.id, f.rank, $1, $1
            FROM categories c
            CROSS JOIN LATERAL (
                SELECT t.id, (row_number() OVER (ORDER BY (t.pinned_at IS NOT NULL AND (t.pinned_until IS NULL OR t.pinned_until > $1)) DESC, t.bumped_at DESC) - 1)::int AS rank
                FROM topics t
                WHERE t.category_id = c.id AND t.deleted_at IS NULL AND t.visible AND t.id <> coalesce(c.topic_id, 0)
                ORDER BY (t.pinned_at IS NOT NULL AND (t.pinned_until IS NULL OR t.pinned_until > $1)) DESC, t.bumped_at DESC
                LIMIT coalesce(c.num_featured_topics, 3)
            ) f
            """, [now], cancellation);
    }

    /// <summary>Categories with num_auto_bump_daily bring an old topic up now and then.</summary>
    static Task<int> BumpAsync(SqlSession sql, DateTime now, CancellationToken cancellation) => sql.ExecuteAsync("""
        WITH due AS (
            SELECT s.category_id, s.auto_bump_cooldown_days
            FROM category_settings s
            WHERE s.num_auto_bump_daily > 0
                AND (SELECT count(*) FROM posts p JOIN topics t ON t.id = p.topic_id WHERE t.category_id = s.category_id AND p.action_code = 'autobumped' AND p.created_at > $1 - interval '1 day') < s.num_auto_bump_daily
                AND NOT EXISTS (SELECT FROM posts p JOIN topics t ON t.id = p.topic_id WHERE t.category_id = s.category_id AND p.action_code = 'autobumped'
                    AND p.created_at > $1 - make_interval(hours => (24 / s.num_auto_bump_daily)::int))
        ), chosen AS (
            SELECT DISTINCT ON (t.category_id) t.id
            FROM due d JOIN topics t ON t.category_id = d.category_id
            WHERE t.deleted_at IS NULL AND t.visible AND NOT t.closed AND NOT t.archived AND t.pinned_at IS NULL AND t.bumped_at < $1 - make_interval(days => coalesce(d.auto_bump_cooldown_days, 1))
                AND NOT EXISTS (SELECT FROM categories c WHERE c.topic_id = t.id)
            ORDER BY t.category_id, t.bumped_at
        ), bumped AS (
            UPDATE topics SET bumped_at = $1, highest_staff_post_number = highest_staff_post_number + 1, highest_post_number = highest_staff_post_number + 1, posts_count = posts_count + 1
            WHERE id IN (SELECT id FROM chosen)
            RETURNING id, highest_staff_post_number AS number
        )
        INSERT INTO posts (user_id, topic_id, post_number, sort_order, raw, cooked, post_type, last_editor_id, action_code, baked_at, baked_version, last_version_at, created_at, updated_at, word_count)
        SELECT -1, id, number, number, '', '', 3, -1, 'autobumped', $1, 2, $1, $1, $1, 0 FROM bumped
        """, [now], cancellation);
}
