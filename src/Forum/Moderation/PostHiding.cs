using Forum.Database;
using Forum.Posts;
using Forum.Topics;

namespace Forum.Moderation;

/// <summary>Why a post is hidden; the numbers are those of posts.hidden_reason_id.</summary>
enum HiddenReason
{
    FlagThresholdReached = 1,
    FlagThresholdReachedAgain = 2,
    NewUserSpamThresholdReached = 3,
    FlaggedByTrustedUser = 4,
    EmailSpam = 5,
    EmailAuthentication = 6,
}

/// <summary>Hides posts that flags say should not be seen, and shows them again.</summary>
sealed class PostHiding(SystemMessages messages, ForumEvents events)
{
    public async Task HideAsync(ForumTransaction sql, Post post, Topic topic, HiddenReason reason, DateTime now, CancellationToken cancellation)
    {
        var changed = await sql.ExecuteAsync("""
            UPDATE posts
            SET hidden = true, hidden_at = $3, hidden_reason_id = CASE WHEN hidden_at IS NOT NULL AND $2 = 1 THEN 2 ELSE $2 END
            WHERE id = $1 AND NOT hidden
            """, [post.Id, (int)reason, now], cancellation);
        if (changed == 0)
            return;

        // A topic of which nothing can be read is not listed either.
        await sql.ExecuteAsync("""
            UPDATE topics
            SET visible = false, visibility_reason_id = 0
            WHERE id = $1 AND visible AND NOT EXISTS (SELECT FROM posts p WHERE p.topic_id = $1 AND NOT p.hidden AND p.deleted_at IS NULL AND p.post_type IN (1, 2))
            """, [topic.Id], cancellation);
        await Tags.TagStore.CountOfTopicAsync(sql, topic, cancellation);
        await TopicCounters.RefreshCategoryAsync(sql, topic.CategoryId, cancellation);
        await TopicCounters.RefreshUsersAsync(sql, [post.UserId], cancellation);
        await messages.SendAsync(sql, post.UserId, "Your post is hidden for now",
            $"Members of the community flagged your post {topic.Url}/{post.PostNumber}, so it is hidden until you edit it or a staff member looks at it.", cancellation);
        sql.AfterCommit(() => events.RaiseAsync("revised", topic, post));
    }

    public async Task UnhideAsync(ForumTransaction sql, Post post, Topic topic, CancellationToken cancellation)
    {
        await sql.ExecuteAsync("UPDATE posts SET hidden = false WHERE id = $1", [post.Id], cancellation);
        if (await sql.ExecuteAsync("UPDATE topics SET visible = true, visibility_reason_id = 1 WHERE id = $1 AND NOT visible AND visibility_reason_id = 0", [topic.Id], cancellation) > 0 ||
            post.PostNumber == 1)
        {
            await Tags.TagStore.CountOfTopicAsync(sql, topic, cancellation);
            await TopicCounters.RefreshCategoryAsync(sql, topic.CategoryId, cancellation);
            await TopicCounters.RefreshUsersAsync(sql, [post.UserId], cancellation);
        }

        sql.AfterCommit(() => events.RaiseAsync("revised", topic, post));
    }
}
