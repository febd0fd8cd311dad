using System.Text.Json.Nodes;
using System.Web;
using Microsoft.IdentityModel.Tokens;

namespace Forum.Tests.SignOn;

public sealed class OidcTests(OidcTests.Fixture fixture) : IClassFixture<OidcTests.Fixture>
{
    readonly OidcProvider _provider = fixture.Provider;
    readonly ForumApp _app = fixture.App;

    public sealed class Fixture : IAsyncLifetime
    {
        internal OidcProvider Provider { get; private set; } = null!;

        internal ForumApp App { get; private set; } = null!;

        public async ValueTask InitializeAsync()
        {
            Provider = await OidcProvider.StartAsync();
            App = await ForumApp.StartAsync(new()
            {
                ["DISCOURSE_OPENID_CONNECT_ENABLED"] = "true",
                ["DISCOURSE_OPENID_CONNECT_DISCOVERY_DOCUMENT"] = Provider.Issuer + "/.well-known/openid-configuration",
                ["DISCOURSE_OPENID_CONNECT_CLIENT_ID"] = "forum-client",
                ["DISCOURSE_OPENID_CONNECT_CLIENT_SECRET"] = "s3cret",
                ["DISCOURSE_OPENID_CONNECT_AUTHORIZE_SCOPE"] = "openid email",
                ["DISCOURSE_OPENID_CONNECT_MATCH_BY_EMAIL"] = "true",
                ["DISCOURSE_OPENID_CONNECT_USE_PKCE"] = "true",
                ["DISCOURSE_OPENID_CONNECT_RP_INITIATED_LOGOUT"] = "true",
            });
        }

        public async ValueTask DisposeAsync()
        {
            await App.DisposeAsync();
            await Provider.DisposeAsync();
        }
    }

    [Fact]
    public async Task A_member_with_a_verified_address_is_signed_in_and_out_at_both_places()
    {
        await _app.AddUserAsync("known");
        Person("subject-1", "known@example.com");
        using var browser = _app.Anonymous();
        var start = await BeginAsync(browser);
        Assert.Equal("openid email", HttpUtility.ParseQueryString(new Uri(start).Query)["scope"]);
        Assert.Equal("http://forum.test/auth/oidc/callback", HttpUtility.ParseQueryString(new Uri(start).Query)["redirect_uri"]);

        var done = (await browser.GetAsync(_provider.Authorize(start))).Expect(302);

        Assert.Equal("/categories", done.Header("Location"));
        Assert.Equal("known", (string?)(await browser.GetAsync("/session/current.json")).Json["current_user"]!["username"]);
        await browser.WithCsrfAsync();
        browser.Headers.Add("X-Requested-With", "XMLHttpRequest");
        Assert.StartsWith(_provider.Issuer + "/logout?id_token_hint=", (string?)(await browser.DeleteAsync("/session/known")).Json["redirect_url"]);
    }

    [Fact]
    public async Task The_subject_counts_once_it_is_known_and_not_the_address()
    {
        var id = await _app.AddUserAsync("moved");
        Person("subject-2", "moved@example.com");
        using var first = _app.Anonymous();
        (await first.GetAsync(_provider.Authorize(await BeginAsync(first)))).Expect(302);

        Person("subject-2", "elsewhere@example.com");
        using var second = _app.Anonymous();
        (await second.GetAsync(_provider.Authorize(await BeginAsync(second)))).Expect(302);

        Assert.Equal(id, (int)(await second.GetAsync("/session/current.json")).Json["current_user"]!["id"]!);
    }

    [Fact]
    public async Task An_address_that_is_not_verified_opens_no_account()
    {
        await _app.AddUserAsync("target");
        Person("subject-3", "target@example.com", verified: false);
        using var browser = _app.Anonymous();

        var answer = (await browser.GetAsync(_provider.Authorize(await BeginAsync(browser)))).Expect(302);

        Assert.Equal("/signup", answer.Header("Location"));
        (await browser.GetAsync("/session/current.json")).Expect(404);
    }

    [Fact]
    public async Task The_callback_works_once_and_only_in_the_browser_that_began()
    {
        await _app.AddUserAsync("careful");
        Person("subject-4", "careful@example.com");
        using var attacker = _app.Anonymous();
        var callback = _provider.Authorize(await BeginAsync(attacker));
        using var victim = await _app.Anonymous().WithCsrfAsync();
        await RefusedAsync(victim, callback, "not started in this browser");

        (await attacker.GetAsync(callback)).Expect(302);
        Assert.Contains("expired", (await attacker.GetAsync(callback)).Expect(200).Body);
    }

    [Theory]
    [InlineData("audience")]
    [InlineData("issuer")]
    [InlineData("expired")]
    [InlineData("nonce")]
    [InlineData("unsigned")]
    [InlineData("edited")]
    [InlineData("other person")]
    public async Task A_token_that_is_not_for_this_login_is_refused(string fault)
    {
        await _app.AddUserAsync("safe" + fault.Replace(" ", "", StringComparison.Ordinal));
        Person("subject-5", "safe@example.com");
        _provider.Alter = claims =>
        {
            var (name, value) = fault switch
            {
                "audience" => ("aud", (JsonNode)"someone-else"),
                "issuer" => ("iss", "https://evil.test"),
                "expired" => ("exp", DateTimeOffset.UtcNow.AddMinutes(-5).ToUnixTimeSeconds()),
                "nonce" => ("nonce", "another"),
                _ => ("x", "y"),
            };
            claims[name] = value;
            return claims;
        };
        if (fault == "other person")
        {
            _provider.UserInformation["sub"] = "subject-6";
        }

        _provider.AlterSigned = token => fault switch
        {
            "unsigned" => Base64UrlEncoder.Encode("{\"alg\":\"none\"}") + "." + token.Split('.')[1] + ".",
            "edited" => token.Split('.')[0] + "." + Base64UrlEncoder.Encode(Base64UrlEncoder.Decode(token.Split('.')[1]).Replace("subject-5", "subject-1", StringComparison.Ordinal)) + "." + token.Split('.')[2],
            _ => token,
        };
        using var browser = _app.Anonymous();

        await RefusedAsync(browser, _provider.Authorize(await BeginAsync(browser)), "You could not be logged in");
    }

    [Fact]
    public async Task A_provider_that_cannot_be_reached_keeps_nothing_from_starting_and_is_said()
    {
        await using var app = await ForumApp.StartAsync(new()
        {
            ["DISCOURSE_OPENID_CONNECT_ENABLED"] = "true",
            ["DISCOURSE_OPENID_CONNECT_DISCOVERY_DOCUMENT"] = "http://127.0.0.1:1/.well-known/openid-configuration",
            ["DISCOURSE_OPENID_CONNECT_CLIENT_ID"] = "some-client-id",
        });
        using var browser = await app.Anonymous().WithCsrfAsync();

        (await browser.GetAsync("/srv/status")).Expect(200);
        Assert.Contains("cannot be reached", (await browser.PostAsync("/auth/oidc")).Expect(200).Body);
    }

    void Person(string subject, string email, bool verified = true)
    {
        (_provider.Alter, _provider.AlterSigned) = (claims => claims, token => token);
        _provider.Claims = new JsonObject { ["sub"] = subject };
        _provider.UserInformation = new JsonObject { ["sub"] = subject, ["email"] = email, ["email_verified"] = verified, ["name"] = "A Person" };
    }

    static async Task<string> BeginAsync(ForumClient browser)
    {
        await browser.WithCsrfAsync();
        return (await browser.PostAsync("/auth/oidc", ("origin", "/categories"))).Expect(302).Header("Location")!;
    }

    static async Task RefusedAsync(ForumClient browser, string callback, string reason)
    {
        Assert.Contains(reason, (await browser.GetAsync(callback)).Expect(200).Body);
        (await browser.GetAsync("/session/current.json")).Expect(404);
    }
}
