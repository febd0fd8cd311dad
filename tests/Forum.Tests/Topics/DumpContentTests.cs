using System.Text.Json.Nodes;
using Servers;

namespace Forum.Tests.Topics;

public sealed class DumpContentTests
{
    [Fact]
    public async Task A_real_database_is_shown_and_written()
    {
        var postgres = await PostgresServer.GetAsync();
        var name = await DiscourseDump.RestoreAsync(postgres, ForumApp.Cancellation);
        await new Forum.Database.Migrator(postgres.ConnectionString(name), _ => { }).RunAsync(ForumApp.Cancellation);
        await using var app = await ForumApp.StartAsync(new() { ["TEST_CONNECTION_STRING"] = postgres.ConnectionString(name) });
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
}
