namespace Forum.Tests.Composer;

/// <summary>What a client asks while somebody writes, and what it shows of a member.</summary>
public sealed class ComposerTests(ForumApp app) : IClassFixture<ForumApp>
{
    [Fact]
    public async Task A_composer_is_told_of_people_categories_tags_and_like_topics()
    {
        await app.AddUserAsync("composer", trustLevel: 3);
        await app.AddUserAsync("outsider", trustLevel: 1);
        var client = await app.ApiAsync("composer");
        var topic = await client.TopicAsync("How to water tomatoes in a dry summer", raw: "Tomatoes want water in the morning, and not on their leaves.", tags: ["tomato"]);
        var message = await client.MessageAsync("outsider", "Only between the two of us here");
        await app.AddUserAsync("bystander");

        var mentions = (await client.GetAsync($"/composer/mentions.json?names[]=outsider&names[]=bystander&names[]=nobody&topic_id={message.TopicId()}")).Expect(200).Json;
        Assert.Equal(["bystander", "outsider"], mentions["users"]!.AsArray().Select(name => (string)name!).Order());
        Assert.Equal("private", (string)mentions["user_reasons"]!["bystander"]!);
        Assert.Null(mentions["user_reasons"]!["outsider"]);

        var similar = (await client.GetAsync("/topics/similar_to.json?title=Should%20I%20water%20my%20tomatoes%20every%20day&raw=The%20leaves%20are%20dry")).Expect(200).Json;
        Assert.Contains(similar["similar_topics"]!.AsArray(), found => found!.Id() == topic.TopicId() && ((string?)found!["blurb"] ?? "").Contains("morning", StringComparison.Ordinal));

        var hashtags = (await client.GetAsync("/hashtags.json?slugs[]=general&slugs[]=tomato::tag&order[]=category&order[]=tag")).Expect(200).Json;
        Assert.Equal("general", (string)hashtags["category"]![0]!["ref"]!);
        Assert.Equal("tag", (string)hashtags["tag"]![0]!["type"]!);
        var found = (await client.GetAsync("/hashtags/search.json?term=tom&order[]=category&order[]=tag")).Expect(200).Json["results"]!.AsArray();
        Assert.Contains(found, result => (string)result!["slug"]! == "tomato");
        Assert.Contains("General", (await client.PostAsync("/categories/search.json", ("term", "gener"))).Expect(200).Body, StringComparison.Ordinal);
        (await client.GetAsync("/composer_messages.json?composer_action=createTopic")).Expect(200);
    }

    [Fact]
    public async Task A_summary_adds_up_what_a_member_did()
    {
        await app.AddUserAsync("subject", trustLevel: 2);
        await app.AddUserAsync("admirer", trustLevel: 2);
        var (subject, admirer) = (await app.ApiAsync("subject"), await app.ApiAsync("admirer"));
        var post = await subject.TopicAsync("Something that others will admire");
        await admirer.ReplyAsync(post.TopicId(), "I do admire this, and I like it too.", 1);
        await subject.ReplyAsync(post.TopicId(), "Thank you very much for your kind words.", 2);
        (await admirer.PostAsync("/post_actions.json", ("id", $"{post.Id()}"), ("post_action_type_id", "2"))).Expect(200);

        var json = (await admirer.GetAsync("/u/subject/summary.json")).Expect(200).Json;

        var summary = json["user_summary"]!.AsObject();
        Assert.Equal((1, 1, 1), ((int)summary["topic_count"]!, (int)summary["post_count"]!, (int)summary["likes_received"]!));
        Assert.Equal("admirer", (string)summary["most_liked_by_users"]![0]!["username"]!);
        Assert.Equal("admirer", (string)summary["most_replied_to_users"]![0]!["username"]!);
        Assert.Equal(post.TopicId(), (int)summary["topic_ids"]![0]!);
        Assert.Equal(2, (int)summary["replies"]![0]!["post_number"]! - 1);
        Assert.Equal(Writing.General, (int)summary["top_categories"]![0]!["id"]!);
        (await admirer.GetAsync("/u/nobody-at-all/summary.json")).Expect(404);
    }
}
