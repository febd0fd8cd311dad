using System.Text.Json.Nodes;
using Forum.Configuration;
using Forum.Database;
using Forum.Groups;
using Forum.Sessions;
using Forum.Settings;
using Forum.Viewing;
using Forum.Web;
using Npgsql;

namespace Forum.AdminUsers;

/// <summary>A member as staff see them.</summary>
sealed class AdminUserJson(ForumDatabase database, SiteSettings settings, GlobalSettings globals, TimeProvider time)
{
    /// <summary>Of users u joined with user_stats s; the e-mail is of "primary" e.</summary>
    public const string ListColumns = """
        u.id, u.username, u.name, u.uploaded_avatar_id, u.active, u.admin, coalesce(u.moderator, false), u.last_seen_at, u.last_emailed_at, u.created_at,
        u.trust_level, u.manual_locked_trust_level, u.title, u.staged, coalesce(s.time_read, 0), coalesce(s.days_visited, 0),
        coalesce(s.posts_read_count, 0), coalesce(s.topics_entered, 0), coalesce(s.post_count, 0), u.silenced_till, u.suspended_till, u.approved, e.email
        """;

    public JsonObject Brief(NpgsqlDataReader row, bool withEmail)
    {
        var now = time.GetUtcNow().UtcDateTime;
        var body = new JsonObject
        {
            ["id"] = row.Int(0),
            ["username"] = row.Text(1),
            ["name"] = row.TextOrNull(2),
            ["avatar_template"] = Avatars.Template(row.Text(1), row.IntOrNull(3), globals),
            ["active"] = row.Bool(4),
            ["admin"] = row.Bool(5),
            ["moderator"] = row.Bool(6),
            ["last_seen_at"] = Replies.Time(row.TimeOrNull(7)),
            ["last_emailed_at"] = Replies.Time(row.TimeOrNull(8)),
            ["created_at"] = Replies.Time(row.Time(9)),
            ["last_seen_age"] = Age(row.TimeOrNull(7), now),
            ["last_emailed_age"] = Age(row.TimeOrNull(8), now),
            ["created_at_age"] = Age(row.Time(9), now),
            ["trust_level"] = row.Int(10),
            ["manual_locked_trust_level"] = row.IntOrNull(11),
            ["title"] = row.TextOrNull(12),
            ["time_read"] = row.Int(14),
            ["staged"] = row.Bool(13),
            ["days_visited"] = row.Int(15),
            ["posts_read_count"] = row.Int(16),
            ["topics_entered"] = row.Int(17),
            ["post_count"] = row.Int(18),
        };
        if (withEmail)
        {
            body["email"] = row.TextOrNull(22);
            body["secondary_emails"] = new JsonArray();
        }

        return body;
    }

    public async Task<JsonObject> CreateAsync(int id, CurrentUser viewer, CancellationToken cancellation)
    {
        var body = await database.FindAsync($"""
            SELECT {ListColumns}
            FROM users u
            LEFT JOIN user_stats s ON s.user_id = u.id
            LEFT JOIN user_emails e ON e.user_id = u.id AND e."primary"
            WHERE u.id = $1
            """, row => Brief(row, withEmail: false), [id], cancellation) ?? throw Refused.NotFound();
        var now = time.GetUtcNow().UtcDateTime;
        await database.FindAsync("""
            SELECT u.ip_address::text, u.registration_ip_address::text, coalesce(s.likes_received, 0), coalesce(s.likes_given, 0), coalesce(s.topic_count, 0),
                (SELECT count(*) FROM post_actions a WHERE a.user_id = u.id AND a.post_action_type_id IN (3, 4, 6, 7, 8))::int,
                coalesce(s.flags_agreed, 0) + coalesce(s.flags_disagreed, 0) + coalesce(s.flags_ignored, 0),
                (SELECT count(*) FROM topic_allowed_users a WHERE a.user_id = u.id)::int, coalesce(s.post_edits_count, 0), u.primary_group_id,
                coalesce(s.distinct_badge_count, 0), (SELECT count(*) FROM user_warnings w WHERE w.user_id = u.id)::int, coalesce(s.bounce_score, 0)::int,
                s.reset_bounce_score_after, (SELECT count(*) FROM api_keys k WHERE k.user_id = u.id AND k.revoked_at IS NULL)::int,
                p.id, p.username, p.name, p.uploaded_avatar_id, u.suspended_till, u.silenced_till, u.approved,
                (SELECT h.details FROM user_histories h WHERE h.target_user_id = u.id AND h.action = 10 ORDER BY h.id DESC LIMIT 1),
                (SELECT h.details FROM user_histories h WHERE h.target_user_id = u.id AND h.action = 30 ORDER BY h.id DESC LIMIT 1),
                (SELECT count(*) FROM user_histories h WHERE h.target_user_id = u.id AND h.action = 30)::int,
                (SELECT count(*) FROM user_histories h WHERE h.target_user_id = u.id AND h.action = 10)::int,
                EXISTS (SELECT FROM user_second_factors f WHERE f.user_id = u.id AND f.enabled), u.suspended_at
            FROM users u
            LEFT JOIN user_stats s ON s.user_id = u.id
            LEFT JOIN users p ON p.id = u.approved_by_id
            WHERE u.id = $1
            """, row =>
            {
                var isSystem = id <= 0;
                var isAdmin = (bool)body["admin"]!;
                var isModerator = (bool)body["moderator"]!;
                var isActive = (bool)body["active"]!;
                var isSelf = viewer.Id == id;
                var isSuspended = row.TimeOrNull(19) > now;
                var isSilenced = row.TimeOrNull(20) > now;
                body["associated_accounts"] = new JsonArray();
                body["can_send_activation_email"] = !isActive;
                body["can_activate"] = !isActive;
                body["can_deactivate"] = isActive && !isAdmin && !isSystem;
                body["can_change_trust_level"] = !isSystem;
                body["ip_address"] = Ip(row.TextOrNull(0)) ?? "";
                body["registration_ip_address"] = Ip(row.TextOrNull(1));
                body["can_grant_admin"] = viewer.IsAdmin && !isAdmin && isActive && !isSystem;
                body["can_revoke_admin"] = viewer.IsAdmin && isAdmin && !isSelf && !isSystem;
                body["can_grant_moderation"] = viewer.IsAdmin && !isModerator && !isSystem;
                body["can_revoke_moderation"] = viewer.IsAdmin && isModerator && !isSystem;
                body["can_impersonate"] = viewer.IsAdmin && !isSystem && !isSelf;
                body["like_count"] = row.Int(2);
                body["like_given_count"] = row.Int(3);
                body["topic_count"] = row.Int(4);
                body["flags_given_count"] = row.Int(5);
                body["flags_received_count"] = row.Int(6);
                body["private_topics_count"] = row.Int(7);
                body["can_delete_all_posts"] = !isAdmin && !isSystem;
                body["can_be_deleted"] = !isAdmin && !isModerator && !isSystem;
                body["can_be_anonymized"] = !isAdmin && !isModerator && !isSystem;
                body["can_be_merged"] = viewer.IsAdmin && !isAdmin && !isSystem;
                body["full_suspend_reason"] = isSuspended ? row.TextOrNull(22) : null;
                if (isSuspended)
                {
                    body["suspended_at"] = Replies.Time(row.TimeOrNull(27));
                    body["suspended_till"] = Replies.Time(row.TimeOrNull(19));
                }

                if (isSilenced)
                {
                    body["silence_reason"] = row.TextOrNull(23);
                    body["full_silence_reason"] = row.TextOrNull(23);
                    body["silenced_till"] = Replies.Time(row.TimeOrNull(20));
                }

                body["post_edits_count"] = row.Int(8);
                body["primary_group_id"] = row.IntOrNull(9);
                body["badge_count"] = row.Int(10);
                body["warnings_received_count"] = row.Int(11);
                body["bounce_score"] = row.Int(12);
                body["reset_bounce_score_after"] = Replies.Time(row.TimeOrNull(13));
                body["can_view_action_logs"] = true;
                body["can_disable_second_factor"] = viewer.IsAdmin && row.Bool(26);
                body["can_delete_sso_record"] = viewer.IsAdmin;
                body["api_key_count"] = row.Int(14);
                body["single_sign_on_record"] = null;
                body["approved_by"] = row.IntOrNull(15) is { } approver
                    ? new JsonObject { ["id"] = approver, ["username"] = row.Text(16), ["name"] = row.TextOrNull(17) ?? "", ["avatar_template"] = Avatars.Template(row.Text(16), row.IntOrNull(18), globals) }
                    : null;
                if (settings.Bool("must_approve_users"))
                {
                    body["approved"] = row.Bool(21);
                    body["can_approve"] = !row.Bool(21);
                }

                body["suspended_by"] = null;
                body["silenced_by"] = null;
                body["penalty_counts"] = new JsonObject { ["silenced"] = row.Int(24), ["suspended"] = row.Int(25) };
                return true;
            }, [id], cancellation);
        if ((int)body["trust_level"]! >= 2 && (await TrustLevels.RegularStore.ListAsync(database, [id], settings.Current, now, cancellation)) is [var regular])
            body["tl3_requirements"] = TrustLevels.RegularStore.Json(regular);
        body["groups"] = new JsonArray([.. await GroupStore.OfUserAsync(database, id, viewer, cancellation)]);
        body["external_ids"] = new JsonObject();
        body["include_ip"] = viewer.IsAdmin;
        return body;
    }

    static JsonNode? Age(DateTime? moment, DateTime now) => moment is { } then ? (now - then).TotalSeconds : null;

    static string? Ip(string? text) => text?.Split('/')[0];
}
