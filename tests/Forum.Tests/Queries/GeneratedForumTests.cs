using Forum.Database;
using Forum.Topics;

namespace Forum.Tests.Queries;

/// <summary>The generator's sums are those that the forum's own code counts.</summary>
[Collection(typeof(MediumForumCollection))]
public sealed class GeneratedForumTests(MediumForum forum)
{
    [Fact]
    public async Task Topics_have_the_counters_that_counting_anew_gives()
    {
        const string Counters = """
            SELECT id || ' ' || posts_count || ' ' || reply_count || ' ' || word_count || ' ' || like_count || ' ' || participant_count || ' ' || highest_post_number || ' '
                || highest_staff_post_number || ' ' || last_posted_at || ' ' || last_post_user_id || ' ' || bumped_at || ' ' || has_summary
            FROM topics WHERE id % 10 = 3 AND user_id > 0 ORDER BY id
            """;
        var before = await forum.Database.ListAsync(Counters, row => row.Text(0), [], ForumApp.Cancellation);
        foreach (var line in before)
        {
            await TopicCounters.RefreshAsync(forum.Database, int.Parse(line.Split(' ')[0], System.Globalization.CultureInfo.InvariantCulture), bump: false, ForumApp.Cancellation);
        }

        Assert.True(before.Count > 200);
        Assert.Equal(before, await forum.Database.ListAsync(Counters, row => row.Text(0), [], ForumApp.Cancellation));
    }

    [Fact]
    public async Task Categories_and_members_have_the_counters_that_counting_anew_gives()
    {
        const string Counters = """
            SELECT 'c' || id || ' ' || topic_count || ' ' || post_count FROM categories WHERE slug LIKE 'area-%'
            UNION ALL
            SELECT 'u' || user_id || ' ' || topic_count || ' ' || post_count FROM user_stats WHERE user_id BETWEEN 1 AND 300
            ORDER BY 1
            """;
        var before = await forum.Database.ListAsync(Counters, row => row.Text(0), [], ForumApp.Cancellation);
        foreach (var id in await forum.Database.ListAsync("SELECT id FROM categories WHERE slug LIKE 'area-%'", row => row.Int(0), [], ForumApp.Cancellation))
        {
            await TopicCounters.RefreshCategoryAsync(forum.Database, id, ForumApp.Cancellation);
        }

        await TopicCounters.RefreshUsersAsync(forum.Database, Enumerable.Range(1, 300), ForumApp.Cancellation);

        Assert.Equal(before, await forum.Database.ListAsync(Counters, row => row.Text(0), [], ForumApp.Cancellation));
    }

    [Fact]
    public async Task Every_post_can_be_found_and_every_row_points_somewhere()
    {
        var dangling = await forum.Database.FindAsync("""
            SELECT (SELECT count(*) FROM posts p WHERE NOT EXISTS (SELECT FROM post_search_data s WHERE s.post_id = p.id)),
                (SELECT count(*) FROM posts p WHERE NOT EXISTS (SELECT FROM topics t WHERE t.id = p.topic_id)),
                (SELECT count(*) FROM topics t WHERE t.user_id > 0 AND NOT EXISTS (SELECT FROM posts p WHERE p.topic_id = t.id AND p.post_number = 1)),
                (SELECT count(*) FROM users u WHERE u.id > 0 AND NOT EXISTS (SELECT FROM user_options o JOIN user_stats s USING (user_id) JOIN user_profiles USING (user_id) WHERE o.user_id = u.id)),
                (SELECT count(*) FROM posts p WHERE p.like_count <> (SELECT count(*) FROM post_actions a WHERE a.post_id = p.id)),
                (SELECT count(*) FROM posts p WHERE p.reply_count <> (SELECT count(*) FROM post_replies r WHERE r.post_id = p.id))
            """, row => new[] { row.Long(0), row.Long(1), row.Long(2), row.Long(3), row.Long(4), row.Long(5) }, [], ForumApp.Cancellation);

        Assert.Equal([0, 0, 0, 0, 0, 0], dangling!);
    }
}
