using System.Text.Json.Nodes;
using Forum.Database;
using Forum.Sessions;
using Forum.Web;

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

    /// <exception cref="RefusedException">404: no such group, or the viewer may not know of it.</exception>
    public static async Task<Group> GetAsync(SqlSession sql, string name, CurrentUser viewer, CancellationToken cancellation) =>
        await FindAsync(sql, name, viewer, cancellation) is { } group && group.IsVisibleTo(viewer) ? group : throw Refused.NotFound();

    /// <exception cref="RefusedException">404: as <see cref="GetAsync"/>. 403: the viewer does not manage it.</exception>
    public static async Task<Group> GetManagedAsync(SqlSession sql, int id, CurrentUser viewer, CancellationToken cancellation)
    {
        var group = await FindAsync(sql, id, viewer, cancellation);
        return group is null || !group.IsVisibleTo(viewer) ? throw Refused.NotFound() : group.IsManagedBy(viewer) ? group : throw Refused.InvalidAccess();
    }

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
