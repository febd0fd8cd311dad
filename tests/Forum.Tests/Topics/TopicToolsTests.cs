using System.Globalization;
using System.Text.Json.Nodes;

namespace Forum.Tests.Topics;

/// <summary>What moderators and readers do with whole topics.</summary>
public sealed class TopicToolsTests(ForumApp app) : IClassFixture<ForumApp>
{
    static int _names;

    async Task<(int Id, string Name, ForumClient Client)> MemberAsync(bool admin = false)
    {
        var name = $"tooler{Interlocked.Increment(ref _names)}";
        return (await app.AddUserAsync(name, admin: admin, trustLevel: 2), name, await app.ApiAsync(name));
    }

    static JsonArray Ints(params int[] values) => new([.. values.Select(value => (JsonNode?)value)]);

    static async Task<JsonObject> TopicPageAsync(ForumClient client, int topic, string query = "") => (await client.GetAsync($"/t/{topic}.json{query}")).Expect(200).Json;

    static string Numbers(JsonObject page) => string.Join(' ', page["post_stream"]!["posts"]!.AsArray().Select(post => (int)post!["post_number"]!));

    [Fact]
    public async Task A_stream_can_be_narrowed()
    {
        var (adminId, _, admin) = await MemberAsync(admin: true);
        var (one, two) = (await MemberAsync(), await MemberAsync());
        var topic = (await one.Client.TopicAsync("A conversation among several people")).TopicId();
        await two.Client.ReplyAsync(topic, "An answer to what was asked in the first post.");
        await one.Client.ReplyAsync(topic, "A word to the answer, in the second post.", 2);
        var gone = await two.Client.ReplyAsync(topic, "A word that is taken back by a moderator.", 3);
        var last = await admin.ReplyAsync(topic, "A word about nothing that was said here.");
        (await admin.DeleteAsync($"/posts/{gone.Id()}.json")).Expect(200);

        Assert.Equal("2", Numbers(await TopicPageAsync(one.Client, topic, $"?username_filters={two.Name}")));
        Assert.Equal("1 2 5", Numbers(await TopicPageAsync(one.Client, topic, "?filter_top_level_replies=true")));
        Assert.Equal("1 2 3", Numbers(await TopicPageAsync(one.Client, topic, "?replies_to_post_number=2")));
        Assert.Equal("1 2 3 5", Numbers(await TopicPageAsync(one.Client, topic, "?show_deleted=true")));
        Assert.Equal("1 2 3 4 5", Numbers(await TopicPageAsync(admin, topic, "?show_deleted=true")));
        var shown = (await (await app.SignInAsync(adminId)).GetAsync($"/t/{topic}.json")).Expect(200).Json;
        Assert.Contains(gone.Id().ToString(CultureInfo.InvariantCulture), shown["post_stream"]!["gaps"]!.ToJsonString(), StringComparison.Ordinal);
        Assert.True((int)shown["message_bus_last_id"]! > 0);
        var posts = (await one.Client.GetAsync($"/t/{topic}/posts.json?post_ids[]={last.Id()}")).Expect(200).Json["post_stream"]!["posts"]!.AsArray();
        Assert.Equal(5, (int)Assert.Single(posts)!["post_number"]!);
        var excerpts = (await one.Client.GetAsync($"/t/{topic}/excerpts.json?post_ids[]={last.Id()}")).Expect(200);
        Assert.Contains("A word about nothing", excerpts.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Many_topics_are_changed_at_once_where_it_is_allowed()
    {
        var (admin, member) = ((await MemberAsync(admin: true)).Client, await MemberAsync());
        var own = (await member.Client.TopicAsync("A topic that is changed with others")).TopicId();
        var other = (await admin.TopicAsync("Another topic that is changed with it")).TopicId();

        async Task<int> DoAsync(ForumClient client, string type, params (string Name, JsonNode Value)[] more)
        {
            var operation = new JsonObject { ["type"] = type };
            foreach (var (name, value) in more)
                operation[name] = value;
            return (await client.PutJsonAsync("/topics/bulk.json", new JsonObject { ["topic_ids"] = Ints(own, other), ["operation"] = operation })).Expect(200).Json["topic_ids"]!.AsArray().Count;
        }

        Assert.Equal(0, await DoAsync(member.Client, "close"));
        Assert.Equal(2, await DoAsync(admin, "close"));
        Assert.True((bool)(await TopicPageAsync(member.Client, own))["closed"]!);
        Assert.Equal(2, await DoAsync(admin, "open"));
        Assert.Equal(2, await DoAsync(admin, "append_tags", ("tags", new JsonArray("bulky"))));
        Assert.Contains("bulky", (await TopicPageAsync(member.Client, other))["tags"]!.ToJsonString(), StringComparison.Ordinal);
        Assert.Equal(2, await DoAsync(admin, "remove_tags"));
        Assert.Equal("[]", (await TopicPageAsync(member.Client, other))["tags"]!.ToJsonString());
        Assert.Equal(2, await DoAsync(admin, "change_category", ("category_id", 2)));
        Assert.Equal(2, await DoAsync(member.Client, "change_notification_level", ("notification_level_id", 3)));
        Assert.Equal(3, (int)(await TopicPageAsync(member.Client, other))["details"]!["notification_level"]!);
        Assert.Equal(2, await DoAsync(admin, "unlist"));
        Assert.False((bool)(await TopicPageAsync(admin, own))["visible"]!);
        Assert.Equal(2, await DoAsync(admin, "delete"));
        (await member.Client.GetAsync($"/t/{other}.json")).Expect(404);
    }

    [Fact]
    public async Task A_topic_becomes_a_message_a_banner_and_anothers()
    {
        var (admin, writer, stranger) = ((await MemberAsync(admin: true)).Client, await MemberAsync(), await MemberAsync());
        var post = await writer.Client.TopicAsync("A topic that becomes many things");
        var topic = post.TopicId();

        (await writer.Client.PutAsync($"/t/{topic}/make-banner.json")).Expect(403);
        (await admin.PutAsync($"/t/{topic}/make-banner.json")).Expect(200);
        Assert.Equal("banner", (string)(await TopicPageAsync(stranger.Client, topic))["archetype"]!);
        (await admin.PutAsync($"/t/{topic}/remove-banner.json")).Expect(200);

        (await admin.PutAsync($"/t/{topic}/convert-topic/private.json")).Expect(200);
        (await stranger.Client.GetAsync($"/t/{topic}.json")).Expect(404);
        Assert.Equal("private_message", (string)(await TopicPageAsync(writer.Client, topic))["archetype"]!);
        (await admin.PutAsync($"/t/{topic}/convert-topic/public.json", ("category_id", "2"))).Expect(200);
        Assert.Equal(2, (int)(await TopicPageAsync(stranger.Client, topic))["category_id"]!);

        (await admin.PostJsonAsync($"/t/{topic}/change-owner.json", new JsonObject { ["username"] = stranger.Name, ["post_ids"] = Ints(post.Id()) })).Expect(200);
        Assert.Equal(stranger.Name, (string)(await TopicPageAsync(writer.Client, topic))["details"]!["created_by"]!["username"]!);
    }

    [Fact]
    public async Task Slow_mode_and_rows_of_replies_hold_people_back()
    {
        var (admin, member, other) = ((await MemberAsync(admin: true)).Client, (await MemberAsync()).Client, (await MemberAsync()).Client);
        var topic = (await admin.TopicAsync("A topic in which people take their time")).TopicId();
        foreach (var text in (string[])["The first of a row of replies by one.", "The second of a row of replies by one.", "The third of a row of replies by one."])
            await member.ReplyAsync(topic, text);
        var fourth = new JsonObject { ["topic_id"] = topic, ["raw"] = "The fourth of a row, which is one too many." };
        Assert.Contains("in a row", (await member.PostJsonAsync("/posts.json", fourth.DeepClone())).Expect(422).Body, StringComparison.Ordinal);
        await other.ReplyAsync(topic, "Somebody else says a word in between.");
        (await member.PostJsonAsync("/posts.json", fourth)).Expect(200);

        (await admin.PutAsync($"/t/{topic}/slow_mode.json", ("seconds", "3600"), ("enabled_until", DateTime.UtcNow.AddDays(1).ToString("O")))).Expect(200);
        Assert.NotNull((await TopicPageAsync(member, topic))["slow_mode_enabled_until"]);
        (await member.PostJsonAsync("/posts.json", new JsonObject { ["topic_id"] = topic, ["raw"] = "Too soon after what I have just said." })).Expect(422);
    }

    [Fact]
    public async Task Newcomers_mention_and_link_little()
    {
        var name = $"newcomer{Interlocked.Increment(ref _names)}";
        await app.AddUserAsync(name, trustLevel: 0);
        var newcomer = await app.ApiAsync(name);
        var known = new List<string>();
        for (var i = 0; i < 3; i++)
            known.Add("@" + (await MemberAsync()).Name);

        Task<Answer> WriteAsync(string title, string raw) => newcomer.PostJsonAsync("/posts.json", new JsonObject { ["title"] = title, ["raw"] = raw, ["category"] = Writing.General });

        Assert.Contains("mention", (await WriteAsync("Hello to everybody whom I know", $"Hello {string.Join(' ', known)}, how are you?")).Expect(422).Body, StringComparison.Ordinal);
        Assert.Contains("link", (await WriteAsync("Links to everything that I know", "See http://a.example/1 and http://b.example/2 and http://c.example/3 now")).Expect(422).Body, StringComparison.Ordinal);
        (await WriteAsync("Hello to some of those whom I know", $"Hello {known[0]}, see http://a.example/1 for more")).Expect(200);
    }
}
