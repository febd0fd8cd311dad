using System.Text.Json.Nodes;
using Forum.Database;
using Forum.Users;
using Forum.Viewing;
using Forum.Web;

namespace Forum.Reading;

/// <summary>Which topics are new or have unread posts for a member: what a client counts beside its menu, and keeps right by the message bus.</summary>
static class TrackingStateApi
{
    const int Most = 1000;

    public static void MapTrackingState(this IEndpointRouteBuilder app)
    {
        app.MapGet("/u/{username}/topic-tracking-state", TopicsAsync).RequireLogin().Named("users#topic_tracking_state");
        app.MapGet("/u/{username}/private-message-topic-tracking-state", MessagesAsync).RequireLogin().Named("users#private_message_topic_tracking_state");
    }

    static async Task<(int Id, Viewer Viewer)> OwnerAsync(HttpContext context, string username, CancellationToken cancellation)
    {
        var services = context.RequestServices;
        var viewer = await services.GetRequiredService<Viewers>().OfAsync(context, cancellation);
        var id = await UserLookup.GetAsync(services.GetRequiredService<ForumDatabase>(), username, viewer.User, cancellation);
        return id == viewer.User.Id || viewer.User.IsAdmin ? (id, viewer) : throw Refused.InvalidAccess();
    }

    static async Task<IResult> TopicsAsync(HttpContext context, string username, ForumDatabase database, MessageBus.MessageBus bus, CancellationToken cancellation)
    {
        var (id, viewer) = await OwnerAsync(context, username, cancellation);
        var states = await database.ListAsync("""
            SELECT t.id, t.highest_post_number, tu.last_read_post_number, t.created_at, t.category_id, coalesce(tu.notification_level, 1), t.archetype,
                ARRAY(SELECT g.name FROM topic_tags tt JOIN tags g ON g.id = tt.tag_id WHERE tt.topic_id = t.id), tu.last_read_post_number IS NULL
            FROM topics t
            LEFT JOIN topic_users tu ON tu.topic_id = t.id AND tu.user_id = $1
            CROSS JOIN LATERAL (
                SELECT greatest(s.new_since, CASE o.new_topic_duration_minutes WHEN -1 THEN 'epoch'::timestamp WHEN -2 THEN coalesce(u.previous_visit_at, u.created_at)
                    ELSE $3::timestamp - make_interval(mins => o.new_topic_duration_minutes) END) AS since
                FROM users u JOIN user_stats s ON s.user_id = u.id JOIN user_options o ON o.user_id = u.id WHERE u.id = $1
            ) own
            WHERE t.deleted_at IS NULL AND t.visible AND t.archetype <> 'private_message' AND t.category_id = ANY($2)
                AND ((tu.last_read_post_number < t.highest_post_number AND tu.notification_level >= 2)
                    OR (tu.last_read_post_number IS NULL AND t.created_at >= own.since AND coalesce(tu.notification_level, 1) > 0 AND t.user_id IS DISTINCT FROM $1
                        AND NOT EXISTS (SELECT FROM dismissed_topic_users d WHERE d.topic_id = t.id AND d.user_id = $1)
                        AND NOT EXISTS (SELECT FROM category_users c WHERE c.user_id = $1 AND c.category_id = t.category_id AND c.notification_level = 0)))
            ORDER BY t.bumped_at DESC
            LIMIT $4
            """, row => (JsonNode?)new JsonObject
        {
            ["topic_id"] = row.Int(0),
            ["highest_post_number"] = row.Int(1),
            ["last_read_post_number"] = row.IntOrNull(2),
            ["created_at"] = JsonParts.Time(row.Time(3)),
            ["category_id"] = row.IntOrNull(4),
            ["notification_level"] = row.Int(5),
            ["archetype"] = row.Text(6),
            ["tags"] = row.Texts(7).ToJsonArray(),
            ["created_in_new_period"] = row.Bool(8),
            ["treat_as_new_topic_start_date"] = null,
        }, [id, viewer.VisibleCategories, viewer.Now, Most], cancellation);
        var meta = new JsonObject();
        foreach (var channel in (string[])["/latest", "/new", "/unread", $"/unread/{id}", "/delete", "/recover", "/destroy"])
            meta[channel] = await bus.LastIdOrZeroAsync(channel, cancellation);
        return Replies.Json(new JsonObject { ["data"] = states.ToJsonArray(), ["meta"] = meta });
    }

    static async Task<IResult> MessagesAsync(HttpContext context, string username, ForumDatabase database, CancellationToken cancellation)
    {
        var (id, _) = await OwnerAsync(context, username, cancellation);
        var states = await database.ListAsync("""
            SELECT t.id, t.highest_post_number, tu.last_read_post_number, coalesce(tu.notification_level, 1), ARRAY(SELECT a.group_id FROM topic_allowed_groups a WHERE a.topic_id = t.id)
            FROM topics t
            LEFT JOIN topic_users tu ON tu.topic_id = t.id AND tu.user_id = $1
            WHERE t.deleted_at IS NULL AND t.archetype = 'private_message'
                AND (EXISTS (SELECT FROM topic_allowed_users a WHERE a.topic_id = t.id AND a.user_id = $1)
                    OR EXISTS (SELECT FROM topic_allowed_groups a JOIN group_users g ON g.group_id = a.group_id WHERE a.topic_id = t.id AND g.user_id = $1))
                AND (tu.last_read_post_number IS NULL OR (tu.last_read_post_number < t.highest_post_number AND tu.notification_level >= 2))
            ORDER BY t.bumped_at DESC
            LIMIT $2
            """, row => (JsonNode?)new JsonObject
        {
            ["topic_id"] = row.Int(0),
            ["highest_post_number"] = row.Int(1),
            ["last_read_post_number"] = row.IntOrNull(2),
            ["notification_level"] = row.Int(3),
            ["group_ids"] = row.Ints(4).ToJsonArray(),
        }, [id, Most], cancellation);
        return Replies.Json(states.ToJsonArray());
    }
}
