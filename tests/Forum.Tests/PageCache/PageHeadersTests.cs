namespace Forum.Tests.PageCache;

/// <summary>What a page tells the browser is the same when it was kept.</summary>
public sealed class PageHeadersTests(ForumApp app) : IClassFixture<ForumApp>
{
    [Fact]
    public async Task A_kept_page_has_the_policy_of_one_that_was_just_made()
    {
        using var browser = app.Anonymous();
        browser.Headers.Add("Accept", "text/html");
        List<Answer> answers = [];
        for (var i = 0; i < 4; i++)
            answers.Add((await browser.GetAsync("/categories")).Expect(200));

        Assert.Equal("true", answers[^1].Header("X-Discourse-Cached"));
        Assert.NotEqual("true", answers[0].Header("X-Discourse-Cached"));
        foreach (var header in new[] { "Content-Security-Policy", "Cross-Origin-Opener-Policy", "X-Content-Type-Options", "Referrer-Policy", "X-Frame-Options" })
            Assert.Equal(answers[0].Header(header), answers[^1].Header(header));
        Assert.DoesNotContain("unsafe", answers[^1].Header("Content-Security-Policy")!, StringComparison.Ordinal);
    }
}
