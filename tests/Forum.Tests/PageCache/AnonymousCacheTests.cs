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

    [Fact]
    public async Task A_kept_page_comes_compressed_to_who_takes_that_and_not_at_all_to_who_has_it()
    {
        await using var app = await ForumApp.StartAsync();
        using var visitor = app.Anonymous();
        var page = (await visitor.GetAsync("/site.json")).Expect(200).Body;
        await visitor.GetAsync("/site.json");
        var kept = (await visitor.GetAsync("/site.json")).Expect(200);
        var tag = kept.Header("ETag")!;
        Assert.Null(kept.Header("Content-Encoding"));

        using var http = new HttpClient(new SocketsHttpHandler { AutomaticDecompression = System.Net.DecompressionMethods.None }) { BaseAddress = app.Address };
        using var compressed = await SendAsync(http, ("Accept-Encoding", "br, gzip;q=0.8"));
        await using var body = new System.IO.Compression.GZipStream(await compressed.Content.ReadAsStreamAsync(ForumApp.Cancellation), System.IO.Compression.CompressionMode.Decompress);
        Assert.Equal(page, await new StreamReader(body).ReadToEndAsync(ForumApp.Cancellation));
        Assert.Equal("Accept, Accept-Encoding", compressed.Headers.Vary.ToString());

        using var refused = await SendAsync(http, ("Accept-Encoding", "gzip;q=0"));
        Assert.Empty(refused.Content.Headers.ContentEncoding);

        using var known = await SendAsync(http, ("If-None-Match", $"\"other\", {tag}"));
        Assert.Equal(304, (int)known.StatusCode);
        Assert.Empty(await known.Content.ReadAsByteArrayAsync(ForumApp.Cancellation));

        (await (await app.ApiAsync("system")).PostAsync("/categories.json", ("name", "Brand new"), ("color", "aa0000"), ("text_color", "ffffff"))).Expect(200);
        using var changed = await SendAsync(http, ("If-None-Match", tag));
        Assert.Equal(200, (int)changed.StatusCode);
    }

    static async Task<HttpResponseMessage> SendAsync(HttpClient http, (string Name, string Value) header)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/site.json");
        request.Headers.TryAddWithoutValidation(header.Name, header.Value);
        return await http.SendAsync(request, ForumApp.Cancellation);
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
