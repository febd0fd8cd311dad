using Servers;

namespace Forum.Tests.PageCache;

public sealed class AnonymousCacheTests
{
    [Fact]
    public async Task The_third_visitor_is_answered_without_SQL_and_a_write_by_another_unit_ends_that()
    {
        await using var first = await ForumApp.StartAsync();
        await using var second = await ForumApp.StartAsync(new Dictionary<string, string>
        {
            ["TEST_CONNECTION_STRING"] = first.ConnectionString, ["DISCOURSE_REDIS_DB"] = first.Globals.Text("redis_db", null)!,
        });
        using var visitor = first.Anonymous();

        var states = new List<string?>();
        for (var i = 0; i < 3; i++)
        {
            var answer = (await visitor.GetAsync("/latest.json")).Expect(200);
            Assert.NotNull(answer.Json["topic_list"]);
            states.Add($"{answer.Header("X-Discourse-Cached")} {(answer.Header("X-Sql-Calls") == "0" ? "no SQL" : "SQL")}");
        }

        Assert.Equal(["skip SQL", "store SQL", "true no SQL"], states);

        using var api = await second.ApiAsync("system");
        (await api.PostAsync("/posts.json", ("title", "A topic that visitors see at once"), ("raw", "Its text is long enough to be posted."), ("category", "4"))).Expect(200);
        await UntilAsync(async () => (await visitor.GetAsync("/latest.json")).Body.Contains("visitors see at once", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Without_Redis_pages_are_still_read()
    {
        var redis = await RedisServer.StartAsync(RedisServer.FreePort(), ForumApp.Cancellation);
        await using var app = await ForumApp.StartAsync(new Dictionary<string, string>
        {
            ["DISCOURSE_REDIS_PORT"] = redis.Port.ToString(System.Globalization.CultureInfo.InvariantCulture), ["DISCOURSE_REDIS_DB"] = "0",
        });
        using var visitor = app.Anonymous();
        (await visitor.GetAsync("/latest.json")).Expect(200);

        redis.Dispose();

        for (var i = 0; i < 3; i++)
        {
            (await visitor.GetAsync("/latest.json")).Expect(200);
        }

        Assert.Equal(500, (await visitor.GetAsync("/srv/status")).Status);
        (await visitor.GetAsync("/session/hp.json")).Expect(503);
    }

    static async Task UntilAsync(Func<Task<bool>> condition)
    {
        var start = TimeProvider.System.GetTimestamp();
        while (!await condition())
        {
            Assert.True(TimeProvider.System.GetElapsedTime(start) < TimeSpan.FromSeconds(20), "the condition did not come true");
            await Task.Delay(20, ForumApp.Cancellation);
        }
    }
}
