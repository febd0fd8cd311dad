namespace Forum.Tests.Security;

/// <summary>No page elsewhere can make a member's browser change anything: every unsafe route wants the session's token.</summary>
public sealed class ForgeryTests(ForumApp app) : IClassFixture<ForumApp>
{
    /// <summary>They prove who calls by what is signed in the request or by a secret of the address, or change nothing.</summary>
    static readonly string[] WithoutToken = ["POST /message-bus/{clientId}/poll", "POST /session/sso_login", "POST /auth/saml/callback", "POST /email/unsubscribe/{key}"];

    [Fact]
    public async Task Every_unsafe_route_refuses_a_member_without_the_token()
    {
        var routes = Routes.Of(app).Where(route => route.IsUnsafe).ToArray();
        using var admin = await app.SignInAsync(await app.AddUserAsync("boss", admin: true));
        admin.Headers.Remove("X-CSRF-Token");

        var open = new List<string>();
        foreach (var route in routes.Where(route => route.HasCsrf))
        {
            foreach (var path in new[] { route.Path("boss", "1"), route.Path("boss", "1") + ".json" })
            {
                var without = await admin.SendAsync(new HttpMethod(route.Method), path, null);
                var wrong = await admin.SendAsync(new HttpMethod(route.Method), path, new FormUrlEncodedContent([new("authenticity_token", "c29tZXRoaW5nIGVsc2U=")]));
                if ((without.Status, without.Body) != (403, "[\"BAD CSRF\"]") || (wrong.Status, wrong.Body) != (403, "[\"BAD CSRF\"]"))
                {
                    open.Add($"{route}: {without.Status} {without.Body}, {wrong.Status} {wrong.Body}");
                }
            }
        }

        Assert.True(routes.Length > 100, $"only {routes.Length} unsafe routes were found");
        Assert.Empty(open);
        Assert.Equal(WithoutToken.Order(), routes.Where(route => !route.HasCsrf).Select(route => route.ToString()).Distinct().Order());
    }

    [Fact]
    public async Task A_token_of_another_session_is_refused()
    {
        using var ann = await app.SignInAsync(await app.AddUserAsync("ann"));
        using var eve = await app.SignInAsync(await app.AddUserAsync("eve"));
        var stolen = (string)(await eve.GetAsync("/session/csrf.json")).Json["csrf"]!;
        ann.Headers.Remove("X-CSRF-Token");
        ann.Headers.Add("X-CSRF-Token", stolen);

        Assert.Equal("[\"BAD CSRF\"]", (await ann.PostAsync("/drafts.json", ("draft_key", "new_topic"), ("data", "{}"), ("sequence", "0"))).Body);
    }

    [Fact]
    public async Task A_method_in_a_form_field_needs_the_token_too()
    {
        using var ann = await app.SignInAsync(await app.AddUserAsync("amy"));
        ann.Headers.Remove("X-CSRF-Token");

        var answer = await ann.PostAsync("/form/posts/1", ("_method", "delete"));

        Assert.Equal(403, answer.Status);
    }
}
