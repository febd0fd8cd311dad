using Forum.Database;
using Forum.Moderation;
using Forum.Topics;
using Forum.Viewing;
using Forum.Web;

namespace Forum.Posts;

/// <summary>Marks on a post: locked, wiki, moderator's, hidden; and cooking it again.</summary>
sealed class PostFlags(ForumDatabase database, CookService cook, BaseUrl baseUrl, PostHiding hiding, ForumEvents events)
{
    public async Task LockAsync(Post post, bool locked, Viewer viewer, CancellationToken cancellation)
    {
        await database.ExecuteAsync("UPDATE posts SET locked_by_id = $2 WHERE id = $1", [post.Id, locked ? viewer.User.Id : null], cancellation);
        await StaffActions.LogAsync(database, locked ? StaffAction.PostLocked : StaffAction.PostUnlocked, viewer.User.Id, post.UserId, viewer.Now, cancellation,
            new StaffActionDetails { PostId = post.Id, TopicId = post.TopicId, Details = post.Raw });
    }

    public async Task WikiAsync(Post post, Topic topic, bool wiki, Viewer viewer, CancellationToken cancellation)
    {
        if (post.Wiki == wiki)
            return;
        await using var sql = await database.BeginAsync(cancellation);
        await sql.ExecuteAsync("""
            UPDATE posts SET wiki = $2, version = version + 1, public_version = public_version + 1, last_version_at = $3, updated_at = $3 WHERE id = $1
            """, [post.Id, wiki, viewer.Now], cancellation);
        await sql.ExecuteAsync("""
            INSERT INTO post_revisions (user_id, post_id, modifications, number, created_at, updated_at, hidden)
            VALUES ($1, $2, $3, $4, $5, $5, false)
            """, [viewer.User.Id, post.Id, Modifications.Format([("wiki", post.Wiki ? "true" : "false", wiki ? "true" : "false")]), post.Version + 1, viewer.Now], cancellation);
        sql.AfterCommit(() => events.RaiseAsync("revised", topic, post));
        await sql.CommitAsync(cancellation);
    }

    public async Task TypeAsync(Post post, Topic topic, PostType type, CancellationToken cancellation)
    {
        await database.ExecuteAsync("UPDATE posts SET post_type = $2 WHERE id = $1", [post.Id, (int)type], cancellation);
        await TopicCounters.RefreshAsync(database, topic.Id, bump: false, cancellation);
        await events.RaiseAsync("revised", topic, post);
    }

    public async Task RebakeAsync(Post post, Topic topic, Viewer viewer, CancellationToken cancellation)
    {
        var cooked = await cook.CookAsync(database, post.Raw, topic.Id, post.Id, viewer, cancellation);
        await database.ExecuteAsync("UPDATE posts SET cooked = $2, baked_at = $3, baked_version = 2 WHERE id = $1", [post.Id, cooked.Html, viewer.Now], cancellation);
        await PostIndex.UpdateAsync(database, post.Id, cooked.Html, baseUrl.Host, viewer.Now, cancellation);
        await events.RaiseAsync("rebaked", topic, post);
    }

    public async Task UnhideAsync(Post post, Topic topic, CancellationToken cancellation)
    {
        await using var sql = await database.BeginAsync(cancellation);
        await hiding.UnhideAsync(sql, post, topic, cancellation);
        await sql.CommitAsync(cancellation);
    }
}
