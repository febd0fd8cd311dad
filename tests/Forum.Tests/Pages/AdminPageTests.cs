using System.Net;
using System.Text.RegularExpressions;

namespace Forum.Tests.Pages;

/// <summary>Staff run the forum from plain pages: every list is there, and its buttons do what they say.</summary>
public sealed partial class AdminPageTests(ForumApp app) : IClassFixture<ForumApp>
{
    async Task<ForumClient> BrowserAsync(string name, bool admin = false, bool moderator = false)
    {
        var client = await app.SignInAsync(await app.AddUserAsync(name, admin, moderator));
        client.Headers.Accept.ParseAdd("text/html");
        return client;
    }

    /// <summary>Fills in and sends the form of a page that posts to an endpoint.</summary>
    static async Task<Answer> SubmitAsync(ForumClient browser, string page, string action, params (string Name, string Value)[] values)
    {
        var html = (await browser.GetAsync(page)).Expect(200).Body;
        var form = Regex.Match(html, $"<form[^>]* action=\"/form{Regex.Escape(action)}\".*?</form>", RegexOptions.Singleline).Value;
        Assert.True(form.Length > 0, $"no form for {action} on {page}");
        var hidden = Hidden().Matches(form).Select(field => (field.Groups[1].Value, WebUtility.HtmlDecode(field.Groups[2].Value)));
        return await browser.PostAsync("/form" + action, [.. hidden, .. values]);
    }

    [Fact]
    public async Task Every_page_is_shown_to_staff_and_to_nobody_else()
    {
        using var admin = await BrowserAsync("pages_admin", admin: true);
        using var moderator = await BrowserAsync("pages_moderator", moderator: true);
        using var member = await BrowserAsync("pages_member");
        foreach (var (path, forModerators) in new[]
        {
            ("/admin", true), ("/admin/users/list/active", true), ("/admin/users/list/suspended", true), ("/admin/logs/staff_action_logs", true), ("/review", true),
            ("/admin/site_settings", false), ("/admin/backups", false),
        })
        {
            var page = (await admin.GetAsync(path)).Expect(200);
            Assert.StartsWith("text/html", page.Header("Content-Type"), StringComparison.Ordinal);
            Assert.Contains("aria-label=\"Admin\"", page.Body);
            Assert.Equal(forModerators ? 200 : 404, (await moderator.GetAsync(path)).Status);
            Assert.NotEqual(200, (await member.GetAsync(path)).Status);
        }

        Assert.Contains("href=\"/admin\"", (await moderator.GetAsync("/latest")).Body);
        Assert.DoesNotContain("href=\"/admin\"", (await member.GetAsync("/latest")).Body);
    }

    [Fact]
    public async Task A_setting_is_changed_and_a_bad_value_is_refused_with_the_form()
    {
        using var admin = await BrowserAsync("settings_admin", admin: true);
        const string page = "/admin/site_settings?filter=site%20description";

        (await SubmitAsync(admin, page, "/admin/site_settings/site_description", ("site_description", "A place <for> all"))).Expect(303);

        Assert.Contains("value=\"A place &lt;for&gt; all\"", (await admin.GetAsync(page)).Body);
        Assert.Equal(422, (await SubmitAsync(admin, "/admin/site_settings?filter=max_post_length", "/admin/site_settings/max_post_length", ("max_post_length", "many"))).Status);
        admin.Headers.Remove("X-CSRF-Token");
        Assert.Equal(403, (await admin.PostAsync("/form/admin/site_settings/site_description", ("_method", "PUT"), ("site_description", "forged"), ("authenticity_token", "x"))).Status);
    }

    [Fact]
    public async Task A_member_is_approved_suspended_let_back_and_made_a_moderator()
    {
        using var admin = await BrowserAsync("people_admin", admin: true);
        var id = await app.AddUserAsync("somebody");
        await app.Database.ExecuteAsync("UPDATE users SET approved = false WHERE id = $1", [id], ForumApp.Cancellation);
        var page = $"/admin/users/{id}/somebody";
        Task<bool> IsAsync(string column) => app.Database.FindAsync("SELECT approved, suspended_till > now(), moderator FROM users WHERE id = $1",
            row => column switch { "approved" => row.GetBoolean(0), "suspended" => !row.IsDBNull(1) && row.GetBoolean(1), _ => !row.IsDBNull(2) && row.GetBoolean(2) }, [id], ForumApp.Cancellation);

        (await SubmitAsync(admin, "/admin/users/list/pending", $"/admin/users/{id}/approve")).Expect(303);
        Assert.True(await IsAsync("approved"));
        (await SubmitAsync(admin, page, $"/admin/users/{id}/suspend", ("suspend_until", "2099-01-01"), ("reason", "because"))).Expect(303);
        Assert.True(await IsAsync("suspended"));
        Assert.Contains("somebody", (await admin.GetAsync("/admin/users/list/suspended")).Body);
        (await SubmitAsync(admin, page, $"/admin/users/{id}/unsuspend")).Expect(303);
        Assert.False(await IsAsync("suspended"));
        (await SubmitAsync(admin, page, $"/admin/users/{id}/grant_moderation")).Expect(303);
        Assert.True(await IsAsync("moderator"));
        Assert.Contains("suspend user", (await admin.GetAsync("/admin/logs/staff_action_logs")).Body);
    }

    [Fact]
    public async Task What_waits_in_the_queue_is_let_out_by_its_button()
    {
        using var admin = await BrowserAsync("queue_admin", admin: true);
        using var api = await app.ApiAsync("queue_admin");
        await app.AddUserAsync("queue_writer", trustLevel: 0);
        (await api.PutAsync("/admin/site_settings/approve_post_count.json", ("approve_post_count", "5"))).Expect(200);
        var waiting = (await (await app.ApiAsync("queue_writer")).PostAsync("/posts.json", ("title", "Something that waits in the queue"), ("raw", "Please let this out into the open"), ("category", $"{Writing.General}"))).Expect(200).Json;
        (await api.PutAsync("/admin/site_settings/approve_post_count.json", ("approve_post_count", "0"))).Expect(200);
        var id = (int)waiting["pending_post"]!["id"]!;
        Assert.Contains("Please let this out into the open", (await admin.GetAsync("/review")).Body);

        (await SubmitAsync(admin, "/review", $"/review/{id}/perform/approve_post")).Expect(303);

        Assert.True(await app.Database.ScalarAsync<bool>("SELECT EXISTS (SELECT FROM topics WHERE title = 'Something that waits in the queue')", [], ForumApp.Cancellation));
    }

    [Fact]
    public async Task Reports_count_by_day_what_happened()
    {
        await app.AddUserAsync("report_admin", admin: true);
        using var api = await app.ApiAsync("report_admin");
        await api.TopicAsync("A topic that is counted today");

        foreach (var type in Forum.Reports.Report.All.Select(report => report.Type))
        {
            var report = (await api.GetAsync($"/admin/reports/{type}.json")).Expect(200).Json["report"]!;
            Assert.Equal(type, (string)report["type"]!);
        }

        var topics = (await api.GetAsync("/admin/reports/topics.json")).Json["report"]!;
        Assert.True((long)topics["data"]!.AsArray()[^1]!["y"]! >= 1);
        Assert.True((long)topics["total"]! >= 1);
        Assert.Empty((await api.GetAsync("/admin/reports/topics.json?start_date=2001-01-01&end_date=2001-01-31")).Expect(200).Json["report"]!["data"]!.AsArray());
        Assert.Equal(400, (await api.GetAsync("/admin/reports/topics.json?start_date=1990-01-01")).Status);
        Assert.Equal(404, (await api.GetAsync("/admin/reports/nothing.json")).Status);
        Assert.Equal(["signups", "topics"], (await api.GetAsync("/admin/reports/bulk.json?reports[signups][limit]=1&reports[topics][limit]=1")).Expect(200).Json["reports"]!.AsArray().Select(report => (string)report!["type"]!));
        Assert.Contains((await api.GetAsync("/admin/reports.json")).Json["reports"]!.AsArray(), report => (string)report!["type"]! == "visits");
        Assert.NotNull((await api.GetAsync("/admin/dashboard/general.json")).Expect(200).Json["reports"]!["signups"]);
        Assert.Contains((await api.GetAsync("/admin/dashboard/problems.json")).Expect(200).Json["problems"]!.AsArray(), problem => ((string)problem!["message"]!).Contains("mail server", StringComparison.Ordinal));
        Assert.NotNull((await api.GetAsync("/admin/dashboard.json")).Expect(200).Json["version_check"]);
    }

    [GeneratedRegex("<input type=\"hidden\" name=\"([^\"]+)\" value=\"([^\"]*)\"")]
    private static partial Regex Hidden();
}
