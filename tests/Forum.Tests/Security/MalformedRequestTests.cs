using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;

namespace Forum.Tests.Security;

/// <summary>Whatever is sent to whichever route, the answer is a refusal in Discourse's shape, never a failure of the server.</summary>
public sealed class MalformedRequestTests(ForumApp app) : IClassFixture<ForumApp>
{
    /// <summary>What handlers read, from all features: each request names all of them.</summary>
    static readonly string[] Names = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Security", "parameters.txt")).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);

    public static TheoryData<string> Texts =>
    [
        "%00", "%FF%FE", "-1", "99999999999999999999", "..%2F%27%22%3E%3Cscript%3E", "%0d%0aSet-Cookie:%20x=y", "%25",
    ];

    public static TheoryData<string> Values => ["null", "-1", "1e400", "\"\\u0000\"", "[[]]", "{\"0\":{\"a\":[]}}", "\"9999-99-99\""];

    [Theory]
    [MemberData(nameof(Texts))]
    public async Task A_strange_word_in_path_and_query_is_refused(string text)
    {
        using var client = await AdminAsync();
        var query = string.Join('&', Names.Select(name => $"{name}={text}"));

        await AssertNoFailureAsync(Routes.Of(app), route => client.SendAsync(new HttpMethod(route.Method), route.Path(text, Digits(text)) + ".json?" + query, null));
    }

    [Theory]
    [MemberData(nameof(Values))]
    public async Task A_value_of_the_wrong_type_in_JSON_is_refused(string value)
    {
        using var client = await AdminAsync();
        var body = "{" + string.Join(',', Names.Select(name => $"\"{name}\":{value}")) + "}";

        await AssertNoFailureAsync(Routes.Of(app).Where(route => route.IsUnsafe), route =>
            client.SendAsync(new HttpMethod(route.Method), route.Path("victim4", "4") + ".json", new StringContent(body, Encoding.UTF8, "application/json")));
    }

    public static TheoryData<string, string> Bodies => new()
    {
        { "application/json", "{" },
        { "application/json", "[1,2]" },
        { "application/json", "{\"\\ud800\":1}" },
        { "application/json; charset=utf-16", "{\"a\":1}" },
        { "application/x-www-form-urlencoded", "a[b][c][d][e][f][g][h][i][j][k]=1" },
        { "application/x-www-form-urlencoded", "a[]=1&a[b]=2&a=3&=4&[x]=5&a[]]=6" },
        { "application/x-www-form-urlencoded", "raw=%FF%00&title=%ED%A0%80" },
        { "multipart/form-data; boundary=x", "--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"../../a\\0.png\"\r\n\r\n\u0001\r\n--x--" },
        { "multipart/form-data; boundary=x", "no parts" },
        { "multipart/form-data; boundary=" + "yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy", "x" },
        { "no/such; type=\"", "hello" },
    };

    [Theory]
    [MemberData(nameof(Bodies))]
    public async Task A_body_that_is_none_is_refused(string type, string body)
    {
        using var client = await AdminAsync();

        await AssertNoFailureAsync(Routes.Of(app).Where(route => route.IsUnsafe), route =>
        {
            var content = new ByteArrayContent(Encoding.Latin1.GetBytes(body));
            content.Headers.TryAddWithoutValidation("Content-Type", type);
            return client.SendAsync(new HttpMethod(route.Method), route.Path("victim4", "4") + ".json", content);
        });
    }

    [Fact]
    public async Task Deep_JSON_is_refused()
    {
        using var client = await AdminAsync();
        var deep = "{\"raw\":" + new string('[', 5_000) + new string(']', 5_000) + "}";

        var answer = await client.SendAsync(HttpMethod.Post, "/posts.json", new StringContent(deep, Encoding.UTF8, "application/json"));

        Assert.Equal(400, answer.Status);
        Assert.Equal("invalid_parameters", (string?)answer.Json["error_type"]);
    }

    [Theory]
    [InlineData("/latest.json")]
    [InlineData("/t/5.json")]
    [InlineData("/srv/status")]
    public async Task A_GET_with_a_body_is_too_large(string path)
    {
        using var client = app.Anonymous();

        Assert.Equal(413, (await client.SendAsync(HttpMethod.Get, path, new StringContent("{}", Encoding.UTF8, "application/json"))).Status);
    }

    [Theory]
    [InlineData("GET /latest.json?q=\u00ff HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")]
    [InlineData("GET /%c0%ae%c0%ae/ HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")]
    [InlineData("GET /t/../../latest.json HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")]
    [InlineData("GET /latest.json HTTP/1.1\r\nHost: x\r\nCookie: _t=\u00ff\u00fe; _forum_session=%00\r\nConnection: close\r\n\r\n")]
    [InlineData("GET /latest.json HTTP/1.1\r\nHost: x\r\nApi-Key: \u00ff\r\nConnection: close\r\n\r\n")]
    [InlineData("GET /latest.json HTTP/1.1\r\nHost: x\r\nX-Forwarded-For: %,1.2.3,::::,-\r\nX-Request-Start: t=1e999\r\nConnection: close\r\n\r\n")]
    [InlineData("POST /posts.json HTTP/1.1\r\nHost: x\r\nContent-Length: -5\r\nConnection: close\r\n\r\n")]
    [InlineData("POST /posts.json HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n0\r\n\r\n")]
    [InlineData("GET  HTTP/1.1\r\n\r\n")]
    [InlineData("PROPFIND / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")]
    public async Task Broken_HTTP_gets_an_answer_below_500(string request)
    {
        using var tcp = new TcpClient();
        await tcp.ConnectAsync("127.0.0.1", app.Address.Port, ForumApp.Cancellation);
        await tcp.GetStream().WriteAsync(Encoding.Latin1.GetBytes(request), ForumApp.Cancellation);

        var line = await new StreamReader(tcp.GetStream()).ReadLineAsync(ForumApp.Cancellation);

        Assert.Matches("^HTTP/1.1 [234]", line);
    }

    /// <summary>An admin of one's own: what is tried includes suspending and deleting members, of whom 1 to 9 are there for that.</summary>
    async Task<ForumClient> AdminAsync()
    {
        await Once.WaitAsync(ForumApp.Cancellation);
        try
        {
            while (await app.Database.ScalarAsync<int>("SELECT coalesce(max(id), 0) FROM users", [], ForumApp.Cancellation) is var last && last < 9)
            {
                await app.AddUserAsync($"victim{last}");
            }

            var name = $"boss{Interlocked.Increment(ref _admins)}";
            await app.AddUserAsync(name, admin: true);
            return await app.ApiAsync(name);
        }
        finally
        {
            Once.Release();
        }
    }

    static readonly SemaphoreSlim Once = new(1);
    static int _admins;

    static string Digits(string text) => text.Length > 0 && text.All(c => char.IsAsciiDigit(c) || c == '-') ? text : "4";

    /// <summary>Statuses below 500, and for refusals a body that clients can read.</summary>
    static async Task AssertNoFailureAsync(IEnumerable<Route> routes, Func<Route, Task<Answer>> send)
    {
        var failures = new List<string>();
        foreach (var route in routes.Where(IsAnswered))
        {
            var answer = await send(route);
            if (answer.Status >= 500)
            {
                failures.Add($"{route}: {answer.Status} {answer.Body[..Math.Min(answer.Body.Length, 120)]}");
            }
            else if (answer.Status >= 400 && answer.Header("Content-Type")?.StartsWith("application/json", StringComparison.Ordinal) == true && JsonNode.Parse(answer.Body) is not (JsonObject or JsonArray))
            {
                failures.Add($"{route}: {answer.Status} with {answer.Body}");
            }
        }

        Assert.True(failures.Count == 0, string.Join('\n', failures));
    }

    /// <summary>A long poll answers when it likes; a backup takes its time.</summary>
    static bool IsAnswered(Route route) => route.Method != "HEAD" && route.Pattern.RawText is { } path
        && !path.StartsWith("/message-bus", StringComparison.Ordinal) && !path.StartsWith("/admin/backups", StringComparison.Ordinal);
}
