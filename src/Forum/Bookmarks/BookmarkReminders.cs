using System.Text.Json.Nodes;
using Forum.Database;
using Forum.Jobs;
using Forum.Notifications;

namespace Forum.Bookmarks;

/// <summary>Reminds members of what they bookmarked, at the time that they chose.</summary>
sealed class BookmarkReminders(ForumDatabase database, TimeProvider time) : IScheduledJob
{
    /// <summary>Of auto_delete_preference.</summary>
    const int DeleteWhenSent = 1;

    const int ClearWhenSent = 3;

    public string Name => "bookmark_reminder_notifications";

    public TimeSpan Every => TimeSpan.FromMinutes(1);

    sealed record Due(long Id, long UserId, string? BookmarkName, int AutoDelete, int TopicId, int PostNumber, int PostId, string Type, int TargetId, string Title, string Username, string Slug);

    public async Task RunAsync(CancellationToken cancellation)
    {
        var now = time.GetUtcNow().UtcDateTime;
        var due = await database.ListAsync("""
            SELECT b.id, b.user_id, b.name, b.auto_delete_preference, t.id, coalesce(p.post_number, 1), coalesce(p.id, 0), b.bookmarkable_type, b.bookmarkable_id, t.title, u.username, coalesce(t.slug, 'topic')
            FROM bookmarks b
            JOIN users u ON u.id = b.user_id
            LEFT JOIN posts p ON b.bookmarkable_type = 'Post' AND p.id = b.bookmarkable_id AND p.deleted_at IS NULL
            JOIN topics t ON t.id = coalesce(p.topic_id, CASE WHEN b.bookmarkable_type = 'Topic' THEN b.bookmarkable_id END) AND t.deleted_at IS NULL
            WHERE b.reminder_at <= $1 AND (b.reminder_last_sent_at IS NULL OR b.reminder_last_sent_at < b.reminder_at)
            ORDER BY b.reminder_at
            LIMIT 300
            """, row => new Due(row.Long(0), row.Long(1), row.TextOrNull(2), row.Int(3), row.Int(4), row.Int(5), row.Int(6), row.Text(7), row.Int(8), row.Text(9), row.Text(10), row.Text(11)), [now], cancellation);
        foreach (var bookmark in due)
        {
            await using var sql = await database.BeginAsync(cancellation);
            await Notifier.AddAsync(sql, [(int)bookmark.UserId], NotificationType.BookmarkReminder, new JsonObject
            {
                ["title"] = bookmark.Title,
                ["topic_title"] = bookmark.Title,
                ["bookmarkable_url"] = $"/t/{bookmark.Slug}/{bookmark.TopicId}/{bookmark.PostNumber}",
                ["display_username"] = bookmark.Username,
                ["bookmark_name"] = bookmark.BookmarkName,
                ["bookmark_id"] = bookmark.Id,
                ["bookmarkable_type"] = bookmark.Type,
                ["bookmarkable_id"] = bookmark.TargetId,
            }, bookmark.TopicId, bookmark.PostNumber, null, now, cancellation);
            if (bookmark.AutoDelete == DeleteWhenSent)
            {
                await sql.ExecuteAsync("DELETE FROM bookmarks WHERE id = $1", [bookmark.Id], cancellation);
                await BookmarkCounts.RefreshAsync(sql, (int)bookmark.UserId, bookmark.TopicId, bookmark.PostId, now, cancellation);
            }
            else
            {
                await sql.ExecuteAsync("UPDATE bookmarks SET reminder_last_sent_at = $2, reminder_set_at = NULL, reminder_at = CASE WHEN $3 THEN NULL ELSE reminder_at END WHERE id = $1",
                    [bookmark.Id, now, bookmark.AutoDelete == ClearWhenSent], cancellation);
            }

            await sql.CommitAsync(cancellation);
        }
    }
}

/// <summary>What bookmarks count in: the post's number of them, and whether the member has one in the topic.</summary>
static class BookmarkCounts
{
    public static async Task RefreshAsync(SqlSession sql, int userId, int topicId, int postId, DateTime now, CancellationToken cancellation)
    {
        await sql.ExecuteAsync("""
            UPDATE posts SET bookmark_count = (SELECT count(*) FROM bookmarks WHERE bookmarkable_type = 'Post' AND bookmarkable_id = $1) WHERE id = $1
            """, [postId], cancellation);
        await sql.ExecuteAsync("""
            INSERT INTO topic_users (user_id, topic_id, notification_level, bookmarked, first_visited_at, last_visited_at)
            SELECT $1, $2, 1, EXISTS (SELECT FROM bookmarks b LEFT JOIN posts p ON b.bookmarkable_type = 'Post' AND p.id = b.bookmarkable_id
                WHERE b.user_id = $1 AND (p.topic_id = $2 OR (b.bookmarkable_type = 'Topic' AND b.bookmarkable_id = $2))), $3, $3
            ON CONFLICT (user_id, topic_id) DO UPDATE SET bookmarked = EXCLUDED.bookmarked
            """, [userId, topicId, now], cancellation);
    }

    /// <summary>Bookmarks that were to go when their owner replies in the topic.</summary>
    public static async Task AnsweredAsync(SqlSession sql, int userId, int topicId, DateTime now, CancellationToken cancellation)
    {
        var posts = await sql.ListAsync("""
            DELETE FROM bookmarks b
            WHERE b.user_id = $1 AND b.auto_delete_preference = 2 AND ((b.bookmarkable_type = 'Topic' AND b.bookmarkable_id = $2)
                OR (b.bookmarkable_type = 'Post' AND b.bookmarkable_id IN (SELECT id FROM posts WHERE topic_id = $2)))
            RETURNING CASE WHEN b.bookmarkable_type = 'Post' THEN b.bookmarkable_id ELSE 0 END
            """, row => row.Int(0), [(long)userId, topicId], cancellation);
        foreach (var post in posts)
            await RefreshAsync(sql, userId, topicId, post, now, cancellation);
    }
}
