using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;

namespace Forum.Tests.OpenApi;

/// <summary>The published operations about members and groups, called with an admin's key.</summary>
public sealed class AccountOperationsTests(ForumApp app) : IClassFixture<ForumApp>
{
    [Fact]
    public async Task Operations_about_members_answer_as_published()
    {
        using var api = await app.ApiAsync("system");
        var id = await app.AddUserAsync("subject");
        await app.Database.ExecuteAsync("UPDATE user_options SET timezone = 'Europe/Paris' WHERE user_id = $1", [id], ForumApp.Cancellation);
        var topic = (int)(await api.PostJsonAsync("/posts.json", new JsonObject { ["title"] = "A topic for a profile", ["raw"] = "The member shows it to visitors.", ["category"] = 4 })).Expect(200).Json["topic_id"]!;
        await app.Database.ExecuteAsync("UPDATE user_profiles SET featured_topic_id = $2 WHERE user_id = $1", [id, topic], ForumApp.Cancellation);
        await app.Database.ExecuteAsync("INSERT INTO single_sign_on_records (user_id, external_id, last_payload, created_at, updated_at) VALUES ($1, 'ext1', '', now(), now())", [id], ForumApp.Cancellation);
        await app.Database.ExecuteAsync("INSERT INTO user_associated_accounts (provider_name, provider_uid, user_id, created_at, updated_at) VALUES ('oidc', 'uid1', $1, now(), now())", [id], ForumApp.Cancellation);
        List<string> problems = [];

        Check("get", "/u/{username}.json", await api.GetAsync("/u/subject.json"));
        Check("get", "/u/by-external/{external_id}.json", await api.GetAsync("/u/by-external/ext1.json"));
        Check("get", "/u/by-external/{provider}/{external_id}.json", await api.GetAsync("/u/by-external/oidc/uid1.json"));
        Check("put", "/u/{username}.json", await api.PutJsonAsync("/u/subject.json", new JsonObject { ["name"] = "A Subject", ["external_ids"] = new JsonObject() }));
        Check("get", "/u/{username}/emails.json", await api.GetAsync("/u/subject/emails.json"));
        Check("put", "/u/{username}/preferences/avatar/pick.json", await api.PutJsonAsync("/u/subject/preferences/avatar/pick.json", new JsonObject { ["type"] = "system" }));
        Check("put", "/u/{username}/preferences/email.json", await api.PutJsonAsync("/u/subject/preferences/email.json", new JsonObject { ["email"] = "subject2@example.com" }));
        Check("post", "/user_avatar/{username}/refresh_gravatar.json", await api.PostAsync("/user_avatar/subject/refresh_gravatar.json"));
        Check("get", "/admin/users/{id}.json", await api.GetAsync($"/admin/users/{id}.json"));
        Check("get", "/admin/users.json", await api.GetAsync("/admin/users.json"));
        Check("get", "/admin/users/list/{flag}.json", await api.GetAsync("/admin/users/list/active.json"));
        Check("put", "/admin/users/{id}/deactivate.json", await api.PutAsync($"/admin/users/{id}/deactivate.json"));
        Check("put", "/admin/users/{id}/activate.json", await api.PutAsync($"/admin/users/{id}/activate.json"));
        Check("put", "/admin/users/{id}/suspend.json", await api.PutJsonAsync($"/admin/users/{id}/suspend.json", new JsonObject { ["suspend_until"] = "2121-02-22", ["reason"] = "spam" }));
        Check("put", "/admin/users/{id}/silence.json", await api.PutJsonAsync($"/admin/users/{id}/silence.json", new JsonObject { ["silenced_till"] = "2121-02-22", ["reason"] = "spam" }));
        Check("post", "/admin/users/{id}/log_out.json", await api.PostAsync($"/admin/users/{id}/log_out.json"));
        Check("put", "/u/{username}/preferences/username.json", await api.PutJsonAsync("/u/subject/preferences/username.json", new JsonObject { ["new_username"] = "renamed1" }));
        Check("put", "/admin/users/{id}/anonymize.json", await api.PutAsync($"/admin/users/{id}/anonymize.json"));
        Check("delete", "/admin/users/{id}.json", await api.DeleteAsync($"/admin/users/{id}.json"));
        await app.Services.GetServices<Forum.Jobs.IScheduledJob>().First(job => job.Name == "directory_refresh_daily").RunAsync(ForumApp.Cancellation);
        Check("get", "/directory_items.json", await api.GetAsync("/directory_items.json?period=daily&order=likes_received"));
        Check("post", "/session/forgot_password.json", await api.PostAsync("/session/forgot_password.json", ("login", "system")));

        Assert.Empty(problems);

        void Check(string method, string path, Answer answer) =>
            problems.AddRange(Contract.Problems(method, path, answer).Select(problem => $"{method} {path}: {problem}"));
    }

    [Fact]
    public async Task Operations_about_groups_answer_as_published()
    {
        using var api = await app.ApiAsync("system");
        var id = await app.AddUserAsync("joiner");
        await app.Database.ExecuteAsync("UPDATE user_options SET timezone = 'UTC' WHERE user_id = $1", [id], ForumApp.Cancellation);
        await app.Database.ExecuteAsync("UPDATE users SET last_posted_at = now(), last_seen_at = now() WHERE id = $1", [id], ForumApp.Cancellation);
        List<string> problems = [];

        var made = await api.PostJsonAsync("/admin/groups.json", new JsonObject { ["group"] = new JsonObject { ["name"] = "testers", ["full_name"] = "Those who test" } });
        Check("post", "/admin/groups.json", made);
        var group = (int)made.Json["basic_group"]!["id"]!;
        Check("put", "/groups/{id}/members.json", await api.PutJsonAsync($"/groups/{group}/members.json", new JsonObject { ["usernames"] = "joiner" }));
        Check("get", "/groups/{name}/members.json", await api.GetAsync("/groups/testers/members.json"));
        Check("get", "/groups/{name}.json", await api.GetAsync("/groups/testers.json"));
        Check("get", "/groups/by-id/{id}.json", await api.GetAsync($"/groups/by-id/{group}.json"));
        Check("get", "/groups.json", await api.GetAsync("/groups.json"));
        Check("put", "/groups/{id}.json", await api.PutJsonAsync($"/groups/{group}.json", new JsonObject { ["group"] = new JsonObject { ["bio_raw"] = "We test" } }));
        Check("delete", "/groups/{id}/members.json", await api.DeleteAsync($"/groups/{group}/members.json", ("usernames", "joiner")));
        Check("delete", "/admin/groups/{id}.json", await api.DeleteAsync($"/admin/groups/{group}.json"));

        Assert.Empty(problems);

        void Check(string method, string path, Answer answer) => problems.AddRange(Contract.Problems(method, path, answer).Select(problem => $"{method} {path}: {problem}"));
    }

    [Fact]
    public async Task An_admin_makes_a_key_that_works_and_a_member_is_told_that_there_is_no_such_page()
    {
        var admin = await app.AddUserAsync("keymaker", admin: true);
        using var browser = await app.SignInAsync(admin);

        var key = (string)(await browser.PostJsonAsync("/admin/api/keys", new JsonObject { ["key"] = new JsonObject { ["description"] = "test", ["username"] = null } }))
            .Expect(200).Json["key"]!["key"]!;

        using var script = app.Anonymous().WithApiKey(key, "system");
        Assert.Equal(-1, (int)(await script.GetAsync("/session/current.json")).Expect(200).Json["current_user"]!["id"]!);
        using var wrong = app.Anonymous().WithApiKey(new string('0', 64), "system");
        Assert.Equal("invalid_access", (string?)(await wrong.GetAsync("/session/current.json")).Expect(403).Json["error_type"]);
        using var member = await app.SignInAsync(await app.AddUserAsync("curious"));
        Assert.Equal("not_found", (string?)(await member.PostJsonAsync("/admin/api/keys", new JsonObject())).Expect(404).Json["error_type"]);
    }

    [Fact]
    public async Task A_key_with_scopes_does_what_they_say_and_no_more()
    {
        using var api = await app.ApiAsync("system");
        await app.AddUserAsync("scoped");
        var key = (string)(await api.PostJsonAsync("/admin/api/keys.json", new JsonObject
        {
            ["key"] = new JsonObject { ["description"] = "narrow", ["scopes"] = new JsonArray(new JsonObject { ["scope_id"] = "users:show" }) },
        })).Expect(200).Json["key"]!["key"]!;

        using var narrow = app.Anonymous().WithApiKey(key, "system");
        (await narrow.GetAsync("/u/scoped.json")).Expect(200);
        (await narrow.GetAsync("/admin/users/list/active.json")).Expect(403);
    }

    [Fact]
    public async Task A_setting_changed_by_an_admin_is_stored_as_Discourse_does_and_logged()
    {
        using var api = await app.ApiAsync("system");

        (await api.PutAsync("/admin/site_settings/title.json", ("title", "Our forum"))).Expect(200);
        (await api.PutAsync("/admin/site_settings/min_post_length.json", ("min_post_length", "many"))).Expect(422);
        (await api.PutAsync("/admin/site_settings/no_such.json", ("no_such", "1"))).Expect(400);

        Assert.Equal("Our forum", await app.Database.ScalarAsync<string>("SELECT value FROM site_settings WHERE name = 'title'", [], ForumApp.Cancellation));
        Assert.Equal("Our forum", await app.Database.ScalarAsync<string>("SELECT new_value FROM user_histories WHERE action = 3 AND subject = 'title'", [], ForumApp.Cancellation));
    }
}
