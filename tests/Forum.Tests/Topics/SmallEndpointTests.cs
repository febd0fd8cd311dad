using System.Text.Json.Nodes;

namespace Forum.Tests.Topics;

/// <summary>What clients ask for beside the great lists: families of posts, presence, tags in categories, the banner.</summary>
public sealed class SmallEndpointTests(ForumApp app) : IClassFixture<ForumApp>
{
    async Task<(ForumClient Admin, ForumClient Writer)> PeopleAsync(string name)
    {
        Assert.True(await app.AddUserAsync(name + "_boss", admin: true) > 0);
        Assert.True(await app.AddUserAsync(name, trustLevel: 2) > 0);
        return (await app.ApiAsync(name + "_boss"), await app.ApiAsync(name));
    }

    static int[] Ids(Answer answer) => [.. JsonNode.Parse(answer.Expect(200).Body)!.AsArray().Select(one => one!.Id())];

    static int[] Topics(Answer answer) => [.. answer.Expect(200).Json["topic_list"]!["topics"]!.AsArray().Select(one => one!.Id())];

    [Fact]
    public async Task Replies_and_what_they_answer_are_found_from_either_end()
    {
        var (_, writer) = await PeopleAsync("family");
        var first = await writer.TopicAsync("A topic with a family of replies");
        var topic = first.TopicId();
        var child = await writer.ReplyAsync(topic, "The child of the first post", to: 1);
        var grandchild = await writer.ReplyAsync(topic, "The grandchild of the first post", to: 2);

        Assert.Equal([first.Id(), child.Id()], Ids(await writer.GetAsync($"/posts/{grandchild.Id()}/reply-history.json?max_replies=5")));
        Assert.Equal([child.Id()], Ids(await writer.GetAsync($"/posts/{grandchild.Id()}/reply-history.json")));
        var replies = JsonNode.Parse((await writer.GetAsync($"/posts/{first.Id()}/reply-ids.json")).Expect(200).Body)!.AsArray();
        Assert.Equal([(child.Id(), 1), (grandchild.Id(), 2)], replies.Select(one => (one!.Id(), (int)one!["level"]!)));
        Assert.Equal([child.Id(), grandchild.Id()], Ids(await writer.GetAsync($"/posts/{first.Id()}/reply-ids/all.json")));
        Assert.Empty(Ids(await writer.GetAsync($"/posts/{grandchild.Id()}/reply-ids.json")));
    }

    [Fact]
    public async Task A_revision_that_staff_hide_is_theirs_alone_until_they_show_it()
    {
        var (admin, writer) = await PeopleAsync("reviser");
        await app.Database.ExecuteAsync("UPDATE users SET created_at = now() - interval '1 year' WHERE username = 'reviser'", [], ForumApp.Cancellation);
        var post = (await writer.TopicAsync("A topic that is changed now and then")).Id();
        (await admin.PutJsonAsync($"/posts/{post}.json", new JsonObject { ["post"] = new JsonObject { ["raw"] = "Changed by staff to something else altogether" } })).Expect(200);

        (await writer.GetAsync($"/posts/{post}/revisions/2.json")).Expect(200);
        Assert.Equal(403, (await writer.PutAsync($"/posts/{post}/revisions/2/hide.json")).Status);
        (await admin.PutAsync($"/posts/{post}/revisions/2/hide.json")).Expect(200);
        (await writer.GetAsync($"/posts/{post}/revisions/2.json")).Expect(404);
        Assert.True((bool)(await admin.GetAsync($"/posts/{post}/revisions/2.json")).Expect(200).Json["current_hidden"]!);
        Assert.Equal(1, await app.Database.ScalarAsync<int>("SELECT public_version FROM posts WHERE id = $1", [post], ForumApp.Cancellation));
        (await admin.PutAsync($"/posts/{post}/revisions/2/show.json")).Expect(200);
        (await writer.GetAsync($"/posts/{post}/revisions/2.json")).Expect(200);
        (await admin.PutAsync($"/posts/{post}/revisions/9/hide.json")).Expect(404);
    }

    [Fact]
    public async Task Posts_are_merged_deleted_many_at_once_and_listed_as_deleted()
    {
        var (admin, writer) = await PeopleAsync("merger");
        var topic = (await writer.TopicAsync("A topic with posts to be merged")).TopicId();
        var (one, two) = ((await writer.ReplyAsync(topic, "The first half of a thought")).Id(), (await writer.ReplyAsync(topic, "and the other half of it")).Id());
        var foreign = (await admin.ReplyAsync(topic, "Something by somebody else")).Id();
        JsonObject Of(params int[] ids) => new() { ["post_ids"] = new JsonArray([.. ids.Select(id => (JsonNode?)id)]) };

        Assert.Equal(404, (await writer.PutJsonAsync("/posts/merge_posts.json", Of(one, two))).Status);
        Assert.Equal(422, (await admin.PutJsonAsync("/posts/merge_posts.json", Of(one, foreign))).Status);
        Assert.Equal(422, (await admin.PutJsonAsync("/posts/merge_posts.json", Of(one))).Status);
        (await admin.PutJsonAsync("/posts/merge_posts.json", Of(two, one))).Expect(200);
        Assert.Equal("The first half of a thought\n\nand the other half of it", (string)(await writer.GetAsync($"/posts/{two}.json")).Json["raw"]!);
        (await writer.GetAsync($"/posts/{one}.json")).Expect(404);

        var body = new StringContent(Of(two, foreign).ToJsonString(), System.Text.Encoding.UTF8, "application/json");
        Assert.Equal(403, (await writer.SendAsync(HttpMethod.Delete, "/posts/destroy_many.json", body)).Status);
        (await writer.GetAsync($"/posts/{two}.json")).Expect(200);
        body = new StringContent(Of(two, foreign).ToJsonString(), System.Text.Encoding.UTF8, "application/json");
        (await admin.SendAsync(HttpMethod.Delete, "/posts/destroy_many.json", body)).Expect(200);
        Assert.Equal([two, one], Ids(await admin.GetAsync("/posts/merger/deleted.json")));
        (await writer.GetAsync("/posts/merger/deleted.json")).Expect(404);
    }

    [Fact]
    public async Task What_waits_for_a_moderator_is_listed_to_its_author()
    {
        var (admin, _) = await PeopleAsync("pending");
        Assert.True(await app.AddUserAsync("queued", trustLevel: 0) > 0);
        var queued = await app.ApiAsync("queued");
        (await admin.PutAsync("/admin/site_settings/approve_post_count.json", ("approve_post_count", "2"))).Expect(200);
        try
        {
            Assert.Equal("enqueued", (string)(await queued.PostJsonAsync("/posts.json", new JsonObject { ["title"] = "This waits for a moderator now", ["raw"] = "Please let this out into the world", ["category"] = Writing.General })).Expect(200).Json["action"]!);
        }
        finally
        {
            (await admin.PutAsync("/admin/site_settings/approve_post_count.json", ("approve_post_count", "0"))).Expect(200);
        }

        var waiting = (await queued.GetAsync("/posts/queued/pending.json")).Expect(200).Json["pending_posts"]!.AsArray().Single()!;
        Assert.Equal(("This waits for a moderator now", "Please let this out into the world"), ((string)waiting["title"]!, (string)waiting["raw_text"]!));
        Assert.Equal(404, (await (await app.ApiAsync("pending")).GetAsync("/posts/queued/pending.json")).Status);
    }

    [Fact]
    public async Task Topics_of_a_category_with_a_tag_and_topics_with_all_of_several_tags_are_listed()
    {
        var (admin, _) = await PeopleAsync("tagger");
        var parent = (await admin.PostJsonAsync("/categories.json", new JsonObject { ["name"] = "Fruit of all kinds" })).Expect(200).Json["category"]!;
        var child = (await admin.PostJsonAsync("/categories.json", new JsonObject { ["name"] = "Berries only", ["parent_category_id"] = parent.Id() })).Expect(200).Json["category"]!;
        var apple = (await admin.TopicAsync("Something about red apples", parent.Id(), null, "red", "sweet")).TopicId();
        var berry = (await admin.TopicAsync("Something about red berries", child.Id(), null, "red")).TopicId();
        var elsewhere = (await admin.TopicAsync("Something red from elsewhere", Writing.General, null, "red")).TopicId();

        Assert.Equal([berry, apple], Topics(await admin.GetAsync($"/tags/c/{(string)parent["slug"]!}/{parent.Id()}/red.json")));
        Assert.Equal([apple], Topics(await admin.GetAsync($"/tags/c/{(string)parent["slug"]!}/{parent.Id()}/none/red.json")));
        Assert.Equal([berry], Topics(await admin.GetAsync($"/tags/c/{(string)parent["slug"]!}/{(string)child["slug"]!}/{child.Id()}/red/l/latest.json")));
        Assert.Equal([apple], Topics(await admin.GetAsync("/tags/intersection/red/sweet.json")));
        Assert.Contains(elsewhere, Topics(await admin.GetAsync("/tags/intersection/red.json")));
        Assert.Equal(404, (await admin.GetAsync("/tags/intersection/red/unheard-of.json")).Status);
    }

    [Fact]
    public async Task The_banner_is_shown_to_those_who_may_read_it()
    {
        var (admin, writer) = await PeopleAsync("banner");
        var topic = (await admin.TopicAsync("What everybody should know now", raw: "Read **this** before anything else here")).TopicId();
        Assert.Equal("{}", (await writer.GetAsync("/site/banner.json")).Expect(200).Body);

        (await admin.PutAsync($"/t/{topic}/make-banner.json")).Expect(200);

        var banner = (await writer.GetAsync("/site/banner.json")).Json;
        Assert.Equal((topic, "<p>Read <strong>this</strong> before anything else here</p>"), ((int)banner["key"]!, (string)banner["html"]!));
        Assert.Contains((await writer.GetAsync("/emojis.json")).Expect(200).Json["default"]!.AsArray(), emoji => (string)emoji!["name"]! == "wave");
    }

    [Fact]
    public async Task Those_who_write_a_reply_are_present_until_they_leave()
    {
        var (admin, writer) = await PeopleAsync("present");
        var topic = (await writer.TopicAsync("A topic that many answer at once")).TopicId();
        var secret = (await admin.MessageAsync("present_boss", "Nobody else may see this message")).TopicId();
        var channel = $"/discourse-presence/reply/{topic}";
        async Task<string[]> ThereAsync() => [.. (await admin.GetAsync($"/presence/get.json?channels[]={channel}")).Expect(200).Json[channel]!["users"]!.AsArray().Select(user => (string)user!["username"]!)];

        var entered = (await writer.PostAsync("/presence/update.json", ("client_id", "tab1"), ("present_channels[]", channel), ("present_channels[]", $"/discourse-presence/reply/{secret}"))).Expect(200).Json;
        Assert.Equal((true, false), ((bool)entered[channel]!, (bool)entered[$"/discourse-presence/reply/{secret}"]!));
        Assert.Equal(["present"], await ThereAsync());
        (await writer.PostAsync("/presence/update.json", ("client_id", "tab2"), ("present_channels[]", channel))).Expect(200);
        (await writer.PostAsync("/presence/update.json", ("client_id", "tab1"), ("leave_channels[]", channel))).Expect(200);
        Assert.Equal(["present"], await ThereAsync());
        (await writer.PostAsync("/presence/update.json", ("client_id", "tab2"), ("leave_channels[]", channel))).Expect(200);
        Assert.Empty(await ThereAsync());

        var said = JsonNode.Parse((await writer.PostAsync("/message-bus/c1/poll?dlp=t", ("/presence" + channel, "0"))).Expect(200).Body)!.AsArray();
        Assert.Equal(["entering_users", "leaving_user_ids"], said.Select(message => message!["data"]!.AsObject().First().Key));
        Assert.Equal(400, (await writer.PostAsync("/presence/update.json", ("present_channels[]", channel))).Status);
        Assert.Null((await writer.GetAsync("/presence/get.json?channels[]=/no/such")).Json["/no/such"]);
    }

    [Fact]
    public async Task Members_hear_of_their_notifications_on_a_channel_of_their_own()
    {
        var (admin, writer) = await PeopleAsync("hearing");
        var me = await app.Database.ScalarAsync<int>("SELECT id FROM users WHERE username = 'hearing'", [], ForumApp.Cancellation);
        var topic = (await writer.TopicAsync("A topic whose author listens")).TopicId();
        await admin.ReplyAsync(topic, "An answer to you, @hearing, from the boss");

        var messages = JsonNode.Parse((await writer.PostAsync("/message-bus/c2/poll?dlp=t", ($"/notification/{me}", "0"))).Expect(200).Body)!.AsArray();
        Assert.Equal(1, (int)messages[^1]!["data"]!["all_unread_notifications_count"]!);
        Assert.DoesNotContain(JsonNode.Parse((await admin.PostAsync("/message-bus/c3/poll?dlp=t", ($"/notification/{me}", "0"))).Expect(200).Body)!.AsArray(), message => (string)message!["channel"]! != "/__status");
        (await writer.PutAsync("/notifications/mark-read.json")).Expect(200);
        messages = JsonNode.Parse((await writer.PostAsync("/message-bus/c2/poll?dlp=t", ($"/notification/{me}", "0"))).Expect(200).Body)!.AsArray();
        Assert.Equal(0, (int)messages[^1]!["data"]!["all_unread_notifications_count"]!);
        var unread = JsonNode.Parse((await admin.PostAsync("/message-bus/c4/poll?dlp=t", ("/unread", "0"))).Expect(200).Body)!.AsArray();
        Assert.Contains(unread, message => (int?)message!["data"]!["topic_id"] == topic);
    }

    [Fact]
    public async Task Admins_put_members_into_groups_from_their_page_and_approve_several()
    {
        var (admin, writer) = await PeopleAsync("grouped");
        var group = (await admin.PostJsonAsync("/admin/groups.json", new JsonObject { ["group"] = new JsonObject { ["name"] = "grouped_ones" } })).Expect(200).Json["basic_group"]!.Id();
        var id = await app.Database.ScalarAsync<int>("SELECT id FROM users WHERE username = 'grouped'", [], ForumApp.Cancellation);
        Task<bool> InAsync() => app.Database.ScalarAsync<bool>("SELECT EXISTS (SELECT FROM group_users WHERE group_id = $1 AND user_id = $2)", [group, id], ForumApp.Cancellation)!;

        (await admin.PostAsync($"/admin/users/{id}/groups.json", ("group_id", $"{group}"))).Expect(200);
        Assert.True(await InAsync());
        (await admin.DeleteAsync($"/admin/users/{id}/groups/{group}.json")).Expect(200);
        Assert.False(await InAsync());
        Assert.Equal(422, (await admin.PostAsync($"/admin/users/{id}/groups.json", ("group_id", "1"))).Status);
        Assert.Equal(404, (await writer.PostAsync($"/admin/users/{id}/groups.json", ("group_id", $"{group}"))).Status);
        await app.Database.ExecuteAsync("UPDATE users SET approved = false WHERE id = $1", [id], ForumApp.Cancellation);
        (await admin.PutAsync("/admin/users/approve-bulk.json", ("users[]", $"{id}"))).Expect(200);
        Assert.True(await app.Database.ScalarAsync<bool>("SELECT approved FROM users WHERE id = $1", [id], ForumApp.Cancellation));
    }
}
