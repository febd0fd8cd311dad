using System.Text.Json.Nodes;

namespace Forum.Tests.Tags;

public sealed class TagRuleTests(ForumApp app) : IClassFixture<ForumApp>
{
    static int _names;

    async Task<ForumClient> MemberAsync(bool admin = false)
    {
        var name = $"tagger{Interlocked.Increment(ref _names)}";
        await app.AddUserAsync(name, admin: admin, trustLevel: 3);
        return await app.ApiAsync(name);
    }

    static async Task GroupAsync(ForumClient admin, string name, JsonObject more, params string[] tags)
    {
        var group = new JsonObject { ["name"] = name, ["tag_names"] = new JsonArray([.. tags.Select(tag => (JsonNode?)tag)]) };
        foreach (var (key, value) in more)
            group[key] = value?.DeepClone();
        (await admin.PostJsonAsync("/tag_groups.json", new JsonObject { ["tag_group"] = group })).Expect(200);
    }

    static Task<Answer> TryAsync(ForumClient client, string title, params string[] tags) => client.PostJsonAsync("/posts.json", new JsonObject
    {
        ["title"] = title, ["raw"] = $"A post that is long enough, of {title}", ["category"] = Writing.General, ["tags"] = new JsonArray([.. tags.Select(tag => (JsonNode?)tag)]),
    });

    [Fact]
    public async Task Groups_of_tags_say_which_go_together()
    {
        var (admin, member) = (await MemberAsync(admin: true), await MemberAsync());
        await GroupAsync(admin, "Size", new JsonObject { ["one_per_topic"] = true }, "small", "large");
        await GroupAsync(admin, "Breeds", new JsonObject { ["parent_tag_name"] = new JsonArray("dog") }, "poodle", "beagle");
        await GroupAsync(admin, "Official", new JsonObject { ["permissions"] = new JsonObject { ["everyone"] = 3, ["staff"] = 1 } }, "announced");

        Assert.Contains("only one tag of", (await TryAsync(member, "Both small and large at once", "small", "large")).Expect(422).Body, StringComparison.Ordinal);
        (await TryAsync(member, "Small and nothing but small", "small")).Expect(200);
        Assert.Contains("dog", (await TryAsync(member, "A poodle without being a dog", "poodle")).Expect(422).Body, StringComparison.Ordinal);
        (await TryAsync(member, "A poodle that is a dog as well", "dog", "poodle")).Expect(200);
        (await TryAsync(member, "Announced by a mere member", "announced")).Expect(422);
        (await TryAsync(admin, "Announced by one of the staff", "announced")).Expect(200);
    }

    [Fact]
    public async Task A_category_can_ask_for_tags()
    {
        var (admin, member) = (await MemberAsync(admin: true), await MemberAsync());
        await GroupAsync(admin, "Systems", [], "linux", "plan9");
        var category = (await admin.PostJsonAsync("/categories.json", new JsonObject
        {
            ["name"] = "Needs a system", ["color"] = "112233", ["text_color"] = "FFFFFF", ["minimum_required_tags"] = 1,
            ["required_tag_groups"] = new JsonArray(new JsonObject { ["name"] = "Systems", ["min_count"] = 1 }),
        })).Expect(200).Json["category"]!.Id();
        var body = new JsonObject { ["title"] = "Which system does this run on?", ["raw"] = "A question that is long enough for a post.", ["category"] = category, ["tags"] = new JsonArray("other") };

        (await member.PostJsonAsync("/posts.json", body.DeepClone())).Expect(422);
        body["tags"] = new JsonArray("linux", "other");
        (await member.PostJsonAsync("/posts.json", body.DeepClone())).Expect(200);
    }

    [Fact]
    public async Task A_synonym_stands_for_its_tag()
    {
        var (admin, member) = (await MemberAsync(admin: true), await MemberAsync());
        var before = await member.TopicAsync("Tagged before there was a synonym", tags: ["colour", "shade"]);
        await member.TopicAsync("Tagged with what becomes a synonym", tags: ["hue"]);

        (await admin.PostJsonAsync("/tag/colour/synonyms.json", new JsonObject { ["synonyms"] = new JsonArray("hue", "tint") })).Expect(200);
        var after = await member.TopicAsync("Tagged after there was a synonym", tags: ["tint"]);

        var info = (await member.GetAsync("/tag/colour/info.json")).Expect(200).Json["tag_info"]!;
        Assert.Equal(3, (int)info["topic_count"]!);
        Assert.Equal(["hue", "tint"], info["synonyms"]!.AsArray().Select(tag => tag!["text"]?.ToString() ?? tag["name"]!.ToString()).Order());
        Assert.Contains("colour", (await member.GetAsync($"/t/{after.TopicId()}.json")).Expect(200).Json["tags"]!.ToJsonString(), StringComparison.Ordinal);
        (await admin.DeleteAsync("/tag/colour/synonyms/hue.json")).Expect(200);
        (await admin.PutJsonAsync($"/t/{before.TopicId()}/tags.json", new JsonObject { ["tags"] = new JsonArray("colour") })).Expect(200);
        Assert.Contains("shade", (await admin.GetAsync("/tags/unused.json")).Expect(200).Body, StringComparison.Ordinal);
        (await member.GetAsync("/tags/unused.json")).Expect(404);
    }
}
