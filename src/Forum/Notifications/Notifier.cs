using System.Text.Json.Nodes;
using Forum.Database;
using Forum.Posts;
using Forum.Topics;

namespace Forum.Notifications;

enum NotificationType
{
    Mentioned = 1,
    Replied = 2,
    Quoted = 3,
    Edited = 4,
    Liked = 5,
    PrivateMessage = 6,
    InvitedToPrivateMessage = 7,
    InviteeAccepted = 8,
    Posted = 9,
    MovedPost = 10,
    Linked = 11,
    GrantedBadge = 12,
    Custom = 14,
    GroupMentioned = 15,
    WatchingFirstPost = 17,
    TopicReminder = 18,
    LikedConsolidated = 19,
    PostApproved = 20,
    MembershipRequestAccepted = 22,
    MembershipRequestConsolidated = 23,
    BookmarkReminder = 24,
    WatchingCategoryOrTag = 36,
}

/// <summary>Writes notifications.</summary>
static class Notifier
{
    public static async Task AddAsync(SqlSession sql, IReadOnlyCollection<int> userIds, NotificationType type, JsonObject data, int? topicId, int? postNumber,
        int? postActionId, DateTime now, CancellationToken cancellation)
    {
        var receivers = userIds.Where(id => id > 0).Distinct().ToArray();
        if (receivers.Length == 0)
            return;
        var text = data.ToJsonString();
        if (text.Length > 1000)
        {
            data["topic_title"] = "";
            text = data.ToJsonString();
        }

        await sql.WriteAsync("""
            INSERT INTO notifications (notification_type, user_id, data, read, created_at, updated_at, topic_id, post_number, post_action_id, high_priority)
            SELECT $2, u.id, $3, false, $4, $4, $5, $6, $7, $2 IN (6, 24)
            FROM users u
            WHERE u.id = ANY($1) AND u.active
            """, [receivers, (int)type, text, now, topicId, postNumber, postActionId], cancellation);
    }

    /// <summary>How much a member hears of a topic, chosen by themself: 0 muted, 1 normal, 2 tracking, 3 watching.</summary>
    public static Task<int> SetTopicLevelAsync(SqlSession sql, int userId, int topicId, int level, DateTime now, CancellationToken cancellation) => sql.ExecuteAsync("""
        INSERT INTO topic_users (user_id, topic_id, notification_level, notifications_reason_id, notifications_changed_at)
        VALUES ($1, $2, $3, 2, $4)
        ON CONFLICT (user_id, topic_id) DO UPDATE SET notification_level = $3, notifications_reason_id = 2, notifications_changed_at = $4
        """, [userId, topicId, level, now], cancellation);

    public static JsonObject DataOf(Topic topic, Post post, string username) => new()
    {
        ["topic_title"] = topic.Title,
        ["original_post_id"] = post.Id,
        ["original_post_type"] = (int)post.Type,
        ["original_username"] = username,
        ["revision_number"] = null,
        ["display_username"] = username,
    };
}
