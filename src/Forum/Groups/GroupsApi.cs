using System.Globalization;
using System.Text.Json.Nodes;
using Forum.Configuration;
using Forum.Database;
using Forum.Pages;
using Forum.Sessions;
using Forum.Settings;
using Forum.Users;
using Forum.Web;

namespace Forum.Groups;

/// <summary>Groups as members see them: /groups, and /g for short.</summary>
static class GroupsApi
{
    const int PerPage = 36;
    const int MostMembers = 1000;

    public static void MapGroups(this IEndpointRouteBuilder routes)
    {
        foreach (var prefix in new[] { "/groups", "/g" })
        {
            var groups = routes.MapGroup(prefix).AllowAnyone();
            groups.MapGet("", ListAsync).ShownBy<GroupsView>("Groups").Named("groups#index");
            groups.MapGet("/check-name", CheckNameAsync).Named("groups#check_name");
            groups.MapGet("/search", SearchAsync).Named("groups#search");
            groups.MapGet("/by-id/{id:int}", ShowByIdAsync).Named("groups#show");
            groups.MapGet("/{name}", ShowAsync).ShownBy<GroupView>("Group").Named("groups#show");
            groups.MapGet("/{name}/members", MembersAsync).ShownBy<MembersView>("Members").Named("groups#members");
            groups.MapGet("/{name}/mentionable", MentionableAsync).Named("groups#mentionable");
            groups.MapGet("/{name}/messageable", MessageableAsync).Named("groups#messageable");
            groups.MapGet("/{name}/logs", LogsAsync).RequireLogin().Named("groups#histories");
            groups.MapPut("/{id:int}", UpdateAsync).RequireLogin().Named("groups#update");
            groups.MapPut("/{id:int}/members", AddMembersAsync).RequireLogin().Named("groups#add_members");
            groups.MapPut("/{id:int}/join", JoinAsync).RequireLogin().Named("groups#join");
            groups.MapDelete("/{id:int}/leave", LeaveAsync).RequireLogin().Named("groups#leave");
            groups.MapPut("/{id:int}/owners", AddOwnersAsync).RequireLogin().Named("groups#add_owners");
            groups.MapDelete("/{id:int}/members", RemoveMembersAsync).RequireLogin().Named("groups#remove_member");
            groups.MapPost("/{name}/notifications", NotificationsAsync).RequireLogin().Named("groups#set_notifications");
            groups.MapPost("/{name}/request_membership", RequestAsync).RequireLogin().Named("groups#request_membership");
        }
    }

    static async Task<IResult> ListAsync(Parameters parameters, CurrentUser current, ForumDatabase database, SiteSettings settings, CancellationToken cancellation)
    {
        if (!settings.Bool("enable_group_directory") && !current.IsStaff)
        {
            throw Refused.InvalidAccess();
        }

        var page = parameters.Int("page") ?? 0;
        if (page is < 0 or > 100_000)
        {
            throw Refused.InvalidParameters("page");
        }

        var filter = parameters.Text("filter");
        var groups = (await GroupStore.ListAsync(database, current, cancellation))
            .Where(group => group.Id != 0 && group.IsVisibleTo(current) && !(group.IsAutomatic && !current.IsStaff && group.Visibility != GroupVisibility.Public && current.IsAnonymous))
            .Where(group => filter is null || group.Name.Contains(filter, StringComparison.OrdinalIgnoreCase) || group.FullName?.Contains(filter, StringComparison.OrdinalIgnoreCase) == true)
            .Where(group => parameters.Text("type") switch
            {
                "my" => group.IsMember,
                "owner" => group.IsOwner,
                "public" => group.PublicAdmission,
                "close" => !group.PublicAdmission && !group.IsAutomatic,
                "automatic" => group.IsAutomatic,
                "non_automatic" => !group.IsAutomatic,
                _ => true,
            }).ToList();
        if (parameters.Text("order") == "user_count")
        {
            groups = [.. groups.OrderBy(group => group.UserCount)];
        }

        if (parameters.Text("order") is not null && parameters.Bool("asc") == false)
        {
            groups.Reverse();
        }

        string[] types = current.IsAnonymous ? ["public", "close", "automatic"] : ["my", "owner", "public", "close", "automatic", .. current.IsStaff ? (string[])["non_automatic"] : []];
        return Replies.Json(new JsonObject
        {
            ["groups"] = new JsonArray([.. groups.Skip(page * PerPage).Take(PerPage).Select(group => (JsonNode)group.Json(current, withMembership: true))]),
            ["extras"] = new JsonObject { ["type_filters"] = new JsonArray([.. types.Select(type => (JsonNode?)type)]) },
            ["total_rows_groups"] = groups.Count,
            ["load_more_groups"] = string.Create(CultureInfo.InvariantCulture, $"/groups?page={page + 1}"),
        });
    }

    static async Task<IResult> ShowByIdAsync(int id, CurrentUser current, ForumDatabase database, CancellationToken cancellation) =>
        await ShowGroupAsync(await GroupStore.FindAsync(database, id, current, cancellation), current, database, cancellation);

    static async Task<IResult> ShowAsync(string name, CurrentUser current, ForumDatabase database, CancellationToken cancellation) =>
        await ShowGroupAsync(await GroupStore.FindAsync(database, name, current, cancellation), current, database, cancellation);

    static async Task<IResult> ShowGroupAsync(Group? group, CurrentUser current, ForumDatabase database, CancellationToken cancellation)
    {
        if (group is null || !group.IsVisibleTo(current))
        {
            throw Refused.NotFound();
        }

        var body = group.Json(current, withMembership: true);
        body.Remove("display_name");
        body.Remove("is_group_owner");
        body["is_group_user"] = group.IsMember;
        body["is_group_owner_display"] = group.IsOwner;
        body["mentionable"] = group.IsReachedBy(current, group.MentionableLevel);
        body["messageable"] = group.IsReachedBy(current, group.MessageableLevel);
        body["message_count"] = await database.ScalarAsync<int>("SELECT count(*)::int FROM topic_allowed_groups WHERE group_id = $1", [group.Id], cancellation);
        body["allow_unknown_sender_topic_replies"] = group.AllowUnknownSenderReplies;
        if (group.IsManagedBy(current))
        {
            body["automatic_membership_email_domains"] = group.AutomaticDomains;
            body["smtp_server"] = null;
            body["smtp_port"] = null;
            body["smtp_ssl_mode"] = null;
            body["email_username"] = null;
            body["email_password"] = null;
            foreach (var level in new[] { "watching", "tracking", "watching_first_post", "regular", "muted" })
            {
                body[level + "_category_ids"] = new JsonArray();
                body[level + "_tags"] = new JsonArray();
            }
        }

        var names = (await GroupStore.ListAsync(database, current, cancellation)).Where(other => other.IsVisibleTo(current)).Select(other => (JsonNode?)other.Name);
        return Replies.Json(new JsonObject { ["group"] = body, ["extras"] = new JsonObject { ["visible_group_names"] = new JsonArray([.. names]) } });
    }

    static async Task<IResult> MembersAsync(
        string name, Parameters parameters, CurrentUser current, ForumDatabase database, GlobalSettings globals, CancellationToken cancellation)
    {
        var group = await GetAsync(database, name, current, cancellation);
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

    static async Task<IResult> UpdateAsync(int id, Parameters parameters, CurrentUser current, ForumDatabase database, GroupEditing editing, CancellationToken cancellation)
    {
        var group = await ManagedAsync(database, id, current, cancellation);
        await editing.UpdateAsync(group, parameters.Nested("group"), current, cancellation);
        return Replies.Success();
    }

    static async Task<IResult> AddMembersAsync(
        int id, Parameters parameters, CurrentUser current, ForumDatabase database, TimeProvider time, CancellationToken cancellation)
    {
        var group = await ManagedAsync(database, id, current, cancellation);
        var users = await FindUsersAsync(database, parameters, cancellation);
        var now = time.GetUtcNow().UtcDateTime;
        await using var work = await database.BeginAsync(cancellation);
        var added = await GroupStore.AddAsync(work, group.Id, [.. users.Select(user => user.Id)], owner: false, now, cancellation);
        if (added.Count == 0)
        {
            throw Refused.Invalid($"The following users are already members of this group: {string.Join(", ", users.Select(user => user.Username))}");
        }

        foreach (var user in added)
        {
            await GroupStore.LogAsync(work, group.Id, current.Id, user, GroupAction.AddUser, now, cancellation);
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
        int id, Parameters parameters, CurrentUser current, ForumDatabase database, TimeProvider time, CancellationToken cancellation)
    {
        var group = await ManagedAsync(database, id, current, cancellation);
        var users = await FindUsersAsync(database, parameters, cancellation);
        var now = time.GetUtcNow().UtcDateTime;
        await using var work = await database.BeginAsync(cancellation);
        var removed = await GroupStore.RemoveAsync(work, group.Id, [.. users.Select(user => user.Id)], now, cancellation);
        foreach (var user in removed)
        {
            await GroupStore.LogAsync(work, group.Id, current.Id, user, GroupAction.RemoveUser, now, cancellation);
        }

        await work.CommitAsync(cancellation);
        return Replies.Json(new JsonObject
        {
            ["success"] = "OK",
            ["usernames"] = new JsonArray([.. users.Where(user => removed.Contains(user.Id)).Select(user => (JsonNode?)user.Username)]),
            ["skipped_usernames"] = new JsonArray([.. users.Where(user => !removed.Contains(user.Id)).Select(user => (JsonNode?)user.Username)]),
        });
    }

    static async Task<IResult> AddOwnersAsync(
        int id, Parameters parameters, CurrentUser current, ForumDatabase database, TimeProvider time, CancellationToken cancellation)
    {
        var group = await ManagedAsync(database, id, current, cancellation);
        var users = await FindUsersAsync(database, parameters, cancellation);
        await MakeOwnersAsync(database, group.Id, [.. users.Select(user => user.Id)], current.Id, time.GetUtcNow().UtcDateTime, cancellation);
        return Replies.Json(new JsonObject { ["success"] = "OK", ["usernames"] = new JsonArray([.. users.Select(user => (JsonNode?)user.Username)]) });
    }

    public static async Task MakeOwnersAsync(ForumDatabase database, int groupId, int[] users, int actorId, DateTime now, CancellationToken cancellation)
    {
        await using var work = await database.BeginAsync(cancellation);
        await GroupStore.AddAsync(work, groupId, users, owner: true, now, cancellation);
        await work.ExecuteAsync("UPDATE group_users SET owner = true WHERE group_id = $1 AND user_id = ANY($2)", [groupId, users], cancellation);
        foreach (var user in users)
        {
            await GroupStore.LogAsync(work, groupId, actorId, user, GroupAction.MakeOwner, now, cancellation);
        }

        await work.CommitAsync(cancellation);
    }

    static async Task<IResult> JoinAsync(int id, CurrentUser current, ForumDatabase database, TimeProvider time, CancellationToken cancellation)
    {
        var group = await GroupStore.FindAsync(database, id, current, cancellation) ?? throw Refused.NotFound();
        if (!group.PublicAdmission || !group.IsVisibleTo(current) || group.IsAutomatic)
        {
            throw Refused.InvalidAccess();
        }

        if ((await GroupStore.AddAsync(database, id, [current.Id], owner: false, time.GetUtcNow().UtcDateTime, cancellation)).Count == 0)
        {
            throw Refused.Invalid("You are already a member of this group.");
        }

        return Replies.Success();
    }

    static async Task<IResult> LeaveAsync(int id, CurrentUser current, ForumDatabase database, TimeProvider time, CancellationToken cancellation)
    {
        var group = await GroupStore.FindAsync(database, id, current, cancellation) ?? throw Refused.NotFound();
        if (!group.PublicExit || group.IsAutomatic)
        {
            throw Refused.InvalidAccess();
        }

        await GroupStore.RemoveAsync(database, id, [current.Id], time.GetUtcNow().UtcDateTime, cancellation);
        return Replies.Success();
    }

    static async Task<IResult> NotificationsAsync(string name, Parameters parameters, CurrentUser current, ForumDatabase database, CancellationToken cancellation)
    {
        var group = await GetAsync(database, name, current, cancellation);
        var level = parameters.RequiredInt("notification_level");
        if (level is < 0 or > 4)
        {
            throw Refused.InvalidParameters("notification_level");
        }

        await database.ExecuteAsync(
            "UPDATE group_users SET notification_level = $3 WHERE group_id = $1 AND user_id = $2", [group.Id, current.Id, level], cancellation);
        return Replies.Success();
    }

    static async Task<IResult> RequestAsync(string name, Parameters parameters, CurrentUser current, ForumDatabase database, TimeProvider time, CancellationToken cancellation)
    {
        var group = await GetAsync(database, name, current, cancellation);
        if (!group.AllowMembershipRequests || group.IsMember)
        {
            throw Refused.InvalidAccess();
        }

        await database.ExecuteAsync("""
            INSERT INTO group_requests (group_id, user_id, reason, created_at, updated_at)
            VALUES ($1, $2, $3, $4, $4)
            ON CONFLICT (group_id, user_id) DO UPDATE SET reason = $3, updated_at = $4
            """, [group.Id, current.Id, parameters.Required("reason"), time.GetUtcNow().UtcDateTime], cancellation);
        return Replies.Json(new JsonObject { ["success"] = "OK", ["relative_url"] = null });
    }

    static async Task<IResult> LogsAsync(string name, Parameters parameters, CurrentUser current, ForumDatabase database, CancellationToken cancellation)
    {
        var group = await GetAsync(database, name, current, cancellation);
        if (!group.IsManagedBy(current))
        {
            throw Refused.InvalidAccess();
        }

        var offset = Math.Max(0, parameters.Int("offset") ?? 0);
        var logs = await database.ListAsync("""
            SELECT h.action, h.subject, h.prev_value, h.new_value, h.created_at, a.username, t.username
            FROM group_histories h
            LEFT JOIN users a ON a.id = h.acting_user_id
            LEFT JOIN users t ON t.id = h.target_user_id
            WHERE h.group_id = $1
            ORDER BY h.id DESC
            LIMIT 26 OFFSET $2
            """, JsonNode (row) => new JsonObject
            {
                ["action"] = (GroupAction)row.Int(0) switch
                {
                    GroupAction.ChangeSetting => "change_group_setting",
                    GroupAction.AddUser => "add_user_to_group",
                    GroupAction.RemoveUser => "remove_user_from_group",
                    GroupAction.MakeOwner => "make_user_group_owner",
                    _ => "remove_user_as_group_owner",
                },
                ["subject"] = row.TextOrNull(1),
                ["prev_value"] = row.TextOrNull(2),
                ["new_value"] = row.TextOrNull(3),
                ["created_at"] = Replies.Time(row.Time(4)),
                ["acting_user"] = row.TextOrNull(5) is { } actor ? new JsonObject { ["username"] = actor } : null,
                ["target_user"] = row.TextOrNull(6) is { } target ? new JsonObject { ["username"] = target } : null,
            }, [group.Id, offset], cancellation);
        return Replies.Json(new JsonObject { ["logs"] = new JsonArray([.. logs.Take(25)]), ["all_loaded"] = logs.Count <= 25 });
    }

    static async Task<IResult> CheckNameAsync(Parameters parameters, ForumDatabase database, SiteSettings settings, CancellationToken cancellation)
    {
        var name = parameters.Required("group_name");
        return Usernames.Problems(name, settings.Current) is { Count: > 0 } problems
            ? Replies.Json(new JsonObject { ["errors"] = new JsonArray([.. problems.Select(problem => (JsonNode?)$"Name {problem}")]) })
            : Replies.Json(new JsonObject { ["available"] = !await UsernameStore.IsTakenAsync(database, name, null, cancellation) });
    }

    static async Task<IResult> SearchAsync(Parameters parameters, CurrentUser current, ForumDatabase database, CancellationToken cancellation)
    {
        var term = parameters.Text("term") ?? "";
        var groups = (await GroupStore.ListAsync(database, current, cancellation))
            .Where(group => group.Id != 0 && group.IsVisibleTo(current) && (parameters.Bool("ignore_automatic") != true || !group.IsAutomatic)
                && (group.Name.Contains(term, StringComparison.OrdinalIgnoreCase) || group.FullName?.Contains(term, StringComparison.OrdinalIgnoreCase) == true));
        return Replies.Json(new JsonArray([.. groups.Select(group => (JsonNode)group.Json(current, withMembership: false))]));
    }

    static async Task<IResult> MentionableAsync(string name, CurrentUser current, ForumDatabase database, CancellationToken cancellation)
    {
        var group = await GetAsync(database, name, current, cancellation);
        return Replies.Json(new JsonObject { ["mentionable"] = group.IsReachedBy(current, group.MentionableLevel) });
    }

    static async Task<IResult> MessageableAsync(string name, CurrentUser current, ForumDatabase database, CancellationToken cancellation)
    {
        var group = await GetAsync(database, name, current, cancellation);
        return Replies.Json(new JsonObject { ["messageable"] = group.IsReachedBy(current, group.MessageableLevel) });
    }

    static async Task<Group> GetAsync(ForumDatabase database, string name, CurrentUser current, CancellationToken cancellation) =>
        await GroupStore.FindAsync(database, name, current, cancellation) is { } group && group.IsVisibleTo(current) ? group : throw Refused.NotFound();

    static async Task<Group> ManagedAsync(ForumDatabase database, int id, CurrentUser current, CancellationToken cancellation)
    {
        var group = await GroupStore.FindAsync(database, id, current, cancellation);
        return group is null || !group.IsVisibleTo(current) ? throw Refused.NotFound() : group.IsManagedBy(current) ? group : throw Refused.InvalidAccess();
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
