using System.Text.Json.Nodes;
using Forum.Database;

namespace Forum.Badges;

/// <summary>A badge that somebody has earned.</summary>
sealed record EarnedBadge(int BadgeId, int UserId, int? PostId);

/// <summary>Grants the badges that come with the forum, with notification and counts; each at most once, or once a post.</summary>
static class BadgeGranter
{
    const int FirstTrustLevelBadge = 1;
    const int LastTrustLevelBadge = 4;

    public static async Task GrantAsync(SqlSession sql, IReadOnlyList<EarnedBadge> earned, DateTime now, CancellationToken cancellation)
    {
        if (earned.Count == 0)
            return;
        var granted = await sql.ListAsync("""
            WITH wanted AS (
                SELECT DISTINCT ON (w.badge_id, w.user_id, CASE WHEN b.multiple_grant THEN w.post_id ELSE 0 END) w.badge_id, w.user_id, nullif(w.post_id, 0) AS post_id, b.multiple_grant, b.name
                FROM unnest($1::int[], $2::int[], $3::int[]) AS w (badge_id, user_id, post_id)
                JOIN badges b ON b.id = w.badge_id AND b.enabled
                JOIN users u ON u.id = w.user_id AND u.id > 0 AND u.active
                ORDER BY w.badge_id, w.user_id, CASE WHEN b.multiple_grant THEN w.post_id ELSE 0 END, w.post_id
            ), added AS (
                INSERT INTO user_badges (badge_id, user_id, granted_at, granted_by_id, post_id, seq, created_at)
                SELECT w.badge_id, w.user_id, $4, -1, w.post_id,
                    coalesce((SELECT max(g.seq) + 1 FROM user_badges g WHERE g.badge_id = w.badge_id AND g.user_id = w.user_id), 0)
                        + row_number() OVER (PARTITION BY w.badge_id, w.user_id ORDER BY w.post_id) - 1, $4
                FROM wanted w
                WHERE NOT EXISTS (SELECT FROM user_badges g WHERE g.badge_id = w.badge_id AND g.user_id = w.user_id AND (NOT w.multiple_grant OR g.post_id IS NOT DISTINCT FROM w.post_id))
                ON CONFLICT DO NOTHING
                RETURNING id, badge_id, user_id
            )
            SELECT a.id, a.badge_id, a.user_id, b.name
            FROM added a
            JOIN badges b ON b.id = a.badge_id
            """, row => (Id: row.Int(0), Badge: row.Int(1), User: row.Int(2), Name: row.Text(3)),
            [earned.Select(one => one.BadgeId).ToArray(), earned.Select(one => one.UserId).ToArray(), earned.Select(one => one.PostId ?? 0).ToArray(), now], cancellation);
        foreach (var (id, badge, user, name) in granted)
        {
            var data = new JsonObject { ["badge_id"] = badge, ["badge_name"] = name, ["badge_slug"] = BadgesApi.Slug(name), ["badge_title"] = false };
            await sql.ExecuteAsync("""
                WITH told AS (
                    INSERT INTO notifications (notification_type, user_id, data, read, created_at, updated_at, high_priority)
                    SELECT 12, u.id, $3 || ', "username": ' || to_json(u.username)::text || '}', false, $4, $4, false
                    FROM users u
                    WHERE u.id = $2
                    RETURNING id
                )
                UPDATE user_badges SET notification_id = (SELECT id FROM told)::int WHERE id = $1
                """, [id, user, data.ToJsonString().TrimEnd('}'), now], cancellation);
        }

        await RecountAsync(sql, [.. granted.Select(one => one.Badge).Distinct()], [.. granted.Select(one => one.User).Distinct()], cancellation);
    }

    public static async Task RecountAsync(SqlSession sql, int[] badges, int[] users, CancellationToken cancellation)
    {
        await sql.ExecuteAsync("UPDATE badges b SET grant_count = (SELECT count(*) FROM user_badges g WHERE g.badge_id = b.id) WHERE b.id = ANY($1)", [badges], cancellation);
        await sql.ExecuteAsync("""
            UPDATE user_stats s
            SET distinct_badge_count = (SELECT count(DISTINCT g.badge_id) FROM user_badges g JOIN badges b ON b.id = g.badge_id AND b.enabled WHERE g.user_id = s.user_id)
            WHERE s.user_id = ANY($1)
            """, [users], cancellation);
    }

    /// <summary>Badges 1 to 4 say which trust level a member has; they go when it goes.</summary>
    public static async Task GrantTrustLevelsAsync(SqlSession sql, int userId, DateTime now, CancellationToken cancellation)
    {
        var level = await sql.ScalarAsync<int>("SELECT trust_level FROM users WHERE id = $1", [userId], cancellation);
        await GrantAsync(sql, [.. Enumerable.Range(FirstTrustLevelBadge, Math.Min(level, LastTrustLevelBadge)).Select(badge => new EarnedBadge(badge, userId, null))], now, cancellation);
        var lost = await sql.ListAsync("DELETE FROM user_badges WHERE user_id = $1 AND badge_id BETWEEN $2 AND 4 RETURNING badge_id", row => row.Int(0), [userId, level + 1], cancellation);
        if (lost.Count > 0)
            await RecountAsync(sql, [.. lost], [userId], cancellation);
    }
}
