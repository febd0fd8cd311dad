using System.Net.Http.Headers;
using System.Text;

namespace Forum.Tests.Security;

/// <summary>Names of hosts, redirects, sessions and files that others choose.</summary>
public sealed class AddressTests(ForumApp app) : IClassFixture<ForumApp>
{
    [Theory]
    [InlineData("evil.example")]
    [InlineData("evil.example:80")]
    [InlineData("forum.test.evil.example")]
    public async Task The_host_of_a_request_is_in_no_answer(string host)
    {
        using var client = app.Anonymous();
        client.Headers.Add("Cookie", "_bypass_cache=1");
        client.Headers.TryAddWithoutValidation("Host", host);
        client.Headers.Add("X-Forwarded-Host", host);
        foreach (var path in new[] { "/latest", "/latest.json", "/latest.rss", "/t/5", "/t/5.json", "/sitemap.xml", "/robots.txt", "/opensearch.xml", "/about.json", "/login", "/site.json", "/categories" })
        {
            var answer = await client.GetAsync(path);

            Assert.True(answer.Status is 200 or 301 or 302, $"{path}: {answer.Status}");
            Assert.DoesNotContain("evil.example", answer.Body, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain("evil.example", answer.Header("Location") ?? "", StringComparison.OrdinalIgnoreCase);
        }
    }

    [Fact]
    public async Task A_mailed_link_leads_to_the_forum_whatever_host_was_asked()
    {
        await app.KeepMailAsync();
        await app.AddUserAsync("poisoned");
        using var client = await app.Anonymous().WithCsrfAsync();
        client.Headers.Host = "evil.example";

        (await client.PostAsync("/session/forgot_password.json", ("login", "poisoned"))).Expect(200);

        var mail = await app.Database.ScalarAsync<string>("SELECT body FROM kept_mail WHERE recipient = 'poisoned@example.com' ORDER BY id DESC LIMIT 1", [], ForumApp.Cancellation);
        Assert.Contains("http://forum.test/", mail, StringComparison.Ordinal);
        Assert.DoesNotContain("evil", mail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("//evil.example")]
    [InlineData("https://evil.example")]
    [InlineData("/\\evil.example")]
    [InlineData("/\t/evil.example")]
    [InlineData("/\r\nLocation: https://evil.example")]
    [InlineData("javascript:alert(1)")]
    public async Task A_form_leads_nowhere_else(string target)
    {
        using var client = await app.Anonymous().WithCsrfAsync();
        var name = "u" + Convert.ToHexStringLower(Encoding.UTF8.GetBytes(target))[..12];
        await app.AddUserAsync(name);
        var token = (string)(await client.GetAsync("/session/csrf.json")).Json["csrf"]!;

        var answer = await client.PostAsync("/form/session", ("_method", "post"), ("_return", target), ("authenticity_token", token), ("login", name), ("password", ForumApp.Password));

        Assert.Equal(303, answer.Status);
        Assert.Equal("/", answer.Header("Location"));
    }

    [Fact]
    public async Task Signing_in_makes_a_new_token_that_only_its_hash_is_kept_of()
    {
        // An address may sign in few times a minute; the other tests have.
        await using var own = await ForumApp.StartAsync();
        await own.AddUserAsync("fixed");
        using var client = own.Anonymous();
        client.Cookies.Add(own.Address, new System.Net.Cookie("_t", new string('a', 32)));
        await client.WithCsrfAsync();

        (await client.PostAsync("/session.json", ("login", "fixed"), ("password", ForumApp.Password))).Expect(200);

        var token = client.Cookies.GetCookies(own.Address)["_t"]!;
        Assert.NotEqual(new string('a', 32), token.Value);
        Assert.True(token.HttpOnly);
        var stored = await own.Database.ListAsync("SELECT auth_token FROM user_auth_tokens UNION ALL SELECT auth_token FROM user_auth_token_logs", row => row.GetString(0), [], ForumApp.Cancellation);
        Assert.NotEmpty(stored);
        Assert.DoesNotContain(token.Value, stored);
    }

    [Theory]
    [InlineData("page.html", "<script>alert(1)</script>")]
    [InlineData("picture.svg", "<svg xmlns=\"http://www.w3.org/2000/svg\" onload=\"alert(1)\"><script>alert(1)</script><a href=\"javascript:alert(1)\"><text>x</text></a><foreignObject><body onload=\"alert(1)\"/></foreignObject></svg>")]
    [InlineData("text.txt", "<html><script>alert(1)</script>")]
    [InlineData("picture.png", "<script>alert(1)</script>")]
    public async Task An_uploaded_file_runs_nothing(string name, string content)
    {
        using var admin = await app.ApiAsync("system");
        await admin.PutAsync("/admin/site_settings/authorized_extensions.json", ("authorized_extensions", "html|svg|txt|png"));
        using var form = new MultipartFormDataContent { { new StringContent("composer"), "type" } };
        var file = new ByteArrayContent(Encoding.UTF8.GetBytes(content));
        file.Headers.ContentDisposition = new ContentDispositionHeaderValue("form-data") { Name = "file", FileName = name };
        form.Add(file);

        var upload = await admin.SendAsync(HttpMethod.Post, "/uploads.json", form);
        if (upload.Status == 422)
        {
            // Refused is as good.
            return;
        }

        using var visitor = app.Anonymous();
        var url = (string)upload.Expect(200).Json["url"]!;
        var shown = (await visitor.GetAsync(new Uri(app.Address, url).PathAndQuery)).Expect(200);
        Assert.Equal("nosniff", shown.Header("X-Content-Type-Options"));
        Assert.Contains("sandbox", shown.Header("Content-Security-Policy"), StringComparison.Ordinal);
        Assert.True(shown.Header("Content-Disposition")?.StartsWith("attachment", StringComparison.Ordinal) == true || shown.Header("Content-Type")!.StartsWith("image/", StringComparison.Ordinal), "it is shown as a page");
        if (name.EndsWith(".svg", StringComparison.Ordinal))
        {
            Assert.DoesNotContain("alert", shown.Body, StringComparison.Ordinal);
        }
    }
}
