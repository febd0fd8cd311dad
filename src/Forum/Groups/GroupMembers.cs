using Forum.Database;
using Forum.TrustLevels;

namespace Forum.Groups;

/// <summary>Who joins and leaves groups that people make. A member who joins gets the group's title, flair and trust level.</summary>
sealed class GroupMembers(ForumDatabase database, Promotion promotion, TimeProvider time)
{
    DateTime Now => time.GetUtcNow().UtcDateTime;

    /// <param name="sql">The change's transaction.</param>
    /// <param name="groupId">A group that exists.</param>
    /// <param name="userIds">Those who are in it already stay as they are.</param>
    /// <param name="actorId">Whom the group's log names; -1 for the system.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>Ids of those who are new in the group.</returns>
    public async Task<List<int>> AddAsync(ForumTransaction sql, int groupId, IReadOnlyList<int> userIds, int actorId, CancellationToken cancellation)
    {
        var added = await sql.ListAsync("""
            WITH added AS (
                INSERT INTO group_users (group_id, user_id, notification_level, created_at, updated_at)
                SELECT g.id, u.id, g.default_notification_level, $3, $3
                FROM groups g
                CROSS JOIN users u
                WHERE g.id = $1 AND u.id = ANY($2) AND NOT EXISTS (SELECT FROM group_users m WHERE m.group_id = g.id AND m.user_id = u.id)
                ON CONFLICT DO NOTHING
                RETURNING user_id
            ), counted AS (
                UPDATE groups
                SET user_count = user_count + (SELECT count(*) FROM added), updated_at = $3
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
            """, row => row.GetInt32(0), [groupId, userIds.ToArray(), Now], cancellation);
        await promotion.GrantByGroupAsync(sql, groupId, added, cancellation);
        foreach (var user in added)
        {
            await GroupStore.LogAsync(sql, groupId, actorId, user, GroupAction.AddUser, Now, cancellation);
        }

        return added;
    }

    /// <returns>Ids of those who were in the group.</returns>
    public async Task<List<int>> RemoveAsync(ForumTransaction sql, int groupId, IReadOnlyList<int> userIds, int actorId, CancellationToken cancellation)
    {
        var removed = await sql.ListAsync("""
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
            """, row => row.GetInt32(0), [groupId, userIds.ToArray(), Now], cancellation);
        await Promotion.RefreshGroupLocksAsync(sql, removed, cancellation);
        foreach (var user in removed)
        {
            await GroupStore.LogAsync(sql, groupId, actorId, user, GroupAction.RemoveUser, Now, cancellation);
        }

        return removed;
    }

    /// <summary>Makes owners of members and of others, who join.</summary>
    public async Task MakeOwnersAsync(int groupId, IReadOnlyList<int> userIds, int actorId, CancellationToken cancellation)
    {
        await using var work = await database.BeginAsync(cancellation);
        await AddAsync(work, groupId, userIds, actorId, cancellation);
        await work.ExecuteAsync("UPDATE group_users SET owner = true WHERE group_id = $1 AND user_id = ANY($2)", [groupId, userIds.ToArray()], cancellation);
        foreach (var user in userIds)
        {
            await GroupStore.LogAsync(work, groupId, actorId, user, GroupAction.MakeOwner, Now, cancellation);
        }

        await work.CommitAsync(cancellation);
    }

    /// <summary>Puts a member whose address is confirmed into the groups that are for everybody at its domain.</summary>
    public async Task JoinByEmailAsync(ForumTransaction sql, int userId, CancellationToken cancellation)
    {
        var groups = await sql.ListAsync("""
            SELECT g.id
            FROM groups g
            JOIN user_emails e ON e.user_id = $1 AND e."primary"
            WHERE NOT g.automatic AND g.automatic_membership_email_domains <> ''
              AND lower(split_part(e.email, '@', 2)) = ANY(string_to_array(lower(g.automatic_membership_email_domains), '|'))
            """, row => row.GetInt32(0), [userId], cancellation);
        foreach (var group in groups)
        {
            await AddAsync(sql, group, [userId], -1, cancellation);
        }
    }
}
