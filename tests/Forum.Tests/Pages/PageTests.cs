namespace Forum.Tests.Pages;

/// <summary>A person with a browser that runs no scripts.</summary>
public sealed class PageTests(ForumApp app) : IClassFixture<ForumApp>
{
    static string Token(string html)
    {
        var at = html.IndexOf("name=\"authenticity_token\" value=\"", StringComparison.Ordinal) + 33;
        return System.Net.WebUtility.HtmlDecode(html[at..html.IndexOf('"', at)]);
    }

    static async Task<Answer> PageAsync(ForumClient browser, string path)
    {
        browser.Headers.Remove("Accept");
        browser.Headers.Add("Accept", "text/html");
        return await browser.GetAsync(path);
    }

    [Fact]
    public async Task Log_in_make_a_category_post_and_read()
    {
        await app.AddUserAsync("owner", admin: true);
        var browser = app.Anonymous();
        var login = await PageAsync(browser, "/login");
        Assert.Contains("type=\"password\"", login.Body, StringComparison.Ordinal);

        var wrong = await browser.PostAsync("/form/session", ("authenticity_token", Token(login.Body)), ("_method", "POST"), ("_return", "/"), ("login", "owner"), ("password", "not this one"));
        Assert.Equal(422, wrong.Status);
        Assert.Contains("Incorrect username", wrong.Body, StringComparison.Ordinal);
        var right = await browser.PostAsync("/form/session", ("authenticity_token", Token(login.Body)), ("_method", "POST"), ("_return", "/"), ("login", "owner"), ("password", ForumApp.Password));
        Assert.True(right.Status == 303, right.Body);
        Assert.Equal("/", right.Headers["Location"]);

        var form = await PageAsync(browser, "/new-category");
        Assert.True(form.Status == 200, form.Body);
        var category = await browser.PostAsync("/form/categories", ("authenticity_token", Token(form.Body)), ("_method", "POST"), ("_return", "category"), ("name", "Gardening"), ("slug", ""), ("parent_category_id", ""), ("color", "00AA00"), ("text_color", "FFFFFF"));
        Assert.True(category.Status == 303, category.Body);

        var composer = await PageAsync(browser, "/new-topic");
        var topic = await browser.PostAsync("/form/posts", ("authenticity_token", Token(composer.Body)), ("_method", "POST"), ("_return", "post"), ("title", "Growing tomatoes on a balcony"), ("category", "4"), ("tags", "plants, sun"), ("raw", "They want **sun** and water :tomato:"));
        Assert.True(topic.Status == 303, topic.Body);
        var page = await PageAsync(browser, topic.Headers["Location"]);
        Assert.Contains("<strong>sun</strong>", page.Body, StringComparison.Ordinal);
        Assert.Contains("href=\"/tag/plants\"", page.Body, StringComparison.Ordinal);

        var id = topic.Headers["Location"].Split('/')[3];
        var reply = await browser.PostAsync("/form/posts", ("authenticity_token", Token(page.Body)), ("topic_id", id), ("_return", "post"), ("raw", "And a pot that is large enough."));
        Assert.True(reply.Status == 303, reply.Body);

        var visitor = app.Anonymous();
        Assert.Contains("Growing tomatoes", (await PageAsync(visitor, "/latest")).Body, StringComparison.Ordinal);
        Assert.Contains("Gardening", (await PageAsync(visitor, "/categories")).Body, StringComparison.Ordinal);
        var read = await PageAsync(visitor, $"/t/growing-tomatoes-on-a-balcony/{id}");
        Assert.Contains("large enough", read.Body, StringComparison.Ordinal);
        Assert.DoesNotContain("authenticity_token", read.Body, StringComparison.Ordinal);
        Assert.Contains("script-src 'self'", read.Headers["Content-Security-Policy"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_page_that_is_not_there_says_so()
    {
        var answer = await PageAsync(app.Anonymous(), "/404");

        Assert.Equal(404, answer.Status);
        Assert.Matches("(onpopstate-handler).+.js", answer.Body);
    }

    [Fact]
    public async Task A_form_without_its_token_is_refused()
    {
        var browser = app.Anonymous();
        await PageAsync(browser, "/login");

        var answer = await browser.PostAsync("/form/session", ("login", "owner"), ("password", "x"));

        Assert.Equal(403, answer.Status);
    }
}
