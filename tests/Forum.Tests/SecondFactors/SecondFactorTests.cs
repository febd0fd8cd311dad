using System.Text.Json.Nodes;
using Forum.SecondFactors;

namespace Forum.Tests.SecondFactors;

public sealed class SecondFactorTests(ForumApp app) : IClassFixture<ForumApp>
{
    /// <summary>The test vectors of RFC 6238 for SHA-1, last six digits; the secret is "12345678901234567890".</summary>
    [Theory]
    [InlineData(59, "287082")]
    [InlineData(1111111109, "081804")]
    [InlineData(2000000000, "279037")]
    public void Codes_are_those_of_the_standard(long seconds, string code) =>
        Assert.Equal(code, Totp.CodeAt("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ", DateTimeOffset.FromUnixTimeSeconds(seconds).UtcDateTime));

    [Fact]
    public async Task A_member_with_an_authenticator_needs_a_code_that_works_once_or_a_backup_code()
    {
        var id = await app.AddUserAsync("careful");
        using var browser = await app.SignInAsync(id);
        Assert.Equal("OK", (string?)(await browser.PostAsync("/u/confirm-session.json", ("password", ForumApp.Password))).Expect(200).Json["success"]);
        var secret = ((string)(await browser.PostAsync("/u/create_second_factor_totp.json")).Expect(200).Json["key"]!).Replace(" ", "");
        var first = Totp.CodeAt(secret, TimeProvider.System.GetUtcNow().UtcDateTime.AddSeconds(-30));
        Assert.Equal("OK", (string?)(await browser.PostAsync("/u/enable_second_factor_totp.json", ("second_factor_token", first), ("name", "phone"))).Expect(200).Json["success"]);
        var codes = (await browser.PutAsync("/u/second_factors_backup.json")).Expect(200).Json["backup_codes"]!.AsArray();
        Assert.Equal(10, codes.Count);

        using var other = await app.Anonymous().WithCsrfAsync();
        var without = await SignInAsync(other);
        var used = await SignInAsync(other, ("second_factor_token", first), ("second_factor_method", "1"));
        var backup = await SignInAsync(other, ("second_factor_token", (string)codes[0]!), ("second_factor_method", "2"));

        Assert.Equal("invalid_second_factor", (string?)without["reason"]);
        Assert.True((bool)without["totp_enabled"]!);
        Assert.Equal("invalid_second_factor", (string?)used["reason"]);
        Assert.Null(backup["error"]);
    }

    [Fact]
    public async Task Staff_without_a_second_factor_are_led_to_set_one_up_when_it_is_enforced()
    {
        await using var own = await ForumApp.StartAsync();
        var admin = await own.AddUserAsync("enforced", admin: true);
        using var api = await own.ApiAsync("enforced");
        (await api.PutAsync("/admin/site_settings/enforce_second_factor.json", ("enforce_second_factor", "staff"))).Expect(200);
        using var staff = await own.SignInAsync(admin);
        using var member = await own.SignInAsync(await own.AddUserAsync("free"));
        Assert.Equal(403, (await staff.GetAsync("/admin/users/list/active.json")).Status);
        (await staff.GetAsync("/latest.json")).Expect(200);
        staff.Headers.Accept.ParseAdd("text/html");
        member.Headers.Accept.ParseAdd("text/html");

        Assert.Equal("/u/enforced/preferences/second-factor", (await staff.GetAsync("/latest")).Expect(302).Header("Location"));
        Assert.Equal("/u/enforced/preferences/second-factor", (await staff.GetAsync("/admin")).Expect(302).Header("Location"));
        (await staff.GetAsync("/u/enforced/preferences/second-factor")).Expect(200);
        (await member.GetAsync("/latest")).Expect(200);
        await own.Database.ExecuteAsync("""
            INSERT INTO user_second_factors (user_id, method, data, enabled, created_at, updated_at)
            VALUES ($1, 1, 'GEZDGNBVGY3TQOJQ', true, now(), now())
            """, [admin], ForumApp.Cancellation);
        (await staff.GetAsync("/admin")).Expect(200);
    }

    [Fact]
    public async Task A_link_to_a_provider_is_shown_and_taken_off_where_that_is_allowed()
    {
        var id = await app.AddUserAsync("linked");
        using var browser = await app.SignInAsync(id);
        await app.Database.ExecuteAsync("""
            INSERT INTO user_associated_accounts (provider_name, provider_uid, user_id, last_used, info, credentials, extra, created_at, updated_at)
            VALUES ('oidc', 'x1', $1, now(), '{"email": "at@provider.example"}', '{}', '{}', now(), now())
            """, [id], ForumApp.Cancellation);
        Assert.Equal("at@provider.example", (string?)(await browser.GetAsync("/u/linked/emails.json")).Expect(200).Json["associated_accounts"]![0]!["description"]);

        Assert.Equal(404, (await browser.PostAsync("/u/linked/preferences/revoke-account.json", ("provider_name", "oidc"))).Status);
        await app.AddUserAsync("allower", admin: true);
        (await (await app.ApiAsync("allower")).PutAsync("/admin/site_settings/openid_connect_allow_association_change.json", ("openid_connect_allow_association_change", "true"))).Expect(200);
        (await browser.PostAsync("/u/linked/preferences/revoke-account.json", ("provider_name", "oidc"))).Expect(200);
        Assert.Equal(404, (await browser.PostAsync("/u/linked/preferences/revoke-account.json", ("provider_name", "oidc"))).Status);
        Assert.Empty((await browser.GetAsync("/u/linked/emails.json")).Json["associated_accounts"]!.AsArray());
    }

    static async Task<JsonObject> SignInAsync(ForumClient browser, params (string, string)[] more) =>
        (await browser.PostAsync("/session", [("login", "careful"), ("password", ForumApp.Password), .. more])).Expect(200).Json;
}
