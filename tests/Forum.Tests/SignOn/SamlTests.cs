using System.Security.Cryptography.Xml;
using System.Xml;
using System.Xml.Linq;

namespace Forum.Tests.SignOn;

public sealed class SamlTests(SamlTests.Fixture fixture) : IClassFixture<SamlTests.Fixture>
{
    readonly SamlProvider _provider = fixture.Provider;
    readonly ForumApp _app = fixture.App;

    public sealed class Fixture : IAsyncLifetime
    {
        internal SamlProvider Provider { get; } = new();

        internal ForumApp App { get; private set; } = null!;

        public async ValueTask InitializeAsync() => App = await ForumApp.StartAsync(new()
        {
            ["DISCOURSE_SAML_TARGET_URL"] = SamlProvider.TargetUrl,
            ["DISCOURSE_SAML_CERT_FINGERPRINT"] = Provider.Fingerprint,
            ["DISCOURSE_SAML_FULL_SCREEN_LOGIN"] = "true",
            ["DISCOURSE_SAML_GROUPS_FULLSYNC"] = "false",
            ["DISCOURSE_SAML_SYNC_GROUPS"] = "true",
            ["DISCOURSE_SAML_SYNC_GROUPS_LIST"] = "writers|readers",
        });

        public async ValueTask DisposeAsync()
        {
            await App.DisposeAsync();
            Provider.Dispose();
        }
    }

    [Fact]
    public async Task The_description_of_the_forum_names_itself_and_its_callback()
    {
        using var client = _app.Anonymous();

        var answer = (await client.GetAsync("/auth/saml/metadata")).Expect(200);

        XNamespace metadata = "urn:oasis:names:tc:SAML:2.0:metadata";
        var root = XDocument.Parse(answer.Body).Root!;
        Assert.Equal("http://forum.test", (string?)root.Attribute("entityID"));
        var service = root.Descendants(metadata + "AssertionConsumerService").Single();
        Assert.Equal("http://forum.test/auth/saml/callback", (string?)service.Attribute("Location"));
        Assert.Equal("urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST", (string?)service.Attribute("Binding"));
        Assert.Contains("email", root.Descendants(metadata + "RequestedAttribute").Select(attribute => (string?)attribute.Attribute("Name")));
    }

    [Fact]
    public async Task A_member_with_the_address_that_the_provider_names_is_signed_in_as_a_browser_does_it()
    {
        await _app.AddUserAsync("ubuntu");
        using var browser = await _app.Anonymous().WithCsrfAsync();
        (await browser.GetAsync("/u/ubuntu/preferences/account")).Expect(404);
        var request = await BeginAsync(browser);
        Assert.Equal("http://forum.test/auth/saml/callback", request.GetAttribute("AssertionConsumerServiceURL"));
        Assert.Equal("http://forum.test", request.ChildNodes.OfType<XmlElement>().First(child => child.LocalName == "Issuer").InnerText);
        // The whole answer signed, and with the old method, as many providers do.
        var answer = SamlProvider.Encode(_provider.Sign(SamlProvider.Answer("ubuntu@example.com", request.GetAttribute("ID")), assertion: true, response: true, SignedXml.XmlDsigRSASHA1Url));

        // From the provider's page the post comes without cookies; the answer to it must set none.
        using var crossSite = _app.Anonymous();
        var again = (await crossSite.PostAsync("/auth/saml/callback", ("SAMLResponse", answer))).Expect(200);
        Assert.Contains("name=\"SameSite\" value=\"1\"", again.Body);
        Assert.Null(again.Header("Set-Cookie"));
        var done = (await browser.PostAsync("/auth/saml/callback", ("SAMLResponse", answer), ("SameSite", "1"))).Expect(302);

        Assert.Equal("/", done.Header("Location"));
        Assert.Equal("ubuntu", (string?)(await browser.GetAsync("/session/current.json")).Json["current_user"]!["username"]);
        (await browser.GetAsync("/u/ubuntu/preferences/account")).Expect(200);
        Assert.Equal(1, await _app.Database.ScalarAsync<int>(
            "SELECT count(*)::int FROM user_associated_accounts a JOIN users u ON u.id = a.user_id WHERE provider_name = 'saml' AND provider_uid = 'ubuntu@example.com' AND username = 'ubuntu'", [], ForumApp.Cancellation));
    }

    [Fact]
    public async Task Someone_new_chooses_a_name_and_needs_no_password_and_no_mail()
    {
        using var browser = await _app.Anonymous().WithCsrfAsync();
        var request = await BeginAsync(browser);

        var answer = await FinishAsync(browser, _provider.Sign(SamlProvider.Answer("new.person@example.com", request.GetAttribute("ID"), attributes: ("fullName", ["New Person"]))));

        Assert.Equal("/signup", answer.Expect(302).Header("Location"));
        Assert.Contains("New Person", (await browser.GetAsync("/signup")).Expect(200).Body);
        var secrets = (await browser.GetAsync("/session/hp.json")).Json;
        var made = (await browser.PostAsync("/u.json", ("username", "newperson"), ("name", "New Person"), ("email", "attacker@example.com"),
            ("password_confirmation", (string)secrets["value"]!), ("challenge", string.Concat(((string)secrets["challenge"]!).Reverse())))).Expect(200);
        Assert.True((bool)made.Json["active"]!, made.Body);
        var current = (await browser.GetAsync("/session/current.json")).Expect(200).Json["current_user"]!;
        Assert.Equal("newperson", (string?)current["username"]);
        Assert.Equal("new.person@example.com", await _app.Database.ScalarAsync<string>(
            "SELECT email FROM user_emails m JOIN users u ON u.id = m.user_id WHERE username = 'newperson'", [], ForumApp.Cancellation));
    }

    [Fact]
    public async Task The_groups_that_are_listed_follow_the_provider_and_others_do_not()
    {
        var id = await _app.AddUserAsync("grouped");
        using var api = await _app.ApiAsync("system");
        foreach (var name in new[] { "writers", "readers", "unlisted" })
        {
            (await api.PostAsync("/admin/groups.json", ("group[name]", name))).Expect(200);
        }

        using var browser = await _app.Anonymous().WithCsrfAsync();
        var first = await BeginAsync(browser);
        (await FinishAsync(browser, _provider.Sign(SamlProvider.Answer("grouped@example.com", first.GetAttribute("ID"), attributes: ("memberOf", ["writers", "unlisted"]))))).Expect(302);
        Assert.Equal(["writers"], await GroupsAsync(id));

        var second = await BeginAsync(await browser.WithCsrfAsync());
        (await FinishAsync(browser, _provider.Sign(SamlProvider.Answer("grouped@example.com", second.GetAttribute("ID"), attributes: ("memberOf", ["readers"]))))).Expect(302);
        Assert.Equal(["readers"], await GroupsAsync(id));
    }

    [Fact]
    public async Task An_answer_is_used_once()
    {
        await _app.AddUserAsync("once");
        using var browser = await _app.Anonymous().WithCsrfAsync();
        // The provider may begin by itself; then there is no request to answer.
        var answer = _provider.Sign(SamlProvider.Answer("once@example.com", null));
        (await FinishAsync(browser, answer)).Expect(302);

        using var thief = _app.Anonymous();
        await RefusedAsync(thief, answer, "used already");
    }

    [Fact]
    public async Task An_answer_to_a_request_of_another_browser_is_refused()
    {
        await _app.AddUserAsync("lured");
        using var attacker = await _app.Anonymous().WithCsrfAsync();
        var request = await BeginAsync(attacker);
        using var victim = await _app.Anonymous().WithCsrfAsync();

        await RefusedAsync(victim, _provider.Sign(SamlProvider.Answer("lured@example.com", request.GetAttribute("ID"))), "not started in this browser");
    }

    [Fact]
    public async Task Documents_that_are_not_what_the_provider_signed_for_this_forum_now_are_refused()
    {
        await _app.AddUserAsync("victim");
        using var stranger = new SamlProvider();
        const string Address = "victim@example.com";
        var cases = new (string Reason, XmlDocument Document)[]
        {
            ("not signed", SamlProvider.Answer(Address, null)),
            ("not valid, or not by", stranger.Sign(SamlProvider.Answer(Address, null))),
            ("not valid at this time", _provider.Sign(SamlProvider.Answer(Address, null, age: TimeSpan.FromMinutes(10)))),
            ("not valid at this time", _provider.Sign(SamlProvider.Answer(Address, null, age: TimeSpan.FromMinutes(-10)))),
            ("another service", _provider.Sign(SamlProvider.Answer(Address, null, audience: "http://other.test"))),
            ("another address", _provider.Sign(SamlProvider.Answer(Address, null, host: "http://other.test", audience: "http://forum.test"), response: true)),
            ("not valid, or not by", Edited(_provider.Sign(SamlProvider.Answer("mallory@example.com", null)), "mallory@example.com", Address)),
            ("one assertion", Wrapped(_provider.Sign(SamlProvider.Answer("mallory@example.com", null)), keepFirst: true)),
            ("one assertion", Wrapped(_provider.Sign(SamlProvider.Answer("mallory@example.com", null)), keepFirst: false)),
            ("names two things alike", Wrapped(_provider.Sign(SamlProvider.Answer("mallory@example.com", null, id: "_same")), keepFirst: true, id: "_same")),
            ("for something else", MovedSignature(_provider.Sign(SamlProvider.Answer("mallory@example.com", null)))),
        };
        foreach (var (reason, document) in cases)
        {
            using var browser = _app.Anonymous();
            await RefusedAsync(browser, document, reason);
        }

        using var other = _app.Anonymous();
        foreach (var junk in new[] { "!!", Convert.ToBase64String("<a>"u8), Convert.ToBase64String("<!DOCTYPE a [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><a>&x;</a>"u8) })
        {
            Assert.Contains("cannot be read", (await other.PostAsync("/auth/saml/callback", ("SAMLResponse", junk), ("SameSite", "1"))).Expect(200).Body);
        }
    }

    [Fact]
    public async Task Clocks_may_differ_by_some_seconds_and_a_comment_does_not_shorten_an_address()
    {
        await _app.AddUserAsync("skewed");
        using var browser = _app.Anonymous();
        (await FinishAsync(browser, _provider.Sign(SamlProvider.Answer("skewed@example.com", null, age: TimeSpan.FromSeconds(-90))))).Expect(302);

        // skewed@example.com<!---->.evil.test is one address to the signature; it must be the same one to us.
        using var other = _app.Anonymous();
        var split = _provider.Sign(SamlProvider.Answer("skewed@example.com.evil.test", null));
        var text = split.OuterXml.Replace("skewed@example.com.evil.test", "skewed@example.com<!---->.evil.test", StringComparison.Ordinal);
        (await other.PostAsync("/auth/saml/callback", ("SAMLResponse", Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes(text))), ("SameSite", "1"))).Expect(302);
        (await other.GetAsync("/session/current.json")).Expect(404);
    }

    [Fact]
    public async Task Forced_login_shows_the_provider_first_and_site_json_names_it()
    {
        using var client = _app.Anonymous();

        var page = (await client.GetAsync("/login")).Expect(200);
        Assert.Contains("/form/auth/saml", page.Body);
        Assert.DoesNotContain("name=\"password\"", page.Body);
        Assert.Contains("https://idp.test", page.Header("Content-Security-Policy"));
        Assert.Contains("name=\"password\"", (await client.GetAsync("/login?local=true")).Body);
        Assert.Equal("saml", (string?)(await client.GetAsync("/site.json")).Json["auth_providers"]![0]!["name"]);
        (await client.PostAsync("/auth/saml")).Expect(403);
        (await client.GetAsync("/auth/saml")).Expect(200);
        (await client.GetAsync("/auth/oidc")).Expect(404);
    }

    static async Task<XmlElement> BeginAsync(ForumClient browser)
    {
        var page = await browser.GetAsync("/session/csrf.json");
        var answer = (await browser.PostAsync("/auth/saml", ("authenticity_token", (string)page.Json["csrf"]!))).Expect(302);
        Assert.StartsWith(SamlProvider.TargetUrl + "?SAMLRequest=", answer.Header("Location"));
        return SamlProvider.ReadRequest(answer.Header("Location")!);
    }

    static Task<Answer> FinishAsync(ForumClient browser, XmlDocument answer) =>
        browser.PostAsync("/auth/saml/callback", ("SAMLResponse", SamlProvider.Encode(answer)), ("SameSite", "1"));

    static async Task RefusedAsync(ForumClient browser, XmlDocument document, string reason)
    {
        var answer = await FinishAsync(browser, document);
        Assert.True(answer.Status == 200 && answer.Body.Contains(reason, StringComparison.Ordinal), $"expected a refusal with \"{reason}\": {answer.Status} {answer.Body}");
        (await browser.GetAsync("/session/current.json")).Expect(404);
    }

    async Task<List<string>> GroupsAsync(int id) => await _app.Database.ListAsync(
        "SELECT g.name FROM group_users gu JOIN groups g ON g.id = gu.group_id WHERE gu.user_id = $1 AND NOT g.automatic ORDER BY g.name", row => row.GetString(0), [id], ForumApp.Cancellation);

    static XmlDocument Edited(XmlDocument document, string before, string after)
    {
        var edited = new XmlDocument { PreserveWhitespace = true };
        edited.LoadXml(document.OuterXml.Replace(before, after, StringComparison.Ordinal));
        return edited;
    }

    /// <summary>A second, forged assertion beside the signed one.</summary>
    static XmlDocument Wrapped(XmlDocument signed, bool keepFirst, string id = "_forged")
    {
        var real = (XmlElement)signed.GetElementsByTagName("Assertion", "urn:oasis:names:tc:SAML:2.0:assertion")[0]!;
        var forged = (XmlElement)real.CloneNode(deep: true);
        forged.RemoveChild(forged.ChildNodes.OfType<XmlElement>().First(child => child.LocalName == "Signature"));
        forged.SetAttribute("ID", id);
        forged.InnerXml = forged.InnerXml.Replace("mallory@example.com", "victim@example.com", StringComparison.Ordinal);
        if (keepFirst)
        {
            real.ParentNode!.InsertBefore(forged, real);
        }
        else
        {
            // The real one hidden inside the forged one's signature.
            var hiding = signed.CreateElement("Extensions", "urn:oasis:names:tc:SAML:2.0:protocol");
            real.ParentNode!.ReplaceChild(forged, real);
            hiding.AppendChild(real);
            signed.DocumentElement!.AppendChild(hiding);
        }

        return signed;
    }

    /// <summary>The assertion's signature shown as the response's.</summary>
    static XmlDocument MovedSignature(XmlDocument signed)
    {
        var assertion = (XmlElement)signed.GetElementsByTagName("Assertion", "urn:oasis:names:tc:SAML:2.0:assertion")[0]!;
        var signature = assertion.ChildNodes.OfType<XmlElement>().First(child => child.LocalName == "Signature");
        assertion.RemoveChild(signature);
        assertion.InnerXml = assertion.InnerXml.Replace("mallory@example.com", "victim@example.com", StringComparison.Ordinal);
        signed.DocumentElement!.InsertAfter(signature, signed.DocumentElement.ChildNodes.OfType<XmlElement>().First());
        return signed;
    }
}
