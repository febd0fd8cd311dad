using System.Text.RegularExpressions;

namespace Forum.Tests.Invites;

public sealed class InviteTests(ForumApp app) : IClassFixture<ForumApp>
{
    [Fact]
    public async Task Who_follows_the_mailed_link_is_a_member_of_the_group_at_once()
    {
        await app.KeepMailAsync();
        await app.AddUserAsync("host", admin: true);
        using var api = await app.ApiAsync("host");
        (await api.PostAsync("/admin/groups.json", ("group[name]", "guests"))).Expect(200);
        var invite = (await api.PostAsync("/invites.json", ("email", "guest@example.com"), ("group_names", "guests"))).Expect(200).Json;
        var mail = await app.Database.ScalarAsync<string>("SELECT body FROM kept_mail WHERE recipient = 'guest@example.com'", [], ForumApp.Cancellation);
        var path = Regex.Match(mail!, "/invites/[0-9a-z]+\\?t=[0-9a-z]+").Value;
        Assert.StartsWith("/invites/" + (string)invite["invite_key"]!, path);
        using var guest = app.Anonymous();
        guest.Headers.Accept.ParseAdd("text/html");
        var page = (await guest.GetAsync(path)).Expect(200).Body;
        var token = System.Net.WebUtility.HtmlDecode(Regex.Matches(page, "name=\"authenticity_token\" value=\"([^\"]+)\"")[^1].Groups[1].Value);

        (await guest.PostAsync($"/form/invites/show/{invite["invite_key"]}", ("authenticity_token", token), ("_method", "PUT"), ("_return", "/"), ("email", "guest@example.com"),
            ("username", "guest"), ("password", "a long enough password"), ("email_token", path.Split("?t=")[1]))).Expect(303);

        guest.Headers.Accept.Clear();
        var current = (await guest.GetAsync("/session/current.json")).Expect(200).Json["current_user"]!;
        Assert.Equal("guest", (string?)current["username"]);
        Assert.True(await app.Database.ScalarAsync<bool>("SELECT EXISTS (SELECT FROM group_users gu JOIN groups g ON g.id = gu.group_id WHERE g.name = 'guests' AND gu.user_id = $1)", [(int)current["id"]!], ForumApp.Cancellation));
        (await guest.GetAsync(path)).Expect(404);
    }

    [Fact]
    public async Task A_link_for_two_lets_two_in_who_confirm_their_address_and_no_third()
    {
        await app.AddUserAsync("doorkeeper", admin: true);
        using var api = await app.ApiAsync("doorkeeper");
        var key = (string)(await api.PostAsync("/invites.json", ("max_redemptions_allowed", "2"))).Expect(200).Json["invite_key"]!;

        var answers = await Task.WhenAll(Enumerable.Range(1, 3).Select(async number =>
        {
            using var guest = await app.Anonymous().WithCsrfAsync();
            return await guest.PutAsync($"/invites/show/{key}.json", ("email", $"guest{number}@example.com"), ("username", $"guest{number}"), ("password", "a long enough password"));
        }));

        Assert.Equal([200, 200, 404], answers.Select(answer => answer.Status).Order());
        Assert.Equal(2, await app.Database.ScalarAsync<int>("SELECT count(*)::int FROM users WHERE username LIKE 'guest_' AND NOT active", [], ForumApp.Cancellation));
        Assert.Equal(2, await app.Database.ScalarAsync<int>("SELECT redemption_count FROM invites WHERE invite_key = $1", [key], ForumApp.Cancellation));
    }

    [Fact]
    public async Task A_name_that_is_taken_gives_the_place_back_and_a_guessed_token_proves_nothing()
    {
        await app.AddUserAsync("inviter", admin: true);
        using var api = await app.ApiAsync("inviter");
        var key = (string)(await api.PostAsync("/invites.json", ("email", "shy@example.com"), ("skip_email", "true"))).Expect(200).Json["invite_key"]!;
        using var guest = await app.Anonymous().WithCsrfAsync();

        Assert.False((bool)(await guest.PutAsync($"/invites/show/{key}.json", ("username", "inviter"), ("password", "a long enough password"))).Expect(200).Json["success"]!);
        Assert.True((bool)(await guest.PutAsync($"/invites/show/{key}.json", ("username", "shy"), ("password", "a long enough password"), ("email_token", "guessed"))).Expect(200).Json["success"]!);

        (await guest.GetAsync("/session/current.json")).Expect(404);
    }
}
