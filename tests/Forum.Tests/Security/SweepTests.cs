using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Forum.Tests.Security;

/// <summary>Every route, with requests that would do well but for one parameter: a refusal, never a failure of the server.</summary>
public sealed partial class SweepTests : IAsyncLifetime
{
    ForumApp _app = null!;
    readonly Dictionary<string, ForumClient> _people = [];
    JsonObject _sound = [];

    public async ValueTask InitializeAsync()
    {
        _app = await ForumApp.StartAsync(new()
        {
            ["DISCOURSE_RATE_LIMIT_CREATE_POST"] = "0",
            ["DISCOURSE_RATE_LIMIT_CREATE_TOPIC"] = "0",
            ["DISCOURSE_MAX_LOGINS_PER_IP_PER_MINUTE"] = "100000",
            ["DISCOURSE_MAX_LOGINS_PER_IP_PER_HOUR"] = "100000",
            ["DISCOURSE_MAX_REQS_PER_IP_MODE"] = "none",
            ["DISCOURSE_MAX_PERSONAL_MESSAGES_PER_DAY"] = "100000",
            ["DISCOURSE_MAX_INVITES_PER_DAY"] = "100000",
            ["DISCOURSE_RATE_LIMIT_SEARCH_USER_PER_MINUTE"] = "100000",
        });
        await _app.AddUserAsync("victim");
        _people["admin"] = await _app.ApiAsync(await NamedAsync("sweeper", admin: true));
        _people["moderator"] = await _app.ApiAsync(await NamedAsync("warden", moderator: true));
        _people["user"] = await _app.ApiAsync(await NamedAsync("passer"));
        await RenewAsync();
    }

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    async Task<string> NamedAsync(string name, bool admin = false, bool moderator = false)
    {
        await _app.AddUserAsync(name, admin, moderator, trustLevel: 2);
        return name;
    }

    /// <summary>Things of one's own to be named in requests: some requests delete what they name.</summary>
    async Task RenewAsync()
    {
        var topic = await _people["admin"].TopicAsync($"A topic that is swept {Guid.NewGuid():N}", raw: null, tags: ["swept"]);
        _sound = (JsonObject)JsonNode.Parse(Sound)!;
        foreach (var name in (string[])["topic_id", "destination_topic_id", "homepage_id"])
            _sound[name] = topic.TopicId();
        foreach (var name in (string[])["post_id", "id", "bookmarkable_id"])
            _sound[name] = topic.Id();
        _sound["post_ids"] = new JsonArray(topic.Id());
        _sound["topic_ids"] = new JsonArray(topic.TopicId());
    }

    /// <summary>What handlers want, where it is more than any word.</summary>
    const string Sound = """
        { "title": "A title that is long enough to be one", "raw": "A text that is long enough to be one.", "category": 4, "category_id": 4, "username": "victim",
          "usernames": "victim", "email": "victim@example.com", "tags": ["swept"], "timings": { "1": 1000 }, "topic_time": 1000, "post_action_type_id": 2,
          "bookmarkable_type": "Post", "notification_level": 2, "status": "closed", "enabled": "true", "status_type": "close", "time": "5", "message": "A message that is long enough",
          "post": { "raw": "A text that is long enough, changed." }, "group": { "name": "swept", "usernames": "victim" }, "draft_key": "new_topic", "data": "{\"reply\":\"x\"}",
          "sequence": 0, "q": "swept", "term": "swept", "type": "topic", "period": "weekly", "order": "likes_received", "date": "2026-01-01", "start_date": "2026-01-01", "end_date": "2026-02-01",
          "name": "Swept", "color": "AABBCC", "text_color": "000000", "permissions": { "everyone": 1 }, "user_ids": [1], "reason": "because of this", "silenced_till": "2030-01-01",
          "suspend_until": "2030-01-01", "level": 1, "timestamp": "1700000000", "operation": { "type": "close" }, "words": ["swept"], "word": "swept", "action_key": "block",
          "reviewable": { "category_id": 4 }, "key": { "description": "k", "username": "victim" }, "target_recipients": "victim", "seconds": 10, "max_redemptions_allowed": 1,
          "badge_id": 1, "ip_address": "10.1.2.3", "action_name": "block", "tag_group": { "name": "sweepings", "tag_names": ["swept"] }, "tag": { "id": "swept" }, "mapping": "{}" }
        """;

    static readonly Func<JsonNode?>[] Values =
    [
        () => null, () => "", () => -1, () => int.MaxValue, () => "99999999999999999999", () => "no such thing", () => new JsonArray("a", 1, null), () => new JsonObject { ["a"] = new JsonArray() },
        () => new string('x', 5_000), () => "9999-12-31T23:59:59Z", () => "0001-01-01", () => "%_\\'\"|,", () => true, () => 1e300, () => "victim",
    ];

    const int ValuesEach = 4;

    [Fact]
    public async Task No_single_parameter_makes_the_server_fail()
    {
        var failures = new List<string>();
        var sent = 0;
        foreach (var route in Routes.Of(_app).Where(IsSwept))
        {
            foreach (var name in NamesOf(route))
            {
                // A few values each; over all routes and names every value comes to every kind of handler.
                foreach (var value in Enumerable.Range(0, ValuesEach).Select(at => Values[(sent + (at * 4)) % Values.Length]).ToArray())
                {
                    // Admins get furthest; each kind of person sends something to each route.
                    var who = (++sent % 8) switch { 1 => "moderator", 2 => "user", _ => "admin" };
                    if (sent % 40 == 0)
                        await RenewAsync();
                    var answer = await SendAsync(_people[who], route, name, value());
                    if (answer.Status >= 500)
                        failures.Add($"{who}: {route} {name}={Short(value()?.ToJsonString() ?? "null")}: {answer.Status}");
                }
            }
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{sent} requests");
        Assert.True(sent > 5_000, $"only {sent} requests");
        Assert.True(failures.Count == 0, string.Join('\n', failures.DistinctBy(failure => failure[..failure.IndexOf('=', StringComparison.Ordinal)])));
    }

    static string Short(string text) => text[..Math.Min(60, text.Length)];

    Task<Answer> SendAsync(ForumClient client, Route route, string name, JsonNode? value)
    {
        var body = (JsonObject)_sound.DeepClone();
        body[name] = value;
        if (_sound[name] is JsonObject nested && value is not null && nested.Count > 0)
            body[name] = new JsonObject { [nested.First().Key] = value.DeepClone() };
        var path = route.Path("victim", ((int)_sound["topic_id"]!).ToString(CultureInfo.InvariantCulture)) + ".json";
        if (route.IsUnsafe)
            return client.SendAsync(new HttpMethod(route.Method), path, new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json"));
        var text = value is JsonArray or JsonObject ? $"{name}[]=a&{name}[b]=c" : $"{name}={Uri.EscapeDataString(value?.ToString() ?? "")}";
        return client.GetAsync($"{path}?topic_id={_sound["topic_id"]}&post_id={_sound["post_id"]}&username=victim&{text}");
    }

    /// <summary>What the file of the route's handler reads.</summary>
    static string[] NamesOf(Route route)
    {
        var type = route.Endpoint.Metadata.OfType<System.Reflection.MethodInfo>().FirstOrDefault()?.DeclaringType;
        while (type?.DeclaringType is { } outer)
            type = outer;
        return type is not null && Named.Value.TryGetValue(type.Name, out var names) ? names : ["id", "page"];
    }

    static readonly Lazy<Dictionary<string, string[]>> Named = new(() => Directory.EnumerateFiles(Path.Combine(Root(), "src", "Forum"), "*.cs", SearchOption.AllDirectories)
        .Where(file => !file.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal))
        .ToDictionary(file => Path.GetFileNameWithoutExtension(file) is var stem && file.Contains($"{Path.DirectorySeparatorChar}Viewing{Path.DirectorySeparatorChar}", StringComparison.Ordinal) ? "Viewing." + stem : stem,
            file => ReadName().Matches(File.ReadAllText(file)).Select(match => match.Groups[1].Value).Distinct().ToArray()));

    static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "CharmedDiscourse.slnx")))
            folder = folder.Parent ?? throw new InvalidOperationException($"no CharmedDiscourse.slnx above {AppContext.BaseDirectory}");
        return folder.FullName;
    }

    [GeneratedRegex(@"\.(?:Text|Int|Ints|List|Bool|Flag|Required|RequiredInt|Has|Nested|Node|File)\(""(\w+)""\)")]
    private static partial Regex ReadName();

    /// <summary>A long poll answers when it likes; a backup takes its time; whoever signs out can send nothing more.</summary>
    static bool IsSwept(Route route) => route.Method is not "HEAD" and not "OPTIONS" && route.Pattern.RawText is { } path
        && !path.StartsWith("/message-bus", StringComparison.Ordinal) && !path.StartsWith("/admin/backups", StringComparison.Ordinal) && path != "/admin/users/{id:int}/log_out";
}
