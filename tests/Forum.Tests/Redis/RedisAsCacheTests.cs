using System.Globalization;
using Forum.Redis;
using Microsoft.Extensions.DependencyInjection;
using Servers;

namespace Forum.Tests.Redis;

/// <summary>Redis makes pages quicker and is trusted for nothing more: gone, back, or full of nonsense, pages are right.</summary>
public sealed class RedisAsCacheTests
{
    [Fact]
    public async Task Redis_killed_and_started_again_under_load_fails_no_page()
    {
        var port = RedisServer.FreePort();
        var redis = await RedisServer.StartAsync(port, ForumApp.Cancellation);
        await using var app = await ForumApp.StartAsync(new() { ["DISCOURSE_REDIS_PORT"] = port.ToString(CultureInfo.InvariantCulture), ["DISCOURSE_REDIS_DB"] = "0" });
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(ForumApp.Cancellation);
        var load = Enumerable.Range(0, 4).Select(_ => Task.Run(() => ReadAsync(app, ending.Token), ForumApp.Cancellation)).ToArray();
        await UntilAsync(() => Task.FromResult(Reads(load) > 0 || load.Any(one => one.IsFaulted)));

        redis.Dispose();
        await UntilAsync(async () => (await StatusAsync(app, "/srv/status")) == 500);
        await UntilAsync(async () => (await StatusAsync(app, "/latest.json")) == 200);
        using var again = await RedisServer.StartAsync(port, ForumApp.Cancellation);
        await UntilAsync(async () => (await StatusAsync(app, "/srv/status")) == 200);

        await ending.CancelAsync();
        Assert.All(await Task.WhenAll(load), pages => Assert.True(pages > 0));
    }

    [Fact]
    public async Task Nonsense_in_Redis_is_no_page_and_no_failure()
    {
        await using var app = await ForumApp.StartAsync();
        var redis = app.Services.GetRequiredService<RedisClient>();
        using var visitor = app.Anonymous();
        var right = (await visitor.GetAsync("/categories.json")).Expect(200).Body;
        foreach (var nonsense in (byte[][])[[], [0], [0xFF, 0xFE, (byte)'\n', 0], "no head at all"u8.ToArray(), "12|text/html; charset=utf-8|x\nold"u8.ToArray(),
            "99999999999999999999|text/html; charset=utf-8|x\nlate"u8.ToArray(), "9999999999999|text/html; charset=utf-8|x\n<script>alert(1)</script>"u8.ToArray(),
            "|||\n"u8.ToArray(), "9999999999999|image/svg+xml|x\n<svg onload=alert(1)>"u8.ToArray()])
        {
            var generation = (await redis.SendAsync(["GET", RedisClient.Key("pages:generation")], ForumApp.Cancellation)).AsNumber;
            // Where the page would be, and under the names of everything else: a value, then a list, where another type belongs.
            await redis.SendAsync(["SET", RedisClient.Key($"page:{generation}:jd/categories"), nonsense], ForumApp.Cancellation);
            for (var visit = 0; visit < 3; visit++)
            {
                Assert.Equal(right, (await visitor.GetAsync("/categories.json")).Expect(200).Body);
            }

            await redis.SendAsync(["INCR", RedisClient.Key("pages:generation")], ForumApp.Cancellation);
        }

        foreach (var key in (string[])["pages:generation", "bus:global", "bus:id:/latest", "bus:backlog:/latest"])
        {
            await redis.SendAsync(["DEL", RedisClient.Key(key)], ForumApp.Cancellation);
            await redis.SendAsync(["LPUSH", RedisClient.Key(key), "\0nonsense"], ForumApp.Cancellation);
        }

        using var api = await app.ApiAsync("system");
        (await api.PostAsync("/posts.json", ("title", "A topic while Redis holds nonsense"), ("raw", "It is written all the same, whatever is there."), ("category", "4"))).Expect(200);
        Assert.Contains("while Redis holds nonsense", (await visitor.GetAsync("/latest.json")).Expect(200).Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_page_that_many_ask_for_at_once_is_made_once()
    {
        await using var app = await ForumApp.StartAsync();
        using var first = app.Anonymous();
        (await first.GetAsync("/categories.json")).Expect(200);
        var visitors = Enumerable.Range(0, 40).Select(_ => app.Anonymous()).ToArray();

        var answers = await Task.WhenAll(visitors.Select(visitor => visitor.GetAsync("/categories.json")));

        Assert.Equal(1, answers.Count(answer => answer.Header("X-Discourse-Cached") == "store"));
        Assert.Equal(39, answers.Count(answer => answer.Header("X-Discourse-Cached") == "true"));
        Assert.Single(answers.Select(answer => answer.Body).Distinct());
    }

    static async Task<int> ReadAsync(ForumApp app, CancellationToken ending)
    {
        using var visitor = app.Anonymous();
        var pages = 0;
        while (!ending.IsCancellationRequested)
        {
            foreach (var path in new[] { "/latest.json", "/categories.json", "/t/5.json", "/latest" })
            {
                (await visitor.GetAsync(path)).Expect(200);
                pages++;
            }
        }

        return pages;
    }

    static int Reads(Task<int>[] load) => load.Count(one => !one.IsFaulted);

    static async Task<int> StatusAsync(ForumApp app, string path)
    {
        using var client = app.Anonymous();
        return (await client.GetAsync(path)).Status;
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
