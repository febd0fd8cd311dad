using System.Text.Json.Nodes;
using Forum.Database;

namespace Forum.Tests.Topics;

public sealed class WritingTests(ForumApp app) : IClassFixture<ForumApp>
{
    static readonly Lock Once = new();
    static Task<(ForumClient Admin, ForumClient User, ForumClient Other)>? _people;

    Task<(ForumClient Admin, ForumClient User, ForumClient Other)> PeopleAsync()
    {
        lock (Once)
            return _people ??= MakeAsync();
    }

    async Task<(ForumClient Admin, ForumClient User, ForumClient Other)> MakeAsync()
    {
        await app.AddUserAsync("boss", admin: true);
        await app.AddUserAsync("ann");
        await app.AddUserAsync("ben", trustLevel: 2);
        return (await app.ApiAsync("boss"), await app.ApiAsync("ann"), await app.ApiAsync("ben"));
    }

    static async Task<JsonNode> TopicAsync(ForumClient client, string title, int category = 4, string? raw = null)
    {
        var answer = await client.PostJsonAsync("/posts.json", new JsonObject { ["title"] = title, ["raw"] = raw ?? $"First post, long enough, of {title}", ["category"] = category });
        Assert.True(answer.Status == 200, answer.Body);
        return answer.Json;
    }

    static async Task<JsonNode> ReplyAsync(ForumClient client, JsonNode topic, string raw, int? to = null)
    {
        var body = new JsonObject { ["topic_id"] = (int)topic["topic_id"]!, ["raw"] = raw };
        if (to is not null)
            body["reply_to_post_number"] = to;
        var answer = await client.PostJsonAsync("/posts.json", body);
        Assert.True(answer.Status == 200, answer.Body);
        return answer.Json;
    }

    [Fact]
    public async Task A_topic_and_its_replies_keep_every_counter()
    {
        var (_, user, other) = await PeopleAsync();
        var before = await CategoryAsync();
        var topic = await TopicAsync(user, "How do the counters hold together?");
        var first = await ReplyAsync(other, topic, "This is a reply to the first post, by another.", 1);
        await ReplyAsync(user, topic, "Thank you for your answer, @ben, very kind.", (int)first["post_number"]!);

        var id = (int)topic["topic_id"]!;
        var row = await app.Database.FindAsync("""
            SELECT posts_count, reply_count, highest_post_number, participant_count, word_count, like_count, slug, last_post_user_id = user_id, bumped_at = last_posted_at
            FROM topics WHERE id = $1
            """, row => (row.Int(0), row.Int(1), row.Int(2), row.Int(3), row.Int(4), row.Int(5), row.Text(6), row.Bool(7), row.Bool(8)), [id], ForumApp.Cancellation);
        Assert.Equal((3, 2, 3, 2, 12 + 9 + 8, 0, "how-do-the-counters-hold-together", true, true), row);
        Assert.Equal(1, await CountAsync("SELECT reply_count FROM posts WHERE topic_id = $1 AND post_number = 1", id));
        Assert.Equal(1, await CountAsync("SELECT reply_count FROM posts WHERE topic_id = $1 AND post_number = 2", id));
        Assert.Equal((before.Topics + 1, before.Posts + 2), await CategoryAsync());
        Assert.Equal(2, await CountAsync("SELECT count(*)::int FROM post_replies r JOIN posts p ON p.id = r.post_id WHERE p.topic_id = $1", id));
        Assert.Equal(3, await CountAsync("SELECT count(*)::int FROM post_search_data s JOIN posts p ON p.id = s.post_id WHERE p.topic_id = $1", id));
        Assert.Equal(1, await CountAsync("SELECT count(*)::int FROM notifications n JOIN users u ON u.id = n.user_id WHERE n.topic_id = $1 AND u.username = 'ben' AND notification_type = 1", id));
        Assert.Equal(1, await CountAsync("SELECT count(*)::int FROM notifications n JOIN users u ON u.id = n.user_id WHERE n.topic_id = $1 AND u.username = 'ann' AND notification_type = 2", id));
        Assert.Equal(3, await CountAsync("SELECT notification_level FROM topic_users tu JOIN users u ON u.id = tu.user_id WHERE topic_id = $1 AND username = 'ann'", id));
        Assert.Equal(2, await CountAsync("SELECT notification_level FROM topic_users tu JOIN users u ON u.id = tu.user_id WHERE topic_id = $1 AND username = 'ben'", id));
        Assert.Equal(1, await CountAsync("SELECT count(*)::int FROM user_actions WHERE target_topic_id = $1 AND action_type = 4", id));
        Assert.Equal(2, await CountAsync("SELECT count(*)::int FROM user_actions WHERE target_topic_id = $1 AND action_type = 5", id));
    }

    async Task<int> CountAsync([System.Diagnostics.CodeAnalysis.ConstantExpected] string sql, int id) => await app.Database.ScalarAsync<int>(sql, [id], ForumApp.Cancellation);

    async Task<(int Topics, int Posts)> CategoryAsync() =>
        await app.Database.FindAsync("SELECT topic_count, post_count FROM categories WHERE id = 4", row => (row.Int(0), row.Int(1)), [], ForumApp.Cancellation);

    [Fact]
    public async Task An_edit_keeps_what_was_before()
    {
        var (admin, user, _) = await PeopleAsync();
        var topic = await TopicAsync(user, "What happens when this is edited?");
        var id = (int)topic["id"]!;

        var edited = await admin.PutJsonAsync($"/posts/{id}.json", new JsonObject { ["post"] = new JsonObject { ["raw"] = "The text is **different** now, and long enough.", ["edit_reason"] = "clearer" } });
        Assert.True(edited.Status == 200, edited.Body);
        var revision = await admin.GetAsync($"/posts/{id}/revisions/latest.json");

        Assert.Contains("<strong>different</strong>", (string)edited.Json["post"]!["cooked"]!);
        Assert.Equal(2, (int)edited.Json["post"]!["version"]!);
        Assert.True(revision.Status == 200, revision.Body);
        Assert.Equal("clearer", (string)revision.Json["edit_reason"]!);
        Assert.Contains("<ins>", (string)revision.Json["body_changes"]!["inline"]!);
    }

    [Fact]
    public async Task Deleting_and_recovering_a_reply_counts_anew()
    {
        var (admin, user, other) = await PeopleAsync();
        var topic = await TopicAsync(user, "Which replies are left in the end?");
        var reply = await ReplyAsync(other, topic, "This reply is going to be deleted soon.");
        var path = $"/t/{topic["topic_id"]}.json";

        Assert.Equal(200, (await admin.DeleteAsync($"/posts/{reply["id"]}.json")).Status);
        Assert.Equal(1, (int)(await user.GetAsync(path)).Json["posts_count"]!);
        Assert.Equal(404, (await user.GetAsync($"/posts/{reply["id"]}.json")).Status);

        Assert.Equal(200, (await admin.PutAsync($"/posts/{reply["id"]}/recover.json")).Status);
        Assert.Equal(2, (int)(await user.GetAsync(path)).Json["posts_count"]!);
    }

    [Theory]
    [InlineData("", "Some text that is long enough to be posted.", "Title can't be blank")]
    [InlineData("Short", "Some text that is long enough to be posted.", "Title is too short (minimum is 15 characters)")]
    [InlineData("A title that is long enough", "x", "Body is too short")]
    [InlineData("A title that is long enough", "", "Body can't be blank")]
    public async Task Rules_refuse_with_sentences(string title, string raw, string expected)
    {
        var (_, user, _) = await PeopleAsync();

        var answer = await user.PostJsonAsync("/posts.json", new JsonObject { ["title"] = title, ["raw"] = raw, ["category"] = 4 });

        Assert.Equal(422, answer.Status);
        Assert.Contains((JsonArray)answer.Json["errors"]!, error => ((string)error!).StartsWith(expected, StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_same_request_by_a_script_is_answered_once_more_and_written_once()
    {
        var (_, user, _) = await PeopleAsync();

        var one = await TopicAsync(user, "Is this topic written only once?");
        var two = await TopicAsync(user, "Is this topic written only once?");

        Assert.Equal((int)one["id"]!, (int)two["id"]!);
    }

    [Fact]
    public async Task A_page_for_a_visitor_costs_few_statements()
    {
        var (_, user, _) = await PeopleAsync();
        var topic = await TopicAsync(user, "How many statements does a page cost?");
        var visitor = app.Anonymous();

        foreach (var path in (string[])["/latest.json", "/latest", $"/t/{topic["topic_slug"]}/{topic["topic_id"]}.json", "/c/general/4.json", "/categories.json"])
        {
            var answer = await visitor.GetAsync(path);

            Assert.True(answer.Status == 200, path + " " + answer.Body);
            var calls = int.Parse(answer.Headers["X-Sql-Calls"]);
            Assert.True(calls <= 6, $"{path} needs {calls} statements");
        }
    }
}
