using System.Text.Json.Nodes;
using Servers;

namespace Forum.Tests.Topics;

public sealed class DumpContentTests
{
    static async Task<ForumApp> StartAsync()
    {
        var postgres = await PostgresServer.GetAsync();
        var name = await DiscourseDump.RestoreAsync(postgres, ForumApp.Cancellation);
        await new Forum.Database.Migrator(postgres.ConnectionString(name), _ => { }).RunAsync(ForumApp.Cancellation);
        return await ForumApp.StartAsync(new() { ["TEST_CONNECTION_STRING"] = postgres.ConnectionString(name) });
    }

    [Fact]
    public async Task A_real_database_is_shown_and_written()
    {
        await using var app = await StartAsync();
        var api = await app.ApiAsync("email");

        var topic = await api.GetAsync("/t/9.json");
        Assert.True(topic.Status == 200, topic.Body);
        Assert.Equal(3, (int)topic.Json["posts_count"]!);
        Assert.Equal("<p>This is a normal user reply</p>", (string)topic.Json["post_stream"]!["posts"]![2]!["cooked"]!);
        var categories = (await app.Anonymous().GetAsync("/categories.json")).Json["category_list"]!["categories"]!.AsArray();
        Assert.Contains(categories, category => (string)category!["name"]! == "General");

        var reply = await api.PostJsonAsync("/posts.json", new JsonObject { ["topic_id"] = 9, ["raw"] = "A reply that Charmed Discourse wrote.", ["reply_to_post_number"] = 3 });
        Assert.True(reply.Status == 200, reply.Body);
        Assert.Equal(4, (int)reply.Json["post_number"]!);
        Assert.Equal(4, await app.Database.ScalarAsync<int>("SELECT posts_count FROM topics WHERE id = 9", [], ForumApp.Cancellation));
        Assert.Equal(1, await app.Database.ScalarAsync<int>("SELECT reply_count FROM posts WHERE topic_id = 9 AND post_number = 3", [], ForumApp.Cancellation));
    }

    [Fact]
    public async Task Writes_in_a_real_database_leave_every_sum_that_was_right_right()
    {
        await using var app = await StartAsync();
        var before = (await Counters.WrongAsync(app)).Select(What).ToHashSet();
        using var admin = await app.ApiAsync("email");
        using var member = await app.ApiAsync("email2");
        (await admin.PutAsync("/admin/site_settings/allow_uncategorized_topics.json", ("allow_uncategorized_topics", "true"))).Expect(200);

        var topic = await admin.TopicAsync("A topic written into a real database", raw: null, tags: ["dumped"]);
        var reply = await member.ReplyAsync(topic.TopicId(), "A reply by the other member of the database.", 1);
        (await admin.PostAsync("/post_actions.json", ("id", $"{reply.Id()}"), ("post_action_type_id", "2"))).Expect(200);
        (await member.PostAsync("/post_actions.json", ("id", $"{topic.Id()}"), ("post_action_type_id", "2"))).Expect(200);
        (await member.PutAsync($"/posts/{reply.Id()}.json", ("post[raw]", "A reply that was changed by its author."))).Expect(200);
        var old = (await admin.GetAsync("/t/9.json")).Expect(200).Json["post_stream"]!["posts"]!.AsArray();
        (await admin.DeleteAsync($"/posts/{(int)old[^1]!["id"]!}.json")).Expect(200);
        var moved = await member.ReplyAsync(9, "A reply in an old topic that is moved to the new one.");
        (await admin.PostJsonAsync("/t/9/move-posts.json", new JsonObject { ["post_ids"] = new JsonArray(moved.Id()), ["destination_topic_id"] = topic.TopicId() })).Expect(200);
        (await admin.PutAsync($"/t/-/{topic.TopicId()}.json", ("category_id", "2"))).Expect(200);
        await admin.MessageAsync("email2", "A message between the two of them");
        (await admin.PostAsync("/admin/groups.json", ("group[name]", "both"), ("group[usernames]", "email,email2"))).Expect(200);
        await app.AddUserAsync("third");

        Assert.DoesNotContain(await Counters.WrongAsync(app), wrong => !before.Contains(What(wrong)));
        Assert.Equal(1, await app.Database.ScalarAsync<int>("SELECT likes_given FROM given_daily_likes WHERE user_id = 2", [], ForumApp.Cancellation));
        Assert.Equal(2, await app.Database.ScalarAsync<long>("SELECT count(*) FROM topic_users WHERE topic_id = $1 AND liked", [topic.TopicId()], ForumApp.Cancellation));

        static string What(string wrong) => wrong[..wrong.IndexOf(':', StringComparison.Ordinal)];
    }
}
