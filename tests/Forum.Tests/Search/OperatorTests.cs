namespace Forum.Tests.Search;

/// <summary>One row an operator: what is found, and that the rest is not.</summary>
public sealed class OperatorTests(ForumApp app) : IClassFixture<ForumApp>
{
    static readonly SemaphoreSlim Once = new(1);
    static bool _written;

    async Task<ForumClient> ReaderAsync()
    {
        await Once.WaitAsync(ForumApp.Cancellation);
        try
        {
            if (!_written)
                await WriteAsync();
            _written = true;
        }
        finally
        {
            Once.Release();
        }

        return await app.ApiAsync("seeker");
    }

    async Task WriteAsync()
    {
        await app.AddUserAsync("librarian", admin: true);
        await app.AddUserAsync("seeker", trustLevel: 2);
        await app.AddUserAsync("poet", trustLevel: 3);
        var (librarian, seeker, poet) = (await app.ApiAsync("librarian"), await app.ApiAsync("seeker"), await app.ApiAsync("poet"));
        var tagged = await poet.TopicAsync("Tagged thoughts about marmalade", tags: ["sweet", "orange"]);
        var sweet = await poet.TopicAsync("Sweet thoughts about marmalade", category: 2, tags: ["sweet"]);
        var closed = await librarian.TopicAsync("Closed thoughts about marmalade");
        var mine = await seeker.TopicAsync("Own thoughts about marmalade");
        await seeker.ReplyAsync(tagged.TopicId(), "A reply that speaks of marmalade and of toast as well.");
        await poet.ReplyAsync(mine.TopicId(), "Nothing here but a kind word for the author.");
        await poet.ReplyAsync(mine.TopicId(), "And nothing here but another such kind word.");
        (await librarian.PutAsync("/admin/site_settings/rate_limit_search_user.json", ("rate_limit_search_user", "1000"))).Expect(200);
        (await librarian.PutAsync($"/t/{closed.TopicId()}/status.json", ("status", "closed"), ("enabled", "true"))).Expect(200);
        await app.Database.ExecuteAsync("UPDATE topics SET views = 500, pinned_at = now() WHERE id = $1", [sweet.TopicId()], ForumApp.Cancellation);
        await app.Database.ExecuteAsync("UPDATE posts SET wiki = true WHERE id = $1", [closed.Id()], ForumApp.Cancellation);
        await app.Database.ExecuteAsync("UPDATE posts SET created_at = '2020-01-01' WHERE id = $1", [closed.Id()], ForumApp.Cancellation);
        (await seeker.PostAsync("/post_actions.json", ("id", $"{sweet.Id()}"), ("post_action_type_id", "2"))).Expect(200);
        (await seeker.PostAsync("/bookmarks.json", ("bookmarkable_type", "Post"), ("bookmarkable_id", $"{closed.Id()}"))).Expect(200);
        (await seeker.PostAsync($"/t/{sweet.TopicId()}/notifications.json", ("notification_level", "3"))).Expect(200);
        await poet.MessageAsync("seeker", "Secret thoughts about marmalade");
    }

    [Theory]
    [InlineData("", "Tagged Sweet Closed Own")]
    [InlineData("@poet", "Tagged Sweet Own")]
    [InlineData("user:poet", "Tagged Sweet Own")]
    [InlineData("@me", "Tagged Own")]
    [InlineData("created:@poet", "Tagged Sweet")]
    [InlineData("#sweet", "Tagged Sweet")]
    [InlineData("tags:sweet,orange", "Tagged Sweet")]
    [InlineData("tags:sweet+orange", "Tagged")]
    [InlineData("-tags:orange", "Sweet Closed Own")]
    [InlineData("#site-feedback", "Sweet")]
    [InlineData("category:site-feedback", "Sweet")]
    [InlineData("status:closed", "Closed")]
    [InlineData("status:open", "Tagged Sweet Own")]
    [InlineData("status:noreplies", "Sweet")]
    [InlineData("status:single_user", "Sweet Closed")]
    [InlineData("status:public", "Tagged Sweet Closed Own")]
    [InlineData("status:archived", "")]
    [InlineData("in:title", "Tagged Sweet Closed Own")]
    [InlineData("in:first", "Tagged Sweet Closed Own")]
    [InlineData("in:pinned", "Sweet")]
    [InlineData("in:wiki", "Closed")]
    [InlineData("in:tagged", "Tagged Sweet")]
    [InlineData("in:untagged", "Closed Own")]
    [InlineData("in:likes", "Sweet")]
    [InlineData("in:bookmarks", "Closed")]
    [InlineData("in:watching", "Sweet Own")]
    [InlineData("in:posted", "Tagged Own")]
    [InlineData("in:created", "Own")]
    [InlineData("in:messages", "Secret")]
    [InlineData("before:2021-01-01", "Closed")]
    [InlineData("min_views:100", "Sweet")]
    [InlineData("min_posts:3", "Own")]
    [InlineData("max_posts:2", "Tagged Sweet Closed")]
    [InlineData("after:2021-01-01", "Tagged Sweet Own")]
    [InlineData("group:admins", "Closed")]
    [InlineData("\"of toast\"", "Tagged")]
    public async Task An_operator_narrows_what_is_found(string operators, string found)
    {
        var reader = await ReaderAsync();
        var word = operators.StartsWith('"') ? operators : "marmalade " + operators;

        var answer = (await reader.GetAsync($"/search.json?q={Uri.EscapeDataString(word)}")).Expect(200).Json;

        var titles = answer["topics"]?.AsArray().Select(topic => ((string)topic!["title"]!).Split(' ')[0]) ?? [];
        Assert.Equal(found.Split(' ', StringSplitOptions.RemoveEmptyEntries).Order(), titles.Order());
    }

    [Theory]
    [InlineData("order:latest", "Own")]
    [InlineData("l", "Own")]
    [InlineData("order:latest_topic", "Own")]
    [InlineData("order:views", "Sweet")]
    [InlineData("order:likes", "Sweet")]
    public async Task An_order_says_what_comes_first(string order, string first)
    {
        var reader = await ReaderAsync();

        var answer = (await reader.GetAsync($"/search.json?q={Uri.EscapeDataString("marmalade in:first " + order)}")).Expect(200).Json;

        var post = answer["posts"]![0]!["topic_id"]!.GetValue<int>();
        Assert.StartsWith(first, (string)answer["topics"]!.AsArray().Single(topic => (int)topic!["id"]! == post)!["title"]!, StringComparison.Ordinal);
    }
}
