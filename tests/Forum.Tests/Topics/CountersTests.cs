using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json.Nodes;
using Forum.Database;

namespace Forum.Tests.Topics;

/// <summary>Sums that are stored, against the rows that they sum up, after everything that can happen to posts.</summary>
public sealed class CountersTests(ForumApp app) : IClassFixture<ForumApp>
{
    static string Text(int id) => id.ToString(CultureInfo.InvariantCulture);

    [Fact]
    public async Task Every_stored_sum_is_that_of_its_rows_after_writes_deletes_recoveries_moves_and_merges()
    {
        await app.AddUserAsync("keeper", admin: true);
        var (keeper, ida, jan, goner) = (await app.ApiAsync("keeper"), await MemberAsync("ida"), await MemberAsync("jan"), await MemberAsync("goner"));
        var first = await ida.TopicAsync("The first of several topics to count", raw: null, tags: ["counted", "kept"]);
        var second = await jan.TopicAsync("The second of several topics to count", raw: null, tags: ["counted"]);
        var third = await goner.TopicAsync("The third of several topics, soon gone");
        var reply = await jan.ReplyAsync(first.TopicId(), "A reply to the first post of the first topic.", 1);
        var answer = await ida.ReplyAsync(first.TopicId(), "An answer to the reply, which is liked later.", 2);
        var last = await goner.ReplyAsync(first.TopicId(), "The last word here, by one who leaves soon.", 3);
        await ida.ReplyAsync(second.TopicId(), "Somebody answers in the second topic as well.", 1);
        await ida.ReplyAsync(third.TopicId(), "An answer in the topic of one who leaves soon.");
        foreach (var (who, post) in ((ForumClient, JsonObject)[])[(jan, first), (goner, first), (ida, reply), (jan, answer), (goner, answer), (jan, last), (ida, second)])
            await LikeAsync(who, post);
        await CheckAsync("after posts and likes");

        (await goner.DeleteAsync($"/post_actions/{first.Id()}.json", ("post_action_type_id", "2"))).Expect(200);
        (await keeper.DeleteAsync($"/posts/{answer.Id()}.json")).Expect(200);
        await CheckAsync("after a like was taken back and a liked reply deleted");

        (await keeper.PutAsync($"/posts/{answer.Id()}/recover.json")).Expect(200);
        await CheckAsync("after the reply was recovered");

        (await keeper.PostJsonAsync($"/t/{first.TopicId()}/move-posts.json", new JsonObject { ["post_ids"] = new JsonArray(answer.Id()), ["destination_topic_id"] = second.TopicId() })).Expect(200);
        await CheckAsync("after a post was moved to another topic");

        var made = (await keeper.PostJsonAsync($"/t/{first.TopicId()}/move-posts.json", new JsonObject { ["post_ids"] = new JsonArray(last.Id()), ["title"] = "A topic made of posts of another", ["category_id"] = 2 }))
            .Expect(200).Json;
        Assert.StartsWith("/t/", (string)made["url"]!, StringComparison.Ordinal);
        await CheckAsync("after a topic was split");

        (await keeper.PostAsync($"/t/{second.TopicId()}/merge-topic.json", ("destination_topic_id", Text(first.TopicId())))).Expect(200);
        await CheckAsync("after two topics were merged");

        (await keeper.PutAsync($"/t/-/{first.TopicId()}.json", ("category_id", "2"))).Expect(200);
        await CheckAsync("after the category was changed");

        (await keeper.DeleteAsync($"/t/{first.TopicId()}.json")).Expect(200);
        await CheckAsync("after the topic was deleted");

        (await keeper.PutAsync($"/t/{first.TopicId()}/recover.json")).Expect(200);
        await CheckAsync("after the topic was recovered");

        (await keeper.PutAsync($"/t/{first.TopicId()}/convert-topic/private.json")).Expect(200);
        await CheckAsync("after the topic became a message");

        (await keeper.PutAsync($"/t/{first.TopicId()}/convert-topic/public.json", ("category_id", Text(Writing.General)))).Expect(200);
        await CheckAsync("after the message became a topic");

        (await keeper.PostJsonAsync($"/t/{first.TopicId()}/change-owner.json", new JsonObject { ["username"] = "jan", ["post_ids"] = new JsonArray(first.Id()) })).Expect(200);
        await CheckAsync("after the owner was changed");

        (await keeper.DeleteAsync($"/admin/users/{await IdAsync("goner")}.json", ("delete_posts", "true"))).Expect(200);
        await CheckAsync("after a member was deleted with posts");
    }

    async Task<ForumClient> MemberAsync(string name)
    {
        await app.AddUserAsync(name, trustLevel: 3);
        return await app.ApiAsync(name);
    }

    Task<int> IdAsync(string name) => app.Database.ScalarAsync<int>("SELECT id FROM users WHERE username = $1", [name], ForumApp.Cancellation);

    static async Task LikeAsync(ForumClient client, JsonObject post) => (await client.PostAsync("/post_actions.json", ("id", Text(post.Id())), ("post_action_type_id", "2"))).Expect(200);

    async Task CheckAsync(string when)
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
                    (SELECT count(*) FROM posts p JOIN topics t ON t.id = p.topic_id WHERE p.user_id = u.id AND p.post_number > 1 AND p.post_type = 1 AND p.deleted_at IS NULL
                        AND t.deleted_at IS NULL AND t.archetype = 'regular' AND t.visible),
                    (SELECT count(*) FROM post_actions a WHERE a.user_id = u.id AND a.post_action_type_id = 2 AND a.deleted_at IS NULL),
                    (SELECT count(*) FROM post_actions a JOIN posts p ON p.id = a.post_id WHERE p.user_id = u.id AND a.post_action_type_id = 2 AND a.deleted_at IS NULL))
            FROM users u
            JOIN user_stats s ON s.user_id = u.id
            WHERE u.username IN ('ida', 'jan', 'goner')
            """);
        await CompareAsync("tags", """
            SELECT g.name, g.public_topic_count::text, count(t.id)::text
            FROM tags g
            LEFT JOIN topic_tags tt ON tt.tag_id = g.id
            LEFT JOIN topics t ON t.id = tt.topic_id AND t.deleted_at IS NULL AND t.archetype = 'regular'
            GROUP BY g.id, g.name
            """);
        await CompareAsync("groups", "SELECT g.name, g.user_count::text, count(m.user_id)::text FROM groups g LEFT JOIN group_users m ON m.group_id = g.id AND (m.user_id > 0 OR g.id > 3) WHERE g.id <> 0 GROUP BY g.id, g.name");
        Assert.True(wrong.Count == 0, $"{when}: {string.Join("; ", wrong)}");

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
