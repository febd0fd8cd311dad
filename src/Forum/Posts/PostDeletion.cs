using Forum.Database;
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
        if (post.PostNumber == 1)
        {
            await DeleteTopicAsync(topic, viewer, cancellation);
            return;
        }

        await using var sql = await database.BeginAsync(cancellation);
        if (!viewer.User.IsStaff && post.UserId == viewer.User.Id)
            await WithdrawAsync(sql, post, viewer, cancellation);
        else
            await TrashAsync(sql, post, viewer, cancellation);
        await RecountAsync(sql, post, topic, cancellation);
        sql.AfterCommit(() => events.RaiseAsync("deleted", topic, post));
        await sql.CommitAsync(cancellation);
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
            await LogAsync(sql, 17, post, viewer, cancellation);
    }

    static async Task LogAsync(SqlSession sql, int action, Post post, Viewer viewer, CancellationToken cancellation) => await sql.ExecuteAsync("""
        INSERT INTO user_histories (action, acting_user_id, target_user_id, post_id, topic_id, details, created_at, updated_at, admin_only)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $7, false)
        """, [action, viewer.User.Id, post.UserId, post.Id, post.TopicId, $"id: {post.Id}\nraw: {post.Raw}", viewer.Now], cancellation);

    static async Task RecountAsync(SqlSession sql, Post post, Topic topic, CancellationToken cancellation)
    {
        await TopicCounters.RefreshAsync(sql, topic.Id, bump: true, cancellation);
        await TopicCounters.RefreshRepliesAsync(sql, post.Id, cancellation);
        await TopicCounters.RefreshUsersAsync(sql, [post.UserId], cancellation);
        await TopicCounters.RefreshCategoryAsync(sql, topic.CategoryId, cancellation);
    }

    public async Task RecoverAsync(Post post, Topic topic, Viewer viewer, CancellationToken cancellation)
    {
        await using var sql = await database.BeginAsync(cancellation);
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
        await sql.CommitAsync(cancellation);
    }

    public async Task DeleteTopicAsync(Topic topic, Viewer viewer, CancellationToken cancellation)
    {
        await using var sql = await database.BeginAsync(cancellation);
        await sql.ExecuteAsync("UPDATE topics SET deleted_at = $2, deleted_by_id = $3, updated_at = $2 WHERE id = $1", [topic.Id, viewer.Now, viewer.User.Id], cancellation);
        await sql.ExecuteAsync("UPDATE posts SET deleted_at = $2, deleted_by_id = $3 WHERE topic_id = $1 AND post_number = 1 AND deleted_at IS NULL", [topic.Id, viewer.Now, viewer.User.Id], cancellation);
        await sql.ExecuteAsync("DELETE FROM user_actions WHERE target_topic_id = $1", [topic.Id], cancellation);
        await sql.ExecuteAsync("DELETE FROM notifications WHERE topic_id = $1", [topic.Id], cancellation);
        await sql.ExecuteAsync("""
            INSERT INTO user_histories (action, acting_user_id, topic_id, details, created_at, updated_at, admin_only)
            SELECT 18, $2, $1, $3, $4, $4, false
            WHERE $5
            """, [topic.Id, viewer.User.Id, $"id: {topic.Id}\ntitle: {topic.Title}", viewer.Now, viewer.User.IsStaff], cancellation);
        await CountPeopleAsync(sql, topic, cancellation);
        sql.AfterCommit(() => events.RaiseAsync("deleted", topic, null));
        await sql.CommitAsync(cancellation);
    }

    public async Task RecoverTopicAsync(Topic topic, CancellationToken cancellation)
    {
        await using var sql = await database.BeginAsync(cancellation);
        await RestoreTopicAsync(sql, topic, cancellation);
        await TopicCounters.RefreshAsync(sql, topic.Id, bump: false, cancellation);
        sql.AfterCommit(() => events.RaiseAsync("recovered", topic, null));
        await sql.CommitAsync(cancellation);
    }

    static async Task RestoreTopicAsync(SqlSession sql, Topic topic, CancellationToken cancellation)
    {
        await sql.ExecuteAsync("UPDATE topics SET deleted_at = NULL, deleted_by_id = NULL WHERE id = $1", [topic.Id], cancellation);
        await sql.ExecuteAsync("UPDATE posts SET deleted_at = NULL, deleted_by_id = NULL WHERE topic_id = $1 AND post_number = 1", [topic.Id], cancellation);
        await CountPeopleAsync(sql, topic, cancellation);
    }

    static async Task CountPeopleAsync(SqlSession sql, Topic topic, CancellationToken cancellation)
    {
        var people = await sql.ListAsync("SELECT DISTINCT user_id FROM posts WHERE topic_id = $1 AND user_id IS NOT NULL", row => row.Int(0), [topic.Id], cancellation);
        await TopicCounters.RefreshUsersAsync(sql, people, cancellation);
        await TopicCounters.RefreshCategoryAsync(sql, topic.CategoryId, cancellation);
        await TagStore.CountOfTopicAsync(sql, topic, cancellation);
    }

    /// <summary>Removes a deleted post for good.</summary>
    public async Task DestroyAsync(Post post, Viewer viewer, CancellationToken cancellation)
    {
        if (!post.IsDeleted)
            throw Web.Refused.InvalidAccess("The post must be deleted before it can be removed for good.");
        if (post.DeletedById == viewer.User.Id && post.DeletedAt > viewer.Now.AddMinutes(-5))
            throw Web.Refused.InvalidAccess("Wait five minutes, or let another admin remove the post for good.");
        await using var sql = await database.BeginAsync(cancellation);
        await sql.ExecuteAsync("DELETE FROM post_revisions WHERE post_id = $1", [post.Id], cancellation);
        await sql.ExecuteAsync("DELETE FROM post_search_data WHERE post_id = $1", [post.Id], cancellation);
        await sql.ExecuteAsync("DELETE FROM post_replies WHERE post_id = $1 OR reply_post_id = $1", [post.Id], cancellation);
        await sql.ExecuteAsync("DELETE FROM post_actions WHERE post_id = $1", [post.Id], cancellation);
        await sql.ExecuteAsync("DELETE FROM topic_links WHERE post_id = $1 OR link_post_id = $1", [post.Id], cancellation);
        await sql.ExecuteAsync("DELETE FROM upload_references WHERE target_type = 'Post' AND target_id = $1", [(long)post.Id], cancellation);
        await sql.ExecuteAsync("DELETE FROM posts WHERE id = $1", [post.Id], cancellation);
        if (post.PostNumber == 1)
        {
            await sql.ExecuteAsync("DELETE FROM topics WHERE id = $1", [post.TopicId], cancellation);
            await sql.ExecuteAsync("DELETE FROM posts WHERE topic_id = $1", [post.TopicId], cancellation);
        }

        await sql.CommitAsync(cancellation);
    }
}
