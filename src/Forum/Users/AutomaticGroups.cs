using Forum.Database;

namespace Forum.Users;

/// <summary>Keeps a member's automatic groups right: admins 1, moderators 2, staff 3, trust_level_0 to _4 10 to 14, each holding all of that level or more.</summary>
static class AutomaticGroups
{
    public static Task RefreshAsync(SqlSession sql, int userId, DateTime now, CancellationToken cancellation) => sql.ExecuteAsync("""
        WITH wanted AS (
            SELECT g.id, g.default_notification_level
            FROM groups g
            CROSS JOIN users u
            WHERE u.id = $1 AND (
                (g.id BETWEEN 10 AND 14 AND g.id - 10 <= u.trust_level)
                OR (g.id = 1 AND u.admin) OR (g.id = 2 AND u.moderator) OR (g.id = 3 AND (u.admin OR u.moderator)))
        ), removed AS (
            DELETE FROM group_users
            WHERE user_id = $1 AND group_id IN (1, 2, 3, 10, 11, 12, 13, 14) AND group_id NOT IN (SELECT id FROM wanted)
            RETURNING group_id
        ), added AS (
            INSERT INTO group_users (group_id, user_id, notification_level, created_at, updated_at)
            SELECT w.id, $1, w.default_notification_level, $2, $2
            FROM wanted w
            WHERE NOT EXISTS (SELECT FROM group_users gu WHERE gu.group_id = w.id AND gu.user_id = $1)
            ON CONFLICT DO NOTHING
            RETURNING group_id
        )
        UPDATE groups
        SET user_count = greatest(0, user_count
            + CASE WHEN id IN (SELECT group_id FROM added) THEN 1 ELSE 0 END
            - CASE WHEN id IN (SELECT group_id FROM removed) THEN 1 ELSE 0 END)
        WHERE id IN (SELECT group_id FROM added UNION SELECT group_id FROM removed)
        """, [userId, now], cancellation);
}
