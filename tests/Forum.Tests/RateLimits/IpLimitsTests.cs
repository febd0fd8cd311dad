namespace Forum.Tests.RateLimits;

public sealed class IpLimitsTests
{
    [Theory]
    [InlineData("block", 429)]
    [InlineData("warn", 200)]
    [InlineData("none", 200)]
    public async Task The_mode_says_what_too_many_requests_get(string mode, int status)
    {
        await using var app = await ForumApp.StartAsync(new Dictionary<string, string>
        {
            ["DISCOURSE_MAX_REQS_PER_IP_MODE"] = mode, ["DISCOURSE_MAX_REQS_PER_IP_PER_10_SECONDS"] = "2",
        });
        using var visitor = app.Anonymous();
        visitor.Headers.Add("X-Forwarded-For", "203.0.113.7");
        await visitor.GetAsync("/session/csrf.json");
        await visitor.GetAsync("/session/csrf.json");

        var answer = await visitor.GetAsync("/session/csrf.json");

        answer.Expect(status);
        if (status == 429)
        {
            Assert.Equal("ip_10_secs_limit", answer.Header("Discourse-Rate-Limit-Error-Code"));
            Assert.NotNull(answer.Header("Retry-After"));
        }
    }

    [Fact]
    public async Task A_private_address_is_not_limited()
    {
        await using var app = await ForumApp.StartAsync(new Dictionary<string, string> { ["DISCOURSE_MAX_REQS_PER_IP_PER_10_SECONDS"] = "1" });
        using var visitor = app.Anonymous();
        await visitor.GetAsync("/session/csrf.json");

        (await visitor.GetAsync("/session/csrf.json")).Expect(200);
    }
}
