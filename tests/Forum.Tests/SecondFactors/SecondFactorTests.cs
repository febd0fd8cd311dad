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

    static async Task<JsonObject> SignInAsync(ForumClient browser, params (string, string)[] more) =>
        (await browser.PostAsync("/session", [("login", "careful"), ("password", ForumApp.Password), .. more])).Expect(200).Json;
}
