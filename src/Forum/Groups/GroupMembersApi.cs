using System.Text.Json.Nodes;
using Forum.Configuration;
using Forum.Database;
using Forum.Pages;
using Forum.Sessions;
using Forum.Users;
using Forum.Viewing;
using Forum.Web;

namespace Forum.Groups;

/// <summary>Members of groups: who they are, who joins, leaves and owns.</summary>
static class GroupMembersApi
{
    const int MostMembers = 1000;

    public static void MapGroupMembers(this IEndpointRouteBuilder routes)
    {
        routes.MapPut("/admin/groups/{id:int}/members", AddMembersAsync).RequireAdmin().Named("groups#add_members");
        routes.MapDelete("/admin/groups/{id:int}/members", RemoveMembersAsync).RequireAdmin().Named("groups#remove_member");
        foreach (var prefix in new[] { "/groups", "/g" })
        {
            var groups = routes.MapGroup(prefix).AllowAnyone();
            groups.MapGet("/{name}/members", MembersAsync).ShownBy<MembersView>("Members").Named("groups#members");
            groups.MapPut("/{id:int}/members", AddMembersAsync).RequireLogin().Named("groups#add_members");
            groups.MapPut("/{id:int}/join", JoinAsync).RequireLogin().Named("groups#join");
            groups.MapDelete("/{id:int}/leave", LeaveAsync).RequireLogin().Named("groups#leave");
            groups.MapPut("/{id:int}/owners", AddOwnersAsync).RequireLogin().Named("groups#add_owners");
            groups.MapDelete("/{id:int}/members", RemoveMembersAsync).RequireLogin().Named("groups#remove_member");
            groups.MapPost("/{name}/notifications", NotificationsAsync).RequireLogin().Named("groups#set_notifications");
        }
    }

    static async Task<IResult> MembersAsync(
        string name, Parameters parameters, CurrentUser current, ForumDatabase database, GlobalSettings globals, CancellationToken cancellation)
    {
        var group = await GroupStore.GetAsync(database, name, current, cancellation);
        if (!group.AreMembersVisibleTo(current))
        {
            throw Refused.InvalidAccess();
        }

        var limit = parameters.Int("limit") ?? 50;
        var offset = parameters.Int("offset") ?? 0;
        if (limit is < 0 or > MostMembers)
        {
            throw Refused.InvalidParameters("limit");
        }

        if (offset < 0)
        {
            throw Refused.InvalidParameters("offset");
        }

        if (parameters.Flag("requesters"))
        {
            return await GroupRequestsApi.ListAsync(group, current, database, globals, limit, offset, cancellation);
        }

        var filter = parameters.Text("filter")?.ToLowerInvariant() ?? "";
        var members = await ListMembersAsync(database, group.Id, false, filter, parameters.Text("order") ?? "", parameters.Bool("asc") ?? parameters.Text("order") is null, limit, offset, globals, cancellation);
        var owners = await ListMembersAsync(database, group.Id, true, filter, "", true, MostMembers, 0, globals, cancellation);
        var total = await database.ScalarAsync<int>("SELECT count(*)::int FROM group_users WHERE group_id = $1", [group.Id], cancellation);
        return Replies.Json(new JsonObject
        {
            ["members"] = new JsonArray([.. members]),
            ["owners"] = new JsonArray([.. owners]),
            ["meta"] = new JsonObject { ["total"] = total, ["limit"] = limit, ["offset"] = offset },
        });
    }

    static Task<List<JsonNode>> ListMembersAsync(
        ForumDatabase database, int groupId, bool owners, string filter, string order, bool ascending, int limit, int offset, GlobalSettings globals, CancellationToken cancellation) =>
        database.ListAsync("""
            SELECT u.id, u.username, u.name, u.uploaded_avatar_id, u.title, u.last_posted_at, u.last_seen_at, gu.created_at, o.timezone
            FROM group_users gu
            JOIN users u ON u.id = gu.user_id
            LEFT JOIN user_options o ON o.user_id = u.id
            WHERE gu.group_id = $1 AND (NOT $2 OR gu.owner) AND ($3 = '' OR u.username_lower LIKE '%' || $3 || '%' OR lower(u.name) LIKE '%' || $3 || '%')
            ORDER BY
                CASE WHEN $4 = 'last_posted_at' AND $5 THEN u.last_posted_at END, CASE WHEN $4 = 'last_posted_at' AND NOT $5 THEN u.last_posted_at END DESC NULLS LAST,
                CASE WHEN $4 = 'last_seen_at' AND $5 THEN u.last_seen_at END, CASE WHEN $4 = 'last_seen_at' AND NOT $5 THEN u.last_seen_at END DESC NULLS LAST,
                CASE WHEN $4 = 'added_at' AND $5 THEN gu.created_at END, CASE WHEN $4 = 'added_at' AND NOT $5 THEN gu.created_at END DESC,
                CASE WHEN $5 THEN u.username_lower END, u.username_lower DESC
            LIMIT $6 OFFSET $7
            """, JsonNode (row) => new JsonObject
            {
                ["id"] = row.Int(0),
                ["username"] = row.Text(1),
                ["name"] = row.TextOrNull(2),
                ["avatar_template"] = Avatars.Template(row.Text(1), row.IntOrNull(3), globals),
                ["title"] = row.TextOrNull(4),
                ["last_posted_at"] = Replies.Time(row.TimeOrNull(5)),
                ["last_seen_at"] = Replies.Time(row.TimeOrNull(6)),
                ["added_at"] = Replies.Time(row.Time(7)),
                ["timezone"] = row.TextOrNull(8),
            }, [groupId, owners, filter, order, ascending, limit, offset], cancellation);

    static async Task<IResult> AddMembersAsync(
        int id, Parameters parameters, CurrentUser current, ForumDatabase database, GroupMembers members, CancellationToken cancellation)
    {
        var group = await GroupStore.GetManagedAsync(database, id, current, cancellation);
        var users = await FindUsersAsync(database, parameters, cancellation);
        await using var work = await database.BeginAsync(cancellation);
        var added = await members.AddAsync(work, group.Id, [.. users.Select(user => user.Id)], current.Id, cancellation);
        if (added.Count == 0)
        {
            throw Refused.Invalid($"The following users are already members of this group: {string.Join(", ", users.Select(user => user.Username))}");
        }

        await work.CommitAsync(cancellation);
        return Replies.Json(new JsonObject
        {
            ["success"] = "OK",
            ["usernames"] = new JsonArray([.. users.Where(user => added.Contains(user.Id)).Select(user => (JsonNode?)user.Username)]),
            ["emails"] = new JsonArray(),
        });
    }

    static async Task<IResult> RemoveMembersAsync(
        int id, Parameters parameters, CurrentUser current, ForumDatabase database, GroupMembers members, CancellationToken cancellation)
    {
        var group = await GroupStore.GetManagedAsync(database, id, current, cancellation);
        var users = await FindUsersAsync(database, parameters, cancellation);
        await using var work = await database.BeginAsync(cancellation);
        var removed = await members.RemoveAsync(work, group.Id, [.. users.Select(user => user.Id)], current.Id, cancellation);
        await work.CommitAsync(cancellation);
        return Replies.Json(new JsonObject
        {
            ["success"] = "OK",
            ["usernames"] = new JsonArray([.. users.Where(user => removed.Contains(user.Id)).Select(user => (JsonNode?)user.Username)]),
            ["skipped_usernames"] = new JsonArray([.. users.Where(user => !removed.Contains(user.Id)).Select(user => (JsonNode?)user.Username)]),
        });
    }

    static async Task<IResult> AddOwnersAsync(
        int id, Parameters parameters, CurrentUser current, ForumDatabase database, GroupMembers members, CancellationToken cancellation)
    {
        var group = await GroupStore.GetManagedAsync(database, id, current, cancellation);
        var users = await FindUsersAsync(database, parameters, cancellation);
        await members.MakeOwnersAsync(group.Id, [.. users.Select(user => user.Id)], current.Id, cancellation);
        return Replies.Json(new JsonObject { ["success"] = "OK", ["usernames"] = new JsonArray([.. users.Select(user => (JsonNode?)user.Username)]) });
    }

    static async Task<IResult> JoinAsync(int id, CurrentUser current, ForumDatabase database, GroupMembers members, CancellationToken cancellation)
    {
        var group = await GroupStore.FindAsync(database, id, current, cancellation) ?? throw Refused.NotFound();
        if (!group.PublicAdmission || !group.IsVisibleTo(current) || group.IsAutomatic)
        {
            throw Refused.InvalidAccess();
        }

        await using var work = await database.BeginAsync(cancellation);
        if ((await members.AddAsync(work, id, [current.Id], current.Id, cancellation)).Count == 0)
        {
            throw Refused.Invalid("You are already a member of this group.");
        }

        await work.CommitAsync(cancellation);
        return Replies.Success();
    }

    static async Task<IResult> LeaveAsync(int id, CurrentUser current, ForumDatabase database, GroupMembers members, CancellationToken cancellation)
    {
        var group = await GroupStore.FindAsync(database, id, current, cancellation) ?? throw Refused.NotFound();
        if (!group.PublicExit || group.IsAutomatic)
        {
            throw Refused.InvalidAccess();
        }

        await using var work = await database.BeginAsync(cancellation);
        await members.RemoveAsync(work, id, [current.Id], current.Id, cancellation);
        await work.CommitAsync(cancellation);
        return Replies.Success();
    }

    static async Task<IResult> NotificationsAsync(string name, Parameters parameters, CurrentUser current, ForumDatabase database, CancellationToken cancellation)
    {
        var group = await GroupStore.GetAsync(database, name, current, cancellation);
        var level = parameters.RequiredInt("notification_level");
        if (level is < 0 or > 4)
        {
            throw Refused.InvalidParameters("notification_level");
        }

        await database.ExecuteAsync(
            "UPDATE group_users SET notification_level = $3 WHERE group_id = $1 AND user_id = $2", [group.Id, current.Id, level], cancellation);
        return Replies.Success();
    }

    /// <summary>By usernames, user_ids or user_emails.</summary>
    public static async Task<List<(int Id, string Username)>> FindUsersAsync(ForumDatabase database, Parameters parameters, CancellationToken cancellation)
    {
        var names = (parameters.List("usernames") ?? (parameters.Text("username") is { } one ? [one] : [])).Select(Usernames.Lower).ToArray();
        var ids = (parameters.Ints("user_ids") ?? (parameters.Int("user_id") is { } id ? [id] : [])).ToArray();
        var emails = (parameters.List("user_emails") ?? parameters.List("emails") ?? []).Select(Emails.Clean).ToArray();
        if (names.Length + ids.Length + emails.Length > MostMembers)
        {
            throw Refused.Invalid($"You can't add or remove more than {MostMembers} users at a time.");
        }

        var users = await database.ListAsync("""
            SELECT u.id, u.username
            FROM users u
            WHERE u.username_lower = ANY($1) OR u.id = ANY($2) OR u.id IN (SELECT e.user_id FROM user_emails e WHERE lower(e.email) = ANY($3))
            ORDER BY u.username_lower
            """, row => (row.Int(0), row.Text(1)), [names, ids, emails], cancellation);
        return users.Count == 0 ? throw Refused.InvalidParameters("usernames") : users;
    }
}
