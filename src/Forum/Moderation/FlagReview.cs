using Forum.Database;
using Forum.Posts;
using Forum.Topics;
using Forum.Viewing;

namespace Forum.Moderation;

/// <summary>What a moderator decides about flags: they were right, they were wrong, or it does not matter.</summary>
sealed class FlagReview(PostHiding hiding, SystemMessages messages)
{
    public static Task AgreeAsync(ForumTransaction sql, Reviewable reviewable, Viewer actor, CancellationToken cancellation) =>
        DecideAsync(sql, reviewable, ReviewableStatus.Approved, actor, cancellation);

    public static Task IgnoreAsync(ForumTransaction sql, Reviewable reviewable, Viewer actor, CancellationToken cancellation) =>
        DecideAsync(sql, reviewable, ReviewableStatus.Ignored, actor, cancellation);

    /// <summary>The post is seen again, and its author has their voice back if they lost it for this post.</summary>
    public async Task DisagreeAsync(ForumTransaction sql, Reviewable reviewable, Post post, Topic topic, Viewer actor, CancellationToken cancellation)
    {
        await DecideAsync(sql, reviewable, ReviewableStatus.Rejected, actor, cancellation);
        await Flagging.CountAsync(sql, post.Id, cancellation);
        if (!post.Hidden)
            return;
        await hiding.UnhideAsync(sql, post, topic, cancellation);
        await messages.SendAsync(sql, post.UserId, "Your post is visible again", $"A staff member looked at {topic.Url}/{post.PostNumber} and found nothing wrong with it.", cancellation);
        if (await sql.ScalarAsync<int?>("SELECT post_id FROM user_histories WHERE target_user_id = $1 AND action = 30 ORDER BY id DESC LIMIT 1", [post.UserId], cancellation) == post.Id)
            await Silencing.UnsilenceAsync(sql, post.UserId, actor.User.Id, actor.Now, cancellation);
    }

    static async Task DecideAsync(ForumTransaction sql, Reviewable reviewable, ReviewableStatus status, Viewer actor, CancellationToken cancellation)
    {
        var flaggers = await sql.ListAsync("""
            UPDATE post_actions
            SET agreed_at = CASE WHEN $3 = 1 THEN $4::timestamp ELSE agreed_at END, agreed_by_id = CASE WHEN $3 = 1 THEN $5 ELSE agreed_by_id END,
                disagreed_at = CASE WHEN $3 = 2 THEN $4::timestamp ELSE disagreed_at END, disagreed_by_id = CASE WHEN $3 = 2 THEN $5 ELSE disagreed_by_id END,
                deferred_at = CASE WHEN $3 = 3 THEN $4::timestamp ELSE deferred_at END, deferred_by_id = CASE WHEN $3 = 3 THEN $5 ELSE deferred_by_id END
            WHERE post_id = $1 AND post_action_type_id = ANY($2) AND deleted_at IS NULL AND agreed_at IS NULL AND disagreed_at IS NULL AND deferred_at IS NULL
            RETURNING user_id
            """, row => row.Int(0), [reviewable.TargetId, Flagging.Types, (int)status, actor.Now, actor.User.Id], cancellation);
        await TopicCounters.LockUsersAsync(sql, flaggers, cancellation);
        await sql.ExecuteAsync("""
            UPDATE user_stats
            SET flags_agreed = flags_agreed + ($2 = 1)::int, flags_disagreed = flags_disagreed + ($2 = 2)::int, flags_ignored = flags_ignored + ($2 = 3)::int
            WHERE user_id = ANY($1)
            """, [flaggers.Distinct().ToArray(), (int)status], cancellation);
        await ReviewableStore.TransitionAsync(sql, reviewable, status, actor.User.Id, actor.Now, cancellation);
    }
}
