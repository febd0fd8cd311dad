using System.Diagnostics.CodeAnalysis;
using Forum.Database;

namespace Forum.Tests.Topics;

/// <summary>Sums that are stored, against the rows that they sum up.</summary>
static class Counters
{
    public static async Task CheckAsync(ForumApp app, string when)
    {
        var wrong = await WrongAsync(app);
        Assert.True(wrong.Count == 0, $"{when}: {string.Join("; ", wrong)}");
    }

    /// <summary>What is stored wrong, as "topics 5: stored …, counted …".</summary>
    public static async Task<List<string>> WrongAsync(ForumApp app)
    {
        var wrong = new List<string>();
        await CompareAsync("topics", """
            SELECT t.id::text,
                concat_ws(' ', t.posts_count, t.like_count, t.participant_count, t.highest_post_number, t.reply_count),
                concat_ws(' ', count(p.id), coalesce(sum(p.like_count), 0), greatest(count(DISTINCT p.user_id) FILTER (WHERE p.post_type IN (1, 2)), 1), coalesce(max(p.post_number), 1),
                    count(p.id) FILTER (WHERE p.reply_to_post_number > 0))
            FROM topics t
            LEFT JOIN posts p ON p.topic_id = t.id AND p.deleted_at IS NULL AND p.post_type <> 4 AND NOT (t.archetype = 'private_message' AND p.post_type = 3)
            WHERE t.deleted_at IS NULL
            GROUP BY t.id
            """);
        await CompareAsync("posts", """
            SELECT p.id::text, concat_ws(' ', p.like_count, p.reply_count),
                concat_ws(' ', (SELECT count(*) FROM post_actions a WHERE a.post_id = p.id AND a.post_action_type_id = 2 AND a.deleted_at IS NULL),
                    (SELECT count(*) FROM post_replies r JOIN posts x ON x.id = r.reply_post_id WHERE r.post_id = p.id AND x.deleted_at IS NULL))
            FROM posts p
            WHERE p.deleted_at IS NULL
            """);
        await CompareAsync("categories", """
            SELECT c.name, concat_ws(' ', c.topic_count, c.post_count),
                concat_ws(' ', count(t.id), coalesce(sum(t.posts_count - 1), 0))
            FROM categories c
            LEFT JOIN topics t ON t.category_id = c.id AND t.deleted_at IS NULL AND t.visible AND NOT EXISTS (SELECT FROM categories d WHERE d.topic_id = t.id)
            GROUP BY c.id, c.name
            """);
        await CompareAsync("users", """
            SELECT u.username, concat_ws(' ', s.topic_count, s.post_count, s.likes_given, s.likes_received),
                concat_ws(' ',
                    (SELECT count(*) FROM topics t WHERE t.user_id = u.id AND t.deleted_at IS NULL AND t.archetype = 'regular' AND t.visible),
                    (SELECT count(*) FROM posts p JOIN topics t ON t.id = p.topic_id WHERE p.user_id = u.id AND p.post_number > 1 AND p.post_type = 1 AND p.deleted_at IS NULL AND NOT p.user_deleted
                        AND t.deleted_at IS NULL AND t.archetype = 'regular' AND t.visible),
                    (SELECT count(*) FROM post_actions a WHERE a.user_id = u.id AND a.post_action_type_id = 2 AND a.deleted_at IS NULL),
                    (SELECT count(*) FROM post_actions a JOIN posts p ON p.id = a.post_id WHERE p.user_id = u.id AND a.post_action_type_id = 2 AND a.deleted_at IS NULL))
            FROM users u
            JOIN user_stats s ON s.user_id = u.id
            WHERE u.id > 0
            """);
        await CompareAsync("tags", """
            SELECT g.name, g.public_topic_count::text, count(t.id)::text
            FROM tags g
            LEFT JOIN topic_tags tt ON tt.tag_id = g.id
            LEFT JOIN topics t ON t.id = tt.topic_id AND t.deleted_at IS NULL AND t.archetype = 'regular'
            GROUP BY g.id, g.name
            """);
        await CompareAsync("drafts", "SELECT s.user_id::text, s.draft_count::text, (SELECT count(*) FROM drafts d WHERE d.user_id = s.user_id)::text FROM user_stats s WHERE s.user_id > 0");
        await CompareAsync("groups", "SELECT g.name, g.user_count::text, count(m.user_id)::text FROM groups g LEFT JOIN group_users m ON m.group_id = g.id AND (m.user_id > 0 OR g.id > 3) WHERE g.id <> 0 GROUP BY g.id, g.name");
        return wrong;

        async Task CompareAsync(string what, [ConstantExpected] string sql)
        {
            foreach (var (name, stored, counted) in await app.Database.ListAsync(sql, row => (row.Text(0), row.Text(1), row.Text(2)), [], ForumApp.Cancellation))
            {
                if (stored != counted)
                    wrong.Add($"{what} {name}: stored {stored}, counted {counted}");
            }
        }
    }
}
