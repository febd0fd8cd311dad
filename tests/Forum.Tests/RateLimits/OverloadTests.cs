using System.Globalization;

namespace Forum.Tests.RateLimits;

/// <summary>What is given up when the proxy says that requests wait.</summary>
public sealed class OverloadTests(ForumApp app) : IClassFixture<ForumApp>
{
    ForumClient Late(ForumClient client, double seconds)
    {
        client.Headers.Remove("X-Request-Start");
        client.Headers.Add("X-Request-Start", "t=" + (TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds() / 1000d - seconds).ToString("F3", CultureInfo.InvariantCulture));
        Assert.Equal("http", app.Address.Scheme);
        return client;
    }

    [Fact]
    public async Task A_long_poll_that_waited_is_sent_away()
    {
        using var client = Late(app.Anonymous(), 0.5);

        var answer = await client.PostAsync("/message-bus/abc/poll?dlp=t", ("/latest", "-1"));

        Assert.Equal(429, answer.Status);
        Assert.NotNull(answer.Header("Retry-After"));
    }

    [Fact]
    public async Task A_background_request_that_waited_is_sent_away_and_another_is_not()
    {
        using var client = Late(app.Anonymous(), 2);
        Assert.Equal(200, (await client.GetAsync("/about.json")).Status);
        client.Headers.Add("Discourse-Background", "true");

        Assert.Equal(429, (await client.GetAsync("/about.json")).Status);
    }

    [Fact]
    public async Task Search_is_off_while_requests_wait()
    {
        using var client = Late(app.Anonymous(), 5);

        var answer = (await client.GetAsync("/search.json?q=welcome")).Expect(200);

        Assert.NotNull(answer.Json["grouped_search_result"]!["error"]);
    }

    [Fact]
    public async Task A_member_who_opens_a_page_again_and_again_is_a_visitor_for_it()
    {
        using var client = Late(await app.SignInAsync(await app.AddUserAsync("hasty")), 30);

        var answers = new List<Answer>();
        for (var visit = 0; visit < 5; visit++)
        {
            answers.Add((await client.GetAsync("/latest.json")).Expect(200));
        }

        Assert.Equal("hasty", answers[0].Header("X-Discourse-Username"));
        Assert.Null(answers[4].Header("X-Discourse-Username"));
        Assert.Contains("dosp=1", answers[4].Header("Set-Cookie"), StringComparison.Ordinal);
    }
}
