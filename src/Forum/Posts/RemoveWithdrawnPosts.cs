using Forum.Database;
using Forum.Jobs;
using Forum.Settings;
using Forum.Topics;
using Forum.Viewing;

namespace Forum.Posts;

/// <summary>Posts that their authors deleted stand as stubs for a day; then they go, unless flags on them wait for a moderator.</summary>
sealed class RemoveWithdrawnPosts(ForumDatabase database, PostDeletion deletion, Viewers viewers, SiteSettings settings, TimeProvider time) : IScheduledJob
{
    public string Name => "destroy_old_deletion_stubs";

    public TimeSpan Every => TimeSpan.FromMinutes(30);

    public async Task RunAsync(CancellationToken cancellation)
    {
        var hours = settings.Int("delete_removed_posts_after");
        if (hours < 1)
            return;
        var ids = await database.ListAsync("""
            SELECT p.id
            FROM posts p
            WHERE p.user_deleted AND p.deleted_at IS NULL AND p.last_version_at < $1
                AND NOT EXISTS (SELECT FROM reviewables r WHERE r.target_id = p.id AND r.target_type = 'Post' AND r.status = 0)
            LIMIT 500
            """, row => row.Int(0), [time.GetUtcNow().UtcDateTime.AddHours(-hours)], cancellation);
        var viewer = ids.Count > 0 ? await viewers.SystemAsync(cancellation) : null;
        foreach (var id in ids)
        {
            await using var sql = await database.BeginAsync(cancellation);
            if (await PostStore.FindAsync(sql, id, cancellation) is { } post && await TopicStore.FindAsync(sql, post.TopicId, -1, cancellation) is { } topic)
                await deletion.DeleteAsync(sql, post, topic, viewer!, cancellation);
            await sql.CommitAsync(cancellation);
        }
    }
}
