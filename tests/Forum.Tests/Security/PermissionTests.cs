using System.Globalization;
using Microsoft.AspNetCore.Routing.Patterns;

namespace Forum.Tests.Security;

/// <summary>Who may read and write what: every kind of reader, every kind of topic, every route that shows anything.</summary>
public sealed class PermissionTests(Secrets secrets) : IClassFixture<Secrets>
{
    static readonly string[] Members = ["tl0", "tl1", "tl2", "tl3", "tl4", "member", "recipient"];
    static readonly string[] Staff = ["moderator", "admin"];
    static readonly string[] Everyone = ["visitor", .. Members, .. Staff];

    static readonly Dictionary<string, string[]> MayRead = new()
    {
        ["open"] = Everyone,
        ["closed"] = Everyone,
        ["archived"] = Everyone,
        ["seen"] = Everyone,
        ["hidden"] = ["member", "admin"],
        ["staff"] = Staff,
        ["message"] = ["recipient", "admin"],
        ["deleted"] = Staff,
    };

    static readonly Dictionary<string, string[]> MayReply = new()
    {
        ["open"] = [.. Members, .. Staff],
        ["closed"] = ["tl4", .. Staff],
        ["archived"] = Staff,
        ["seen"] = Staff,
        ["hidden"] = ["member", "admin"],
        ["staff"] = Staff,
        ["message"] = ["recipient", "admin"],
        ["deleted"] = [],
    };

    public static TheoryData<string> Kinds => [.. MayRead.Keys];

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task A_topic_is_read_by_whom_it_is_for(string kind)
    {
        var (topic, post, word) = secrets.Topics[kind];
        foreach (var (name, reader) in secrets.Readers)
        {
            foreach (var path in new[] { $"/t/{topic}.json", $"/t/{topic}/posts.json", $"/posts/{post}.json", $"/posts/{post}/raw", $"/raw/{topic}" })
            {
                var answer = await reader.GetAsync(path);
                if (kind == "deleted" && path.StartsWith("/raw", StringComparison.Ordinal))
                {
                    // The text of a topic is that of the posts that are left, for staff too.
                    Assert.DoesNotContain(word, answer.Body, StringComparison.Ordinal);
                    continue;
                }

                Assert.True(MayRead[kind].Contains(name) == answer.Body.Contains(word, StringComparison.Ordinal), $"{name} asked for {path}, {kind}: {answer.Status} {answer.Body[..Math.Min(200, answer.Body.Length)]}");
            }
        }
    }

    [Theory]
    [InlineData("hidden")]
    [InlineData("message")]
    [InlineData("deleted")]
    public async Task No_route_shows_a_topic_to_whom_it_is_not_for(string kind)
    {
        var (topic, post, word) = secrets.Topics[kind];
        var leaks = new List<string>();
        foreach (var name in (string[])["visitor", "tl4", "moderator"])
        {
            if (MayRead[kind].Contains(name))
            {
                continue;
            }

            foreach (var path in Routes.Of(secrets.App).Where(route => route.Method == "GET" && IsAsked(route)).SelectMany(route => Paths(route, topic, post)).Distinct())
            {
                var answer = await secrets.Readers[name].GetAsync(path);
                // The word that was asked for may come back as it was asked.
                if (answer.Body.Contains(word, StringComparison.OrdinalIgnoreCase) || answer.Header("Location")?.Contains(word, StringComparison.Ordinal) == true)
                {
                    leaks.Add($"{name}: {path} {answer.Status}");
                }
            }

            foreach (var path in new[] { $"/search.json?q={word}", $"/search/query.json?term={word}", $"/filter.json?q={word}" })
            {
                var answer = await secrets.Readers[name].GetAsync(path);
                if (answer.Body.Contains($"The word of the topic that is {kind}", StringComparison.Ordinal) || answer.Body.Contains("\"blurb\"", StringComparison.Ordinal))
                {
                    leaks.Add($"{name}: {path} {answer.Status}");
                }
            }
        }

        Assert.True(leaks.Count == 0, string.Join('\n', leaks));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task A_topic_is_answered_by_who_may(string kind)
    {
        foreach (var (name, reader) in secrets.Readers)
        {
            var answer = await reader.PostAsync("/posts.json", ("topic_id", secrets.Topics[kind].Topic.ToString(CultureInfo.InvariantCulture)), ("raw", $"An answer by {name}, long enough to be one of {kind}."));

            Assert.True(MayReply[kind].Contains(name) ? answer.Status == 200 : answer.Status is 403 or 404 or 422, $"{name} answered {kind}: {answer.Status} {answer.Body}");
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Only_staff_and_leaders_change_what_another_wrote(string kind)
    {
        var (topic, post, _) = secrets.Topics[kind];
        foreach (var (name, reader) in secrets.Readers.Where(reader => reader.Key is "visitor" or "tl0" or "tl2" or "member" or "recipient"))
        {
            foreach (var answer in new[]
            {
                await reader.PutAsync($"/posts/{post}.json", ("post[raw]", "Something else that is long enough.")), await reader.DeleteAsync($"/posts/{post}.json"),
                await reader.PutAsync($"/t/-/{topic}.json", ("title", "Another title that is long enough")), await reader.DeleteAsync($"/t/{topic}.json"),
                await reader.PutAsync($"/t/{topic}/status.json", ("status", "closed"), ("enabled", "true")), await reader.PutAsync($"/posts/{post}/wiki.json", ("wiki", "true")),
            })
            {
                Assert.True(answer.Status is 403 or 404 or 422, $"{name} changed {kind}: {answer.Status} {answer.Body}");
            }
        }
    }

    [Theory]
    [InlineData("hidden")]
    [InlineData("staff")]
    [InlineData("message")]
    [InlineData("deleted")]
    public async Task What_is_hidden_cannot_be_liked_bookmarked_quoted_or_followed(string kind)
    {
        var (topic, post, word) = secrets.Topics[kind];
        var reader = secrets.Readers["tl3"];
        var id = post.ToString(CultureInfo.InvariantCulture);

        Assert.Contains((await reader.PostAsync("/post_actions.json", ("id", id), ("post_action_type_id", "2"))).Status, (int[])[403, 404]);
        Assert.Contains((await reader.PostAsync("/bookmarks.json", ("bookmarkable_id", id), ("bookmarkable_type", "Post"))).Status, (int[])[400, 403, 404, 422]);
        Assert.Contains((await reader.PostAsync($"/t/{topic}/notifications.json", ("notification_level", "3"))).Status, (int[])[403, 404]);
        var quoting = await reader.PostAsync("/posts.json", ("topic_id", secrets.Topics["open"].Topic.ToString(CultureInfo.InvariantCulture)),
            ("raw", $"[quote=\"author, post:1, topic:{topic}\"]\nwhat did it say\n[/quote]\n\n#hidden and http://forum.test/t/{topic} of {kind}"));
        Assert.DoesNotContain(word, quoting.Body, StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>A long poll waits; a secret of one's own is none.</summary>
    static bool IsAsked(Route route) => route.Pattern.RawText is { } path && !path.StartsWith("/admin/backups", StringComparison.Ordinal) && !path.StartsWith("/auth/", StringComparison.Ordinal);

    /// <summary>The route with the ids of topic and post in place of its numbers, and its author in place of its names.</summary>
    static IEnumerable<string> Paths(Route route, int topic, int post)
    {
        var suffix = route.Pattern.PathSegments is [.., { Parts: [.., RoutePatternLiteralPart { Content: var last }] }] && last.Contains('.', StringComparison.Ordinal) ? "" : ".json";
        foreach (var number in new[] { topic, post })
        {
            var path = route.Path("author", number.ToString(CultureInfo.InvariantCulture));
            yield return $"{path}{suffix}?username=author&topic_id={topic}&post_id={post}&id={number}&include_raw=true&filter=4,5,12,13";
            if (suffix.Length > 0)
            {
                yield return path;
            }
        }
    }
}
