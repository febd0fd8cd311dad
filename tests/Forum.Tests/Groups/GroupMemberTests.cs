using System.Text.Json.Nodes;

namespace Forum.Tests.Groups;

public sealed class GroupMemberTests(ForumApp app) : IClassFixture<ForumApp>
{
    static CancellationToken Cancellation => ForumApp.Cancellation;

    async Task<(ForumClient Admin, int Group)> GroupAsync(string name, JsonObject? more = null)
    {
        var boss = await app.AddUserAsync("boss_of_" + name, admin: true);
        Assert.True(boss > 0);
        var admin = await app.ApiAsync("boss_of_" + name);
        var group = new JsonObject { ["name"] = name };
        foreach (var (key, value) in more ?? [])
            group[key] = value?.DeepClone();
        return (admin, (await admin.PostJsonAsync("/admin/groups.json", new JsonObject { ["group"] = group })).Expect(200).Json["basic_group"]!.Id());
    }

    Task<int> LevelAsync(int user) => app.Database.ScalarAsync<int>("SELECT trust_level FROM users WHERE id = $1", [user], Cancellation);

    [Fact]
    public async Task A_group_that_grants_a_trust_level_raises_those_who_join()
    {
        var (admin, group) = await GroupAsync("raisers", new JsonObject { ["grant_trust_level"] = 3, ["public_admission"] = true });
        var (added, joins, locked) = (await app.AddUserAsync("raised", trustLevel: 1), await app.AddUserAsync("joiner", trustLevel: 1), await app.AddUserAsync("stays", trustLevel: 1));
        await app.Database.ExecuteAsync("UPDATE users SET manual_locked_trust_level = 1 WHERE id = $1", [locked], Cancellation);

        (await admin.PutAsync($"/groups/{group}/members.json", ("usernames", "raised,stays"))).Expect(200);
        (await (await app.ApiAsync("joiner")).PutAsync($"/groups/{group}/join.json")).Expect(200);

        Assert.Equal((3, 3, 1), (await LevelAsync(added), await LevelAsync(joins), await LevelAsync(locked)));
        Assert.Equal(3, await app.Database.ScalarAsync<int>("SELECT group_locked_trust_level FROM users WHERE id = $1", [added], Cancellation));
        Assert.Equal(3, await app.Database.ScalarAsync<int>("SELECT user_count FROM groups WHERE id = $1", [group], Cancellation));

        (await admin.DeleteAsync($"/groups/{group}/members.json", ("usernames", "raised"))).Expect(200);
        Assert.Null(await app.Database.ScalarAsync<int?>("SELECT group_locked_trust_level FROM users WHERE id = $1", [added], Cancellation));
    }

    [Fact]
    public async Task Only_a_confirmed_address_lets_into_the_group_of_its_domain()
    {
        var (_, group) = await GroupAsync("acme", new JsonObject { ["automatic_membership_email_domains"] = "acme.example" });
        var creation = (Forum.Users.UserCreation)app.Services.GetService(typeof(Forum.Users.UserCreation))!;
        var (id, _) = (await creation.CreateAsync(new Forum.Users.NewUser { Username = "stranger", Email = "stranger@acme.example" }, Cancellation))!.Value;
        Assert.False(await IsMemberAsync());

        await ((Forum.Users.UserAdministration)app.Services.GetService(typeof(Forum.Users.UserAdministration))!).ActivateAsync(id, Cancellation);

        Assert.True(await IsMemberAsync());
        async Task<bool> IsMemberAsync() => await app.Database.ScalarAsync<bool>("SELECT EXISTS (SELECT FROM group_users WHERE group_id = $1 AND user_id = $2)", [group, id], Cancellation);
    }

    [Fact]
    public async Task A_request_is_written_to_the_owners_listed_accepted_and_told()
    {
        var (admin, group) = await GroupAsync("club", new JsonObject { ["allow_membership_requests"] = true, ["owner_usernames"] = "boss_of_club", ["bio_raw"] = "A **club**" });
        var (asks, other) = (await app.AddUserAsync("asker"), await app.AddUserAsync("refused"));
        var asker = await app.ApiAsync("asker");

        Assert.Equal(400, (await asker.PostAsync("/groups/club/request_membership.json")).Status);
        var url = (string)(await asker.PostAsync("/groups/club/request_membership.json", ("reason", "I like clubs very much"))).Expect(200).Json["relative_url"]!;
        Assert.Equal(409, (await asker.PostAsync("/groups/club/request_membership.json", ("reason", "again"))).Status);
        (await (await app.ApiAsync("refused")).PostAsync("/groups/club/request_membership.json", ("reason", "me too"))).Expect(200);
        Assert.Contains("I like clubs", (string)(await admin.GetAsync(url + ".json")).Expect(200).Json["post_stream"]!["posts"]![0]!["cooked"]!);

        Assert.Equal(403, (await asker.GetAsync("/groups/club/members.json?requesters=true")).Status);
        var waiting = (await admin.GetAsync("/groups/club/members.json?requesters=true")).Expect(200).Json;
        Assert.Equal(["refused", "asker"], waiting["members"]!.AsArray().Select(one => (string)one!["username"]!));
        Assert.Equal(2, (int)waiting["meta"]!["total"]!);

        Assert.Equal(403, (await asker.PutAsync($"/groups/{group}/handle_membership_request.json", ("user_id", $"{asks}"), ("accept", "true"))).Status);
        (await admin.PutAsync($"/groups/{group}/handle_membership_request.json", ("user_id", $"{asks}"), ("accept", "true"))).Expect(200);
        (await admin.PutAsync($"/groups/{group}/handle_membership_request.json", ("user_id", $"{other}"))).Expect(200);
        Assert.Equal(400, (await admin.PutAsync($"/groups/{group}/handle_membership_request.json", ("user_id", $"{other}"))).Status);

        Assert.Equal(["asker", "boss_of_club"], (await admin.GetAsync("/groups/club/members.json")).Json["members"]!.AsArray().Select(one => (string)one!["username"]!).Order(StringComparer.Ordinal));
        Assert.Contains((await asker.GetAsync("/notifications.json")).Json["notifications"]!.AsArray(), one => (int)one!["notification_type"]! == 22 && (string)one["data"]!["group_name"]! == "club");
        Assert.Equal("<p>A <strong>club</strong></p>", (string)(await admin.GetAsync("/groups/club.json")).Json["group"]!["bio_cooked"]!);
        Assert.Equal("club", (string)(await admin.GetAsync("/g/club/manage/profile.json")).Expect(200).Json["group"]!["name"]!);
    }

    [Fact]
    public async Task Posts_and_mentions_of_a_group_are_listed_to_those_who_may_read_them()
    {
        var (admin, group) = await GroupAsync("writers", new JsonObject { ["mentionable_level"] = 99, ["messageable_level"] = 99, ["owner_usernames"] = "boss_of_writers" });
        await app.AddUserAsync("author");
        await app.AddUserAsync("reader");
        (await admin.PutAsync($"/groups/{group}/members.json", ("usernames", "author"))).Expect(200);
        var author = await app.ApiAsync("author");
        var topic = await author.TopicAsync("What writers write about", raw: "Some **words** of an author for everybody");
        var reader = await app.ApiAsync("reader");
        await reader.ReplyAsync(topic.TopicId(), "Hello @writers, this is well written");
        var hidden = (await admin.PostJsonAsync("/categories.json", new JsonObject { ["name"] = "Staff only place", ["permissions"] = new JsonObject { ["staff"] = 1 } })).Expect(200).Json["category"]!.Id();
        await admin.TopicAsync("A secret of the boss of writers", hidden);

        var posts = (await reader.GetAsync("/groups/writers/posts.json")).Expect(200).Json["posts"]!.AsArray();
        Assert.Equal(["What writers write about"], posts.Select(post => (string)post!["title"]!));
        Assert.Equal("Some words of an author for everybody", (string)posts[0]!["excerpt"]!);
        Assert.Equal(2, (await admin.GetAsync("/groups/writers/posts.json")).Json["posts"]!.AsArray().Count(post => ((string)post!["title"]!).Contains("write", StringComparison.Ordinal)));
        Assert.Empty((await reader.GetAsync($"/groups/writers/posts.json?before_post_id={topic.Id()}")).Json["posts"]!.AsArray());
        Assert.Equal(403, (await reader.GetAsync("/groups/writers/mentions.json")).Status);
        Assert.Equal("reader", (string)(await author.GetAsync("/groups/writers/mentions.json")).Json["posts"]!.AsArray().Single()!["username"]!);

        var message = (await reader.MessageAsync("writers", "A message for all writers")).TopicId();
        int[] In(Answer answer) => [.. answer.Expect(200).Json["topic_list"]!["topics"]!.AsArray().Select(one => one!.Id())];
        Assert.Contains(message, In(await author.GetAsync("/topics/private-messages-group/author/writers.json")));
        Assert.Contains(message, In(await author.GetAsync("/topics/private-messages-group/author/writers/new.json")));
        (await author.PutAsync($"/t/{message}/archive-message.json")).Expect(200);
        Assert.DoesNotContain(message, In(await author.GetAsync("/topics/private-messages-group/author/writers.json")));
        Assert.Contains(message, In(await author.GetAsync("/topics/private-messages-group/author/writers/archive.json")));
        (await author.PutAsync($"/t/{message}/move-to-inbox.json")).Expect(200);
        Assert.Contains(message, In(await author.GetAsync("/topics/private-messages-group/author/writers.json")));
        Assert.Equal(404, (await reader.GetAsync("/topics/private-messages-group/reader/writers/archive.json")).Status);
    }

    [Fact]
    public async Task About_me_is_Markdown_without_links_for_those_who_are_new()
    {
        var (known, fresh) = (await app.AddUserAsync("known_one", trustLevel: 2), await app.AddUserAsync("fresh_one", trustLevel: 0));
        Assert.True(known > 0 && fresh > 0);
        foreach (var name in new[] { "known_one", "fresh_one" })
            (await (await app.ApiAsync(name)).PutAsync($"/u/{name}.json", ("bio_raw", "I **like** <script>alert(1)</script> [cheese](https://cheese.example)"))).Expect(200);

        using var anyone = app.Anonymous();
        var trusted = (string)(await anyone.GetAsync("/u/known_one.json")).Json["user"]!["bio_cooked"]!;
        Assert.Contains("<strong>like</strong>", trusted);
        Assert.Contains("href=\"https://cheese.example\"", trusted);
        Assert.DoesNotContain("<script", trusted);
        var untrusted = (string)(await anyone.GetAsync("/u/fresh_one.json")).Json["user"]!["bio_cooked"]!;
        Assert.Contains("<strong>like</strong>", untrusted);
        Assert.DoesNotContain("<a", untrusted);
        Assert.Contains("<strong>like</strong>", (await anyone.GetAsync("/u/known_one")).Body);
    }
}
