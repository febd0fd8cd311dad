using System.Net;

namespace Forum.Tests.Sessions;

public sealed class SessionTests(ForumApp app) : IClassFixture<ForumApp>
{
    [Fact]
    public async Task A_request_without_the_sessions_token_is_refused()
    {
        using var browser = app.Anonymous();

        var answer = await browser.PostAsync("/session", ("login", "a"), ("password", "b"));

        Assert.Equal("[\"BAD CSRF\"]", answer.Expect(403).Body);
    }

    [Fact]
    public async Task One_token_serves_before_and_after_signing_in()
    {
        await app.AddUserAsync("tokens");
        using var browser = await app.Anonymous().WithCsrfAsync();
        (await browser.PostAsync("/session", ("login", "tokens@example.com"), ("password", ForumApp.Password))).Expect(200);

        var answer = await browser.DeleteAsync("/session/tokens");

        answer.Expect(302);
        (await browser.GetAsync("/session/current.json")).Expect(404);
    }

    [Fact]
    public async Task A_wrong_password_is_answered_with_an_error_and_a_weak_hash_is_renewed_by_a_right_one()
    {
        var id = await app.AddUserAsync("renewed");
        using var browser = await app.Anonymous().WithCsrfAsync();
        Assert.NotNull((await browser.PostAsync("/session", ("login", "renewed"), ("password", "wrong wrong"))).Expect(200).Json["error"]);

        Assert.Null((await browser.PostAsync("/session", ("login", "RENEWED"), ("password", ForumApp.Password))).Expect(200).Json["error"]);

        Assert.Equal("$pbkdf2-sha256$i=600000,l=32$", await app.Database.ScalarAsync<string>("SELECT password_algorithm FROM users WHERE id = $1", [id], ForumApp.Cancellation));
    }

    [Fact]
    public void A_password_hashed_by_Discourse_verifies()
    {
        // PBKDF2-HMAC-SHA256 over the text of the salt, computed with OpenSSL's EVP_PBE by Python's hashlib.
        var hash = new Forum.Users.PasswordHash("d6c1b2df3e0a5f3b", "8e4337486e22d04424beb0be0b96966e", "$pbkdf2-sha256$i=64000,l=32$");

        Assert.False(hash.Matches("anything"));
        Assert.True((hash with { Hash = KnownHash }).Matches("myawesomepassword"));
    }

    [Fact]
    public async Task The_old_cookie_works_until_the_new_one_was_seen()
    {
        var id = await app.AddUserAsync("rotated");
        using var browser = await app.SignInAsync(id);
        var old = browser.Cookies.GetCookies(app.Address)["_t"]!.Value;
        (await browser.GetAsync("/session/current.json")).Expect(200);
        await app.Database.ExecuteAsync("UPDATE user_auth_tokens SET rotated_at = now() - interval '11 minutes' WHERE user_id = $1", [id], ForumApp.Cancellation);

        (await browser.GetAsync("/session/current.json")).Expect(200);

        Assert.NotEqual(old, browser.Cookies.GetCookies(app.Address)["_t"]!.Value);
        using var late = app.Anonymous();
        late.Cookies.Add(app.Address, new Cookie("_t", old));
        (await late.GetAsync("/session/current.json")).Expect(200);
    }

    [Fact]
    public async Task A_suspended_member_is_nobody_at_once()
    {
        var id = await app.AddUserAsync("suspended");
        using var browser = await app.SignInAsync(id);
        (await browser.GetAsync("/session/current.json")).Expect(200);

        await app.Database.ExecuteAsync("UPDATE users SET suspended_till = now() + interval '1 day' WHERE id = $1", [id], ForumApp.Cancellation);

        var answer = (await browser.GetAsync("/session/current.json")).Expect(404);
        Assert.Equal("1", answer.Header("Discourse-Logged-Out"));
    }

    const string KnownHash = "a77b52f251f0d54de3b4b9940fe36cb086ddc986eb6cc93ff36f6deac8d1087d";
}
