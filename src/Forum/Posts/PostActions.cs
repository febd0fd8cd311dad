using Forum.Database;
using Forum.Notifications;
using Forum.RateLimits;
using Forum.Topics;
using Forum.Viewing;
using Forum.Web;

namespace Forum.Posts;

/// <summary>Likes; and taking back likes and flags.</summary>
sealed class PostActions(ForumDatabase database, RateLimiter limiter, ForumEvents events)
{
    public const int LikeType = 2;

    public async Task LikeAsync(Post post, Topic topic, Viewer viewer, CancellationToken cancellation)
    {
        if (!PostPermissions.CanLike(viewer, topic, post))
            throw Refused.InvalidAccess();
        await limiter.PerformAsync($"create_like_{viewer.User.Id}", MostPerDay(viewer), TimeSpan.FromDays(1), cancellation);
        await using var sql = await database.BeginAsync(cancellation);
        await TopicLocks.TakeAsync(sql, topic, post, cancellation);
        var id = await sql.ScalarAsync<int>("""
            INSERT INTO post_actions (post_id, user_id, post_action_type_id, created_at, updated_at)
            SELECT $1, $2, 2, $3, $3
            WHERE NOT EXISTS (SELECT FROM post_actions WHERE post_id = $1 AND user_id = $2 AND post_action_type_id = 2 AND deleted_at IS NULL)
            RETURNING id
            """, [post.Id, viewer.User.Id, viewer.Now], cancellation);
        if (id == 0)
            throw Refused.InvalidAccess();
        await CountLikeAsync(sql, post, topic, viewer, 1, cancellation);
        await sql.ExecuteAsync("""
            INSERT INTO user_actions (action_type, user_id, target_topic_id, target_post_id, acting_user_id, created_at, updated_at)
            VALUES (1, $1, $2, $3, $1, $5, $5), (2, $4, $2, $3, $1, $5, $5)
            ON CONFLICT DO NOTHING
            """, [viewer.User.Id, topic.Id, post.Id, post.UserId, viewer.Now], cancellation);
        await sql.ExecuteAsync("""
            INSERT INTO topic_users (user_id, topic_id, notification_level, liked, first_visited_at, last_visited_at)
            VALUES ($1, $2, 1, true, $3, $3)
            ON CONFLICT (user_id, topic_id) DO UPDATE SET liked = true
            """, [viewer.User.Id, topic.Id, viewer.Now], cancellation);
        var listens = await sql.ScalarAsync<int?>("SELECT like_notification_frequency FROM user_options WHERE user_id = $1", [post.UserId], cancellation) ?? 1;
        if (listens != 3)
            await Notifier.AddAsync(sql, [post.UserId], NotificationType.Liked, Notifier.DataOf(topic, post, viewer.User.Username), topic.Id, post.PostNumber, id, viewer.Now, cancellation);
        sql.AfterCommit(() => events.RaiseAsync("liked", topic, post));
        await sql.CommitAsync(cancellation);
    }

    static int MostPerDay(Viewer viewer) => (int)(viewer.Settings.Int("max_likes_per_day") *
        (viewer.User.TrustLevel >= 2 ? viewer.Settings.Number($"tl{viewer.User.TrustLevel}_additional_likes_per_day_multiplier") : 1));

    static async Task CountLikeAsync(SqlSession sql, Post post, Topic topic, Viewer viewer, int by, CancellationToken cancellation)
    {
        await sql.ExecuteAsync("""
            UPDATE posts
            SET like_count = greatest(like_count + $2, 0), like_score = greatest(like_score + $2 * CASE WHEN $3 THEN 3 ELSE 1 END, 0),
                score = reply_count * 5 + greatest(like_score + $2 * CASE WHEN $3 THEN 3 ELSE 1 END, 0) * 15 + incoming_link_count * 5 + bookmark_count * 2 + reads * 0.2
            WHERE id = $1
            """, [post.Id, by, viewer.User.IsStaff], cancellation);
        await sql.ExecuteAsync("UPDATE topics SET like_count = greatest(like_count + $2, 0) WHERE id = $1", [topic.Id, by], cancellation);
        await TopicCounters.LockUsersAsync(sql, [viewer.User.Id, post.UserId], cancellation);
        await sql.ExecuteAsync("UPDATE user_stats SET likes_given = greatest(likes_given + $2, 0) WHERE user_id = $1", [viewer.User.Id, by], cancellation);
        await sql.ExecuteAsync("UPDATE user_stats SET likes_received = greatest(likes_received + $2, 0) WHERE user_id = $1", [post.UserId, by], cancellation);
        await sql.ExecuteAsync("""
            INSERT INTO given_daily_likes (user_id, likes_given, given_date)
            VALUES ($1, greatest($2, 0), $3::date)
            ON CONFLICT (user_id, given_date) DO UPDATE
            SET likes_given = greatest(given_daily_likes.likes_given + $2, 0), limit_reached = given_daily_likes.limit_reached OR given_daily_likes.likes_given + $2 >= $4
            """, [viewer.User.Id, by, viewer.Now, MostPerDay(viewer)], cancellation);
    }

    /// <exception cref="RefusedException">404 when there is nothing to undo, 403 when it is too late.</exception>
    public async Task UndoAsync(Post post, Topic topic, int type, Viewer viewer, CancellationToken cancellation)
    {
        await using var sql = await database.BeginAsync(cancellation);
        await TopicLocks.TakeAsync(sql, topic, post, cancellation);
        var (id, at) = await sql.FindAsync("""
            SELECT id, created_at
            FROM post_actions
            WHERE post_id = $1 AND user_id = $2 AND post_action_type_id = $3 AND deleted_at IS NULL
            """, row => (row.Int(0), row.Time(1)), [post.Id, viewer.User.Id, type], cancellation);
        if (id == 0)
            throw Refused.NotFound();
        if (at.AddMinutes(viewer.Settings.Int("post_undo_action_window_mins")) < viewer.Now)
            throw Refused.InvalidAccess();
        await sql.ExecuteAsync("UPDATE post_actions SET deleted_at = $2, deleted_by_id = $3 WHERE id = $1", [id, viewer.Now, viewer.User.Id], cancellation);
        if (type == LikeType)
        {
            await CountLikeAsync(sql, post, topic, viewer, -1, cancellation);
            await sql.ExecuteAsync("DELETE FROM user_actions WHERE action_type IN (1, 2) AND target_post_id = $1 AND acting_user_id = $2", [post.Id, viewer.User.Id], cancellation);
            await sql.ExecuteAsync("DELETE FROM notifications WHERE post_action_id = $1", [id], cancellation);
            await sql.ExecuteAsync("""
                UPDATE topic_users SET liked = EXISTS (SELECT FROM post_actions a JOIN posts p ON p.id = a.post_id
                    WHERE p.topic_id = $2 AND a.user_id = $1 AND a.post_action_type_id = 2 AND a.deleted_at IS NULL)
                WHERE user_id = $1 AND topic_id = $2
                """, [viewer.User.Id, topic.Id], cancellation);
        }
        else
        {
            await Moderation.Flagging.CountAsync(sql, post.Id, cancellation);
        }

        sql.AfterCommit(() => events.RaiseAsync("unliked", topic, post));
        await sql.CommitAsync(cancellation);
    }
}
