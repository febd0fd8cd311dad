using System.Text.Json.Nodes;

namespace Forum.Tests;

/// <summary>What tests write through the API.</summary>
static class Writing
{
    public const int General = 4;

    /// <returns>The first post.</returns>
    public static async Task<JsonObject> TopicAsync(this ForumClient client, string title, int category = General, string? raw = null, params string[] tags)
    {
        var body = new JsonObject { ["title"] = title, ["raw"] = raw ?? $"First post, long enough, of {title}", ["category"] = category };
        if (tags.Length > 0)
            body["tags"] = new JsonArray([.. tags.Select(tag => (JsonNode?)tag)]);
        return (await client.PostJsonAsync("/posts.json", body)).Expect(200).Json;
    }

    public static async Task<JsonObject> ReplyAsync(this ForumClient client, int topic, string raw, int? to = null)
    {
        var body = new JsonObject { ["topic_id"] = topic, ["raw"] = raw };
        if (to is not null)
            body["reply_to_post_number"] = to;
        return (await client.PostJsonAsync("/posts.json", body)).Expect(200).Json;
    }

    public static async Task<JsonObject> MessageAsync(this ForumClient client, string to, string title) => (await client.PostJsonAsync("/posts.json", new JsonObject
    {
        ["title"] = title, ["raw"] = $"This message is for {to}: {title}", ["archetype"] = "private_message", ["target_recipients"] = to,
    })).Expect(200).Json;

    public static int Id(this JsonNode node, string name = "id") => (int)node[name]!;

    public static int TopicId(this JsonNode post) => (int)post["topic_id"]!;
}
