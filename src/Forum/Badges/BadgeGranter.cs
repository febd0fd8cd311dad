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
        if (granted.Count == 0)
            return;
        await sql.ExecuteAsync("""
            WITH given AS (
                SELECT x.id, u.id AS user_id, x.data || ', "username": ' || to_json(u.username)::text || '}' AS data, nextval(pg_get_serial_sequence('notifications', 'id')) AS notification_id
                FROM unnest($1::int[], $2::int[], $3::text[]) AS x (id, user_id, data)
                JOIN users u ON u.id = x.user_id
            ), told AS (
                INSERT INTO notifications (id, notification_type, user_id, data, read, created_at, updated_at, high_priority)
                SELECT notification_id, 12, user_id, data, false, $4, $4, false
                FROM given
            )
            UPDATE user_badges b
            SET notification_id = given.notification_id::int
            FROM given
            WHERE b.id = given.id
            """, [granted.Select(one => one.Id).ToArray(), granted.Select(one => one.User).ToArray(), granted.Select(one => Data(one.Badge, one.Name)).ToArray(), now], cancellation);
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
    public static async Task GrantTrustLevelsAsync(SqlSession sql, int[] userIds, DateTime now, CancellationToken cancellation)
    {
        var earned = await sql.ListAsync("""
            SELECT b.id, u.id
            FROM users u
            JOIN generate_series($2::int, $3::int) AS b (id) ON b.id <= u.trust_level
            WHERE u.id = ANY($1)
            """, row => new EarnedBadge(row.Int(0), row.Int(1), null), [userIds, FirstTrustLevelBadge, LastTrustLevelBadge], cancellation);
        await GrantAsync(sql, earned, now, cancellation);
        var lost = await sql.ListAsync("""
            DELETE FROM user_badges g
            USING users u
            WHERE u.id = ANY($1) AND g.user_id = u.id AND g.badge_id > u.trust_level AND g.badge_id BETWEEN $2 AND $3
            RETURNING g.badge_id, g.user_id
            """, row => (Badge: row.Int(0), User: row.Int(1)), [userIds, FirstTrustLevelBadge, LastTrustLevelBadge], cancellation);
        if (lost.Count > 0)
            await RecountAsync(sql, [.. lost.Select(one => one.Badge).Distinct()], [.. lost.Select(one => one.User).Distinct()], cancellation);
    }

    /// <summary>The notification's data, open at its end for the member's name.</summary>
    static string Data(int badge, string name) =>
        new JsonObject { ["badge_id"] = badge, ["badge_name"] = name, ["badge_slug"] = BadgesApi.Slug(name), ["badge_title"] = false }.ToJsonString().TrimEnd('}');
}
