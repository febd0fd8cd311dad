using System.Text.Json.Nodes;
using Forum.Configuration;
using Forum.Database;
using Forum.Markdown;
using Forum.Groups;
using Forum.Sessions;
using Forum.Settings;
using Forum.Viewing;
using Forum.Web;

namespace Forum.Users;

/// <summary>A member's profile as /u/NAME.json gives it: less for others, all for the member and for staff.</summary>
sealed class UserJson(ForumDatabase database, SiteSettings settings, GlobalSettings globals, TimeProvider time)
{
    const int BioExcerptLength = 350;

    static readonly string[] TextSizes = ["normal", "larger", "largest", "smaller", "smallest"];

    public async Task<JsonObject> CreateAsync(int id, CurrentUser viewer, CancellationToken cancellation)
    {
        var isSelf = viewer.Id == id;
        var isPrivate = isSelf || viewer.IsStaff;
        var body = await ReadAsync(id, viewer, cancellation) ?? throw Refused.NotFound();
        var isHidden = (bool)body["hidden"]!;
        body.Remove("hidden");
        if (isHidden && !isPrivate)
        {
            return new JsonObject
            {
                ["id"] = id,
                ["username"] = body["username"]!.DeepClone(),
                ["name"] = body["name"]!.DeepClone(),
                ["avatar_template"] = body["avatar_template"]!.DeepClone(),
                ["trust_level"] = body["trust_level"]!.DeepClone(),
                ["moderator"] = body["moderator"]!.DeepClone(),
                ["admin"] = body["admin"]!.DeepClone(),
                ["profile_hidden"] = true,
            };
        }

        body["groups"] = new JsonArray([.. await GroupStore.OfUserAsync(database, id, viewer, cancellation)]);
        if (!isPrivate)
        {
            return body;
        }

        await AddPrivateAsync(body, id, cancellation);
        return body;
    }

    Task<JsonObject?> ReadAsync(int id, CurrentUser viewer, CancellationToken cancellation)
    {
        var now = time.GetUtcNow().UtcDateTime;
        var isSelf = viewer.Id == id;
        var isPrivate = isSelf || viewer.IsStaff;
        return database.FindAsync("""
            SELECT u.username, u.name, u.uploaded_avatar_id, u.last_posted_at, u.last_seen_at, u.created_at, u.trust_level, coalesce(u.moderator, false), u.admin, u.title,
                coalesce(s.distinct_badge_count, 0), coalesce(s.time_read, 0),
                coalesce((SELECT sum(v.time_read) FROM user_visits v WHERE v.user_id = u.id AND v.visited_at > now() - interval '60 days'), 0)::int,
                u.primary_group_id, pg.name, u.flair_group_id, fg.name, fg.flair_icon, fg.flair_bg_color, fg.flair_color, ft.id, ft.title, ft.fancy_title, ft.slug, ft.posts_count,
                u.staged, coalesce(s.pending_posts_count, 0), p.views, coalesce(s.post_count, 0), coalesce(s.topic_count, 0), u.locale,
                p.bio_raw, p.bio_cooked, p.website, p.location, o.timezone, o.hide_profile_and_presence, u.suspended_till,
                (SELECT h.context FROM user_histories h WHERE h.target_user_id = u.id AND h.action = 10 ORDER BY h.id DESC LIMIT 1),
                EXISTS (SELECT FROM muted_users m WHERE m.user_id = $2 AND m.muted_user_id = u.id), EXISTS (SELECT FROM ignored_users m WHERE m.user_id = $2 AND m.ignored_user_id = u.id),
                EXISTS (SELECT FROM user_badges b JOIN badges d ON d.id = b.badge_id WHERE b.user_id = u.id AND d.allow_title),
                (SELECT json_object_agg(replace(c.name, 'user_field_', ''), c.value) FROM user_custom_fields c WHERE c.user_id = u.id AND c.name LIKE 'user\_field\_%')::text,
                u.silenced_till, st.emoji, st.description, st.ends_at
            FROM users u
            LEFT JOIN user_stats s ON s.user_id = u.id
            LEFT JOIN user_profiles p ON p.user_id = u.id
            LEFT JOIN user_options o ON o.user_id = u.id
            LEFT JOIN groups pg ON pg.id = u.primary_group_id
            LEFT JOIN groups fg ON fg.id = u.flair_group_id
            LEFT JOIN topics ft ON ft.id = p.featured_topic_id
            LEFT JOIN user_statuses st ON st.user_id = u.id
            WHERE u.id = $1
            """, row =>
            {
                var username = row.Text(0);
                var body = new JsonObject
                {
                    ["id"] = id,
                    ["username"] = username,
                    ["name"] = settings.Bool("enable_names") ? row.TextOrNull(1) ?? "" : "",
                    ["avatar_template"] = Avatars.Template(username, row.IntOrNull(2), globals),
                    ["last_posted_at"] = Replies.Time(row.TimeOrNull(3)),
                    ["last_seen_at"] = Replies.Time(row.TimeOrNull(4)),
                    ["created_at"] = Replies.Time(row.Time(5)),
                    ["ignored"] = row.Bool(40),
                    ["muted"] = row.Bool(39),
                    ["can_ignore_user"] = !viewer.IsAnonymous && !isSelf && !row.Bool(8) && !row.Bool(7),
                    ["can_ignore_users"] = viewer.IsStaff || viewer.IsInAny(settings.Ids("ignore_allowed_groups")),
                    ["can_mute_user"] = !viewer.IsAnonymous && !isSelf && !row.Bool(8) && !row.Bool(7),
                    ["can_mute_users"] = !viewer.IsAnonymous,
                    ["can_send_private_messages"] = viewer.IsStaff || viewer.IsInAny(settings.Ids("personal_message_enabled_groups")),
                    ["can_send_private_message_to_user"] = !viewer.IsAnonymous && !isSelf && (viewer.IsStaff || viewer.IsInAny(settings.Ids("personal_message_enabled_groups"))),
                    ["trust_level"] = row.Int(6),
                    ["moderator"] = row.Bool(7),
                    ["admin"] = row.Bool(8),
                    ["title"] = row.TextOrNull(9),
                    ["badge_count"] = row.Int(10),
                    ["custom_fields"] = new JsonObject(),
                    ["time_read"] = row.Int(11),
                    ["recent_time_read"] = row.Int(12),
                    ["primary_group_id"] = row.IntOrNull(13),
                    ["primary_group_name"] = row.TextOrNull(14),
                    ["flair_group_id"] = row.IntOrNull(15),
                    ["flair_name"] = row.TextOrNull(16),
                    ["flair_url"] = row.TextOrNull(17),
                    ["flair_bg_color"] = row.TextOrNull(18),
                    ["flair_color"] = row.TextOrNull(19),
                    ["featured_topic"] = row.IntOrNull(20) is { } topic
                        ? new JsonObject { ["id"] = topic, ["title"] = row.Text(21), ["fancy_title"] = row.TextOrNull(22) ?? row.Text(21), ["slug"] = row.TextOrNull(23) ?? "topic", ["posts_count"] = row.Int(24) }
                        : null,
                    ["staged"] = row.Bool(25),
                    ["can_edit"] = isSelf || viewer.IsStaff,
                    ["can_edit_username"] = isSelf || viewer.IsStaff,
                    ["can_edit_email"] = (isSelf && settings.Bool("email_editable")) || viewer.IsAdmin,
                    ["can_edit_name"] = settings.Bool("enable_names") && isPrivate,
                    ["uploaded_avatar_id"] = row.IntOrNull(2),
                    ["has_title_badges"] = row.Bool(41),
                    ["pending_count"] = viewer.IsStaff ? row.Int(26) : 0,
                    ["pending_posts_count"] = isPrivate ? row.Int(26) : 0,
                    ["profile_view_count"] = row.IntOrNull(27) ?? 0,
                    ["second_factor_enabled"] = false,
                    ["can_upload_profile_header"] = isPrivate,
                    ["can_upload_user_card_background"] = isPrivate,
                    ["post_count"] = row.Int(28),
                    ["topic_count"] = row.Int(29),
                    ["can_be_deleted"] = viewer.IsStaff && !row.Bool(8) && !row.Bool(7),
                    ["can_delete_all_posts"] = viewer.IsStaff && !row.Bool(8),
                    ["locale"] = row.TextOrNull(30),
                    ["user_fields"] = row.TextOrNull(42) is { } fields ? JsonNode.Parse(fields) : null,
                    ["hidden"] = row.BoolOrNull(36) == true,
                };
                if (row.TextOrNull(31) is { Length: > 0 } bio)
                {
                    body["bio_raw"] = bio;
                    var isTrusted = row.Int(6) > 0 && !(row.TimeOrNull(37) > now);
                    var cooked = row.TextOrNull(32) is not { } html ? "" : isTrusted ? html : Excerpt.WithoutLinks(html);
                    body["bio_cooked"] = cooked;
                    body["bio_excerpt"] = Excerpt.Of(cooked, BioExcerptLength);
                }

                Add(body, "website", row.TextOrNull(33));
                Add(body, "location", row.TextOrNull(34));
                Add(body, "timezone", isPrivate ? null : row.TextOrNull(35));
                if (row.TimeOrNull(37) > now)
                {
                    body["suspended_till"] = Replies.Time(row.TimeOrNull(37));
                    Add(body, "suspend_reason", settings.Bool("hide_suspension_reasons") && !viewer.IsStaff ? null : row.TextOrNull(38));
                }

                if (row.TimeOrNull(43) > now && viewer.IsStaff)
                {
                    body["silenced_till"] = Replies.Time(row.TimeOrNull(43));
                }

                if (body["user_fields"] is null)
                {
                    body.Remove("user_fields");
                }

                if (settings.Bool("enable_user_status") && row.TextOrNull(44) is { } emoji && !(row.TimeOrNull(46) < now))
                {
                    body["status"] = new JsonObject { ["emoji"] = emoji, ["description"] = row.Text(45), ["ends_at"] = Replies.Time(row.TimeOrNull(46)) };
                }

                return body;
            }, [id, viewer.Id], cancellation);

        static void Add(JsonObject body, string name, string? value)
        {
            if (!string.IsNullOrEmpty(value))
            {
                body[name] = value;
            }
        }
    }

    async Task AddPrivateAsync(JsonObject body, int id, CancellationToken cancellation)
    {
        var levels = await database.ListAsync("SELECT category_id, notification_level FROM category_users WHERE user_id = $1 ORDER BY 1", row => (row.Int(0), row.Int(1)), [id], cancellation);
        var tags = await database.ListAsync("""
            SELECT t.name, tu.notification_level
            FROM tag_users tu
            JOIN tags t ON t.id = tu.tag_id
            WHERE tu.user_id = $1
            ORDER BY 1
            """, row => (row.Text(0), row.Int(1)), [id], cancellation);
        foreach (var (name, level) in new[] { ("muted", 0), ("regular", 1), ("tracked", 2), ("watched", 3), ("watched_first_post", 4) })
        {
            body[name + "_category_ids"] = new JsonArray([.. levels.Where(pair => pair.Item2 == level).Select(pair => (JsonNode?)pair.Item1)]);
        }

        foreach (var (name, level) in new[] { ("muted_tags", 0), ("tracked_tags", 2), ("watched_tags", 3), ("watching_first_post_tags", 4) })
        {
            body[name] = new JsonArray([.. tags.Where(pair => pair.Item2 == level).Select(pair => (JsonNode?)pair.Item1)]);
        }

        await database.FindAsync("""
            SELECT
                ARRAY(SELECT u.username FROM muted_users m JOIN users u ON u.id = m.muted_user_id WHERE m.user_id = $1 ORDER BY 1),
                ARRAY(SELECT u.username FROM ignored_users m JOIN users u ON u.id = m.ignored_user_id WHERE m.user_id = $1 ORDER BY 1),
                ARRAY(SELECT u.username FROM allowed_pm_users m JOIN users u ON u.id = m.allowed_pm_user_id WHERE m.user_id = $1 ORDER BY 1),
                EXISTS (SELECT FROM user_second_factors f WHERE f.user_id = $1 AND f.method = 1 AND f.enabled),
                EXISTS (SELECT FROM user_second_factors f WHERE f.user_id = $1 AND f.method = 2 AND f.enabled)
            """, row =>
            {
                body["muted_usernames"] = Array(row.Texts(0));
                body["ignored_usernames"] = Array(row.Texts(1));
                body["allowed_pm_usernames"] = Array(row.Texts(2));
                body["second_factor_enabled"] = row.Bool(3);
                body["second_factor_backup_enabled"] = row.Bool(4);
                return true;
            }, [id], cancellation);
        body["system_avatar_upload_id"] = null;
        body["system_avatar_template"] = Avatars.Template((string)body["username"]!, null, globals);
        body["mailing_list_posts_per_day"] = 0;
        body["can_change_bio"] = true;
        body["can_change_location"] = true;
        body["can_change_website"] = true;
        body["can_change_tracking_preferences"] = true;
        body["user_api_keys"] = null;
        body["user_passkeys"] = new JsonArray();
        body["sidebar_tags"] = new JsonArray();
        body["sidebar_category_ids"] = new JsonArray();
        body["display_sidebar_tags"] = false;
        body["can_pick_theme_with_custom_homepage"] = false;
        body["use_logo_small_as_avatar"] = false;
        body["featured_user_badge_ids"] = new JsonArray();
        body["invited_by"] = null;
        body["user_auth_tokens"] = new JsonArray([.. await TokensAsync(id, cancellation)]);
        body["user_notification_schedule"] = new JsonObject { ["enabled"] = false };
        for (var day = 0; day < 7; day++)
        {
            body["user_notification_schedule"]![$"day_{day}_start_time"] = 480;
            body["user_notification_schedule"]![$"day_{day}_end_time"] = 1020;
        }

        body["group_users"] = new JsonArray([.. await database.ListAsync(
            "SELECT group_id, notification_level, owner FROM group_users WHERE user_id = $1 ORDER BY 1",
            JsonNode (row) => new JsonObject { ["group_id"] = row.Int(0), ["user_id"] = id, ["notification_level"] = row.Int(1), ["owner"] = row.Bool(2) }, [id], cancellation)]);
        body["user_option"] = await OptionsAsync(id, cancellation);
    }

    Task<List<JsonNode>> TokensAsync(int id, CancellationToken cancellation) => database.ListAsync("""
        SELECT id, host(client_ip), user_agent, created_at, coalesce(seen_at, rotated_at)
        FROM user_auth_tokens
        WHERE user_id = $1
        ORDER BY coalesce(seen_at, created_at) DESC
        LIMIT 60
        """, JsonNode (row) => new JsonObject
        {
            ["id"] = row.Int(0),
            ["client_ip"] = row.TextOrNull(1) ?? "",
            ["location"] = "Unknown",
            ["browser"] = UserAgents.Browser(row.TextOrNull(2)),
            ["device"] = UserAgents.Device(row.TextOrNull(2)),
            ["os"] = UserAgents.System(row.TextOrNull(2)),
            ["icon"] = "question",
            ["created_at"] = Replies.Time(row.Time(3)),
            ["seen_at"] = Replies.Time(row.Time(4)),
            ["is_active"] = false,
        }, [id], cancellation);

    public async Task<JsonObject> OptionsAsync(int id, CancellationToken cancellation) => await database.FindAsync("""
        SELECT mailing_list_mode, mailing_list_mode_frequency, coalesce(email_digests, false), email_level, email_messages_level, external_links_in_new_tab,
            bookmark_auto_delete_preference, color_scheme_id, dark_scheme_id, dynamic_favicon, enable_quoting, coalesce(digest_after_minutes, 10080), automatically_unpin_topics,
            coalesce(auto_track_topics_after_msecs, 300000), coalesce(notification_level_when_replying, 2), coalesce(new_topic_duration_minutes, 2880), email_previous_replies,
            email_in_reply_to, like_notification_frequency, coalesce(include_tl0_in_digests, false), theme_ids, theme_key_seq, allow_private_messages, enable_allowed_pm_users,
            homepage_id, hide_profile_and_presence, text_size_key, text_size_seq, title_count_mode_key, timezone, skip_new_user_tips, sidebar_link_to_filtered_list,
            sidebar_show_count_of_new_items, watched_precedence_over_muted, topics_unread_when_closed
        FROM user_options
        WHERE user_id = $1
        """, row => new JsonObject
        {
            ["user_id"] = id,
            ["mailing_list_mode"] = row.Bool(0),
            ["mailing_list_mode_frequency"] = row.Int(1),
            ["email_digests"] = row.Bool(2),
            ["email_level"] = row.Int(3),
            ["email_messages_level"] = row.Int(4),
            ["external_links_in_new_tab"] = row.Bool(5),
            ["bookmark_auto_delete_preference"] = row.Int(6),
            ["color_scheme_id"] = row.IntOrNull(7),
            ["dark_scheme_id"] = row.IntOrNull(8),
            ["dynamic_favicon"] = row.Bool(9),
            ["enable_quoting"] = row.Bool(10),
            ["enable_smart_lists"] = true,
            ["enable_markdown_monospace_font"] = true,
            ["digest_after_minutes"] = row.Int(11),
            ["automatically_unpin_topics"] = row.Bool(12),
            ["auto_track_topics_after_msecs"] = row.Int(13),
            ["notification_level_when_replying"] = row.Int(14),
            ["new_topic_duration_minutes"] = row.Int(15),
            ["email_previous_replies"] = row.Int(16),
            ["email_in_reply_to"] = row.Bool(17),
            ["like_notification_frequency"] = row.Int(18),
            ["notify_on_linked_posts"] = true,
            ["push_notification_level"] = "all",
            ["enable_upcoming_change_available_notifications"] = true,
            ["include_tl0_in_digests"] = row.Bool(19),
            ["theme_ids"] = new JsonArray([.. row.Ints(20).Select(theme => (JsonNode?)theme)]),
            ["theme_key_seq"] = row.Int(21),
            ["allow_private_messages"] = row.Bool(22),
            ["enable_allowed_pm_users"] = row.Bool(23),
            ["homepage_id"] = row.IntOrNull(24),
            ["hide_profile_and_presence"] = row.Bool(25),
            ["hide_profile"] = row.Bool(25),
            ["hide_presence"] = row.Bool(25),
            ["text_size"] = TextSizes[Math.Clamp(row.Int(26), 0, 4)],
            ["text_size_seq"] = row.Int(27),
            ["title_count_mode"] = row.Int(28) == 1 ? "contextual" : "notifications",
            ["timezone"] = row.TextOrNull(29),
            ["skip_new_user_tips"] = row.Bool(30),
            ["sidebar_link_to_filtered_list"] = row.Bool(31),
            ["sidebar_show_count_of_new_items"] = row.Bool(32),
            ["watched_precedence_over_muted"] = row.BoolOrNull(33) ?? false,
            ["topics_unread_when_closed"] = row.Bool(34),
            ["composition_mode"] = 1,
            ["interface_color_mode"] = 1,
            ["automatically_translate"] = false,
            ["understood_languages"] = new JsonArray(),
            ["show_original_content"] = false,
            ["send_shortcut"] = "enter",
        }, [id], cancellation) ?? [];

    static JsonArray Array(IEnumerable<string> texts) => new([.. texts.Select(text => (JsonNode?)text)]);
}
