using System.Text.Json.Nodes;
using Forum.Database;
using Forum.MessageBus;
using Forum.Posts;
using Forum.Topics;

namespace Forum.Notifications;

/// <summary>Tells members on their own channel, /notification/ID, how many notifications wait for them.</summary>
/// <remarks>Source: upstream's User#publish_notifications_state.</remarks>
sealed class NotificationMessages(MessageBus.MessageBus bus, ForumDatabase database)
{
    const int MostAtOnce = 200;

    public static string Channel(int userId) => $"/notification/{userId}";

    /// <summary>Those whom something written or liked concerned.</summary>
    public async Task PublishAsync(string what, Topic topic, Post? post)
    {
        if (what is "created" or "liked" or "revised" && post is not null)
        {
            var told = await database.ListAsync("""
                SELECT DISTINCT user_id
                FROM notifications
                WHERE topic_id = $1 AND post_number = $2 AND NOT read
                LIMIT $3
                """, row => row.Int(0), [topic.Id, post.PostNumber, MostAtOnce], CancellationToken.None);
            await PublishAsync(told, CancellationToken.None);
        }
    }

    public async Task PublishAsync(IReadOnlyCollection<int> userIds, CancellationToken cancellation)
    {
        if (userIds.Count == 0)
            return;
        var states = await database.ListAsync("""
            SELECT u.id, u.seen_notification_id, count(n.id) FILTER (WHERE NOT n.high_priority AND n.id > u.seen_notification_id)::int, count(n.id) FILTER (WHERE n.high_priority)::int,
                count(n.id)::int, count(n.id) FILTER (WHERE n.notification_type = 6)::int, coalesce(max(n.id), 0)::int
            FROM users u
            LEFT JOIN notifications n ON n.user_id = u.id AND NOT n.read
            WHERE u.id = ANY($1)
            GROUP BY u.id
            """, row => (Id: row.Int(0), Data: new JsonObject
        {
            ["seen_notification_id"] = row.LongOrNull(1) ?? 0,
            ["unread_notifications"] = row.Int(2),
            ["unread_high_priority_notifications"] = row.Int(3),
            ["all_unread_notifications_count"] = row.Int(4),
            ["new_personal_messages_notifications_count"] = row.Int(5),
            ["read_first_notification"] = true,
            ["last_notification_id"] = row.Int(6),
        }), [userIds.ToArray()], cancellation);
        foreach (var (id, data) in states)
            await bus.PublishAsync(Channel(id), data, new BusAudience { UserIds = [id] }, cancellation);
    }
}
