using Forum.Database;
using Forum.Viewing;
using Forum.Web;

namespace Forum.Posts;

sealed record Recipients(IReadOnlyList<int> Users, IReadOnlyList<int> Groups);

/// <summary>Whom a message goes to.</summary>
static class MessageRecipients
{
    /// <exception cref="RefusedException">403 when the author may send none; 422 when a name is unknown or does not take messages.</exception>
    public static async Task<Recipients> ResolveAsync(SqlSession sql, IReadOnlyList<string> names, Viewer viewer, CancellationToken cancellation)
    {
        if (!Topics.TopicPermissions.CanSendMessages(viewer))
            throw Refused.InvalidAccess();
        var wanted = names.Select(name => name.Trim().TrimStart('@').ToLowerInvariant()).Where(name => name.Length > 0).Distinct().ToArray();
        if (wanted.Length == 0)
            throw Refused.Invalid("You must choose at least one valid recipient.");
        if (wanted.Length > viewer.Settings.Int("max_allowed_message_recipients"))
            throw Refused.Invalid("There are too many recipients.");
        var users = await sql.ListAsync("""
            SELECT u.id, u.username_lower, e.email,
                coalesce(o.allow_private_messages, true) AND NOT EXISTS (SELECT FROM muted_users m WHERE m.user_id = u.id AND m.muted_user_id = $2)
                    AND NOT EXISTS (SELECT FROM ignored_users m WHERE m.user_id = u.id AND m.ignored_user_id = $2)
            FROM users u
            LEFT JOIN user_emails e ON e.user_id = u.id AND e."primary"
            LEFT JOIN user_options o ON o.user_id = u.id
            WHERE (u.username_lower = ANY($1) OR lower(e.email) = ANY($1)) AND u.active
            """, row => (Id: row.Int(0), Name: row.Text(1), Email: row.TextOrNull(2)?.ToLowerInvariant(), Accepts: row.Bool(3)), [wanted, viewer.User.Id], cancellation);
        var groups = await sql.ListAsync("""
            SELECT id, lower(name), coalesce(messageable_level, 0)
            FROM groups
            WHERE lower(name) = ANY($1)
            """, row => (Id: row.Int(0), Name: row.Text(1), Level: row.Int(2)), [wanted], cancellation);
        var allowed = groups.Where(group => GroupMentions.Allows(group.Id, group.Level, viewer)).ToArray();
        foreach (var name in wanted)
        {
            var user = users.FirstOrDefault(user => user.Name == name || user.Email == name);
            if (user.Id == 0 && allowed.All(group => group.Name != name))
                throw Refused.Invalid($"Sorry, \"{name}\" is not a recipient that is known or takes messages.");
            if (user.Id != 0 && !user.Accepts && !viewer.User.IsStaff)
                throw Refused.Invalid($"Sorry, \"{name}\" does not take messages from you.");
        }

        return new Recipients([.. users.Select(user => user.Id)], [.. allowed.Select(group => group.Id)]);
    }

    public static async Task AllowAsync(SqlSession sql, int topicId, Recipients recipients, Viewer viewer, CancellationToken cancellation)
    {
        await sql.ExecuteAsync("""
            INSERT INTO topic_allowed_users (user_id, topic_id, created_at, updated_at)
            SELECT DISTINCT r.id, $2, $3::timestamp, $3::timestamp FROM unnest($1::int[]) AS r (id)
            ON CONFLICT DO NOTHING
            """, [recipients.Users.Append(viewer.User.Id).ToArray(), topicId, viewer.Now], cancellation);
        await sql.ExecuteAsync("""
            INSERT INTO topic_allowed_groups (group_id, topic_id)
            SELECT DISTINCT r.id, $2 FROM unnest($1::int[]) AS r (id)
            ON CONFLICT DO NOTHING
            """, [recipients.Groups.ToArray(), topicId], cancellation);
        await sql.ExecuteAsync("""
            INSERT INTO topic_users (user_id, topic_id, notification_level, notifications_reason_id, notifications_changed_at)
            SELECT DISTINCT r.id, $2, 3, 5, $3::timestamp FROM unnest($1::int[]) AS r (id)
            ON CONFLICT DO NOTHING
            """, [recipients.Users.ToArray(), topicId, viewer.Now], cancellation);
    }
}
