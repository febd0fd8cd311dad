using System.Text.Json.Nodes;
using Forum.Database;
using Forum.Sessions;

namespace Forum.Groups;

/// <summary>Groups and their members.</summary>
static class GroupStore
{
    public static Task<Group?> FindAsync(SqlSession sql, string name, CurrentUser viewer, CancellationToken cancellation) => sql.FindAsync($"""
        SELECT {Group.Columns}
        FROM groups g
        WHERE lower(g.name) = $2
        """, Group.Read, [viewer.Id, name.ToLowerInvariant()], cancellation);

    public static Task<Group?> FindAsync(SqlSession sql, int id, CurrentUser viewer, CancellationToken cancellation) => sql.FindAsync($"""
        SELECT {Group.Columns}
        FROM groups g
        WHERE g.id = $2
        """, Group.Read, [viewer.Id, id], cancellation);

    public static Task<List<Group>> ListAsync(SqlSession sql, CurrentUser viewer, CancellationToken cancellation) => sql.ListAsync($"""
        SELECT {Group.Columns}
        FROM groups g
        ORDER BY g.name
        """, Group.Read, [viewer.Id], cancellation);

    /// <summary>The groups of a member that the viewer may see, as JSON.</summary>
    public static async Task<IEnumerable<JsonNode>> OfUserAsync(SqlSession sql, int userId, CurrentUser viewer, CancellationToken cancellation)
    {
        var groups = await sql.ListAsync($"""
            SELECT {Group.Columns}
            FROM groups g
            JOIN group_users gu ON gu.group_id = g.id AND gu.user_id = $2
            ORDER BY g.id
            """, Group.Read, [viewer.Id, userId], cancellation);
        return groups.Where(group => group.IsVisibleTo(viewer)).Select(group => (JsonNode)group.Json(viewer, withMembership: false));
    }

    /// <summary>Ids of those who are new in the group.</summary>
    public static Task<List<int>> AddAsync(SqlSession sql, int groupId, IReadOnlyList<int> userIds, bool owner, DateTime now, CancellationToken cancellation) => sql.ListAsync("""
        WITH added AS (
            INSERT INTO group_users (group_id, user_id, owner, notification_level, created_at, updated_at)
            SELECT g.id, u.id, $3, g.default_notification_level, $4, $4
            FROM groups g
            CROSS JOIN users u
            WHERE g.id = $1 AND u.id = ANY($2) AND NOT EXISTS (SELECT FROM group_users m WHERE m.group_id = g.id AND m.user_id = u.id)
            ON CONFLICT DO NOTHING
            RETURNING user_id
        ), counted AS (
            UPDATE groups
            SET user_count = user_count + (SELECT count(*) FROM added), updated_at = $4
            WHERE id = $1
        ), titled AS (
            UPDATE users u
            SET primary_group_id = CASE WHEN g.primary_group THEN g.id ELSE u.primary_group_id END,
                flair_group_id = coalesce(u.flair_group_id, CASE WHEN g.primary_group OR g.flair_icon IS NOT NULL THEN g.id END),
                title = CASE WHEN coalesce(u.title, '') = '' THEN g.title ELSE u.title END
            FROM groups g
            WHERE g.id = $1 AND u.id IN (SELECT user_id FROM added)
        )
        SELECT user_id
        FROM added
        """, row => row.GetInt32(0), [groupId, userIds.ToArray(), owner, now], cancellation);

    /// <summary>Ids of those who were in the group.</summary>
    public static Task<List<int>> RemoveAsync(SqlSession sql, int groupId, IReadOnlyList<int> userIds, DateTime now, CancellationToken cancellation) => sql.ListAsync("""
        WITH removed AS (
            DELETE FROM group_users
            WHERE group_id = $1 AND user_id = ANY($2)
            RETURNING user_id
        ), counted AS (
            UPDATE groups
            SET user_count = greatest(0, user_count - (SELECT count(*) FROM removed)), updated_at = $3
            WHERE id = $1
        ), untitled AS (
            UPDATE users u
            SET primary_group_id = CASE WHEN u.primary_group_id = $1 THEN NULL ELSE u.primary_group_id END,
                flair_group_id = CASE WHEN u.flair_group_id = $1 THEN NULL ELSE u.flair_group_id END,
                title = CASE WHEN u.title = g.title THEN NULL ELSE u.title END
            FROM groups g
            WHERE g.id = $1 AND u.id IN (SELECT user_id FROM removed)
        )
        SELECT user_id
        FROM removed
        """, row => row.GetInt32(0), [groupId, userIds.ToArray(), now], cancellation);

    /// <summary>One entry of the group's own log.</summary>
    public static Task LogAsync(
        SqlSession sql, int groupId, int actorId, int? targetId, GroupAction action, DateTime now, CancellationToken cancellation, string? subject = null, string? before = null, string? after = null) =>
        sql.ExecuteAsync("""
            INSERT INTO group_histories (group_id, acting_user_id, target_user_id, action, subject, prev_value, new_value, created_at, updated_at)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $8)
            """, [groupId, actorId, targetId, (int)action, subject, before, after, now], cancellation);
}

/// <summary>What the group's log holds; the numbers are those of group_histories.action.</summary>
enum GroupAction
{
    ChangeSetting = 1,
    AddUser = 2,
    RemoveUser = 3,
    MakeOwner = 4,
    RemoveOwner = 5,
}
