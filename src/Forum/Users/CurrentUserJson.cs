using System.Text.Json.Nodes;
using Forum.Configuration;
using Forum.Database;
using Forum.Sessions;
using Forum.Settings;
using Forum.Viewing;
using Forum.Web;

namespace Forum.Users;

/// <summary>What a client learns about the member who is signed in.</summary>
sealed class CurrentUserJson(ForumDatabase database, SiteSettings settings, GlobalSettings globals, MessageBus.MessageBus bus, TimeProvider time)
{
    static readonly string[] TextSizes = ["normal", "larger", "largest", "smaller", "smallest"];

    public async Task<JsonObject> CreateAsync(CurrentUser user, CancellationToken cancellation)
    {
        var counts = await database.FindAsync("""
            SELECT
                (SELECT count(*) FROM notifications n WHERE n.user_id = $1 AND NOT n.read AND n.id > $2 AND NOT n.high_priority)::int,
                (SELECT count(*) FROM notifications n WHERE n.user_id = $1 AND NOT n.read AND n.high_priority)::int,
                (SELECT count(*) FROM notifications n WHERE n.user_id = $1 AND NOT n.read AND n.notification_type = 6)::int,
                coalesce(s.draft_count, 0), coalesce(s.topic_count, 0), coalesce(s.post_count, 0), s.read_faq IS NOT NULL,
                o.external_links_in_new_tab, o.dynamic_favicon, o.enable_quoting, o.timezone, o.automatically_unpin_topics, o.enable_defer,
                o.hide_profile_and_presence, o.title_count_mode_key, o.text_size_key, o.bookmark_auto_delete_preference,
                o.sidebar_link_to_filtered_list, o.sidebar_show_count_of_new_items,
                EXISTS (SELECT FROM user_second_factors f WHERE f.user_id = $1 AND f.method = 1 AND f.enabled),
                CASE WHEN $3 THEN (SELECT count(*) FROM reviewables r WHERE r.status = 0)::int ELSE 0 END,
                coalesce((SELECT max(n.id) FROM notifications n WHERE n.user_id = $1), 0)::int,
                (SELECT e.email FROM user_emails e WHERE e.user_id = $1 AND e."primary")
            FROM user_stats s
            JOIN user_options o ON o.user_id = s.user_id
            WHERE s.user_id = $1
            """, row => new JsonObject
            {
                ["unread_notifications"] = row.Int(0),
                ["unread_high_priority_notifications"] = row.Int(1),
                ["all_unread_notifications_count"] = row.Int(0) + row.Int(1),
                ["new_personal_messages_notifications_count"] = row.Int(2),
                ["draft_count"] = row.Int(3),
                ["topic_count"] = row.Int(4),
                ["post_count"] = row.Int(5),
                ["read_faq"] = row.Bool(6),
                ["second_factor_enabled"] = row.Bool(19),
                ["reviewable_count"] = row.Int(20),
                ["unseen_reviewable_count"] = row.Int(20),
                ["email"] = row.TextOrNull(22),
                ["user_option"] = new JsonObject
                {
                    ["mailing_list_mode"] = false,
                    ["external_links_in_new_tab"] = row.Bool(7),
                    ["dynamic_favicon"] = row.Bool(8),
                    ["enable_quoting"] = row.Bool(9),
                    ["timezone"] = row.TextOrNull(10),
                    ["automatically_unpin_topics"] = row.Bool(11),
                    ["enable_defer"] = row.Bool(12),
                    ["hide_profile_and_presence"] = row.Bool(13),
                    ["title_count_mode"] = row.Int(14) == 1 ? "contextual" : "notifications",
                    ["text_size"] = TextSizes[Math.Clamp(row.Int(15), 0, 4)],
                    ["bookmark_auto_delete_preference"] = row.Int(16),
                    ["sidebar_link_to_filtered_list"] = row.Bool(17),
                    ["sidebar_show_count_of_new_items"] = row.Bool(18),
                },
            }, [user.Id, user.SeenNotificationId, user.IsStaff], cancellation) ?? [];
        var now = time.GetUtcNow().UtcDateTime;
        var body = new JsonObject
        {
            ["id"] = user.Id,
            ["username"] = user.Username,
            ["name"] = user.Name,
            ["avatar_template"] = Avatars.Template(user.Username, user.UploadedAvatarId, globals),
            ["admin"] = user.IsAdmin,
            ["moderator"] = user.IsModerator,
            ["staff"] = user.IsStaff,
            ["trust_level"] = user.TrustLevel,
            ["title"] = user.Title,
            ["locale"] = user.Locale,
            ["seen_notification_id"] = user.SeenNotificationId,
            ["notification_channel_position"] = await bus.LastIdOrZeroAsync(Notifications.NotificationMessages.Channel(user.Id), cancellation),
            ["reply_count"] = 0,
            ["can_send_private_messages"] = user.IsStaff || user.IsInAny(settings.Ids("personal_message_enabled_groups")),
            ["can_create_topic"] = user.IsStaff || user.IsInAny(settings.Ids("create_topic_allowed_groups")),
            ["can_create_group"] = user.IsAdmin,
            ["can_edit"] = true,
            ["can_invite_to_forum"] = user.IsStaff || user.IsInAny(settings.Ids("invite_allowed_groups")),
            ["can_upload_avatar"] = user.IsStaff || user.IsInAny(settings.Ids("uploaded_avatars_allowed_groups")),
            ["can_ignore_users"] = user.IsStaff || user.IsInAny(settings.Ids("ignore_allowed_groups")),
            ["can_review"] = user.IsStaff,
            ["whisperer"] = user.IsInAny(settings.Ids("whispers_allowed_groups")),
            ["previous_visit_at"] = Replies.Time(user.LastSeenAt),
            ["last_seen_at"] = Replies.Time(user.LastSeenAt),
            ["silenced_till"] = user.IsSilenced(now) ? Replies.Time(user.SilencedTill) : null,
            ["is_anonymous"] = false,
            ["muted_category_ids"] = new JsonArray(),
            ["groups"] = new JsonArray([.. (await GroupsAsync(user.Id, cancellation))]),
        };
        foreach (var (name, value) in counts)
        {
            body[name] = value?.DeepClone();
        }

        return body;
    }

    /// <summary>The answer to a sign-in.</summary>
    public async Task<JsonObject> SignedInAsync(int userId, CancellationToken cancellation)
    {
        var user = await database.FindAsync($"""
            SELECT {CurrentUser.Columns}
            FROM users u
            WHERE u.id = $1
            """, CurrentUser.Read, [userId], cancellation) ?? throw Refused.NotFound();
        return new JsonObject { ["user_badges"] = new JsonArray(), ["user"] = await CreateAsync(user, cancellation) };
    }

    Task<List<JsonNode>> GroupsAsync(int userId, CancellationToken cancellation) => database.ListAsync("""
        SELECT g.id, g.name, gu.owner, g.has_messages
        FROM group_users gu
        JOIN groups g ON g.id = gu.group_id
        WHERE gu.user_id = $1
        ORDER BY g.id
        """, JsonNode (row) => new JsonObject { ["id"] = row.Int(0), ["name"] = row.Text(1), ["owner"] = row.Bool(2), ["has_messages"] = row.Bool(3) }, [userId], cancellation);
}
