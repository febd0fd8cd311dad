using Forum.Database;
using Forum.Notifications;
using Forum.RateLimits;
using Forum.Topics;
using Forum.Viewing;
using Forum.Web;

namespace Forum.Posts;

/// <summary>Likes and flags.</summary>
sealed class PostActions(ForumDatabase database, PostCreation creation, RateLimiter limiter, ForumEvents events)
{
    public const int LikeType = 2;
    static readonly int[] FlagTypes = [3, 4, 6, 7, 8, 10];
    static readonly int[] WithMessage = [6, 7];

    public async Task ActAsync(Post post, Topic topic, int type, string? message, bool onTopic, Viewer viewer, CancellationToken cancellation)
    {
        if (type == LikeType)
        {
            await LikeAsync(post, topic, viewer, cancellation);
            return;
        }

        if (!FlagTypes.Contains(type))
            throw Refused.InvalidParameters("post_action_type_id");
        await FlagAsync(post, topic, type, message, onTopic, viewer, cancellation);
    }

    async Task LikeAsync(Post post, Topic topic, Viewer viewer, CancellationToken cancellation)
    {
        if (!PostPermissions.CanLike(viewer, topic, post))
            throw Refused.InvalidAccess();
        var most = viewer.Settings.Int("max_likes_per_day") * (viewer.User.TrustLevel switch { 2 => 1.5, 3 => 2, 4 => 3, _ => 1 });
        await limiter.PerformAsync($"create_like_{viewer.User.Id}", (int)most, TimeSpan.FromDays(1), cancellation);
        await using var sql = await database.BeginAsync(cancellation);
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

    static async Task CountLikeAsync(SqlSession sql, Post post, Topic topic, Viewer viewer, int by, CancellationToken cancellation)
    {
        await sql.ExecuteAsync("""
            UPDATE posts
            SET like_count = greatest(like_count + $2, 0), like_score = greatest(like_score + $2 * CASE WHEN $3 THEN 3 ELSE 1 END, 0),
                score = reply_count * 5 + greatest(like_score + $2 * CASE WHEN $3 THEN 3 ELSE 1 END, 0) * 15 + incoming_link_count * 5 + bookmark_count * 2 + reads * 0.2
            WHERE id = $1
            """, [post.Id, by, viewer.User.IsStaff], cancellation);
        await sql.ExecuteAsync("UPDATE topics SET like_count = greatest(like_count + $2, 0) WHERE id = $1", [topic.Id, by], cancellation);
        await sql.ExecuteAsync("UPDATE user_stats SET likes_given = greatest(likes_given + $2, 0) WHERE user_id = $1", [viewer.User.Id, by], cancellation);
        await sql.ExecuteAsync("UPDATE user_stats SET likes_received = greatest(likes_received + $2, 0) WHERE user_id = $1", [post.UserId, by], cancellation);
        await sql.ExecuteAsync("""
            INSERT INTO given_daily_likes (user_id, likes_given, given_date)
            VALUES ($1, greatest($2, 0), $3::date)
            ON CONFLICT (user_id, given_date) DO UPDATE SET likes_given = greatest(given_daily_likes.likes_given + $2, 0)
            """, [viewer.User.Id, by, viewer.Now], cancellation);
    }

    /// <exception cref="RefusedException">404 when there is nothing to undo, 403 when it is too late.</exception>
    public async Task UndoAsync(Post post, Topic topic, int type, Viewer viewer, CancellationToken cancellation)
    {
        await using var sql = await database.BeginAsync(cancellation);
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

        sql.AfterCommit(() => events.RaiseAsync("unliked", topic, post));
        await sql.CommitAsync(cancellation);
    }

    async Task FlagAsync(Post post, Topic topic, int type, string? message, bool onTopic, Viewer viewer, CancellationToken cancellation)
    {
        if (!PostPermissions.CanFlag(viewer, topic, post))
            throw Refused.InvalidAccess();
        if (WithMessage.Contains(type) && (message?.Trim().Length ?? 0) is < 10 or > 1000)
            throw Refused.Invalid("Message must have between 10 and 1000 characters.");
        await using var sql = await database.BeginAsync(cancellation);
        if (await sql.ScalarAsync<bool>("""
            SELECT EXISTS (SELECT FROM post_actions WHERE post_id = $1 AND user_id = $2 AND post_action_type_id = ANY($3) AND deleted_at IS NULL)
            """, [post.Id, viewer.User.Id, FlagTypes], cancellation))
            throw Refused.InvalidAccess("You have already flagged this post.");
        int? related = type == 6 ? await TellAuthorAsync(sql, post, topic, message!, viewer, cancellation) : null;
        await sql.ExecuteAsync("""
            INSERT INTO post_actions (post_id, user_id, post_action_type_id, created_at, updated_at, targets_topic, related_post_id)
            VALUES ($1, $2, $3, $4, $4, $5, $6)
            """, [post.Id, viewer.User.Id, type, viewer.Now, onTopic, related], cancellation);
        await sql.ExecuteAsync("""
            UPDATE posts
            SET off_topic_count = off_topic_count + ($2 = 3)::int, inappropriate_count = inappropriate_count + ($2 = 4)::int, spam_count = spam_count + ($2 = 8)::int,
                illegal_count = illegal_count + ($2 = 10)::int, notify_moderators_count = notify_moderators_count + ($2 = 7)::int, notify_user_count = notify_user_count + ($2 = 6)::int
            WHERE id = $1
            """, [post.Id, type], cancellation);
        if (type != 6)
            await ReviewAsync(sql, post, topic, type, message, viewer, cancellation);
        sql.AfterCommit(() => events.RaiseAsync("acted", topic, post));
        await sql.CommitAsync(cancellation);
    }

    async Task<int> TellAuthorAsync(ForumTransaction sql, Post post, Topic topic, string message, Viewer viewer, CancellationToken cancellation) =>
        (await creation.CreateAsync(sql, new NewPost
        {
            IsMessage = true,
            Subtype = "notify_user",
            Title = $"Your post in \"{topic.Title}\"",
            Raw = $"{message}\n\n{topic.Url}/{post.PostNumber}",
            Recipients = [post.Author.Username],
            SkipValidations = true,
        }, viewer, cancellation)).Id;

    /// <summary>A flag waits for moderators as a row of reviewables; enough of them hide the post.</summary>
    static async Task ReviewAsync(SqlSession sql, Post post, Topic topic, int type, string? message, Viewer viewer, CancellationToken cancellation)
    {
        var score = 1.0 + viewer.User.TrustLevel + (viewer.User.IsStaff ? 5 : 0);
        var id = await sql.ScalarAsync<long>("""
            WITH changed AS (
                UPDATE reviewables SET score = score + $3, latest_score = $4, version = version + 1, updated_at = $4, status = 0, potential_spam = potential_spam OR $5
                WHERE type = 'ReviewableFlaggedPost' AND target_type = 'Post' AND target_id = $1
                RETURNING id
            ), added AS (
                INSERT INTO reviewables (type, status, created_by_id, reviewable_by_moderator, category_id, topic_id, score, potential_spam, target_id, target_type,
                    target_created_by_id, latest_score, created_at, updated_at)
                SELECT 'ReviewableFlaggedPost', 0, $2, true, $6, $7, $3, $5, $1, 'Post', $8, $4, $4, $4
                WHERE NOT EXISTS (SELECT FROM changed)
                RETURNING id
            )
            SELECT id FROM changed UNION ALL SELECT id FROM added
            """, [post.Id, viewer.User.Id, score, viewer.Now, type == 8, topic.CategoryId, topic.Id, post.UserId], cancellation);
        await sql.ExecuteAsync("""
            INSERT INTO reviewable_scores (reviewable_id, user_id, reviewable_score_type, status, score, created_at, updated_at, reason)
            VALUES ($1, $2, $3, 0, $4, $5, $5, $6)
            """, [(int)id, viewer.User.Id, type, score, viewer.Now, message is { Length: > 250 } ? message[..250] : message], cancellation);
        await sql.ExecuteAsync("""
            UPDATE posts p
            SET hidden = true, hidden_reason_id = 1, hidden_at = $2
            FROM reviewables r
            WHERE r.id = $1 AND p.id = r.target_id AND NOT p.hidden AND r.score >= 15 AND p.user_id NOT IN (SELECT id FROM users WHERE admin OR moderator)
            """, [id, viewer.Now], cancellation);
    }
}
