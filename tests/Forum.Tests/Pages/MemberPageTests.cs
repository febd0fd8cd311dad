using System.Text.Json.Nodes;
using AngleSharp.Html.Parser;
using Forum.SecondFactors;

namespace Forum.Tests.Pages;

/// <summary>What a member does without scripts beside reading and writing.</summary>
public sealed class MemberPageTests(ForumApp app) : IClassFixture<ForumApp>
{
    async Task<(ForumClient Browser, int Id)> MemberAsync(string name, bool admin = false)
    {
        var id = await app.AddUserAsync(name, admin, trustLevel: 2);
        return ((await app.SignInAsync(id)).AsBrowser(), id);
    }

    static async Task<Answer> PageAsync(ForumClient browser, string path) => (await browser.GetAsync(path)).Expect(200);

    async Task<JsonObject> TopicAsync(string author, string title, string raw)
    {
        using var api = await app.ApiAsync(author);
        return (await api.PostJsonAsync("/posts.json", new JsonObject { ["title"] = title, ["raw"] = raw, ["category"] = 4 })).Expect(200).Json;
    }

    [Fact]
    public async Task Preferences_are_changed_and_kept()
    {
        var (browser, id) = await MemberAsync("changing");
        using var _ = browser;

        var redirect = await browser.SubmitAsync(await PageAsync(browser, "/u/changing/preferences"), "Save Profile", 303, ("name", "Chang Ing"), ("bio_raw", "I **change**"), ("website", "example.com"));
        var profile = await browser.FollowAsync(redirect);
        Assert.Contains("Chang Ing", profile.Body, StringComparison.Ordinal);
        Assert.Contains("I **change**", profile.Body, StringComparison.Ordinal);
        await browser.SubmitAsync(profile, "Save Mail", 303, ("email_level", "2"), ("email_digests", "false"));

        var stored = await app.Database.FindAsync("SELECT u.name, p.website, o.email_level, o.email_digests FROM users u JOIN user_profiles p ON p.user_id = u.id JOIN user_options o ON o.user_id = u.id WHERE u.id = $1",
            row => (row.GetString(0), row.GetString(1), row.GetInt32(2), row.GetBoolean(3)), [id], ForumApp.Cancellation);
        Assert.Equal(("Chang Ing", "https://example.com", 2, false), stored);
        var renamed = await browser.SubmitAsync(profile, "Change Username", 303, ("new_username", "changed"));
        Assert.Equal("/my/preferences", renamed.Headers["Location"]);
        Assert.Contains("changed", (await PageAsync(browser, "/u/changed/preferences")).Body, StringComparison.Ordinal);
        var refused = await browser.SubmitAsync(await PageAsync(browser, "/u/changed/preferences"), "Change Username", 422, ("new_username", "no good name!"));
        Assert.Contains("no good name!", refused.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Preferences_of_others_are_not_shown()
    {
        await MemberAsync("shy");
        var (other, _) = await MemberAsync("nosy", admin: true);
        using var _ = other;

        Assert.Equal(404, (await other.GetAsync("/u/shy/preferences")).Status);
        Assert.Equal(404, (await other.GetAsync("/u/shy/preferences/second-factor")).Status);
        Assert.DoesNotContain("shy@example.com", (await app.Anonymous().AsBrowser().GetAsync("/u/shy/preferences")).Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_second_factor_is_turned_on_after_the_password()
    {
        var (browser, _) = await MemberAsync("careful");
        using var _ = browser;
        const string path = "/u/careful/preferences/second-factor";

        await browser.SubmitAsync(await PageAsync(browser, path), "Confirm", 422, ("password", "not this"));
        var staged = await browser.FollowAsync(await browser.SubmitAsync(await PageAsync(browser, path), "Confirm", 303, ("password", ForumApp.Password)));
        var secret = System.Text.RegularExpressions.Regex.Match(staged.Body, "authenticator: ([A-Z2-7 ]+)").Groups[1].Value.Replace(" ", "", StringComparison.Ordinal);
        var on = await browser.FollowAsync(await browser.SubmitAsync(staged, "Turn On", 303, ("second_factor_token", Totp.CodeAt(secret, DateTime.UtcNow))));

        Assert.Contains("is on", on.Body, StringComparison.Ordinal);
        var login = app.Anonymous().AsBrowser();
        var asked = await login.SubmitAsync(await PageAsync(login, "/login"), "Log In", 422, ("login", "careful"), ("password", ForumApp.Password));
        Assert.Contains("second_factor_token", asked.Body, StringComparison.Ordinal);
        Assert.Contains("Put this key", (await browser.FollowAsync(await browser.SubmitAsync(on, "Turn Off", 303))).Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_was_refused_can_be_sent_again()
    {
        var (browser, _) = await MemberAsync("hasty");
        using var _ = browser;

        var refused = await browser.SubmitAsync(await PageAsync(browser, "/new-topic"), "Create Topic", 422, ("title", "Why"), ("raw", "A text that is long enough, and must not be lost."));

        Assert.Contains("Title is too short", refused.Body, StringComparison.Ordinal);
        Assert.Contains("must not be lost", refused.Body, StringComparison.Ordinal);
        var created = await browser.SubmitAsync(refused, "Try again", 303, ("title", "Why a title has to be long enough"));
        Assert.Contains("must not be lost", (await browser.FollowAsync(created)).Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_poll_takes_a_vote()
    {
        await MemberAsync("pollster");
        var (browser, _) = await MemberAsync("voter");
        using var _ = browser;
        var post = await TopicAsync("pollster", "Which pot is best for beans", "[poll type=regular results=always]\n* clay\n* steel\n[/poll]");
        var page = await PageAsync(browser, $"/t/which-pot-is-best-for-beans/{post["topic_id"]}");
        var choice = new HtmlParser().ParseDocument(page.Body).QuerySelector(".poll-form input[type=radio]")!.GetAttribute("value")!;

        var voted = await browser.FollowAsync(await browser.SubmitAsync(page, "Vote", 303, ("options[]", choice)));

        var form = new HtmlParser().ParseDocument(voted.Body).QuerySelector(".poll-form")!;
        Assert.Contains("1 voter", form.TextContent, StringComparison.Ordinal);
        Assert.Equal(choice, form.QuerySelector("input[checked]")!.GetAttribute("value"));
        var visitor = await PageAsync(app.Anonymous().AsBrowser(), $"/t/which-pot-is-best-for-beans/{post["topic_id"]}");
        Assert.Contains("1 voter", visitor.Body, StringComparison.Ordinal);
        Assert.DoesNotContain("authenticity_token", visitor.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_post_is_answered_flagged_bookmarked_and_its_edits_are_read()
    {
        await MemberAsync("author");
        var (browser, id) = await MemberAsync("reader");
        using var _ = browser;
        var post = await TopicAsync("author", "A post that people answer", "The **first** words of the author.");
        using (var api = await app.ApiAsync("author"))
            (await api.PutJsonAsync($"/posts/{post["id"]}.json", new JsonObject { ["post"] = new JsonObject { ["raw"] = "The **second** words of the author.", ["edit_reason"] = "better" } })).Expect(200);

        var answered = await browser.FollowAsync(await browser.SubmitAsync(await PageAsync(browser, $"/posts/{post["id"]}/reply"), "Reply", 303));
        Assert.Contains("in reply to #1", answered.Body, StringComparison.Ordinal);
        Assert.Contains("<aside class=\"quote", answered.Body, StringComparison.Ordinal);
        await browser.SubmitAsync(answered, "Bookmark", 303);
        var bookmarks = await PageAsync(browser, "/u/reader/bookmarks");
        Assert.Contains("A post that people answer", bookmarks.Body, StringComparison.Ordinal);
        Assert.Contains("no bookmarks", (await browser.FollowAsync(await browser.SubmitAsync(bookmarks, "Remove", 303))).Body, StringComparison.Ordinal);
        var edit = await PageAsync(browser, $"/posts/{post["id"]}/revisions/latest");
        Assert.Contains("<ins>second</ins>", edit.Body, StringComparison.Ordinal);
        Assert.Contains("better", edit.Body, StringComparison.Ordinal);
        await browser.SubmitAsync(await PageAsync(browser, $"/posts/{post["id"]}/flag"), "Flag", 303, ("post_action_type_id", "7"), ("message", "Please look at this one."));
        Assert.Equal(1, await app.Database.ScalarAsync<long>("SELECT count(*) FROM post_actions WHERE post_id = $1 AND user_id = $2 AND post_action_type_id = 7", [(int)post["id"]!, id], ForumApp.Cancellation));
        using var visitor = app.Anonymous().AsBrowser();
        Assert.Equal(404, (await visitor.GetAsync($"/posts/{post["id"]}/flag")).Status);
    }

    [Fact]
    public async Task Groups_badges_and_the_directory_have_pages()
    {
        var (browser, id) = await MemberAsync("joiner", admin: true);
        using var _ = browser;
        using var api = await app.ApiAsync("joiner");
        (await api.PostJsonAsync("/admin/groups.json", new JsonObject { ["group"] = new JsonObject { ["name"] = "gardeners", ["full_name"] = "The <Gardeners>", ["public_admission"] = true, ["public_exit"] = true } })).Expect(200);

        Assert.Contains("The &lt;Gardeners&gt;", (await PageAsync(browser, "/g")).Body, StringComparison.Ordinal);
        var joined = await browser.FollowAsync(await browser.SubmitAsync(await PageAsync(browser, "/g/gardeners"), "Join", 303));
        Assert.Contains("<h1>The &lt;Gardeners&gt;</h1>", joined.Body, StringComparison.Ordinal);
        Assert.Contains("joiner", (await PageAsync(browser, "/g/gardeners/members")).Body, StringComparison.Ordinal);
        Assert.Contains("0 members", (await browser.FollowAsync(await browser.SubmitAsync(joined, "Leave", 303))).Body, StringComparison.Ordinal);
        Assert.Contains("gardeners", (await app.Anonymous().AsBrowser().GetAsync("/g")).Body, StringComparison.Ordinal);
        var badges = await PageAsync(app.Anonymous().AsBrowser(), "/badges");
        Assert.Contains("First Emoji", badges.Body, StringComparison.Ordinal);
        Assert.DoesNotContain("authenticity_token", badges.Body, StringComparison.Ordinal);
        Assert.Contains("Used an emoji", (await PageAsync(browser, "/badges/41/first-emoji")).Body, StringComparison.Ordinal);
        await app.Database.ExecuteAsync("INSERT INTO directory_items (period_type, user_id, likes_received, likes_given, topics_entered, topic_count, post_count, days_visited, posts_read) VALUES (5, $1, 7, 0, 0, 0, 0, 1, 0)",
            [id], ForumApp.Cancellation);
        var users = await PageAsync(app.Anonymous().AsBrowser(), "/u");
        Assert.Contains("href=\"/u/joiner\"", users.Body, StringComparison.Ordinal);
        Assert.StartsWith("application/json", (await api.GetAsync("/groups")).Header("Content-Type"), StringComparison.Ordinal);
    }
}
