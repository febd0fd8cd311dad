using Forum.Database;
using Forum.Tags;
using Forum.Topics;

namespace Forum.Users;

/// <summary>Where sums change when a user goes with all posts and likes: found before, counted after.</summary>
/// <param name="Posts">The user's.</param>
/// <param name="Liked">Posts that the user liked.</param>
/// <param name="Topics">Of any of these.</param>
/// <param name="People">Who else wrote in the topics.</param>
sealed record TracesOfUser(int[] Posts, int[] Liked, int[] Topics, int[] People)
{
    public static async Task<TracesOfUser> FindAsync(SqlSession sql, int userId, CancellationToken cancellation)
    {
        var posts = await sql.ListAsync("SELECT id FROM posts WHERE user_id = $1", row => row.Int(0), [userId], cancellation);
        var liked = await sql.ListAsync("SELECT post_id FROM post_actions WHERE user_id = $1 AND post_action_type_id = 2 AND deleted_at IS NULL", row => row.Int(0), [userId], cancellation);
        var topics = await sql.ListAsync("SELECT topic_id FROM posts WHERE id = ANY($1) UNION SELECT id FROM topics WHERE user_id = $2", row => row.Int(0), [posts.Concat(liked).ToArray(), userId], cancellation);
        await TopicLocks.TakeAsync(sql, topics, cancellation);
        var people = await sql.ListAsync("SELECT DISTINCT user_id FROM posts WHERE topic_id = ANY($1) AND user_id <> $2", row => row.Int(0), [topics.ToArray(), userId], cancellation);
        return new TracesOfUser([.. posts], [.. liked], [.. topics], [.. people]);
    }

    public async Task RecountAsync(SqlSession sql, CancellationToken cancellation)
    {
        await sql.ExecuteAsync("""
            UPDATE posts p
            SET like_count = (SELECT count(*) FROM post_actions a WHERE a.post_id = p.id AND a.post_action_type_id = 2 AND a.deleted_at IS NULL)
            WHERE p.id = ANY($1)
            """, [Liked], cancellation);
        await sql.ExecuteAsync("""
            UPDATE posts p
            SET reply_count = (SELECT count(*) FROM post_replies r JOIN posts x ON x.id = r.reply_post_id WHERE r.post_id = p.id AND x.deleted_at IS NULL)
            WHERE p.id IN (SELECT post_id FROM post_replies WHERE reply_post_id = ANY($1))
            """, [Posts], cancellation);
        foreach (var topic in Topics)
            await TopicCounters.RefreshAsync(sql, topic, bump: false, cancellation);
        await TagStore.CountAsync(sql, [.. await sql.ListAsync("SELECT DISTINCT tag_id FROM topic_tags WHERE topic_id = ANY($1)", row => row.Int(0), [Topics], cancellation)], cancellation);
        await TopicCounters.RefreshCategoriesAsync(
            sql, await sql.ListAsync("SELECT DISTINCT category_id FROM topics WHERE id = ANY($1) AND category_id IS NOT NULL", row => row.IntOrNull(0), [Topics], cancellation), cancellation);
        await TopicCounters.RefreshUsersAsync(sql, People, cancellation);
        await TopicCounters.RefreshLikesAsync(sql, People, cancellation);
    }
}
