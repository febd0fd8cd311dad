using System.Text.Json.Nodes;

namespace Forum.Tests.Users;

public sealed class SignUpTests(ForumApp app) : IClassFixture<ForumApp>
{
    [Fact]
    public async Task A_visitor_signs_up_activates_by_the_mailed_link_and_signs_in()
    {
        await app.KeepMailAsync();
        using var browser = await app.Anonymous().WithCsrfAsync();

        var made = await SignUpAsync(browser, "newcomer", "newcomer@example.com");

        Assert.True((bool)made.Json["success"]!);
        Assert.False((bool)made.Json["active"]!);
        var token = await app.MailedTokenAsync("newcomer@example.com");
        var (confirmation, challenge) = await HoneypotAsync(browser);
        var activated = await browser.PutAsync($"/u/activate-account/{token}.json", ("password_confirmation", confirmation), ("challenge", challenge));
        Assert.True((bool)activated.Expect(200).Json["success"]!);
        Assert.Equal("newcomer", (string?)(await browser.GetAsync("/session/current.json")).Expect(200).Json["current_user"]!["username"]);
    }

    [Fact]
    public async Task A_form_filled_in_by_a_program_makes_no_account()
    {
        using var browser = await app.Anonymous().WithCsrfAsync();

        var answer = await browser.PostAsync("/u.json", ("username", "robot"), ("email", "robot@example.com"), ("password", "a long password 1"));

        answer.Expect(403);
    }

    [Fact]
    public async Task What_is_wrong_is_said_by_field()
    {
        using var api = await app.ApiAsync("system");

        var answer = await api.PostAsync("/users.json", ("username", "x"), ("email", "not-an-address"), ("password", "short"), ("name", "X"));

        Assert.False((bool)answer.Expect(200).Json["success"]!);
        Assert.Equal(["username", "email", "password"], answer.Json["errors"]!.AsObject().Select(pair => pair.Key));
    }

    [Fact]
    public async Task An_admin_key_makes_an_active_member()
    {
        using var api = await app.ApiAsync("system");

        var answer = await api.PostJsonAsync("/users.json", new JsonObject
        {
            ["username"] = "imported", ["email"] = "imported@example.com", ["password"] = "a long password 1", ["name"] = "Imported", ["active"] = true,
        });

        Assert.True((bool)answer.Expect(200).Json["active"]!);
        var groups = await app.Database.ListAsync(
            "SELECT group_id FROM group_users WHERE user_id = $1 ORDER BY 1", row => row.GetInt32(0), [(int)answer.Json["user_id"]!], ForumApp.Cancellation);
        Assert.Equal([10], groups);
    }

    [Fact]
    public async Task A_new_password_by_mail_ends_other_sessions()
    {
        await app.KeepMailAsync();
        var id = await app.AddUserAsync("forgetful");
        using var old = await app.SignInAsync(id);
        using var browser = await app.Anonymous().WithCsrfAsync();
        Assert.Equal("OK", (string?)(await browser.PostAsync("/session/forgot_password.json", ("login", "forgetful"))).Expect(200).Json["success"]);
        var token = await app.MailedTokenAsync("forgetful@example.com");

        var answer = await browser.PutAsync($"/users/password-reset/{token}.json", ("password", "another long one 2"));

        Assert.True((bool)answer.Expect(200).Json["success"]!);
        (await old.GetAsync("/session/current.json")).Expect(404);
        (await browser.GetAsync("/session/current.json")).Expect(200);
        Assert.False((bool)(await browser.PutAsync($"/users/password-reset/{token}.json", ("password", "another long one 3"))).Json["success"]!);
    }

    [Fact]
    public async Task The_first_admin_registers_on_the_installation_page()
    {
        await using var fresh = await ForumApp.StartAsync();
        using var browser = fresh.Anonymous();
        browser.Headers.Host = "discourse-k8s";
        var page = (await browser.GetAsync("/finish-installation/register")).Expect(200);
        Assert.Contains("developer@example.com", page.Body);
        var token = System.Text.RegularExpressions.Regex.Match(page.Body, "authenticity_token\" value=\"([^\"]+)\"").Groups[1].Value;

        var refused = await browser.PostAsync("/finish-installation/register", ("authenticity_token", token), ("email", "else@example.com"), ("username", "chief"), ("password", "a long password 123"));
        var taken = await browser.PostAsync("/finish-installation/register", ("authenticity_token", token), ("email", "developer@example.com"), ("username", "chief"), ("password", "a long password 123"));

        refused.Expect(400);
        Assert.Equal("/finish-installation/confirm-email", taken.Expect(302).Header("Location"));
    }

    static async Task<Answer> SignUpAsync(ForumClient browser, string username, string email)
    {
        var (confirmation, challenge) = await HoneypotAsync(browser);
        return (await browser.PostAsync("/u.json", ("username", username), ("email", email), ("password", "a long password 1"),
            ("password_confirmation", confirmation), ("challenge", challenge))).Expect(200);
    }

    static async Task<(string Confirmation, string Challenge)> HoneypotAsync(ForumClient browser)
    {
        var answer = (await browser.GetAsync("/session/hp.json")).Expect(200).Json;
        return ((string)answer["value"]!, string.Concat(((string)answer["challenge"]!).Reverse()));
    }
}
