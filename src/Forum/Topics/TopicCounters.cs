using Forum.Database;

namespace Forum.Topics;

/// <summary>The sums that a topic, its category and its people keep, counted anew from the posts of that topic.</summary>
/// <remarks>Source: the write checklists of the schema reference. A topic has few posts beside the forum, so counting them is
/// cheap, and no path of writes can let the sums drift.</remarks>
static class TopicCounters
{
    /// <summary>Counts posts, replies, words, likes and posters, and finds the last and the most frequent posters.</summary>
    public static async Task RefreshAsync(SqlSession sql, int topicId, bool bump, CancellationToken cancellation)
    {
        await sql.ExecuteAsync("""
            WITH live AS (
                SELECT id, post_number, user_id, post_type, created_at, word_count, like_count, reply_count, reply_to_post_number, incoming_link_count, score
                FROM posts
                WHERE topic_id = $1 AND deleted_at IS NULL
            ), seen AS (
                SELECT l.* FROM live l, topics t
                WHERE t.id = $1 AND l.post_type <> 4 AND NOT (t.archetype = 'private_message' AND l.post_type = 3)
            ), sums AS (
                SELECT count(*) AS posts, count(*) FILTER (WHERE reply_to_post_number IS NOT NULL AND reply_to_post_number > 0) AS replies,
                    coalesce(sum(word_count) FILTER (WHERE post_type NOT IN (3, 4)), 0) AS words, coalesce(sum(like_count), 0) AS likes,
                    count(DISTINCT user_id) FILTER (WHERE post_type IN (1, 2)) AS people, count(*) FILTER (WHERE post_type = 2) AS moderated,
                    coalesce(max(post_number), 1) AS highest, coalesce(sum(incoming_link_count), 0) AS incoming, avg(score) AS score,
                    max(created_at) FILTER (WHERE post_type <> 3) AS last_at
                FROM seen
            ), last AS (
                SELECT user_id, created_at FROM seen WHERE post_type IN (1, 2) ORDER BY post_number DESC LIMIT 1
            ), frequent AS (
                SELECT array_agg(f.user_id) AS ids
                FROM (
                    SELECT s.user_id FROM seen s, topics t
                    WHERE t.id = $1 AND s.post_type = 1 AND s.user_id <> t.user_id AND s.user_id <> coalesce((SELECT user_id FROM last), 0)
                    GROUP BY s.user_id ORDER BY count(*) DESC, max(s.created_at) DESC LIMIT 4
                ) f
            )
            UPDATE topics t
            SET posts_count = sums.posts, reply_count = sums.replies, word_count = sums.words, like_count = sums.likes,
                participant_count = greatest(sums.people, 1), moderator_posts_count = sums.moderated, highest_post_number = sums.highest,
                highest_staff_post_number = coalesce((SELECT max(post_number) FROM live), 1), incoming_link_count = sums.incoming,
                score = coalesce(sums.score, t.score), last_posted_at = coalesce((SELECT created_at FROM last), t.created_at),
                last_post_user_id = coalesce((SELECT user_id FROM last), t.user_id, -1),
                bumped_at = CASE WHEN $2 THEN coalesce((SELECT created_at FROM last), t.created_at) ELSE t.bumped_at END,
                featured_user1_id = frequent.ids[1], featured_user2_id = frequent.ids[2], featured_user3_id = frequent.ids[3], featured_user4_id = frequent.ids[4],
                has_summary = sums.posts >= 50 AND sums.likes >= 1
            FROM sums, frequent
            WHERE t.id = $1
            """, [topicId, bump], cancellation);
    }

    /// <summary>Counts a category's topics and posts from the sums of its topics.</summary>
    public static async Task RefreshCategoryAsync(SqlSession sql, int? categoryId, CancellationToken cancellation)
    {
        if (categoryId is not { } id)
            return;

        // What is counted must hold what the one before committed: the row first, in a statement of its own.
        await sql.ExecuteAsync("SELECT FROM categories WHERE id = $1 FOR NO KEY UPDATE", [id], cancellation);
        await sql.ExecuteAsync("""
            UPDATE categories c
            SET topic_count = s.topics, post_count = s.posts,
                latest_topic_id = (SELECT t.id FROM topics t WHERE t.category_id = $1 AND t.deleted_at IS NULL AND t.visible ORDER BY t.id DESC LIMIT 1),
                latest_post_id = (SELECT p.id FROM posts p JOIN topics t ON t.id = p.topic_id
                    WHERE t.category_id = $1 AND t.deleted_at IS NULL AND p.deleted_at IS NULL AND t.visible AND NOT p.hidden ORDER BY t.bumped_at DESC, p.id DESC LIMIT 1)
            FROM (
                SELECT count(*) AS topics, coalesce(sum(greatest(t.posts_count - 1, 0)), 0) AS posts
                FROM topics t
                WHERE t.category_id = $1 AND t.deleted_at IS NULL AND t.visible
                    AND NOT EXISTS (SELECT FROM categories d WHERE d.topic_id = t.id)
            ) s
            WHERE c.id = $1
            """, [id], cancellation);
    }

    /// <summary>Categories in the order of their ids.</summary>
    public static async Task RefreshCategoriesAsync(SqlSession sql, IEnumerable<int?> ids, CancellationToken cancellation)
    {
        foreach (var id in ids.Distinct().Order())
            await RefreshCategoryAsync(sql, id, cancellation);
    }

    /// <summary>A topic by itself, for what changes nothing else.</summary>
    public static async Task RefreshAsync(ForumDatabase database, int topicId, bool bump, CancellationToken cancellation)
    {
        await using var sql = await database.BeginAsync(cancellation);
        await TopicLocks.TakeAsync(sql, [topicId], cancellation);
        await RefreshAsync((SqlSession)sql, topicId, bump, cancellation);
        await sql.CommitAsync(cancellation);
    }

    /// <summary>Holds the sums of people until the transaction ends.</summary>
    public static Task LockUsersAsync(SqlSession sql, IEnumerable<int> userIds, CancellationToken cancellation) =>
        sql.ExecuteAsync("SELECT FROM user_stats WHERE user_id = ANY($1) ORDER BY user_id FOR NO KEY UPDATE", [userIds.Distinct().ToArray()], cancellation);

    /// <summary>Counts the public topics and replies of users.</summary>
    public static async Task RefreshUsersAsync(SqlSession sql, IEnumerable<int> userIds, CancellationToken cancellation)
    {
        var ids = userIds.Distinct().ToArray();
        await LockUsersAsync(sql, ids, cancellation);
        await CountUsersAsync(sql, ids, cancellation);
    }

    static Task<int> CountUsersAsync(SqlSession sql, int[] userIds, CancellationToken cancellation) => sql.ExecuteAsync("""
        UPDATE user_stats s
        SET topic_count = (SELECT count(*) FROM topics t WHERE t.user_id = s.user_id AND t.deleted_at IS NULL AND t.archetype <> 'private_message' AND t.visible),
            post_count = (SELECT count(*) FROM posts p JOIN topics t ON t.id = p.topic_id WHERE p.user_id = s.user_id AND p.post_number > 1 AND p.post_type = 1
                AND p.deleted_at IS NULL AND NOT p.user_deleted AND t.deleted_at IS NULL AND t.archetype <> 'private_message' AND t.visible)
        WHERE s.user_id = ANY($1)
        """, [userIds], cancellation);

    /// <summary>Counts the likes that users gave and had. Those of deleted posts stay: the person was liked.</summary>
    public static async Task RefreshLikesAsync(SqlSession sql, IEnumerable<int> userIds, CancellationToken cancellation) => await sql.ExecuteAsync("""
        UPDATE user_stats s
        SET likes_given = (SELECT count(*) FROM post_actions a WHERE a.user_id = s.user_id AND a.post_action_type_id = 2 AND a.deleted_at IS NULL),
            likes_received = (SELECT coalesce(sum(p.like_count), 0) FROM posts p WHERE p.user_id = s.user_id)
        WHERE s.user_id = ANY($1)
        """, [userIds.Distinct().ToArray()], cancellation);

    /// <summary>Counts the replies to the posts that a post answers or quotes.</summary>
    public static async Task RefreshRepliesAsync(SqlSession sql, int replyPostId, CancellationToken cancellation) => await sql.ExecuteAsync("""
        UPDATE posts p
        SET reply_count = (SELECT count(*) FROM post_replies r JOIN posts rp ON rp.id = r.reply_post_id WHERE r.post_id = p.id AND rp.deleted_at IS NULL)
        WHERE p.id IN (SELECT post_id FROM post_replies WHERE reply_post_id = $1)
        """, [replyPostId], cancellation);
}
