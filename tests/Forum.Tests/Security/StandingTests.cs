using System.Globalization;
using System.Text.Json.Nodes;
using Forum.Web;

namespace Forum.Tests.Security;

/// <summary>What members may do who are suspended, silenced, not activated, not approved or staged, and what a closed or read-only site lets anyone do.</summary>
public sealed class StandingTests
{
    static CancellationToken Cancellation => ForumApp.Cancellation;

    static async Task<string?> SignInAsync(ForumApp app, string login)
    {
        using var browser = await app.Anonymous().WithCsrfAsync();
        var answer = (await browser.PostAsync("/session.json", ("login", login), ("password", ForumApp.Password))).Expect(200).Json;
        Assert.Equal(answer["error"] is null, (await browser.GetAsync("/session/current.json")).Status == 200);
        return answer["error"] is null ? "in" : (string?)answer["reason"] ?? "wrong";
    }

    [Fact]
    public async Task Only_who_is_in_good_standing_signs_in_and_lends_their_name_to_a_key()
    {
        await using var app = await ForumApp.StartAsync(new() { ["DISCOURSE_MUST_APPROVE_USERS"] = "true", ["DISCOURSE_MAX_LOGINS_PER_IP_PER_MINUTE"] = "1000", ["DISCOURSE_MAX_LOGINS_PER_IP_PER_HOUR"] = "1000" });
        foreach (var (name, isApproved, isActive, isStaged, suspendedDays, silencedDays, outcome, key) in ((string, bool, bool, bool, int, int, string, int)[])
        [
            ("good", true, true, false, 0, 0, "in", 200),
            ("waiting", false, true, false, 0, 0, "not_approved", 200),
            ("gone", true, true, false, 1, 0, "suspended", 403),
            ("back", true, true, false, -1, 0, "in", 200),
            ("quiet", true, true, false, 0, 1, "in", 200),
            ("asleep", true, false, false, 0, 0, "not_activated", 403),
            ("guest", true, true, true, 0, 0, "wrong", 200),
        ])
        {
            var id = await app.AddUserAsync(name);
            await app.Database.ExecuteAsync("""
                UPDATE users
                SET approved = $2, active = $3, staged = $4, suspended_till = now() + make_interval(days => nullif($5, 0)), silenced_till = now() + make_interval(days => nullif($6, 0))
                WHERE id = $1
                """, [id, isApproved, isActive, isStaged, suspendedDays, silencedDays], Cancellation);

            Assert.Equal((name, outcome), (name, await SignInAsync(app, name)));
            using var api = await app.ApiAsync(name);
            Assert.Equal((name, key), (name, (await api.GetAsync("/session/current.json")).Status));
        }
    }

    [Fact]
    public async Task A_silenced_member_reads_and_bookmarks_and_does_nothing_that_others_see()
    {
        await using var app = await ForumApp.StartAsync();
        await app.AddUserAsync("speaker", trustLevel: 2);
        var id = await app.AddUserAsync("silent", trustLevel: 2);
        using var speaker = await app.ApiAsync("speaker");
        using var silent = await app.SignInAsync(id);
        var topic = await speaker.TopicAsync("A topic that the silenced one reads", raw: "Choose:\n\n[poll]\n* Red\n* Blue\n[/poll]");
        using var before = await app.ApiAsync("silent");
        var own = await before.ReplyAsync(topic.TopicId(), "What they said while they still could.");
        await app.Database.ExecuteAsync("UPDATE users SET silenced_till = now() + interval '1 day' WHERE id = $1", [id], Cancellation);
        var (post, ownPost) = (topic.Id().ToString(CultureInfo.InvariantCulture), own.Id());

        foreach (var (what, answer) in new Dictionary<string, Answer>
        {
            ["reply"] = await silent.PostAsync("/posts.json", ("topic_id", $"{topic.TopicId()}"), ("raw", "Something that nobody should see.")),
            ["topic"] = await silent.PostAsync("/posts.json", ("title", "A title that nobody should see"), ("raw", "Something that nobody should see."), ("category", "4")),
            ["message"] = await silent.PostAsync("/posts.json", ("title", "A title that nobody should see"), ("raw", "Something that nobody should see."), ("archetype", "private_message"), ("target_recipients", "speaker")),
            ["edit"] = await silent.PutAsync($"/posts/{ownPost}.json", ("post[raw]", "Something else that nobody sees.")),
            ["delete"] = await silent.DeleteAsync($"/posts/{ownPost}.json"),
            ["like"] = await silent.PostAsync("/post_actions.json", ("id", post), ("post_action_type_id", "2")),
            ["flag"] = await silent.PostAsync("/post_actions.json", ("id", post), ("post_action_type_id", "3")),
            ["vote"] = await silent.PutAsync("/polls/vote.json", ("post_id", post), ("poll_name", "poll"), ("options[]", "x")),
        })
            Assert.True(answer.Status is 403 or 422, $"{what}: {answer.Status} {answer.Body}");

        (await silent.GetAsync($"/t/{topic.TopicId()}.json")).Expect(200);
        (await silent.PostAsync("/bookmarks.json", ("bookmarkable_id", post), ("bookmarkable_type", "Post"))).Expect(200);
    }

    [Fact]
    public async Task A_silenced_leader_leads_no_more()
    {
        await using var app = await ForumApp.StartAsync();
        await app.AddUserAsync("writer", trustLevel: 2);
        var id = await app.AddUserAsync("leader", trustLevel: 4);
        using var writer = await app.ApiAsync("writer");
        using var leader = await app.SignInAsync(id);
        var topic = await writer.TopicAsync("A topic that a leader looks after");
        var reply = await writer.ReplyAsync(topic.TopicId(), "A reply that a leader looks after.");
        (await leader.PutAsync($"/t/{topic.TopicId()}/status.json", ("status", "pinned"), ("enabled", "true"))).Expect(200);
        await app.Database.ExecuteAsync("UPDATE users SET silenced_till = now() + interval '1 day' WHERE id = $1", [id], Cancellation);

        foreach (var (what, answer) in new Dictionary<string, Answer>
        {
            ["close"] = await leader.PutAsync($"/t/{topic.TopicId()}/status.json", ("status", "closed"), ("enabled", "true")),
            ["edit"] = await leader.PutAsync($"/posts/{reply.Id()}.json", ("post[raw]", "Something else that nobody sees.")),
            ["wiki"] = await leader.PutAsync($"/posts/{reply.Id()}/wiki.json", ("wiki", "true")),
            ["delete"] = await leader.DeleteAsync($"/posts/{reply.Id()}.json"),
            ["delete topic"] = await leader.DeleteAsync($"/t/{topic.TopicId()}.json"),
            ["rename"] = await leader.PutAsync($"/t/-/{topic.TopicId()}.json", ("title", "Another title that nobody should see")),
        })
            Assert.True(answer.Status is 403 or 422, $"{what}: {answer.Status} {answer.Body}");
    }

    [Fact]
    public async Task A_site_for_members_shows_visitors_nothing()
    {
        await using var app = await ForumApp.StartAsync(new() { ["DISCOURSE_LOGIN_REQUIRED"] = "true", ["DISCOURSE_MAX_REQS_PER_IP_MODE"] = "none" });
        await app.AddUserAsync("insider", trustLevel: 3);
        using var insider = await app.ApiAsync("insider");
        var topic = await insider.TopicAsync("Xylophones are what members talk of", raw: "The xylophones are in the cellar.", tags: ["xylophone"]);
        using var visitor = app.Anonymous();
        var shown = new List<string>();

        foreach (var route in Routes.Of(app).Where(route => route.Method == "GET" && !route.Pattern.RawText!.StartsWith("/auth/", StringComparison.Ordinal)))
        {
            foreach (var path in new[] { route.Path("insider", topic.TopicId().ToString(CultureInfo.InvariantCulture)), route.Path("xylophone", topic.Id().ToString(CultureInfo.InvariantCulture)) })
            {
                foreach (var suffix in new[] { "", ".json" })
                {
                    var answer = await visitor.GetAsync($"{path}{suffix}?q=xylophones&term=xylophones");
                    var isOpen = route.Endpoint.Metadata.GetMetadata<OpenToVisitors>() is not null;
                    if ((answer.Status == 200 && !isOpen) || answer.Body.Replace("q=xylophones&amp;term=xylophones", "", StringComparison.Ordinal).Contains("xylophones are", StringComparison.OrdinalIgnoreCase))
                        shown.Add($"{path}{suffix}: {answer.Status}");
                }
            }
        }

        Assert.True(shown.Count == 0, string.Join('\n', shown));
        Assert.Equal("/login", (await visitor.GetAsync("/latest")).Expect(302).Header("Location"));
        Assert.Equal("not_logged_in", (string?)(await visitor.GetAsync("/latest.json")).Expect(403).Json["error_type"]);
        (await visitor.GetAsync("/srv/status")).Expect(200);
    }

    [Fact]
    public async Task A_read_only_site_is_read_and_refuses_every_change_until_an_admin_ends_it()
    {
        await using var app = await ForumApp.StartAsync();
        await app.AddUserAsync("chief", admin: true);
        using var chief = await app.ApiAsync("chief");
        (await chief.PutAsync("/admin/backups/readonly.json", ("enable", "true"))).Expect(200);

        var open = new List<string>();
        foreach (var route in Routes.Of(app).Where(route => route.IsUnsafe && !route.Pattern.RawText!.StartsWith("/message-bus", StringComparison.Ordinal) && !route.Pattern.RawText.StartsWith("/admin/backups", StringComparison.Ordinal)))
        {
            var answer = await chief.SendAsync(new HttpMethod(route.Method), route.Path("chief", "1") + ".json", null);
            if (answer.Status != 503 || (string?)answer.Json["error_type"] != "read_only")
                open.Add($"{route}: {answer.Status}");
        }

        Assert.True(open.Count == 0, string.Join('\n', open));
        Assert.Equal("true", (await chief.GetAsync("/latest.json")).Expect(200).Header("Discourse-Readonly"));
        Assert.Equal(44, await app.Database.ScalarAsync<int>("SELECT action FROM user_histories ORDER BY id DESC LIMIT 1", [], Cancellation));
        (await chief.PutAsync("/admin/backups/readonly.json", ("enable", "false"))).Expect(200);
        Assert.Null((await chief.GetAsync("/latest.json")).Header("Discourse-Readonly"));
        await chief.TopicAsync("A topic written after all of this");
    }

    [Theory]
    [InlineData("DISCOURSE_INVITE_ONLY", "true")]
    [InlineData("DISCOURSE_ALLOW_NEW_REGISTRATIONS", "false")]
    public async Task Who_is_not_invited_makes_no_account(string setting, string value)
    {
        await using var app = await ForumApp.StartAsync(new() { [setting] = value });
        using var browser = await app.Anonymous().WithCsrfAsync();
        var honeypot = (await browser.GetAsync("/session/hp.json")).Json;

        var answer = await browser.PostAsync("/u.json", ("username", "intruder"), ("email", "intruder@example.com"), ("password", "a long password 1"),
            ("password_confirmation", (string)honeypot["value"]!), ("challenge", new string([.. ((string)honeypot["challenge"]!).Reverse()])));

        answer.Expect(403);
        Assert.Equal(0, await app.Database.ScalarAsync<long>("SELECT count(*) FROM users WHERE username_lower = 'intruder'", [], Cancellation));
    }

    [Fact]
    public async Task A_mailed_link_works_once_however_many_follow_it()
    {
        await using var app = await ForumApp.StartAsync();
        await app.KeepMailAsync();
        await app.AddUserAsync("forgetful");
        using var browser = await app.Anonymous().WithCsrfAsync();
        (await browser.PostAsync("/session/forgot_password.json", ("login", "forgetful"))).Expect(200);
        var token = await app.MailedTokenAsync("forgetful@example.com");
        Assert.Equal(0, await app.Database.ScalarAsync<long>("SELECT count(*) FROM email_tokens WHERE token_hash = $1", [token], Cancellation));

        // As many as the limit of attempts lets through, with the ones that lose and are done again.
        var answers = await Task.WhenAll(Enumerable.Range(0, 3).Select(async at =>
        {
            using var one = await app.Anonymous().WithCsrfAsync();
            return await one.PutAsync($"/u/password-reset/{token}.json", ("password", $"another long password {at}"));
        }));

        Assert.Single(answers, answer => (bool)answer.Expect(200).Json["success"]!);
    }

    [Fact]
    public async Task A_key_with_a_scope_calls_what_the_scope_names_and_nothing_else()
    {
        await using var app = await ForumApp.StartAsync();
        await app.AddUserAsync("keeper", admin: true);
        using var keeper = await app.ApiAsync("keeper");
        var routes = Routes.Of(app).Where(route => route.Method is not ("HEAD" or "OPTIONS") && !route.Pattern.RawText!.StartsWith("/message-bus", StringComparison.Ordinal)).ToArray();
        var wrong = new List<string>();
        var number = 0;
        foreach (var (resource, actions) in Forum.ApiKeys.ApiKeyScopes.All)
        {
            foreach (var (action, endpoints) in actions.Where(pair => pair.Value.Length > 0))
            {
                var made = (await keeper.PostJsonAsync("/admin/api/keys.json", new JsonObject
                {
                    ["key"] = new JsonObject { ["description"] = $"{resource} {action}", ["username"] = "keeper", ["scopes"] = new JsonArray(new JsonObject { ["scope_id"] = $"{resource}:{action}" }) },
                })).Expect(200).Json;
                using var client = app.Anonymous().WithApiKey((string)made["key"]!["key"]!, "keeper");
                var other = routes[(number += 7) % routes.Length];
                foreach (var route in routes.Where(route => endpoints.Contains(Name(route))).Append(other))
                {
                    // A thing that is not there: what is allowed answers so, what is not allowed is refused before.
                    var answer = await client.SendAsync(new HttpMethod(route.Method), route.Path("no-such-thing", "987654") + ".json", null);
                    var isRefused = answer.Status == 403 && answer.Body.Contains("The API username or key is invalid", StringComparison.Ordinal);
                    if (isRefused == endpoints.Contains(Name(route)))
                        wrong.Add($"{resource}:{action} {route}: {answer.Status}");
                }
            }
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    static string Name(Route route) => route.Endpoint.Metadata.GetMetadata<RouteAction>()!.ToString();
}
