using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using Forum;
using Forum.Configuration;
using Forum.Database;
using Forum.Sessions;
using ForumBench.Generating;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;
using Servers;

namespace ForumBench.Measuring;

/// <summary>The forum over a generated database, beside a bare Kestrel that gives the same bytes, in one run.</summary>
sealed class Benchmark(string program, ForumSize size, int seconds, Action<string> say)
{
    const string Bypass = "Cookie: _bypass_cache=1";
    static readonly string[] Terms = ["server", "update", "install error", "backup", "plugin version", "network storage", "upgrade", "question answer"];

    readonly Report _report = new();

    public async Task<int> RunAsync(CancellationToken cancellation)
    {
        var folder = Directory.CreateTempSubdirectory("forum-bench-").FullName;
        try
        {
            var environment = await PrepareAsync(folder, cancellation);
            var address = new Uri($"http://127.0.0.1:{environment["UNICORN_PORT"]}");
            await using var forum = await MeasuredProcess.StartAsync(program, ["serve"], environment, address, "/latest", cancellation);
            await MeasureAsync(forum, environment, folder, cancellation);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }

        _report.Print(Console.Out);
        return _report.IsGood ? 0 : 1;
    }

    async Task<Dictionary<string, string>> PrepareAsync(string folder, CancellationToken cancellation)
    {
        var postgres = await PostgresServer.GetAsync();
        var redis = await RedisServer.GetAsync();
        var name = await postgres.CreateDatabaseAsync(cancellation);
        await new Migrator(postgres.ConnectionString(name), _ => { }).RunAsync(cancellation);
        var start = Stopwatch.GetTimestamp();
        await using (var source = NpgsqlDataSource.Create(postgres.ConnectionString(name)))
        {
            await GeneratedForum.FillAsync(source, size, say, cancellation);
        }

        _report.AtMost($"generate {size.Users} users, {size.Topics} topics, {size.Posts} posts", Stopwatch.GetElapsedTime(start).TotalSeconds, 120, "s");
        Directory.CreateDirectory(Path.Combine(folder, "app", "log"));
        return new()
        {
            ["DISCOURSE_DB_HOST"] = postgres.Host,
            ["DISCOURSE_DB_PORT"] = postgres.Port.ToString(CultureInfo.InvariantCulture),
            ["DISCOURSE_DB_NAME"] = name,
            ["DISCOURSE_DB_USERNAME"] = postgres.Username,
            ["DISCOURSE_DB_PASSWORD"] = "any",
            ["DISCOURSE_REDIS_HOST"] = redis.Host,
            ["DISCOURSE_REDIS_PORT"] = redis.Port.ToString(CultureInfo.InvariantCulture),
            ["DISCOURSE_HOSTNAME"] = "forum.example.com",
            ["DISCOURSE_SECRET_KEY_BASE"] = new string('a', 128),
            ["DISCOURSE_ENABLE_PERFORMANCE_HTTP_HEADERS"] = "true",
            // What is measured comes from one address and a few members.
            ["DISCOURSE_RATE_LIMIT_SEARCH_ANON_USER_PER_MINUTE"] = "1000000",
            ["DISCOURSE_RATE_LIMIT_SEARCH_USER_PER_MINUTE"] = "1000000",
            ["DISCOURSE_RATE_LIMIT_CREATE_POST"] = "0",
            ["DISCOURSE_RATE_LIMIT_NEW_USER_CREATE_POST"] = "0",
            // As app_launch.sh starts the server.
            ["DOTNET_GCgen0size"] = "0x800000",
            ["MALLOC_ARENA_MAX"] = "2",
            ["CONTAINER_APP_ROOT"] = folder,
            ["UNICORN_PORT"] = FreePort().ToString(CultureInfo.InvariantCulture),
        };
    }

    async Task MeasureAsync(MeasuredProcess forum, Dictionary<string, string> environment, string folder, CancellationToken cancellation)
    {
        _report.AtMost("start to the first page", forum.StartSeconds, 1.5, "s");
        var busy = forum.ProcessorSeconds;
        await Task.Delay(TimeSpan.FromSeconds(10), cancellation);
        _report.AtMost("memory, idle", forum.ResidentMiB, 120, "MiB");
        _report.Note("processor time, idle", string.Create(CultureInfo.InvariantCulture, $"{(forum.ProcessorSeconds - busy) * 100:F0} ms in 10 s"));

        await using var services = Services(environment);
        using var http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = forum.Address };
        var topic = await TopicAsync(services, cancellation);
        foreach (var (what, path) in new[] { ("latest, HTML", "/latest"), ("latest, JSON", "/latest.json"), ("topic, HTML", topic), ("topic, JSON", $"{topic}.json") })
        {
            await AnonymousAsync(forum, http, what, path, folder, cancellation);
        }

        await SignedInAsync(forum, services, http, topic, cancellation);
        await SearchAsync(http, cancellation);
        _report.AtMost("memory, at most under load", forum.PeakMiB, 250, "MiB");
    }

    /// <summary>A visitor's page: from the cache beside a bare Kestrel, and made anew.</summary>
    async Task AnonymousAsync(MeasuredProcess forum, HttpClient http, string what, string path, string folder, CancellationToken cancellation)
    {
        say($"Measuring {what}");
        var url = new Uri(forum.Address, path);
        var (uncachedSql, _, _) = await AskAsync(http, path, Bypass, cancellation);
        await Wrk.RunAsync(url, 8, Math.Max(1, seconds / 2), [Bypass], cancellation);
        var uncached = await Wrk.RunAsync(url, 1, seconds, [Bypass], cancellation);
        _report.AtMost($"{what}, uncached: SQL statements", uncachedSql, 6, "");
        _report.AtMost($"{what}, uncached: median", uncached.Median, 8, "ms");

        var (cachedSql, body, type) = await AskAsync(http, path, null, cancellation);
        for (var again = 0; again < 3; again++)
        {
            (cachedSql, body, type) = await AskAsync(http, path, null, cancellation);
        }

        var file = Path.Combine(folder, "body");
        await File.WriteAllBytesAsync(file, body, cancellation);
        await using var bare = await MeasuredProcess.StartAsync(Environment.ProcessPath!, ["bytes", file, type], cancellation);
        // Turn and turn about, so that what else the machine does falls on both.
        double cached = 0, most = 0;
        for (var round = 0; round < 4; round++)
        {
            cached += (await Wrk.RunAsync(url, 32, Math.Max(1, seconds / 2), [], cancellation)).PerSecond * (round > 0 ? 1 : 0);
            most += (await Wrk.RunAsync(bare.Address, 32, Math.Max(1, seconds / 2), [], cancellation)).PerSecond * (round > 0 ? 1 : 0);
        }

        _report.Note($"{what}, cached: SQL statements", cachedSql.ToString(CultureInfo.InvariantCulture));
        _report.Note($"{what}, cached", string.Create(CultureInfo.InvariantCulture, $"{cached / 3:F0}/s beside {most / 3:F0}/s"));
        _report.AtLeast($"{what}, cached: of a bare Kestrel", 100 * cached / most, 50, "%");
    }

    async Task SignedInAsync(MeasuredProcess forum, ServiceProvider services, HttpClient http, string topic, CancellationToken cancellation)
    {
        say("Measuring members");
        var tokens = services.GetRequiredService<AuthTokens>();
        var cookies = new List<string>();
        // Members of trust level 0 may reply three times in a topic; what is measured is a reply, not that rule.
        foreach (var user in await services.GetRequiredService<ForumDatabase>().ListAsync("SELECT id FROM users WHERE id > 0 AND active AND NOT admin AND NOT coalesce(moderator, false) AND trust_level >= 1 ORDER BY id LIMIT 20", row => row.Int(0), [], cancellation))
        {
            cookies.Add($"_t={await tokens.AddAsync(user, "bench", "127.0.0.1", oauth: false, cancellation)}");
        }

        var url = new Uri(forum.Address, topic + ".json");
        var (sql, _, _) = await AskAsync(http, url.AbsolutePath, "Cookie: " + cookies[0], cancellation);
        var look = (int number) => GetAsync(http, url, cookies[number % cookies.Count], cancellation);
        await PacedLoad.SaturateAsync(16, TimeSpan.FromSeconds(seconds), look);
        // With the client that sets the pace afterwards: it shares the processors with the forum, and its requests are of the same members.
        var full = await PacedLoad.SaturateAsync(16, TimeSpan.FromSeconds(seconds), look);
        var alone = await Wrk.RunAsync(url, 1, seconds, ["Cookie: " + cookies[0]], cancellation);
        _report.Note("member's topic: SQL statements", sql.ToString(CultureInfo.InvariantCulture));
        _report.Note("member's topic, saturated", string.Create(CultureInfo.InvariantCulture, $"{full.PerSecond:F0}/s, median {full.Median:F1} ms, p99 {full.P99:F1} ms"));
        _report.AtMost("member's topic: median", alone.Median, 12, "ms");
        var paced = await PacedLoad.RunAsync(full.PerSecond * 0.7, (int)(full.PerSecond * 0.7 * seconds), look, cancellation);
        _report.AtMost("member's topic at 70 %: median", paced.Median, 12, "ms");
        _report.AtMost("member's topic at 70 %: p99", paced.P99, 40, "ms");

        var id = topic.Split('/')[^1];
        var csrf = new List<(string Token, string Cookie)>();
        foreach (var cookie in cookies)
        {
            csrf.Add(await CsrfAsync(http, cookie, cancellation));
        }

        await PacedLoad.RunAsync(null, 20, number => ReplyAsync(http, id, csrf[number % csrf.Count], $"warm {number}", cancellation), cancellation);
        var replies = await PacedLoad.RunAsync(null, 100, number => ReplyAsync(http, id, csrf[number % csrf.Count], $"number {number}", cancellation), cancellation);
        _report.AtMost("a reply: median", replies.Median, 15, "ms");
        _report.Note("replies refused", replies.Errors.ToString(CultureInfo.InvariantCulture));
    }

    async Task SearchAsync(HttpClient http, CancellationToken cancellation)
    {
        say("Measuring search");
        var send = (int number) => GetAsync(http, new Uri(http.BaseAddress!, "/search.json?q=" + Uri.EscapeDataString(Terms[number % Terms.Length])), "x=y", cancellation);
        await PacedLoad.RunAsync(null, 40, send, cancellation);
        var found = await PacedLoad.RunAsync(null, 80, send, cancellation);
        _report.AtMost("search: median", found.Median, 50, "ms");
        _report.Note("searches refused", found.Errors.ToString(CultureInfo.InvariantCulture));
    }

    static async Task<(int Sql, byte[] Body, string Type)> AskAsync(HttpClient http, string path, string? header, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (header?.Split(": ", 2) is [var name, var value])
        {
            request.Headers.Add(name, value);
        }

        using var answer = await http.SendAsync(request, cancellation);
        answer.EnsureSuccessStatusCode();
        var sql = answer.Headers.TryGetValues("X-Sql-Calls", out var calls) ? int.Parse(calls.First(), CultureInfo.InvariantCulture) : 0;
        return (sql, await answer.Content.ReadAsByteArrayAsync(cancellation), answer.Content.Headers.ContentType!.ToString());
    }

    static async Task GetAsync(HttpClient http, Uri url, string cookie, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, url) { Headers = { { "Cookie", cookie } } };
        using var answer = await http.SendAsync(request, cancellation);
        answer.EnsureSuccessStatusCode();
        await answer.Content.ReadAsByteArrayAsync(cancellation);
    }

    static async Task<(string Token, string Cookie)> CsrfAsync(HttpClient http, string cookie, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/session/csrf.json") { Headers = { { "Cookie", cookie } } };
        using var answer = await http.SendAsync(request, cancellation);
        var session = answer.Headers.GetValues("Set-Cookie").Select(set => set.Split(';')[0]).First(set => set.StartsWith("_forum_session", StringComparison.Ordinal));
        return ((string)JsonNode.Parse(await answer.Content.ReadAsStringAsync(cancellation))!["csrf"]!, $"{cookie}; {session}");
    }

    static async Task ReplyAsync(HttpClient http, string topic, (string Token, string Cookie) session, string text, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/posts.json")
        {
            Headers = { { "Cookie", session.Cookie }, { "X-CSRF-Token", session.Token } },
            Content = new FormUrlEncodedContent(new Dictionary<string, string>
            {
                ["topic_id"] = topic,
                ["raw"] = $"This is **an answer** of a usual length, {text}, with a [link](https://docs.example.org/page) and some more words.",
            }),
        };
        using var answer = await http.SendAsync(request, cancellation);
        answer.EnsureSuccessStatusCode();
    }

    /// <summary>A public topic of two full pages and some more.</summary>
    static async Task<string> TopicAsync(ServiceProvider services, CancellationToken cancellation) => await services.GetRequiredService<ForumDatabase>().ScalarAsync<string>("""
        SELECT '/t/' || slug || '/' || id
        FROM topics
        WHERE archetype = 'regular' AND NOT closed AND posts_count BETWEEN 45 AND 60 AND category_id < 10
        ORDER BY id
        LIMIT 1
        """, [], cancellation) ?? throw new InvalidOperationException("cannot find a topic of 45 to 60 posts; make a larger forum");

    static ServiceProvider Services(IReadOnlyDictionary<string, string> environment)
    {
        var services = new ServiceCollection();
        services.AddLogging(logging => logging.ClearProviders());
        ForumServer.AddForum(services, GlobalSettings.From(environment), TimeProvider.System);
        return services.BuildServiceProvider();
    }

    static int FreePort()
    {
        using var listener = new System.Net.Sockets.TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
