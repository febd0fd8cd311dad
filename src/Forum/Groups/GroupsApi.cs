using System.Globalization;
using System.Text.Json.Nodes;
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

    /// <summary>Pages of a group in upstream's interface; to the API each is the group.</summary>
    static readonly string[] Pages =
    [
        "activity", "activity/{filter}", "requests", "messages", "messages/{box}", "manage", "manage/{part}",
    ];

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
            foreach (var page in Pages)
            {
                groups.MapGet("/{name}/" + page, ShowAsync).ShownBy<GroupView>("Group").Named("groups#show");
            }

            groups.MapGet("/{name}/mentionable", MentionableAsync).Named("groups#mentionable");
            groups.MapGet("/{name}/messageable", MessageableAsync).Named("groups#messageable");
            groups.MapGet("/{name}/logs", LogsAsync).RequireLogin().Named("groups#histories");
            groups.MapPut("/{id:int}", UpdateAsync).RequireLogin().Named("groups#update");
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

    static async Task<IResult> UpdateAsync(int id, Parameters parameters, CurrentUser current, ForumDatabase database, GroupEditing editing, CancellationToken cancellation)
    {
        var group = await GroupStore.GetManagedAsync(database, id, current, cancellation);
        await editing.UpdateAsync(group, parameters.Nested("group"), current, cancellation);
        return Replies.Success();
    }

    static async Task<IResult> LogsAsync(string name, Parameters parameters, CurrentUser current, ForumDatabase database, CancellationToken cancellation)
    {
        var group = await GroupStore.GetAsync(database, name, current, cancellation);
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
        var group = await GroupStore.GetAsync(database, name, current, cancellation);
        return Replies.Json(new JsonObject { ["mentionable"] = group.IsReachedBy(current, group.MentionableLevel) });
    }

    static async Task<IResult> MessageableAsync(string name, CurrentUser current, ForumDatabase database, CancellationToken cancellation)
    {
        var group = await GroupStore.GetAsync(database, name, current, cancellation);
        return Replies.Json(new JsonObject { ["messageable"] = group.IsReachedBy(current, group.MessageableLevel) });
    }
}
