using System.Web;
using Forum.SignOn.Connect;

namespace Forum.Tests.SignOn;

public sealed class ConnectTests(ConnectTests.Fixture fixture) : IClassFixture<ConnectTests.Fixture>
{
    const string Secret = "a secret of both sites";

    readonly ForumApp _app = fixture.App;

    public sealed class Fixture : IAsyncLifetime
    {
        internal ForumApp App { get; private set; } = null!;

        public async ValueTask InitializeAsync() => App = await ForumApp.StartAsync(new()
        {
            ["DISCOURSE_ENABLE_DISCOURSE_CONNECT"] = "true",
            ["DISCOURSE_DISCOURSE_CONNECT_URL"] = "https://site.test/login?from=forum",
            ["DISCOURSE_DISCOURSE_CONNECT_SECRET"] = Secret,
            ["DISCOURSE_ENABLE_DISCOURSE_CONNECT_PROVIDER"] = "true",
            ["DISCOURSE_DISCOURSE_CONNECT_PROVIDER_SECRETS"] = "*.client.test|provider secret",
        });

        public ValueTask DisposeAsync() => App.DisposeAsync();
    }

    [Fact]
    public async Task Someone_whom_the_other_site_vouches_for_gets_an_account_with_its_id_groups_and_rights()
    {
        using var api = await _app.ApiAsync("system");
        (await api.PostAsync("/admin/groups.json", ("group[name]", "customers"))).Expect(200);
        using var browser = _app.Anonymous();
        Assert.Equal("/session/sso", (await browser.GetAsync("/login")).Expect(302).Header("Location"));
        var nonce = await BeginAsync(browser, "/c/general");

        var answer = await ReturnAsync(browser, nonce, payload =>
        {
            payload["username"] = "visitor";
            payload["name"] = "A Visitor";
            payload["add_groups"] = "customers,staff";
            payload["moderator"] = "true";
            payload["custom.plan"] = "gold";
            payload["bio"] = "From the other site";
        });

        Assert.Equal("/c/general", answer.Expect(302).Header("Location"));
        var user = (await browser.GetAsync("/session/current.json")).Expect(200).Json["current_user"]!;
        Assert.Equal("visitor", (string?)user["username"]);
        Assert.True((bool)user["moderator"]!);
        var row = await _app.Database.FindAsync("""
            SELECT r.external_id, (SELECT value FROM user_custom_fields WHERE user_id = r.user_id AND name = 'plan'),
                EXISTS (SELECT FROM group_users gu JOIN groups g ON g.id = gu.group_id WHERE gu.user_id = r.user_id AND g.name = 'customers')
            FROM single_sign_on_records r
            WHERE r.user_id = $1
            """, row => (row.GetString(0), row.GetString(1), row.GetBoolean(2)), [(int)user["id"]!], ForumApp.Cancellation);
        Assert.Equal(("ext-1", "gold", true), row);
    }

    [Fact]
    public async Task A_payload_that_is_forged_used_or_from_another_browser_signs_nobody_in()
    {
        using var browser = _app.Anonymous();
        var nonce = await BeginAsync(browser, "/");
        var payload = new ConnectPayload { ["nonce"] = nonce, ["external_id"] = "ext-2", ["email"] = "two@example.com" };
        (await browser.GetAsync("/session/sso_login?" + payload.Signed("another secret"))).Expect(422);
        using var other = await _app.Anonymous().WithCsrfAsync();
        (await other.GetAsync("/session/sso_login?" + payload.Signed(Secret))).Expect(419);

        (await browser.GetAsync("/session/sso_login?" + payload.Signed(Secret))).Expect(302);
        (await browser.GetAsync("/session/sso_login?" + payload.Signed(Secret))).Expect(419);
        (await other.GetAsync("/session/current.json")).Expect(404);
    }

    [Fact]
    public async Task An_address_that_the_other_site_has_not_checked_takes_no_account_over()
    {
        await _app.AddUserAsync("owner");
        using var browser = _app.Anonymous();

        var answer = await ReturnAsync(browser, await BeginAsync(browser, "/"), payload =>
        {
            payload["external_id"] = "ext-3";
            payload["email"] = "owner@example.com";
            payload["require_activation"] = "true";
        });

        answer.Expect(422);
        (await browser.GetAsync("/session/current.json")).Expect(404);
    }

    [Fact]
    public async Task Passwords_are_refused_and_a_return_to_another_host_is_not_followed()
    {
        using var browser = await _app.Anonymous().WithCsrfAsync();
        (await browser.PostAsync("/session", ("login", "system"), ("password", "whatever it is"))).Expect(500);

        var answer = await ReturnAsync(browser, await BeginAsync(browser, "https://evil.test/"), payload => payload["external_id"] = "ext-4", "four@example.com");

        Assert.Equal("/", answer.Expect(302).Header("Location"));
    }

    [Fact]
    public async Task The_other_site_pushes_changes_without_a_browser()
    {
        using var api = await _app.ApiAsync("system");
        var payload = new ConnectPayload { ["external_id"] = "ext-5", ["email"] = "five@example.com", ["username"] = "pushed" };

        Assert.Equal("pushed", (string?)(await api.PostAsync("/admin/users/sync_sso", Form(payload, Secret))).Expect(200).Json["username"]);
        (await api.PostAsync("/admin/users/sync_sso", Form(payload, "wrong"))).Expect(422);
    }

    [Fact]
    public async Task The_forum_tells_a_client_site_who_is_signed_in_and_no_other_site()
    {
        var id = await _app.AddUserAsync("shared");
        using var browser = await _app.SignInAsync(id);
        var question = new ConnectPayload { ["nonce"] = "n-1", ["return_sso_url"] = "https://app.client.test/back?x=1" };

        var answer = (await browser.GetAsync("/session/sso_provider?" + question.Signed("provider secret"))).Expect(302).Header("Location")!;

        Assert.StartsWith("https://app.client.test/back?x=1&sso=", answer);
        var query = HttpUtility.ParseQueryString(new Uri(answer).Query);
        var told = ConnectPayload.Read(query["sso"]!, query["sig"]!, "provider secret")!;
        Assert.Equal(("n-1", "shared", "shared@example.com", id.ToString(System.Globalization.CultureInfo.InvariantCulture), "false"),
            (told["nonce"], told["username"], told["email"], told["external_id"], told["admin"]));
        (await browser.GetAsync("/session/sso_provider?" + question.Signed("guessed"))).Expect(422);
        question["return_sso_url"] = "https://evil.test/";
        (await browser.GetAsync("/session/sso_provider?" + question.Signed("provider secret"))).Expect(400);
        using var visitor = _app.Anonymous();
        question["return_sso_url"] = "https://app.client.test/back";
        question["prompt"] = "none";
        Assert.Contains("sso=", (await visitor.GetAsync("/session/sso_provider?" + question.Signed("provider secret"))).Expect(302).Header("Location"));
        question["prompt"] = null;
        Assert.Equal("/login", (await visitor.GetAsync("/session/sso_provider?" + question.Signed("provider secret"))).Expect(302).Header("Location"));
    }

    static async Task<string> BeginAsync(ForumClient browser, string back)
    {
        var location = (await browser.GetAsync("/session/sso?return_path=" + Uri.EscapeDataString(back))).Expect(302).Header("Location")!;
        Assert.StartsWith("https://site.test/login?from=forum&sso=", location);
        var query = HttpUtility.ParseQueryString(new Uri(location).Query);
        var payload = ConnectPayload.Read(query["sso"]!, query["sig"]!, Secret)!;
        Assert.Equal("http://forum.test/session/sso_login", payload["return_sso_url"]);
        return payload["nonce"]!;
    }

    static Task<Answer> ReturnAsync(ForumClient browser, string nonce, Action<ConnectPayload> fill, string email = "visitor@example.com")
    {
        var payload = new ConnectPayload { ["nonce"] = nonce, ["external_id"] = "ext-1", ["email"] = email };
        fill(payload);
        return browser.GetAsync("/session/sso_login?" + payload.Signed(Secret));
    }

    static (string, string)[] Form(ConnectPayload payload, string secret)
    {
        var query = HttpUtility.ParseQueryString(payload.Signed(secret));
        return [("sso", query["sso"]!), ("sig", query["sig"]!)];
    }
}
