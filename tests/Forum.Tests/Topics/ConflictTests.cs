using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json.Nodes;

namespace Forum.Tests.Topics;

/// <summary>Many who change the same things at once: nobody gets a failure, nothing is lost, and every sum is right.</summary>
public sealed class ConflictTests : IAsyncLifetime
{
    const int Rounds = 30;

    ForumApp _app = null!;

    static CancellationToken Cancellation => ForumApp.Cancellation;

    public async ValueTask InitializeAsync() => _app = await ForumApp.StartAsync(new()
    {
        ["DISCOURSE_MAX_LIKES_PER_DAY"] = "10000",
        ["DISCOURSE_MAX_EDITS_PER_DAY"] = "10000",
        ["DISCOURSE_MAX_TOPICS_PER_DAY"] = "10000",
        ["DISCOURSE_MAX_BOOKMARKS_PER_DAY"] = "10000",
        ["DISCOURSE_RATE_LIMIT_CREATE_POST"] = "0",
        ["DISCOURSE_RATE_LIMIT_CREATE_TOPIC"] = "0",
        ["DISCOURSE_UNIQUE_POSTS_MINS"] = "0",
        ["DISCOURSE_ALLOW_DUPLICATE_TOPIC_TITLES"] = "true",
        ["DISCOURSE_MAX_REPLIES_IN_FIRST_DAY"] = "10000",
        ["DISCOURSE_MAX_CONSECUTIVE_REPLIES"] = "0",
    });

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    static string Text(int id) => id.ToString(CultureInfo.InvariantCulture);

    async Task<ForumClient> MemberAsync(string name, bool admin = false)
    {
        await _app.AddUserAsync(name, admin: admin, trustLevel: 3);
        return await _app.ApiAsync(name);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Posts_and_topics_that_all_change_at_once_keep_every_sum(int seed)
    {
        ForumClient[] people = [await MemberAsync("ann"), await MemberAsync("ben"), await MemberAsync("cid"), await MemberAsync("dora", admin: true), await MemberAsync("emil", admin: true)];
        var topics = new List<int>();
        var posts = new ConcurrentBag<int>();
        foreach (var at in Enumerable.Range(0, 3))
        {
            var topic = await people[at].TopicAsync($"Topic number {at} that everybody changes", raw: null, tags: [$"tag{at}", "shared"]);
            topics.Add(topic.TopicId());
            posts.Add(topic.Id());
            foreach (var reply in Enumerable.Range(0, 3))
                posts.Add((await people[(at + reply) % 3].ReplyAsync(topic.TopicId(), $"Reply {reply} to topic {at}, for all to change", 1)).Id());
        }

        var failures = new ConcurrentBag<string>();
        await Task.WhenAll(people.Select((client, who) => Task.Run(
            async () =>
            {
                var random = new Random((seed * 1000) + who);
                foreach (var round in Enumerable.Range(0, Rounds))
                {
                    var answer = await ChangeAsync(client, random, topics[random.Next(topics.Count)], topics[random.Next(topics.Count)], posts.ElementAt(random.Next(posts.Count)), $"{who}.{round}");
                    if (answer.Answer.Status is >= 500 or 409)
                        failures.Add($"{answer.What}: {answer.Answer.Status} {answer.Answer.Body}");
                    if (answer.Answer.Status == 200 && answer.What == "reply")
                        posts.Add(answer.Answer.Json.Id());
                }
            },
            Cancellation)));

        Assert.True(failures.IsEmpty, string.Join('\n', failures));
        await Counters.CheckAsync(_app, "after everybody changed everything");
    }

    static async Task<(string What, Answer Answer)> ChangeAsync(ForumClient client, Random random, int topic, int other, int post, string text) => random.Next(13) switch
    {
        0 => ("delete post", await client.DeleteAsync($"/posts/{post}.json")),
        1 => ("recover post", await client.PutAsync($"/posts/{post}/recover.json")),
        2 or 3 => ("like", await client.PostAsync("/post_actions.json", ("id", Text(post)), ("post_action_type_id", "2"))),
        4 => ("unlike", await client.DeleteAsync($"/post_actions/{post}.json", ("post_action_type_id", "2"))),
        5 => ("edit", await client.PutAsync($"/posts/{post}.json", ("post[raw]", $"Another text {text} for post {post}, long enough."))),
        6 or 7 => ("reply", await client.PostAsync("/posts.json", ("topic_id", Text(topic)), ("raw", $"Reply {text} that is long enough to be one."), ("reply_to_post_number", "1"))),
        8 => ("recategorise", await client.PutAsync($"/t/-/{topic}.json", ("category_id", random.Next(2) == 0 ? "2" : Text(Writing.General)))),
        9 => ("tag", await client.PutAsync($"/t/-/{topic}.json", ("tags[]", $"tag{random.Next(3)}"), ("tags[]", $"more{random.Next(3)}"))),
        10 => ("delete topic", await client.DeleteAsync($"/t/{topic}.json")),
        11 => ("recover topic", await client.PutAsync($"/t/{topic}/recover.json")),
        _ => ("move", await client.PostJsonAsync($"/t/{topic}/move-posts.json", new JsonObject { ["post_ids"] = new JsonArray(post), ["destination_topic_id"] = other })),
    };

    [Fact]
    public async Task A_reply_after_the_last_one_was_deleted_gets_a_number_of_its_own()
    {
        using var admin = await MemberAsync("zoe", admin: true);
        var topic = await admin.TopicAsync("A topic whose last reply is deleted");
        var gone = await admin.ReplyAsync(topic.TopicId(), "The last reply, which is deleted soon.");
        (await admin.DeleteAsync($"/posts/{gone.Id()}.json")).Expect(200);

        var next = await admin.ReplyAsync(topic.TopicId(), "A reply after the one that is gone.");

        Assert.Equal(3, (int)next["post_number"]!);
        (await admin.PutAsync($"/posts/{gone.Id()}/recover.json")).Expect(200);
    }

    [Fact]
    public async Task Of_many_who_register_one_name_one_gets_it()
    {
        using var api = await _app.ApiAsync("system");

        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(at => api.PostJsonAsync("/users.json", new JsonObject
        {
            ["username"] = "wanted", ["email"] = $"wanted{at % 4}@example.com", ["password"] = "a long password 1", ["name"] = "W", ["active"] = true,
        })));

        Assert.All(answers, answer => Assert.True(answer.Status < 500, answer.Body));
        Assert.Single(answers, answer => answer.Status == 200 && (bool)answer.Json["success"]!);
        Assert.Equal(1, await _app.Database.ScalarAsync<long>("SELECT count(*) FROM users WHERE username_lower = 'wanted'", [], Cancellation));
        await Counters.CheckAsync(_app, "after one name was registered by many");
    }

    [Fact]
    public async Task Joining_and_leaving_at_once_keeps_the_count_of_members()
    {
        using var admin = await MemberAsync("owner", admin: true);
        var made = (await admin.PostAsync("/admin/groups.json", ("group[name]", "club"), ("group[public_admission]", "true"), ("group[public_exit]", "true"))).Expect(200).Json;
        var group = (int)made["basic_group"]!["id"]!;
        ForumClient[] members = [await MemberAsync("amy"), await MemberAsync("bob"), await MemberAsync("cat")];

        var answers = await Task.WhenAll(Enumerable.Range(0, 60).Select(at => members[at % 3] is var member && at % 2 == 0 ? member.PutAsync($"/groups/{group}/join.json") : member.DeleteAsync($"/groups/{group}/leave.json")));

        Assert.All(answers, answer => Assert.True(answer.Status is 200 or 422, $"{answer.Status} {answer.Body}"));
        await Counters.CheckAsync(_app, "after joining and leaving");
    }

    [Fact]
    public async Task One_member_has_one_vote_however_fast()
    {
        using var asker = await MemberAsync("asker");
        var post = await asker.TopicAsync("Which of these should it be then?", raw: "Choose one of these:\n\n[poll]\n* Red\n* Green\n* Blue\n[/poll]");
        using var voter = await MemberAsync("voter");
        var options = await _app.Database.ListAsync("SELECT digest FROM poll_options", row => row.GetString(0), [], Cancellation);

        var answers = await Task.WhenAll(Enumerable.Range(0, 12).Select(at =>
            voter.PutJsonAsync("/polls/vote.json", new JsonObject { ["post_id"] = post.Id(), ["poll_name"] = "poll", ["options"] = new JsonArray(options[at % 3]) })));

        Assert.All(answers, answer => answer.Expect(200));
        Assert.Equal(1, await _app.Database.ScalarAsync<long>("SELECT count(*) FROM poll_votes", [], Cancellation));
    }

    [Fact]
    public async Task One_draft_in_many_windows_is_one_draft()
    {
        using var writer = await MemberAsync("writer");

        var answers = await Task.WhenAll(Enumerable.Range(0, 30).Select(at => at % 5 == 4
            ? writer.DeleteAsync("/drafts/new_topic.json", ("draft_key", "new_topic"), ("sequence", "0"))
            : writer.PostAsync("/drafts.json", ("draft_key", "new_topic"), ("sequence", "0"), ("data", $"{{\"reply\":\"text {at}\"}}"))));

        Assert.All(answers, answer => Assert.True(answer.Status < 500, answer.Body));
        await Counters.CheckAsync(_app, "after one draft was saved and deleted by many");
    }

    [Fact]
    public async Task A_new_tag_that_many_use_and_one_deletes_is_counted_right()
    {
        using var admin = await MemberAsync("tagger", admin: true);
        ForumClient[] members = [await MemberAsync("una"), await MemberAsync("vic"), await MemberAsync("wim")];

        var answers = await Task.WhenAll(Enumerable.Range(0, 24).Select(at => at % 8 == 7
            ? admin.DeleteAsync("/tag/fresh.json")
            : members[at % 3].PostJsonAsync("/posts.json", new JsonObject { ["title"] = $"A topic with the fresh tag, number {at}", ["raw"] = $"Long enough for a first post {at}", ["category"] = Writing.General, ["tags"] = new JsonArray("fresh") })));

        Assert.All(answers, answer => Assert.True(answer.Status is 200 or 404, $"{answer.Status} {answer.Body}"));
        Assert.Equal(0, await _app.Database.ScalarAsync<long>("SELECT count(*) FROM topic_tags tt WHERE NOT EXISTS (SELECT FROM tags t WHERE t.id = tt.tag_id)", [], Cancellation));
        await Counters.CheckAsync(_app, "after a tag was used and deleted");
    }

    [Fact]
    public async Task What_one_may_have_once_is_there_once()
    {
        using var writer = await MemberAsync("xena");
        var topic = await writer.TopicAsync("A topic that is bookmarked a lot", raw: null, tags: ["levels"]);
        using var reader = await MemberAsync("yves");

        var answers = await Task.WhenAll(Enumerable.Range(0, 40).Select(at => (at % 4) switch
        {
            0 => reader.PostAsync("/bookmarks.json", ("bookmarkable_id", Text(topic.Id())), ("bookmarkable_type", "Post")),
            1 => reader.PostAsync($"/category/{Writing.General}/notifications.json", ("notification_level", Text(at % 3))),
            2 => reader.PutJsonAsync("/tag/levels/notifications.json", new JsonObject { ["tag_notification"] = new JsonObject { ["notification_level"] = at % 3 } }),
            _ => reader.PostAsync($"/t/{topic.TopicId()}/notifications.json", ("notification_level", Text(at % 3))),
        }));

        Assert.All(answers, answer => Assert.True(answer.Status is 200 or 400 or 409, $"{answer.Status} {answer.Body}"));
        foreach (var count in await _app.Database.ListAsync("""
            SELECT count(*) FROM bookmarks UNION ALL
            SELECT count(*) FROM category_users WHERE user_id = (SELECT id FROM users WHERE username = 'yves') UNION ALL
            SELECT count(*) FROM tag_users WHERE user_id = (SELECT id FROM users WHERE username = 'yves') UNION ALL
            SELECT count(*) FROM topic_users WHERE user_id = (SELECT id FROM users WHERE username = 'yves')
            """, row => row.GetInt64(0), [], Cancellation))
            Assert.Equal(1, count);
    }
}
