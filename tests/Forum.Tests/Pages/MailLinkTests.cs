using Forum.SecondFactors;
using Microsoft.Extensions.DependencyInjection;

namespace Forum.Tests.Pages;

/// <summary>A person without scripts who follows the link of a mail.</summary>
public sealed class MailLinkTests(ForumApp app) : IClassFixture<ForumApp>
{
    const string NewPassword = "another horse battery 2";

    [Fact]
    public async Task Sign_up_and_activate()
    {
        await app.KeepMailAsync();
        var browser = Browser();
        var form = (await browser.GetAsync("/signup")).Expect(200);
        await browser.SubmitAsync(form, 303, ("email", "fresh@example.com"), ("username", "fresh"), ("name", ""), ("password", ForumApp.Password));
        var link = $"/u/activate-account/{await app.MailedTokenAsync("fresh@example.com")}";

        // Whoever looks at the mail first, such as a filter, does not use the link up.
        (await Browser().GetAsync(link)).Expect(200);
        var page = (await browser.GetAsync(link)).Expect(200);
        var done = await browser.SubmitAsync(page, 303);

        Assert.Equal("/", done.Header("Location"));
        Assert.Equal("fresh", await WhoAsync(browser));
        Assert.Contains("not valid", (await Browser().GetAsync(link)).Body, StringComparison.Ordinal);
        Assert.Equal(404, (await app.Anonymous().GetAsync(link + ".json")).Status);
    }

    [Fact]
    public async Task A_new_password_is_chosen_and_a_bad_one_is_explained()
    {
        await app.KeepMailAsync();
        await app.AddUserAsync("absentminded");
        var browser = Browser();
        var link = await ResetLinkAsync(browser, "absentminded");
        var page = (await browser.GetAsync(link)).Expect(200);
        Assert.DoesNotContain("second_factor_token", page.Body, StringComparison.Ordinal);

        var again = await browser.SubmitAsync(page, 422, ("password", "short"));
        Assert.Contains("too short", again.Body, StringComparison.Ordinal);
        Assert.DoesNotContain("value=\"short\"", again.Body, StringComparison.Ordinal);
        await browser.SubmitAsync(again, 303, ("password", NewPassword));

        Assert.Equal("absentminded", await WhoAsync(browser));
        Assert.Contains("too old", (await browser.GetAsync(link)).Body, StringComparison.Ordinal);
        var json = await app.Anonymous().GetAsync(link + ".json");
        Assert.False((bool)json.Expect(200).Json["success"]!);
    }

    [Fact]
    public async Task A_new_password_needs_the_second_factor_of_who_has_one()
    {
        await app.KeepMailAsync();
        using var owner = await app.SignInAsync(await app.AddUserAsync("careful"));
        (await owner.PostAsync("/u/confirm-session.json", ("password", ForumApp.Password))).Expect(200);
        var secret = ((string)(await owner.PostAsync("/u/create_second_factor_totp.json")).Expect(200).Json["key"]!).Replace(" ", "");
        var now = TimeProvider.System.GetUtcNow().UtcDateTime;
        (await owner.PostAsync("/u/enable_second_factor_totp.json", ("second_factor_token", Totp.CodeAt(secret, now.AddSeconds(-30))), ("name", "phone"))).Expect(200);
        var browser = Browser();
        var page = (await browser.GetAsync(await ResetLinkAsync(browser, "careful"))).Expect(200);

        var refused = await browser.SubmitAsync(page, 422, ("password", NewPassword), ("second_factor_token", "000000"));
        Assert.Contains("Invalid authentication code", refused.Body, StringComparison.Ordinal);
        await browser.SubmitAsync(refused, 303, ("password", NewPassword), ("second_factor_token", Totp.CodeAt(secret, now)));

        Assert.Equal("careful", await WhoAsync(browser));
    }

    [Fact]
    public async Task A_link_signs_in()
    {
        await app.KeepMailAsync();
        await app.AddUserAsync("linked");
        var browser = await Browser().WithCsrfAsync();
        (await browser.PostAsync("/u/email-login.json", ("login", "linked"))).Expect(200);
        browser.Headers.Remove("X-CSRF-Token");

        var page = (await browser.GetAsync($"/session/email-login/{await app.MailedTokenAsync("linked@example.com")}")).Expect(200);
        await browser.SubmitAsync(page, 303);

        Assert.Equal("linked", await WhoAsync(browser));
    }

    [Fact]
    public async Task Who_must_be_approved_first_is_told()
    {
        await app.KeepMailAsync();
        var settings = app.Services.GetRequiredService<Forum.Settings.SiteSettings>();
        var browser = Browser();
        await browser.SubmitAsync((await browser.GetAsync("/signup")).Expect(200), 303, ("email", "patient@example.com"), ("username", "patient"), ("name", ""), ("password", ForumApp.Password));
        await settings.SetAsync("must_approve_users", "true", ForumApp.Cancellation);
        try
        {
            var page = (await browser.GetAsync($"/u/activate-account/{await app.MailedTokenAsync("patient@example.com")}")).Expect(200);
            var done = await browser.SubmitAsync(page, 200);

            Assert.Contains("must approve your account", done.Body, StringComparison.Ordinal);
            Assert.Equal(404, (await browser.GetAsync("/session/current.json")).Status);
        }
        finally
        {
            await settings.SetAsync("must_approve_users", "false", CancellationToken.None);
        }
    }

    ForumClient Browser() => app.Anonymous().AsBrowser();

    async Task<string> ResetLinkAsync(ForumClient browser, string username)
    {
        var form = (await browser.GetAsync("/password-reset")).Expect(200);
        await browser.SubmitAsync(form, 303, ("login", username));
        return $"/u/password-reset/{await app.MailedTokenAsync($"{username}@example.com")}";
    }

    static async Task<string?> WhoAsync(ForumClient browser) => (string?)(await browser.GetAsync("/session/current.json")).Expect(200).Json["current_user"]!["username"];
}
