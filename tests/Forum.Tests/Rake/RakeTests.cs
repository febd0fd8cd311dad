using Forum.Rails;
using Forum.Rake;

namespace Forum.Tests.Rake;

public sealed class RakeTests(ForumApp app) : IClassFixture<ForumApp>
{
    [Fact]
    public async Task A_task_that_there_is_not_names_those_that_there_are()
    {
        var (code, _, errors) = await RakeAsync("posts:bake", "");

        Assert.Equal(1, code);
        Assert.Contains("Don't know how to build task 'posts:bake'", errors);
        Assert.Contains("db:migrate, posts:rebake, s3:upload_assets", errors);
    }

    [Fact]
    public async Task Posts_rebake_makes_the_HTML_of_every_post_anew()
    {
        await app.AddUserAsync("baker", admin: true);
        var post = (await (await app.ApiAsync("baker")).TopicAsync("Something that is baked twice", raw: "Some **bread** for everybody here")).Id();
        await app.Database.ExecuteAsync("UPDATE posts SET cooked = 'stale' WHERE id = $1", [post], ForumApp.Cancellation);

        var (code, output, _) = await RakeAsync("posts:rebake", "");

        Assert.Equal(0, code);
        Assert.Matches("[0-9]+ posts done!", output);
        Assert.Equal("<p>Some <strong>bread</strong> for everybody here</p>", await app.Database.ScalarAsync<string>("SELECT cooked FROM posts WHERE id = $1", [post], ForumApp.Cancellation));
        Assert.Equal(0, await app.Database.ScalarAsync<int>("SELECT count(*)::int FROM posts WHERE cooked = 'stale'", [], ForumApp.Cancellation));
    }

    [Fact]
    public async Task Admin_create_makes_an_admin_who_can_sign_in()
    {
        var (code, output, _) = await RakeAsync("admin:create", "chief@test.internal\nabcdefgh12345678\nabcdefgh12345678\nY\n");

        Assert.Equal(0, code);
        Assert.Contains("Account created successfully with username chief", output);
        Assert.Contains("Your account now has Admin privileges!", output);
        using var browser = await app.Anonymous().WithCsrfAsync();
        var answer = (await browser.PostAsync("/session", ("login", "chief@test.internal"), ("password", "abcdefgh12345678"))).Expect(200);
        Assert.Null(answer.Json["error"]);
        Assert.True((bool)answer.Json["user"]!["admin"]!);
    }

    [Fact]
    public async Task A_name_that_is_reserved_gets_a_number()
    {
        var (_, output, _) = await RakeAsync("admin:create", "system@test.internal\nabcdefgh12345678\nabcdefgh12345678\nn\n");

        Assert.Contains("Account created successfully with username system1", output);
    }

    [Fact]
    public async Task Admin_create_promotes_a_member_without_a_new_password()
    {
        var id = await app.AddUserAsync("promoted");
        using var browser = await app.SignInAsync(id);
        (await browser.PostJsonAsync("/admin/api/keys", new System.Text.Json.Nodes.JsonObject())).Expect(404);

        var (code, output, _) = await RakeAsync("admin:create", "promoted@example.com\nn\nY\n");

        Assert.Equal(0, code);
        Assert.Contains("Account updated successfully!", output);
        Assert.True((bool)(await browser.GetAsync("/session/current.json")).Json["current_user"]!["admin"]!);
    }

    [Fact]
    public async Task A_password_that_is_too_short_is_said_and_the_end_of_input_ends_it()
    {
        var (code, output, _) = await RakeAsync("admin:create", "short@test.internal\nshort\nshort\n");

        Assert.Equal(1, code);
        Assert.Contains("Password is too short", output);
    }

    [Fact]
    public async Task A_member_made_without_rights_signs_in_once_activated()
    {
        await RakeAsync("admin:create", "plain@test.internal\nabcdefgh12345678\nabcdefgh12345678\nN\n");
        using var browser = await app.Anonymous().WithCsrfAsync();
        var before = await browser.PostAsync("/session", ("login", "plain"), ("password", "abcdefgh12345678"));
        Assert.Equal("not_activated", (string?)before.Json["reason"]);

        var (code, output, _) = await RakeAsync("users:activate[plain@test.internal]", "");

        Assert.Equal(0, code);
        Assert.Equal("User with email plain@test.internal activated\n", output);
        Assert.Null((await browser.PostAsync("/session", ("login", "plain"), ("password", "abcdefgh12345678"))).Json["error"]);
    }

    [Theory]
    [InlineData("users:exists[known@example.com]", 0, "User with email known@example.com exists\n")]
    [InlineData("users:exists[nobody@example.com]", 2, "ERROR: User with email nobody@example.com not found\n")]
    [InlineData("users:activate[nobody@example.com]", 2, "User with email nobody@example.com does not exist\n")]
    [InlineData("users:anonymize[nobody]", 1, "ERROR: User with username nobody does not exist\n")]
    public async Task The_tasks_about_users_have_the_exit_codes_that_the_charm_reads(string task, int code, string text)
    {
        if (await app.Database.ScalarAsync<int>("SELECT count(*)::int FROM user_emails WHERE email = 'known@example.com'", [], ForumApp.Cancellation) == 0)
        {
            await app.AddUserAsync("known");
        }

        var (actual, output, _) = await RakeAsync(task, "");

        Assert.Equal(code, actual);
        Assert.Equal(text, output);
    }

    [Fact]
    public async Task Anonymize_takes_name_address_and_sessions()
    {
        var id = await app.AddUserAsync("secretive");
        using var browser = await app.SignInAsync(id);

        var (code, _, _) = await RakeAsync("users:anonymize[secretive]", "");

        Assert.Equal(0, code);
        var row = await app.Database.FindAsync("""
            SELECT u.username, e.email
            FROM users u
            JOIN user_emails e ON e.user_id = u.id
            WHERE u.id = $1
            """, row => (row.GetString(0), row.GetString(1)), [id], ForumApp.Cancellation);
        Assert.Matches("^anon[0-9]+$", row.Item1);
        Assert.Equal(row.Item1 + "@anonymized.invalid", row.Item2);
        (await browser.GetAsync("/session/current.json")).Expect(404);
    }

    [Fact]
    public async Task Settings_are_imported_and_exported()
    {
        var (code, output, _) = await RakeAsync("site_settings:import",
            "saml_enabled: true\ncalendar_enabled: true\ndata_explorer_enabled: true\ndiscourse_gamification_enabled: true\nchat_integration_enabled: true\n");

        Assert.Equal(0, code);
        Assert.Contains(" Updated:   5", output);
        var (_, exported, _) = await RakeAsync("site_settings:export", "");
        Assert.Contains("saml_enabled: true\n", exported);
    }

    [Fact]
    public async Task An_import_with_an_unknown_setting_fails_and_an_empty_one_says_how()
    {
        Assert.Equal(1, (await RakeAsync("site_settings:import", "no_such_setting: 1\n")).Code);
        Assert.Contains("Please specify a settings yml file", (await RakeAsync("site_settings:import", "")).Output);
    }

    [Fact]
    public async Task An_unknown_task_aborts()
    {
        var (code, _, errors) = await RakeAsync("no:such", "");

        Assert.Equal(1, code);
        Assert.Contains("Don't know how to build task 'no:such'", errors);
    }

    [Fact]
    public async Task The_runner_prints_the_version_and_sets_a_setting_that_a_running_server_sees()
    {
        using var output = new StringWriter();
        Assert.Equal(0, await RailsCommand.RunAsync(app.Globals, ["runner", "puts Discourse::VERSION::STRING"], output, TextWriter.Null));
        Assert.Matches(@"^\d+\.\d+\.\d+\n$", output.ToString());

        Assert.Equal(0, await RailsCommand.RunAsync(app.Globals, ["runner", "SiteSetting.force_https=true"], TextWriter.Null, TextWriter.Null));

        var stored = await app.Database.FindAsync("SELECT data_type, value FROM site_settings WHERE name = 'force_https'", row => (row.GetInt32(0), row.GetString(1)), [], ForumApp.Cancellation);
        Assert.Equal((5, "t"), stored);
        Assert.Equal(0, await RailsCommand.RunAsync(app.Globals, ["runner", "SiteSetting.force_https=false"], TextWriter.Null, TextWriter.Null));
    }

    async Task<(int Code, string Output, string Errors)> RakeAsync(string task, string input)
    {
        using var output = new StringWriter();
        using var errors = new StringWriter();
        var code = await RakeCommand.RunAsync(app.Globals, ["--trace", task], new StringReader(input), output, errors);
        return (code, output.ToString(), errors.ToString());
    }
}
