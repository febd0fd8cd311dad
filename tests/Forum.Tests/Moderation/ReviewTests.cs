using System.Text.Json.Nodes;

namespace Forum.Tests.Moderation;

public sealed class ReviewTests(ForumApp app) : IClassFixture<ForumApp>
{
    static int _names;

    static CancellationToken Cancellation => ForumApp.Cancellation;

    async Task<(int Id, ForumClient Client)> MemberAsync(int trustLevel = 1, bool admin = false)
    {
        var name = $"person{Interlocked.Increment(ref _names)}";
        var id = await app.AddUserAsync(name, admin: admin, trustLevel: trustLevel);
        return (id, await app.ApiAsync(name));
    }

    async Task<ForumClient> AdminAsync() => (await MemberAsync(admin: true)).Client;

    static Task<Answer> FlagAsync(ForumClient client, int post, int type, string? message = null) =>
        client.PostJsonAsync("/post_actions.json", new JsonObject { ["id"] = post, ["post_action_type_id"] = type, ["message"] = message });

    static async Task<JsonObject> OfPostAsync(ForumClient admin, int post) =>
        (JsonObject)(await admin.GetAsync("/review.json?type=ReviewableFlaggedPost&sort_order=created_at")).Expect(200).Json["reviewables"]!.AsArray().Single(one => (int?)one!["post_id"] == post)!;

    static Task<Answer> PerformAsync(ForumClient admin, JsonNode reviewable, string action) => admin.PutAsync($"/review/{reviewable.Id()}/perform/{action}.json?version={reviewable.Id("version")}");

    [Fact]
    public async Task Enough_flags_hide_a_post_until_a_moderator_disagrees()
    {
        var (author, writer) = await MemberAsync();
        var post = await writer.TopicAsync("A topic that many people flag today");
        var admin = await AdminAsync();
        for (var at = 0; at < 5; at++)
            (await FlagAsync((await MemberAsync()).Client, post.Id(), 4)).Expect(200);

        var hidden = (await app.Anonymous().GetAsync($"/posts/{post.Id()}.json")).Expect(200).Json;
        var waiting = await OfPostAsync(admin, post.Id());
        Assert.True((bool)hidden["hidden"]!);
        Assert.DoesNotContain("First post", (string)hidden["cooked"]!);
        Assert.Equal(10, (double)waiting["score"]!);
        Assert.Equal(author, waiting.Id("target_created_by_id"));
        Assert.Equal(1, await app.Database.ScalarAsync<int>("SELECT count(*)::int FROM topic_allowed_users a JOIN topics t ON t.id = a.topic_id WHERE a.user_id = $1 AND t.subtype = 'system_message'", [author], Cancellation));

        Assert.Equal(409, (await admin.PutAsync($"/review/{waiting.Id()}/perform/disagree_and_restore.json?version=99")).Status);
        Assert.Equal(403, (await PerformAsync(admin, waiting, "approve_post")).Status);
        var done = (await PerformAsync(admin, waiting, "disagree_and_restore")).Expect(200).Json["reviewable_perform_result"]!;
        Assert.Equal("rejected", (string)done["transition_to"]!);
        Assert.False((bool)(await app.Anonymous().GetAsync($"/posts/{post.Id()}.json")).Json["hidden"]!);
        Assert.Equal(5, await app.Database.ScalarAsync<int>("SELECT count(*)::int FROM post_actions WHERE post_id = $1 AND disagreed_at IS NOT NULL", [post.Id()], Cancellation));
        Assert.Equal(0, await app.Database.ScalarAsync<int>("SELECT inappropriate_count FROM posts WHERE id = $1", [post.Id()], Cancellation));
    }

    [Fact]
    public async Task Deleting_from_the_queue_agrees_with_the_flag()
    {
        var (_, writer) = await MemberAsync();
        var topic = await writer.TopicAsync("Somebody writes something odd below");
        var reply = await writer.ReplyAsync(topic.TopicId(), "Something odd that has to go away.");
        var (flagger, client) = await MemberAsync();
        var admin = await AdminAsync();
        (await FlagAsync(client, reply.Id(), 8)).Expect(200);
        Assert.Equal(403, (await FlagAsync(client, reply.Id(), 4)).Status);

        (await PerformAsync(admin, await OfPostAsync(admin, reply.Id()), "delete_and_agree")).Expect(200);

        Assert.Equal(404, (await client.GetAsync($"/posts/{reply.Id()}.json")).Status);
        Assert.Equal(1, await app.Database.ScalarAsync<int>("SELECT flags_agreed FROM user_stats WHERE user_id = $1", [flagger], Cancellation));
        Assert.Equal(1, (int)(await writer.GetAsync($"/t/{topic.TopicId()}.json")).Json["posts_count"]!);
    }

    [Fact]
    public async Task A_new_account_that_several_flag_as_spam_is_silenced()
    {
        var (author, writer) = await MemberAsync(trustLevel: 0);
        var post = await writer.TopicAsync("Buy my wonderful things here today");
        for (var at = 0; at < 3; at++)
            (await FlagAsync((await MemberAsync()).Client, post.Id(), 8)).Expect(200);

        Assert.True(await app.Database.ScalarAsync<bool>("SELECT silenced_till > now() FROM users WHERE id = $1", [author], Cancellation));
        Assert.Equal(403, (await writer.PostJsonAsync("/posts.json", new JsonObject { ["topic_id"] = post.TopicId(), ["raw"] = "More of my wonderful things." })).Status);
    }

    [Fact]
    public async Task A_category_can_ask_for_approval_of_topics()
    {
        var admin = await AdminAsync();
        var category = (await admin.PostJsonAsync("/categories.json", new JsonObject
        {
            ["name"] = "Watched", ["color"] = "112233", ["text_color"] = "FFFFFF", ["category_setting_attributes"] = new JsonObject { ["require_topic_approval"] = true },
        })).Expect(200).Json["category"]!;
        var (author, writer) = await MemberAsync();

        var sent = (await writer.PostJsonAsync("/posts.json", new JsonObject { ["title"] = "May this topic be published, please?", ["raw"] = "It is about something allowed.", ["category"] = category.Id() })).Expect(200).Json;
        Assert.Equal("enqueued", (string)sent["action"]!);
        Assert.Equal(1, sent.Id("pending_count"));
        Assert.Equal(403, (await writer.GetAsync("/review.json")).Status);

        var queue = (await admin.GetAsync("/review.json?type=ReviewableQueuedPost")).Expect(200).Json;
        var waiting = queue["reviewables"]!.AsArray().Single(one => (int?)one!["category_id"] == category.Id())!;
        Assert.Equal("category", (string)queue["reviewable_scores"]!.AsArray().Single(score => (long)score!["id"]! == (long)waiting["reviewable_score_ids"]![0]!)!["reason"]!);
        var edited = (await admin.PutJsonAsync($"/review/{waiting.Id()}.json", new JsonObject
        {
            ["version"] = waiting.Id("version"), ["reviewable"] = new JsonObject { ["payload"] = new JsonObject { ["title"] = "This topic was published by a moderator" } },
        })).Expect(200).Json;
        var done = (await admin.PutAsync($"/review/{waiting.Id()}/perform/approve_post.json?version={edited.Id("version")}")).Expect(200).Json["reviewable_perform_result"]!;

        var topic = (await writer.GetAsync($"/t/{done.Id("created_post_topic_id")}.json")).Expect(200).Json;
        Assert.Equal("This topic was published by a moderator", (string)topic["title"]!);
        Assert.Equal(author, topic.Id("user_id"));
        Assert.Equal(1, await app.Database.ScalarAsync<int>("SELECT count(*)::int FROM notifications WHERE user_id = $1 AND notification_type = 20", [author], Cancellation));
        Assert.Equal(0, await app.Database.ScalarAsync<int>("SELECT pending_posts_count FROM user_stats WHERE user_id = $1", [author], Cancellation));
        Assert.Contains((await admin.GetAsync("/admin/logs/staff_action_logs.json?action_name=post_approved")).Expect(200).Json["staff_action_logs"]!.AsArray(), log => (int?)log!["topic_id"] == topic.Id());
    }

    [Fact]
    public async Task Watched_words_block_queue_flag_tag_and_censor()
    {
        var admin = await AdminAsync();
        foreach (var (action, word) in ((string, string)[])[("block", "forbiddenword"), ("require_approval", "doubtful*"), ("flag", "badword"), ("censor", "rudeword")])
            (await admin.PostJsonAsync("/admin/customize/watched_words.json", new JsonObject { ["action_key"] = action, ["words"] = new JsonArray(word) })).Expect(200);
        (await admin.PostJsonAsync("/admin/customize/watched_words.json", new JsonObject { ["action_key"] = "tag", ["words"] = new JsonArray("gardening"), ["replacement"] = "plants" })).Expect(200);
        var (_, writer) = await MemberAsync();

        var blocked = await writer.PostJsonAsync("/posts.json", new JsonObject { ["title"] = "A topic with a ForbiddenWord in it", ["raw"] = "And a text that is long enough.", ["category"] = 4 });
        Assert.Equal(422, blocked.Status);
        Assert.Contains("ForbiddenWord", blocked.Body);
        var queued = await writer.PostJsonAsync("/posts.json", new JsonObject { ["title"] = "A topic that nobody knows about", ["raw"] = "It is doubtfully honest, as texts go.", ["category"] = 4 });
        Assert.Equal("enqueued", (string?)queued.Expect(200).Json["action"]);
        var topic = await writer.TopicAsync("Questions about gardening at night", raw: "This has a rudeword and a badword in it.");

        Assert.Contains("■■■■■■■■", (string)topic["cooked"]!);
        Assert.Equal("plants", (string)(await writer.GetAsync($"/t/{topic.TopicId()}.json")).Json["tags"]![0]!["name"]!);
        Assert.Equal(-1, (await OfPostAsync(admin, topic.Id())).Id("created_by_id"));
        var words = (await admin.GetAsync("/admin/customize/watched_words.json")).Expect(200).Json["words"]!.AsArray();
        (await admin.DeleteAsync($"/admin/customize/watched_words/{words.Single(word => (string)word!["word"]! == "forbiddenword")!.Id()}.json")).Expect(200);
        await writer.TopicAsync("Now the ForbiddenWord is allowed here");
        Assert.Equal(404, (await writer.GetAsync("/admin/customize/watched_words.json")).Status);
    }

    [Fact]
    public async Task Screened_addresses_are_listed_and_changed()
    {
        var admin = await AdminAsync();

        var made = (await admin.PostAsync("/admin/logs/screened_ip_addresses.json", ("ip_address", "198.51.*.*"), ("action_name", "block"))).Expect(200).Json["screened_ip_address"]!;

        Assert.Equal("198.51.0.0/16", (string)made["ip_address"]!);
        Assert.Equal(422, (await admin.PostAsync("/admin/logs/screened_ip_addresses.json", ("ip_address", "no address"))).Status);
        (await admin.PutAsync($"/admin/logs/screened_ip_addresses/{made.Id()}.json", ("action_name", "do_nothing"))).Expect(200);
        Assert.Contains("do_nothing", (await admin.GetAsync("/admin/logs/screened_ip_addresses.json?filter=198.51.100.1")).Expect(200).Body);
        (await admin.GetAsync("/admin/logs/screened_emails.json")).Expect(200);
        (await admin.GetAsync("/admin/logs/screened_urls.json")).Expect(200);
    }
}
