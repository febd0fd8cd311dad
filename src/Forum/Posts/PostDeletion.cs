using Forum.Database;
using Forum.Moderation;
using Forum.Tags;
using Forum.Topics;
using Forum.Viewing;

namespace Forum.Posts;

/// <summary>Deletes and recovers posts and whole topics, and counts anew what they counted in.</summary>
sealed class PostDeletion(ForumDatabase database, CookService cook, ForumEvents events)
{
    const string AuthorDeletedText = "(post deleted by author)";

    public async Task DeleteAsync(Post post, Topic topic, Viewer viewer, CancellationToken cancellation)
    {
        await using var sql = await database.BeginAsync(cancellation);
        await TopicLocks.TakeAsync(sql, topic, post, cancellation);
        await DeleteAsync(sql, post, topic, viewer, cancellation);
        await sql.CommitAsync(cancellation);
    }

    /// <summary>In a transaction of the caller's. Deleting the first post deletes the topic.</summary>
    public async Task DeleteAsync(ForumTransaction sql, Post post, Topic topic, Viewer viewer, CancellationToken cancellation)
    {
        await TopicLocks.TakeAsync(sql, [topic.Id], cancellation);
        await SettleFlagsAsync(sql, post, viewer, cancellation);
        if (post.PostNumber == 1)
        {
            await DeleteTopicAsync(sql, topic, viewer, cancellation);
            return;
        }

        if (!viewer.User.IsStaff && post.UserId == viewer.User.Id)
            await WithdrawAsync(sql, post, viewer, cancellation);
        else
            await TrashAsync(sql, post, viewer, cancellation);
        await RecountAsync(sql, post, topic, cancellation);
        sql.AfterCommit(() => events.RaiseAsync("deleted", topic, post));
    }

    /// <summary>Staff who delete a flagged post agree with its flags; an author who does leaves nothing to decide.</summary>
    static async Task SettleFlagsAsync(ForumTransaction sql, Post post, Viewer viewer, CancellationToken cancellation)
    {
        if (await ReviewableStore.OfTargetAsync(sql, Reviewable.FlaggedPost, post.Id, cancellation) is not { IsPending: true } flagged)
            return;
        if (viewer.User.IsStaff && post.UserId != viewer.User.Id)
            await FlagReview.AgreeAsync(sql, flagged, viewer, cancellation);
        else
            await FlagReview.IgnoreAsync(sql, flagged, viewer, cancellation);
    }

    /// <summary>The post and all replies to it, directly or through others.</summary>
    public async Task DeleteWithRepliesAsync(ForumTransaction sql, Post post, Topic topic, Viewer viewer, CancellationToken cancellation)
    {
        var replies = await sql.ListAsync("""
            WITH RECURSIVE below AS (
                SELECT reply_post_id AS id FROM post_replies WHERE post_id = $1
                UNION
                SELECT r.reply_post_id FROM post_replies r JOIN below b ON b.id = r.post_id
            )
            SELECT p.id FROM below b JOIN posts p ON p.id = b.id WHERE p.topic_id = $2 AND p.deleted_at IS NULL AND p.post_number > 1 ORDER BY p.id DESC
            """, row => row.Int(0), [post.Id, topic.Id], cancellation);
        foreach (var id in replies.Where(id => id != post.Id))
            await DeleteAsync(sql, (await PostStore.FindAsync(sql, id, cancellation))!, topic, viewer, cancellation);
        await DeleteAsync(sql, post, topic, viewer, cancellation);
    }

    /// <summary>The author's own deletion keeps the place: the text goes, a job removes the post after a day.</summary>
    async Task WithdrawAsync(SqlSession sql, Post post, Viewer viewer, CancellationToken cancellation)
    {
        var cooked = await cook.CookAsync(sql, AuthorDeletedText, post.TopicId, post.Id, viewer, cancellation);
        await sql.ExecuteAsync("""
            INSERT INTO post_revisions (user_id, post_id, modifications, number, created_at, updated_at, hidden)
            VALUES ($1, $2, $3, $4, $5, $5, false)
            """, [viewer.User.Id, post.Id, Modifications.Format([("raw", post.Raw, AuthorDeletedText), ("cooked", post.Cooked, cooked.Html)]), post.Version + 1, viewer.Now], cancellation);
        await sql.ExecuteAsync("""
            UPDATE posts
            SET user_deleted = true, raw = $2, cooked = $3, version = version + 1, public_version = public_version + 1, last_version_at = $4, updated_at = $4
            WHERE id = $1
            """, [post.Id, AuthorDeletedText, cooked.Html, viewer.Now], cancellation);
    }

    static async Task TrashAsync(SqlSession sql, Post post, Viewer viewer, CancellationToken cancellation)
    {
        await sql.ExecuteAsync("UPDATE posts SET deleted_at = $2, deleted_by_id = $3, updated_at = $2 WHERE id = $1", [post.Id, viewer.Now, viewer.User.Id], cancellation);
        await sql.ExecuteAsync("DELETE FROM user_actions WHERE target_post_id = $1", [post.Id], cancellation);
        await sql.ExecuteAsync("DELETE FROM notifications WHERE topic_id = $1 AND post_number = $2", [post.TopicId, post.PostNumber], cancellation);
        if (viewer.User.IsStaff && post.UserId != viewer.User.Id)
        {
            await StaffActions.LogAsync(sql, StaffAction.DeletePost, viewer.User.Id, post.UserId, viewer.Now, cancellation,
                new StaffActionDetails { PostId = post.Id, TopicId = post.TopicId, Details = $"id: {post.Id}\nraw: {post.Raw}" });
        }
    }

    static async Task RecountAsync(SqlSession sql, Post post, Topic topic, CancellationToken cancellation)
    {
        await TopicCounters.RefreshAsync(sql, topic.Id, bump: true, cancellation);
        await TopicCounters.RefreshRepliesAsync(sql, post.Id, cancellation);
        await TopicCounters.RefreshCategoryAsync(sql, topic.CategoryId, cancellation);
        await TopicCounters.RefreshUsersAsync(sql, [post.UserId], cancellation);
    }

    public async Task RecoverAsync(Post post, Topic topic, Viewer viewer, CancellationToken cancellation)
    {
        await using var sql = await database.BeginAsync(cancellation);
        await TopicLocks.TakeAsync(sql, topic, post, cancellation);
        await RecoverAsync(sql, post, topic, viewer, cancellation);
        await sql.CommitAsync(cancellation);
    }

    /// <summary>In a transaction of the caller's.</summary>
    public async Task RecoverAsync(ForumTransaction sql, Post post, Topic topic, Viewer viewer, CancellationToken cancellation)
    {
        await TopicLocks.TakeAsync(sql, [topic.Id], cancellation);
        if (post.UserDeleted && !post.IsDeleted)
        {
            var before = await sql.ScalarAsync<string>("""
                SELECT modifications FROM post_revisions WHERE post_id = $1 ORDER BY number DESC LIMIT 1
                """, [post.Id], cancellation);
            var raw = before is not null && Modifications.Parse(before).TryGetValue("raw", out var pair) ? pair.Old : post.Raw;
            var cooked = await cook.CookAsync(sql, raw, topic.Id, post.Id, viewer, cancellation);
            await sql.ExecuteAsync("UPDATE posts SET user_deleted = false, raw = $2, cooked = $3, updated_at = $4 WHERE id = $1", [post.Id, raw, cooked.Html, viewer.Now], cancellation);
        }

        await sql.ExecuteAsync("UPDATE posts SET deleted_at = NULL, deleted_by_id = NULL WHERE id = $1", [post.Id], cancellation);
        if (post.PostNumber == 1)
            await RestoreTopicAsync(sql, topic, cancellation);
        await RecountAsync(sql, post, topic, cancellation);
        sql.AfterCommit(() => events.RaiseAsync("recovered", topic, post));
    }

    public async Task DeleteTopicAsync(Topic topic, Viewer viewer, CancellationToken cancellation)
    {
        await using var sql = await database.BeginAsync(cancellation);
        await TopicLocks.TakeAsync(sql, topic, null, cancellation);
        await DeleteTopicAsync(sql, topic, viewer, cancellation);
        await sql.CommitAsync(cancellation);
    }

    public async Task DeleteTopicAsync(ForumTransaction sql, Topic topic, Viewer viewer, CancellationToken cancellation)
    {
        await sql.ExecuteAsync("UPDATE topics SET deleted_at = $2, deleted_by_id = $3, updated_at = $2 WHERE id = $1", [topic.Id, viewer.Now, viewer.User.Id], cancellation);
        await sql.ExecuteAsync("UPDATE posts SET deleted_at = $2, deleted_by_id = $3 WHERE topic_id = $1 AND post_number = 1 AND deleted_at IS NULL", [topic.Id, viewer.Now, viewer.User.Id], cancellation);
        await sql.ExecuteAsync("DELETE FROM user_actions WHERE target_topic_id = $1", [topic.Id], cancellation);
        await sql.ExecuteAsync("DELETE FROM notifications WHERE topic_id = $1", [topic.Id], cancellation);
        if (viewer.User.IsStaff)
        {
            await StaffActions.LogAsync(sql, StaffAction.DeleteTopic, viewer.User.Id, null, viewer.Now, cancellation,
                new StaffActionDetails { TopicId = topic.Id, Details = $"id: {topic.Id}\ntitle: {topic.Title}" });
        }

        await CountPeopleAsync(sql, topic, cancellation);
        sql.AfterCommit(() => events.RaiseAsync("deleted", topic, null));
    }

    public async Task RecoverTopicAsync(Topic topic, Viewer viewer, CancellationToken cancellation)
    {
        await using var sql = await database.BeginAsync(cancellation);
        await TopicLocks.TakeAsync(sql, topic, null, cancellation);
        await RestoreTopicAsync(sql, topic, cancellation);
        await StaffActions.LogAsync(sql, StaffAction.RecoverTopic, viewer.User.Id, null, viewer.Now, cancellation,
            new StaffActionDetails { TopicId = topic.Id, Details = $"id: {topic.Id}\ntitle: {topic.Title}" });
        sql.AfterCommit(() => events.RaiseAsync("recovered", topic, null));
        await sql.CommitAsync(cancellation);
    }

    static async Task RestoreTopicAsync(SqlSession sql, Topic topic, CancellationToken cancellation)
    {
        await sql.ExecuteAsync("UPDATE topics SET deleted_at = NULL, deleted_by_id = NULL WHERE id = $1", [topic.Id], cancellation);
        await sql.ExecuteAsync("UPDATE posts SET deleted_at = NULL, deleted_by_id = NULL WHERE topic_id = $1 AND post_number = 1", [topic.Id], cancellation);
        await TopicCounters.RefreshAsync(sql, topic.Id, bump: false, cancellation);
        await CountPeopleAsync(sql, topic, cancellation);
    }

    static async Task CountPeopleAsync(SqlSession sql, Topic topic, CancellationToken cancellation)
    {
        var people = await sql.ListAsync("SELECT DISTINCT user_id FROM posts WHERE topic_id = $1 AND user_id IS NOT NULL", row => row.Int(0), [topic.Id], cancellation);
        await TagStore.CountOfTopicAsync(sql, topic, cancellation);
        await TopicCounters.RefreshCategoryAsync(sql, topic.CategoryId, cancellation);
        await TopicCounters.RefreshUsersAsync(sql, people, cancellation);
    }

    /// <summary>Removes a deleted post for good.</summary>
    public async Task DestroyAsync(Post post, Viewer viewer, CancellationToken cancellation)
    {
        if (!post.IsDeleted)
            throw Web.Refused.InvalidAccess("The post must be deleted before it can be removed for good.");
        if (post.DeletedById == viewer.User.Id && post.DeletedAt > viewer.Now.AddMinutes(-5))
            throw Web.Refused.InvalidAccess("Wait five minutes, or let another admin remove the post for good.");
        await using var sql = await database.BeginAsync(cancellation);
        await TopicLocks.TakeAsync(sql, [post.TopicId], cancellation);
        await sql.ExecuteAsync("DELETE FROM post_revisions WHERE post_id = $1", [post.Id], cancellation);
        await sql.ExecuteAsync("DELETE FROM post_search_data WHERE post_id = $1", [post.Id], cancellation);
        await sql.ExecuteAsync("DELETE FROM post_replies WHERE post_id = $1 OR reply_post_id = $1", [post.Id], cancellation);
        await sql.ExecuteAsync("DELETE FROM post_actions WHERE post_id = $1", [post.Id], cancellation);
        await sql.ExecuteAsync("DELETE FROM topic_links WHERE post_id = $1 OR link_post_id = $1", [post.Id], cancellation);
        await sql.ExecuteAsync("DELETE FROM upload_references WHERE target_type = 'Post' AND target_id = $1", [(long)post.Id], cancellation);
        await sql.ExecuteAsync("DELETE FROM posts WHERE id = $1", [post.Id], cancellation);
        await StaffActions.LogAsync(sql, post.PostNumber == 1 ? StaffAction.DeleteTopicPermanently : StaffAction.DeletePostPermanently, viewer.User.Id, null, viewer.Now, cancellation,
            new StaffActionDetails { TopicId = post.TopicId, PostId = post.Id, Details = $"id: {post.Id}" });
        if (post.PostNumber == 1)
        {
            await sql.ExecuteAsync("DELETE FROM topics WHERE id = $1", [post.TopicId], cancellation);
            await sql.ExecuteAsync("DELETE FROM posts WHERE topic_id = $1", [post.TopicId], cancellation);
        }

        await sql.CommitAsync(cancellation);
    }
}
