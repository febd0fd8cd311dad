using System.Text.Json.Nodes;
using Forum.Database;
using Forum.Notifications;
using Forum.Posts;
using Forum.Viewing;
using Forum.Web;

namespace Forum.Topics;

/// <summary>Who is in a personal message, and where its members keep it.</summary>
static class MessagePeopleApi
{
    public static void MapMessagePeople(this IEndpointRouteBuilder app)
    {
        app.MapPost("/t/{id:int}/invite", InviteAsync).RequireLogin().Named("topics#invite");
        app.MapPost("/t/{id:int}/invite-group", InviteGroupAsync).RequireLogin().Named("topics#invite_group");
        app.MapPut("/t/{id:int}/remove-allowed-user", RemoveUserAsync).RequireLogin().Named("topics#remove_allowed_user");
        app.MapPut("/t/{id:int}/archive-message", (HttpContext context, int id, CancellationToken cancellation) => ArchiveAsync(context, id, true, cancellation)).RequireLogin().Named("topics#archive_message");
        app.MapPut("/t/{id:int}/move-to-inbox", (HttpContext context, int id, CancellationToken cancellation) => ArchiveAsync(context, id, false, cancellation)).RequireLogin().Named("topics#move_to_inbox");
    }

    static async Task<IResult> InviteAsync(HttpContext context, int id, Parameters given, ForumDatabase database, TopicStatus status, BaseUrl baseUrl, CancellationToken cancellation)
    {
        var (topic, viewer) = await TopicChangesApi.FindAsync(context, id, cancellation);
        if (!topic.IsMessage)
            throw Refused.Invalid("People can be invited to personal messages only.");
        if (!TopicPermissions.CanInvite(viewer, topic))
            throw Refused.InvalidAccess();
        var name = given.Text("user") ?? given.Text("email") ?? throw Refused.Missing("user");
        var people = await MessageRecipients.ResolveAsync(database, [name], viewer, cancellation);
        var user = people.Users is [var only, ..] ? only : 0;
        if (user == 0 || topic.AllowedUserIds.Contains(user))
            throw Refused.Invalid(user == 0 ? "No such user." : "That user has already been invited.");
        await using var sql = await database.BeginAsync(cancellation);
        await MessageRecipients.AllowAsync(sql, id, people, viewer, cancellation);
        var brief = (await UserBriefs.LoadAsync(sql, [user], cancellation))[user];
        await status.NoteAsync(sql, topic, "invited_user", viewer, cancellation, brief.Username);
        await Notifier.AddAsync(sql, [user], NotificationType.InvitedToPrivateMessage,
            new JsonObject { ["topic_title"] = topic.Title, ["display_username"] = viewer.User.Username }, id, 1, null, viewer.Now, cancellation);
        await sql.CommitAsync(cancellation);
        return Replies.Json(new JsonObject { ["user"] = brief.Json(baseUrl.Host) });
    }

    static async Task<IResult> InviteGroupAsync(HttpContext context, int id, Parameters given, ForumDatabase database, TopicStatus status, CancellationToken cancellation)
    {
        var (topic, viewer) = await TopicChangesApi.FindAsync(context, id, cancellation);
        var (group, name, level) = await database.FindAsync("SELECT id, name, coalesce(messageable_level, 0) FROM groups WHERE lower(name) = lower($1)",
            row => (row.Int(0), row.Text(1), row.Int(2)), [given.Required("group")], cancellation);
        if (name is null)
            throw Refused.NotFound();
        if (!topic.IsMessage)
            return Replies.Json(new JsonObject { ["failed"] = "FAILED" }, 422);
        if (!TopicPermissions.CanInvite(viewer, topic) || !(viewer.User.IsAdmin || GroupMentions.Allows(group, level, viewer)))
            throw Refused.InvalidAccess();
        await using var sql = await database.BeginAsync(cancellation);
        await MessageRecipients.AllowAsync(sql, id, new Recipients([], [group]), viewer, cancellation);
        await status.NoteAsync(sql, topic, "invited_group", viewer, cancellation, name);
        if (given.Bool("should_notify") != false)
        {
            var members = await sql.ListAsync("SELECT user_id FROM group_users WHERE group_id = $1 AND notification_level > 0 LIMIT 1000", row => row.Int(0), [group], cancellation);
            await Notifier.AddAsync(sql, members, NotificationType.InvitedToPrivateMessage,
                new JsonObject { ["topic_title"] = topic.Title, ["display_username"] = viewer.User.Username, ["group_id"] = group }, id, 1, null, viewer.Now, cancellation);
        }

        await sql.CommitAsync(cancellation);
        return Replies.Json(new JsonObject { ["group"] = new JsonObject { ["id"] = group, ["name"] = name } });
    }

    static async Task<IResult> RemoveUserAsync(HttpContext context, int id, Parameters given, ForumDatabase database, TopicStatus status, CancellationToken cancellation)
    {
        var (topic, viewer) = await TopicChangesApi.FindAsync(context, id, cancellation);
        var name = given.Required("username");
        var self = viewer.User.Username.Equals(name, StringComparison.OrdinalIgnoreCase);
        if (!topic.IsMessage || !(self || viewer.User.IsStaff))
            throw Refused.InvalidAccess();
        await using var sql = await database.BeginAsync(cancellation);
        var removed = await sql.ExecuteAsync("DELETE FROM topic_allowed_users WHERE topic_id = $1 AND user_id = (SELECT id FROM users WHERE username_lower = lower($2))", [id, name], cancellation);
        if (removed == 0)
            throw Refused.NotFound();
        await status.NoteAsync(sql, topic, self ? "user_left" : "removed_user", viewer, cancellation, name);
        await sql.CommitAsync(cancellation);
        return Replies.Success();
    }

    static async Task<IResult> ArchiveAsync(HttpContext context, int id, bool archive, CancellationToken cancellation)
    {
        var (topic, viewer) = await TopicChangesApi.FindAsync(context, id, cancellation);
        if (!topic.IsMessage)
            throw Refused.InvalidAccess();
        await ArchiveAsync(context.RequestServices.GetRequiredService<ForumDatabase>(), viewer, id, archive, cancellation);
        return Replies.Success();
    }

    /// <summary>Puts a message away for the viewer, and for those of its groups that the viewer is in; or takes it back.</summary>
    public static async Task ArchiveAsync(SqlSession sql, Viewer viewer, int id, bool archive, CancellationToken cancellation)
    {
        int[] groups = [.. viewer.User.GroupIds];
        await sql.ExecuteAsync("DELETE FROM user_archived_messages WHERE user_id = $1 AND topic_id = $2", [viewer.User.Id, id], cancellation);
        await sql.ExecuteAsync("DELETE FROM group_archived_messages WHERE topic_id = $1 AND group_id = ANY($2)", [id, groups], cancellation);
        if (!archive)
            return;
        await sql.ExecuteAsync("INSERT INTO user_archived_messages (user_id, topic_id, created_at, updated_at) VALUES ($1, $2, $3, $3)", [viewer.User.Id, id, viewer.Now], cancellation);
        await sql.ExecuteAsync("""
            INSERT INTO group_archived_messages (group_id, topic_id, created_at, updated_at)
            SELECT group_id, topic_id, $3, $3
            FROM topic_allowed_groups
            WHERE topic_id = $1 AND group_id = ANY($2)
            ON CONFLICT DO NOTHING
            """, [id, groups, viewer.Now], cancellation);
    }
}
