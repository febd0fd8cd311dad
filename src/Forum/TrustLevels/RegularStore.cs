using System.Text.Json.Nodes;
using Forum.Database;
using Forum.Settings;

namespace Forum.TrustLevels;

/// <summary>Counts what trust level 3 asks for, of many members at once.</summary>
static class RegularStore
{
    public static async Task<List<RegularRequirements>> ListAsync(SqlSession sql, int[] userIds, SettingValues settings, DateTime now, CancellationToken cancellation)
    {
        var days = settings.Int("tl3_time_period");
        var since = now.AddDays(-days);
        var (topics, posts) = await sql.FindAsync("""
            SELECT (SELECT count(*)::int FROM topics WHERE created_at > $1 AND deleted_at IS NULL AND visible AND archetype <> 'private_message'),
                (SELECT count(*)::int FROM posts p JOIN topics t ON t.id = p.topic_id
                    WHERE p.created_at > $1 AND p.deleted_at IS NULL AND NOT p.hidden AND t.deleted_at IS NULL AND t.visible AND t.archetype <> 'private_message')
            """, row => (row.Int(0), row.Int(1)), [since], cancellation);
        var likes = settings.Int("tl3_requires_likes_received");
        var flagged = settings.Int("tl3_requires_max_flagged");
        return await sql.ListAsync("""
            SELECT u.id, u.manual_locked_trust_level IS NOT NULL,
                coalesce(u.suspended_till > $3, false) OR coalesce(u.silenced_till > $3, false)
                    OR EXISTS (SELECT FROM user_histories h WHERE h.target_user_id = u.id AND h.action IN (10, 30) AND h.created_at > $3 - interval '6 months'),
                EXISTS (SELECT FROM user_histories h WHERE h.target_user_id = u.id AND h.action = 15 AND h.new_value = '3' AND h.created_at > $3 - make_interval(days => $4)),
                (SELECT count(*)::int FROM user_visits v WHERE v.user_id = u.id AND v.visited_at > $2::date AND v.posts_read > 0),
                (SELECT count(DISTINCT p.topic_id)::int FROM posts p JOIN topics t ON t.id = p.topic_id
                    WHERE p.user_id = u.id AND p.post_number > 1 AND p.created_at > $2 AND p.deleted_at IS NULL AND t.archetype <> 'private_message' AND t.deleted_at IS NULL),
                (SELECT count(DISTINCT v.topic_id)::int FROM topic_views v WHERE v.user_id = u.id AND v.viewed_at > $2::date),
                (SELECT coalesce(sum(v.posts_read), 0)::int FROM user_visits v WHERE v.user_id = u.id AND v.visited_at > $2::date),
                (SELECT count(DISTINCT v.topic_id)::int FROM topic_views v WHERE v.user_id = u.id),
                (SELECT coalesce(sum(v.posts_read), 0)::int FROM user_visits v WHERE v.user_id = u.id),
                (SELECT count(DISTINCT a.post_id)::int FROM posts p JOIN post_actions a ON a.post_id = p.id
                    WHERE p.user_id = u.id AND p.created_at > $2 AND (p.spam_count > 0 OR p.inappropriate_count > 0) AND a.user_id <> u.id AND a.agreed_at IS NOT NULL),
                (SELECT count(DISTINCT a.user_id)::int FROM posts p JOIN post_actions a ON a.post_id = p.id
                    WHERE p.user_id = u.id AND p.created_at > $2 AND (p.spam_count > 0 OR p.inappropriate_count > 0) AND a.user_id <> u.id AND a.agreed_at IS NOT NULL),
                (SELECT count(*)::int FROM user_actions a WHERE a.user_id = u.id AND a.action_type = 1 AND a.created_at > $2),
                l.total, l.days, l.people
            FROM users u
            CROSS JOIN LATERAL (
                SELECT count(*)::int AS total, count(DISTINCT a.created_at::date)::int AS days, count(DISTINCT a.acting_user_id)::int AS people
                FROM user_actions a WHERE a.user_id = u.id AND a.action_type = 2 AND a.created_at > $2
            ) l
            WHERE u.id = ANY($1)
            """, row => new RegularRequirements
        {
            UserId = row.Int(0),
            TimePeriod = days,
            IsLocked = row.Bool(1),
            IsPenalized = row.Bool(2),
            IsOnGracePeriod = row.Bool(3),
            AtLeast =
            [
                ("days_visited", row.Int(4), settings.Int("tl3_requires_days_visited")),
                ("num_topics_replied_to", row.Int(5), settings.Int("tl3_requires_topics_replied_to")),
                ("topics_viewed", row.Int(6), Math.Min(settings.Int("tl3_requires_topics_viewed_cap"), Share(topics, settings.Int("tl3_requires_topics_viewed")))),
                ("posts_read", row.Int(7), Math.Min(settings.Int("tl3_requires_posts_read_cap"), Share(posts, settings.Int("tl3_requires_posts_read")))),
                ("num_likes_given", row.Int(12), settings.Int("tl3_requires_likes_given")),
                ("num_likes_received", row.Int(13), likes),
                ("num_likes_received_days", row.Int(14), (int)Math.Min(Math.Ceiling(likes / 3.0), Math.Ceiling(0.75 * days))),
                ("num_likes_received_users", row.Int(15), (int)Math.Ceiling(likes / 4.0)),
            ],
            AllTime =
            [
                ("topics_viewed_all_time", row.Int(8), settings.Int("tl3_requires_topics_viewed_all_time")),
                ("posts_read_all_time", row.Int(9), settings.Int("tl3_requires_posts_read_all_time")),
            ],
            AtMost = [("num_flagged_posts", row.Int(10), flagged), ("num_flagged_by_users", row.Int(11), flagged)],
        }, [userIds, since, now, settings.Int("tl3_promotion_min_duration")], cancellation);
    }

    static int Share(int total, int percent) => (int)Math.Round(total * percent / 100.0, MidpointRounding.AwayFromZero);

    /// <summary>For the page of a member that staff see.</summary>
    public static JsonObject Json(RegularRequirements requirements)
    {
        var json = new JsonObject { ["time_period"] = requirements.TimePeriod, ["requirements_met"] = requirements.IsMet, ["requirements_lost"] = requirements.IsLost };
        foreach (var (name, has, needs) in requirements.AtLeast.Concat(requirements.AllTime))
        {
            json[name] = has;
            json["min_" + name.Replace("num_", "", StringComparison.Ordinal)] = needs;
        }

        foreach (var (name, has, most) in requirements.AtMost)
        {
            json[name] = has;
            json["max_" + name.Replace("num_", "", StringComparison.Ordinal)] = most;
        }

        json["trust_level_locked"] = requirements.IsLocked;
        json["on_grace_period"] = requirements.IsOnGracePeriod;
        return json;
    }
}
