using System.Globalization;
using System.Text.Json.Nodes;

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

    Task CheckAsync(string when) => Counters.CheckAsync(app, when);
}
