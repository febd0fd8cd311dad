using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using System.Web;

namespace Forum.Tests.ApiKeys;

public sealed class UserApiKeyTests(ForumApp app) : IClassFixture<ForumApp>
{
    const string Redirect = "discourse://auth_redirect";

    [Fact]
    public async Task An_application_gets_a_key_that_only_it_can_read_and_that_does_what_the_member_agreed_to()
    {
        using var rsa = RSA.Create(2048);
        using var browser = await app.SignInAsync(await app.AddUserAsync("owner"));
        Assert.Equal("4", (await browser.SendAsync(HttpMethod.Head, "/user-api-key/new", null)).Header("Auth-Api-Version"));
        var query = string.Join('&', Fields(rsa, "read").Select(field => $"{field.Item1}={Uri.EscapeDataString(field.Item2)}"));
        browser.Headers.Accept.ParseAdd("text/html");
        var page = (await browser.GetAsync("/user-api-key/new?" + query)).Expect(200);
        Assert.Contains("An &lt;app&gt;", page.Body);
        Assert.Contains("form-action 'self' discourse:", page.Header("Content-Security-Policy"));

        var location = (await browser.PostAsync("/user-api-key", Fields(rsa, "read"))).Expect(302).Header("Location")!;

        // The client's own reading of the address puts a slash after the host.
        Assert.StartsWith(Redirect + "/?payload=", location);
        var payload = JsonNode.Parse(rsa.Decrypt(Convert.FromBase64String(HttpUtility.UrlDecode(location.Split("payload=")[1])), RSAEncryptionPadding.Pkcs1))!;
        Assert.Equal("nonce-1", (string?)payload["nonce"]);
        using var client = app.Anonymous();
        client.Headers.Add("User-Api-Key", (string)payload["key"]!);
        Assert.Equal("owner", (string?)(await client.GetAsync("/session/current.json")).Expect(200).Json["current_user"]!["username"]);
        (await client.PostAsync("/posts.json", ("title", "A topic by an application"), ("raw", "This application may only read."))).Expect(403);
        (await client.PostAsync("/user-api-key/revoke")).Expect(200);
        (await client.GetAsync("/session/current.json")).Expect(403);
    }

    [Fact]
    public async Task What_is_not_allowed_is_refused()
    {
        using var rsa = RSA.Create(2048);
        using var browser = await app.SignInAsync(await app.AddUserAsync("careful"));

        (await browser.PostAsync("/user-api-key", [.. Fields(rsa, "read"), ("auth_redirect", "https://evil.test/\r\nX: y")])).Expect(403);
        (await browser.PostAsync("/user-api-key", Fields(rsa, "everything"))).Expect(403);
        (await browser.PostAsync("/user-api-key", [.. Fields(rsa, "read"), ("public_key", "no key")])).Expect(400);
        Assert.Equal("/login", (await app.Anonymous().GetAsync("/user-api-key/new?" + string.Join('&', Fields(rsa, "read").Select(field => $"{field.Item1}={Uri.EscapeDataString(field.Item2)}")))).Expect(302).Header("Location"));
    }

    [Fact]
    public async Task An_application_opens_a_browser_that_is_signed_in_once()
    {
        using var rsa = RSA.Create(2048);
        using var browser = await app.SignInAsync(await app.AddUserAsync("mobile"));
        var location = (await browser.PostAsync("/user-api-key/otp", ("application_name", "app"), ("public_key", rsa.ExportSubjectPublicKeyInfoPem()), ("auth_redirect", Redirect), ("padding", "oaep"))).Expect(302).Header("Location")!;
        var word = Encoding.ASCII.GetString(rsa.Decrypt(Convert.FromBase64String(HttpUtility.UrlDecode(location.Split("oneTimePassword=")[1])), RSAEncryptionPadding.OaepSHA1));
        using var other = await app.Anonymous().WithCsrfAsync();

        (await other.GetAsync("/session/otp/" + word)).Expect(200);
        (await other.PostAsync("/session/otp/" + word)).Expect(302);

        Assert.Equal("mobile", (string?)(await other.GetAsync("/session/current.json")).Expect(200).Json["current_user"]!["username"]);
        using var late = await app.Anonymous().WithCsrfAsync();
        (await late.PostAsync("/session/otp/" + word)).Expect(404);
    }

    static (string, string)[] Fields(RSA rsa, string scopes) =>
    [
        ("application_name", "An <app>"), ("client_id", "client-" + scopes), ("scopes", scopes), ("public_key", rsa.ExportSubjectPublicKeyInfoPem()), ("nonce", "nonce-1"), ("auth_redirect", Redirect),
    ];
}
