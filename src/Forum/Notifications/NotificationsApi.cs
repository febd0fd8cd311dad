using System.Text.Json;
using System.Text.Json.Nodes;
using Forum.Database;
using Forum.Sessions;
using Forum.Viewing;
using Forum.Web;

namespace Forum.Notifications;

static class NotificationsApi
{
    public static void MapNotifications(this IEndpointRouteBuilder app)
    {
        app.MapGet("/notifications", ListAsync).RequireLogin().Named("notifications#index");
        app.MapPut("/notifications/mark-read", MarkAsync).RequireLogin().Named("notifications#mark_read");
        app.MapPut("/notifications/read", MarkAsync).RequireLogin().Named("notifications#mark_read");
        app.MapGet("/notifications/totals", TotalsAsync).RequireLogin().Named("notifications#totals");
    }

    static async Task<IResult> ListAsync(Parameters given, CurrentUser user, ForumDatabase database, CancellationToken cancellation)
    {
        var owner = user.Id;
        if (given.Text("username") is { Length: > 0 } name && !name.Equals(user.Username, StringComparison.OrdinalIgnoreCase))
        {
            owner = await database.FindAsync("SELECT id FROM users WHERE username_lower = lower($1)", row => (int?)row.Int(0), [name], cancellation) ?? throw Refused.NotFound();
            if (!user.IsAdmin)
                throw Refused.InvalidAccess();
        }

        var limit = Math.Clamp(given.Int("limit") ?? 60, 1, 60);
        var offset = Math.Max(0, given.Int("offset") ?? 0);
        var filter = given.Text("filter");
        var recent = given.Flag("recent");
        var rows = await database.ListAsync("""
            SELECT n.id::int, n.user_id, n.notification_type, n.read, n.high_priority, n.created_at, n.post_number, n.topic_id, coalesce(t.fancy_title, t.title), t.slug, n.data,
                count(*) OVER ()::int
            FROM notifications n
            LEFT JOIN topics t ON t.id = n.topic_id
            WHERE n.user_id = $1 AND (t.id IS NULL OR t.deleted_at IS NULL)
                AND ($4::text IS NULL OR n.read = ($4 = 'read'))
            ORDER BY CASE WHEN $5 THEN n.high_priority AND NOT n.read END DESC, CASE WHEN $5 THEN NOT n.read AND n.notification_type NOT IN (5, 19, 25) END DESC, n.created_at DESC, n.id DESC
            LIMIT $2 OFFSET $3
            """, row => (Total: row.Int(11), Json: new JsonObject
        {
            ["id"] = row.Int(0),
            ["user_id"] = row.Int(1),
            ["notification_type"] = row.Int(2),
            ["read"] = row.Bool(3),
            ["high_priority"] = row.Bool(4),
            ["created_at"] = JsonParts.Time(row.Time(5)),
            ["post_number"] = row.IntOrNull(6),
            ["topic_id"] = row.IntOrNull(7),
            ["fancy_title"] = row.TextOrNull(8),
            ["slug"] = row.TextOrNull(9),
            ["data"] = Data(row.Text(10)),
        }), [owner, limit, offset, filter is "read" or "unread" ? filter : null, recent], cancellation);
        if (recent && owner == user.Id && !given.Flag("silent") && rows.Count > 0)
        {
            await database.ExecuteAsync("UPDATE users SET seen_notification_id = greatest(seen_notification_id, $2) WHERE id = $1",
                [user.Id, rows.Max(row => (int)row.Json["id"]!)], cancellation);
        }

        return Replies.Json(new JsonObject
        {
            ["notifications"] = rows.Select(row => (JsonNode?)row.Json).ToJsonArray(),
            ["total_rows_notifications"] = rows.Count > 0 ? rows[0].Total : 0,
            ["seen_notification_id"] = user.SeenNotificationId,
            ["load_more_notifications"] = $"/notifications?offset={offset + limit}&username={user.Username.ToLowerInvariant()}",
        });
    }

    static JsonObject Data(string text)
    {
        try
        {
            return JsonNode.Parse(text) as JsonObject ?? [];
        }
        catch (JsonException)
        {
            return [];
        }
    }

    static async Task<IResult> MarkAsync(Parameters given, CurrentUser user, ForumDatabase database, NotificationMessages messages, TimeProvider time, CancellationToken cancellation)
    {
        await database.ExecuteAsync("""
            UPDATE notifications
            SET read = true, updated_at = $4
            WHERE user_id = $1 AND NOT read AND ($2::int IS NULL OR id = $2) AND ($3::int[] IS NULL OR notification_type = ANY($3))
            """, [user.Id, given.Int("id"), given.Text("dismiss_types") is { Length: > 0 } types ? Types(types) : null, time.GetUtcNow().UtcDateTime], cancellation);
        await messages.PublishAsync([user.Id], cancellation);
        return Replies.Success();
    }

    static int[] Types(string names) => [.. names.Split(',').Select(name => Enum.TryParse<NotificationType>(name.Replace("_", "", StringComparison.Ordinal), true, out var type) ? (int)type : 0)];

    static async Task<IResult> TotalsAsync(CurrentUser user, ForumDatabase database, CancellationToken cancellation)
    {
        var (unread, high, messages) = await database.FindAsync("""
            SELECT count(*) FILTER (WHERE NOT high_priority)::int, count(*) FILTER (WHERE high_priority)::int, count(*) FILTER (WHERE notification_type = 6)::int
            FROM notifications
            WHERE user_id = $1 AND NOT read
            """, row => (row.Int(0), row.Int(1), row.Int(2)), [user.Id], cancellation);
        return Replies.Json(new JsonObject
        {
            ["username"] = user.Username,
            ["unread_notifications"] = unread,
            ["unread_high_priority_notifications"] = high,
            ["unread_personal_messages"] = messages,
            ["topic_tracking"] = new JsonObject { ["new"] = 0, ["unread"] = 0 },
        });
    }
}
