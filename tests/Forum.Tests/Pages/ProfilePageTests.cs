using System.Text.Json.Nodes;

namespace Forum.Tests.Pages;

/// <summary>The pages about members.</summary>
public sealed class ProfilePageTests(ForumApp app) : IClassFixture<ForumApp>
{
    static Task<Answer> PageAsync(ForumClient browser, string path)
    {
        browser.Headers.Remove("Accept");
        browser.Headers.Add("Accept", "text/html");
        return browser.GetAsync(path);
    }

    static async Task<int> PostAsync(ForumClient api, JsonObject post) => (int)(await api.PostJsonAsync("/posts.json", post)).Expect(200).Json["topic_id"]!;

    [Fact]
    public async Task A_profile_shows_the_member_and_what_the_viewer_may_see_of_their_writing()
    {
        var id = await app.AddUserAsync("gardener", admin: true);
        using var api = await app.ApiAsync("gardener");
        await app.Database.ExecuteAsync("UPDATE users SET title = 'Head of beans' WHERE id = $1", [id], ForumApp.Cancellation);
        await app.Database.ExecuteAsync("UPDATE user_profiles SET bio_raw = 'I <grow>', bio_cooked = '<p>I grow <b>beans</b></p>', website = 'javascript:alert(1)' WHERE user_id = $1", [id], ForumApp.Cancellation);
        var open = await PostAsync(api, new JsonObject { ["title"] = "Beans for everybody to read", ["raw"] = "The first post about beans is long enough.", ["category"] = 4 });
        await PostAsync(api, new JsonObject { ["topic_id"] = open, ["raw"] = "A reply that everybody may read." });
        var staff = (int)(await api.PostJsonAsync("/categories.json", new JsonObject { ["name"] = "Backroom", ["permissions"] = new JsonObject { ["staff"] = 1 } })).Expect(200).Json["category"]!["id"]!;
        var closed = await PostAsync(api, new JsonObject { ["title"] = "Beans that nobody else may see", ["raw"] = "The first post about secret beans.", ["category"] = staff });
        await PostAsync(api, new JsonObject { ["topic_id"] = closed, ["raw"] = "A reply that is for the backroom alone." });

        var page = (await PageAsync(app.Anonymous(), "/u/gardener")).Expect(200);

        Assert.StartsWith("text/html", page.Header("Content-Type"), StringComparison.Ordinal);
        foreach (var shown in new[] { "Head of beans", "I grow <b>beans</b>", "Trust level", "Joined", "Beans for everybody", "A reply that everybody" })
            Assert.Contains(shown, page.Body, StringComparison.Ordinal);
        foreach (var kept in new[] { "nobody else", "backroom alone", "javascript:", "gardener@example.com", "authenticity_token" })
            Assert.DoesNotContain(kept, page.Body, StringComparison.Ordinal);
        using var owner = await app.SignInAsync(id);
        Assert.Contains("backroom alone", (await PageAsync(owner, "/u/gardener")).Body, StringComparison.Ordinal);
        Assert.Equal("gardener", (string?)(await app.Anonymous().GetAsync("/u/gardener.json")).Json["user"]!["username"]);
        Assert.Equal(404, (await PageAsync(app.Anonymous(), "/u/nobody_at_all")).Status);
    }

    [Fact]
    public async Task A_hidden_profile_stays_hidden()
    {
        var id = await app.AddUserAsync("recluse");
        await app.Database.ExecuteAsync("UPDATE user_options SET hide_profile_and_presence = true WHERE user_id = $1", [id], ForumApp.Cancellation);
        using var api = await app.ApiAsync("recluse");
        await PostAsync(api, new JsonObject { ["title"] = "What the recluse has written", ["raw"] = "Something that is long enough to post.", ["category"] = 4 });

        var others = (await PageAsync(app.Anonymous(), "/u/recluse")).Expect(200);
        using var self = await app.SignInAsync(id);

        Assert.Contains("profile is hidden", others.Body, StringComparison.Ordinal);
        Assert.DoesNotContain("has written", others.Body, StringComparison.Ordinal);
        Assert.Contains("has written", (await PageAsync(self, "/u/recluse")).Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Messages_and_notifications_are_for_the_member_alone()
    {
        await app.AddUserAsync("sender", admin: true);
        var id = await app.AddUserAsync("receiver");
        using var api = await app.ApiAsync("sender");
        await PostAsync(api, new JsonObject { ["title"] = "A message about the harvest", ["raw"] = "This message is for the receiver.", ["archetype"] = "private_message", ["target_recipients"] = "receiver" });
        using var receiver = await app.SignInAsync(id);
        using var other = await app.SignInAsync(await app.AddUserAsync("neighbour"));

        foreach (var path in new[] { "/u/receiver/messages", "/u/receiver/notifications" })
        {
            Assert.Contains("A message about the harvest", (await PageAsync(receiver, path)).Expect(200).Body, StringComparison.Ordinal);
            Assert.Equal(404, (await PageAsync(other, path)).Status);
            Assert.Equal(404, (await PageAsync(app.Anonymous(), path)).Status);
        }

        Assert.DoesNotContain("harvest", (await PageAsync(receiver, "/u/receiver/messages/sent")).Expect(200).Body, StringComparison.Ordinal);
        Assert.Contains("sender sent you a message", (await PageAsync(receiver, "/u/receiver/notifications")).Body, StringComparison.Ordinal);
        (await receiver.PutAsync("/notifications/mark-read.json")).Expect(200);
        Assert.DoesNotContain("Mark all as read", (await PageAsync(receiver, "/u/receiver/notifications")).Body, StringComparison.Ordinal);
    }
}
