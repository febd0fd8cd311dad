using Forum.Database;
using Forum.Posts;
using Forum.Web;

namespace Forum.Topics;

/// <summary>
/// The order in which writers wait for one another: who changes a topic, its posts or what they count in holds the topic's row
/// first; tags, categories and people's sums follow, each by id. Two who take the same rows in one order never wait in a circle.
/// </summary>
static class TopicLocks
{
    /// <summary>Holds topics until the transaction ends.</summary>
    public static Task TakeAsync(SqlSession sql, IEnumerable<int> ids, CancellationToken cancellation) =>
        sql.ExecuteAsync("SELECT FROM topics WHERE id = ANY($1) ORDER BY id FOR NO KEY UPDATE", [ids.Distinct().ToArray()], cancellation);

    /// <summary>Holds a topic, and makes sure that it and the post are still what the caller read and judged.</summary>
    /// <param name="post">One of the topic's posts that is to be changed; null when only the topic is.</param>
    /// <exception cref="ChangedMeanwhileException">Another writer was faster; what the caller read no longer holds.</exception>
    public static async Task TakeAsync(SqlSession sql, Topic topic, Post? post, CancellationToken cancellation)
    {
        await TakeAsync(sql, [topic.Id], cancellation);
        var same = await sql.ScalarAsync<bool>("""
            SELECT t.category_id IS NOT DISTINCT FROM $2 AND t.archetype = $3 AND t.visible = $4 AND t.closed = $5 AND t.archived = $6
                AND (t.deleted_at IS NOT NULL) = $7 AND ARRAY(SELECT tt.tag_id FROM topic_tags tt JOIN tags g ON g.id = tt.tag_id WHERE tt.topic_id = t.id ORDER BY 1) = $8
                AND ($9::int IS NULL OR EXISTS (SELECT FROM posts p WHERE p.id = $9 AND p.topic_id = t.id AND p.updated_at = $10
                    AND (p.deleted_at IS NOT NULL) = $11 AND p.user_deleted = $12 AND p.hidden = $13 AND p.version = $14))
            FROM topics t
            WHERE t.id = $1
            """,
            [
                topic.Id, topic.CategoryId, topic.Archetype, topic.Visible, topic.Closed, topic.Archived, topic.IsDeleted, topic.Tags.Select(tag => tag.Id).Order().ToArray(),
                post?.Id, post?.UpdatedAt ?? default, post?.IsDeleted ?? false, post?.UserDeleted ?? false, post?.Hidden ?? false, post?.Version ?? 0,
            ], cancellation);
        if (!same)
            throw new ChangedMeanwhileException();
    }
}
