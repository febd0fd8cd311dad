using System.Text.RegularExpressions;

namespace Forum.Tests.Users;

public sealed class EmailChangeTests(ForumApp app) : IClassFixture<ForumApp>
{
    [Fact]
    public async Task A_member_confirms_a_new_address_on_the_page_that_the_mail_leads_to()
    {
        await app.KeepMailAsync();
        using var browser = await app.SignInAsync(await app.AddUserAsync("mover"));
        (await browser.PutAsync("/u/mover/preferences/email.json", ("email", "moved@example.com"))).Expect(200);

        await SubmitAsync(browser, "/u/confirm-new-email/" + await app.MailedTokenAsync("moved@example.com"));

        Assert.Equal("moved@example.com", await EmailAsync("mover"));
    }

    [Fact]
    public async Task An_administrator_confirms_the_old_address_first_and_nothing_changes_before()
    {
        await app.KeepMailAsync();
        using var browser = await app.SignInAsync(await app.AddUserAsync("chief", admin: true));
        (await browser.PutAsync("/u/chief/preferences/email.json", ("email", "chief2@example.com"))).Expect(200);

        await SubmitAsync(browser, "/u/confirm-old-email/" + await app.MailedTokenAsync("chief@example.com"));
        Assert.Equal("chief@example.com", await EmailAsync("chief"));
        await SubmitAsync(browser, "/u/confirm-new-email/" + await app.MailedTokenAsync("chief2@example.com"));

        Assert.Equal("chief2@example.com", await EmailAsync("chief"));
        (await browser.GetAsync("/u/confirm-new-email/" + new string('0', 32))).Expect(404);
    }

    [Fact]
    public async Task An_administrator_logs_in_by_mail_when_passwords_are_off_and_a_member_does_not()
    {
        await using var closed = await ForumApp.StartAsync(new() { ["DISCOURSE_ENABLE_LOCAL_LOGINS"] = "false", ["DISCOURSE_ENABLE_LOCAL_LOGINS_VIA_EMAIL"] = "false" });
        await closed.KeepMailAsync();
        await closed.AddUserAsync("boss", admin: true);
        await closed.AddUserAsync("plain");
        using var browser = await closed.Anonymous().WithCsrfAsync();
        Assert.Contains("name=\"email\"", (await browser.GetAsync("/u/admin-login")).Expect(200).Body);

        (await browser.PutAsync("/u/admin-login", ("email", "plain@example.com"))).Expect(200);
        (await browser.PutAsync("/u/admin-login", ("email", "boss@example.com"))).Expect(200);

        Assert.Equal(1, await closed.Database.ScalarAsync<int>("SELECT count(*)::int FROM kept_mail", [], ForumApp.Cancellation));
        var path = "/session/email-login/" + await closed.MailedTokenAsync("boss@example.com");
        await SubmitAsync(browser, path);
        Assert.Equal("boss", (string?)(await browser.GetAsync("/session/current.json")).Expect(200).Json["current_user"]!["username"]);
    }

    /// <summary>Opens the page of a link and presses its button, without scripts.</summary>
    static async Task SubmitAsync(ForumClient browser, string path)
    {
        browser.Headers.Accept.ParseAdd("text/html");
        var page = (await browser.GetAsync(path)).Expect(200).Body;
        var action = Regex.Matches(page, "<form class=\"composer\" method=\"post\" action=\"([^\"]+)\"")[^1].Groups[1].Value;
        var token = Regex.Match(page, "name=\"authenticity_token\" value=\"([^\"]+)\"").Groups[1].Value;
        var method = Regex.Matches(page, "name=\"_method\" value=\"([A-Z]+)\"")[^1].Groups[1].Value;
        (await browser.PostAsync(System.Net.WebUtility.HtmlDecode(action), ("authenticity_token", System.Net.WebUtility.HtmlDecode(token)), ("_method", method), ("_return", "/"))).Expect(303);
        browser.Headers.Accept.Clear();
    }

    async Task<string?> EmailAsync(string username) => await app.Database.ScalarAsync<string>(
        "SELECT email FROM user_emails m JOIN users u ON u.id = m.user_id WHERE u.username = $1", [username], ForumApp.Cancellation);
}
