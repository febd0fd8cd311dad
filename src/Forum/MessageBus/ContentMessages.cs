using System.Text.Json.Nodes;
using Forum.Database;
using Forum.PageCache;
using Forum.Posts;
using Forum.Topics;
using Forum.Web;

namespace Forum.MessageBus;

/// <summary>Says on the bus what was written, to those who may read it, and ends cached pages.</summary>
sealed class ContentMessages(MessageBus bus, AnonymousPages pages, ForumDatabase database, TimeProvider time)
{
    public async Task PublishAsync(string what, Topic topic, Post? post)
    {
        await pages.ChangedAsync(CancellationToken.None);
        var audience = await AudienceAsync(topic, CancellationToken.None);
        if (audience is null)
        {
            return;
        }

        var message = new JsonObject { ["type"] = what, ["updated_at"] = Replies.Time(time.GetUtcNow().UtcDateTime) };
        if (post is not null)
        {
            message["id"] = post.Id;
            message["post_number"] = post.PostNumber;
            message["user_id"] = post.UserId;
        }

        await bus.PublishAsync($"/topic/{topic.Id}", message, audience, CancellationToken.None);
        if (post is null && Gone.Contains(what) && topic.Archetype == "regular")
        {
            await PublishGoneAsync(what, topic, audience);
        }

        if (what == "created" && topic.Archetype == "regular")
        {
            var payload = new JsonObject
            {
                ["bumped_at"] = Replies.Time(topic.BumpedAt),
                ["category_id"] = topic.CategoryId,
                ["archetype"] = topic.Archetype,
                ["highest_post_number"] = post?.PostNumber ?? topic.HighestPostNumber,
            };
            var isNew = post is { PostNumber: 1 };
            if (!isNew)
            {
                await bus.PublishAsync("/unread", new JsonObject { ["topic_id"] = topic.Id, ["message_type"] = "unread", ["payload"] = payload.DeepClone() }, audience, CancellationToken.None);
            }

            await bus.PublishAsync(isNew ? "/new" : "/latest", new JsonObject
            {
                ["topic_id"] = topic.Id,
                ["message_type"] = isNew ? "new_topic" : "latest",
                ["payload"] = payload,
            }, audience, CancellationToken.None);
        }
    }

    static readonly string[] Gone = ["deleted", "recovered"];

    /// <summary>A whole topic that went or came back leaves or enters the lists.</summary>
    async Task PublishGoneAsync(string what, Topic topic, BusAudience audience)
    {
        var name = what == "deleted" ? "delete" : "recover";
        await bus.PublishAsync("/" + name, new JsonObject { ["topic_id"] = topic.Id, ["message_type"] = name }, audience, CancellationToken.None);
    }

    /// <summary>To those who may read the topic, on a channel of the caller's.</summary>
    public async Task PublishToReadersAsync(string channel, Topic topic, JsonNode data, CancellationToken cancellation)
    {
        if (await AudienceAsync(topic, cancellation) is { } audience)
        {
            await bus.PublishAsync(channel, data, audience, cancellation);
        }
    }

    /// <summary>Who may read the topic; null when nobody can be told.</summary>
    public async Task<BusAudience?> AudienceAsync(Topic topic, CancellationToken cancellation)
    {
        if (topic.Archetype == "private_message")
        {
            var (users, groups) = await database.FindAsync("""
                SELECT ARRAY(SELECT user_id FROM topic_allowed_users WHERE topic_id = $1), ARRAY(SELECT group_id FROM topic_allowed_groups WHERE topic_id = $1)
                """, row => (row.Ints(0), row.Ints(1)), [topic.Id], cancellation);
            return users.Length + groups.Length == 0 ? null : new BusAudience { UserIds = users, GroupIds = groups };
        }

        var readers = await database.ListAsync("""
            SELECT g.group_id
            FROM categories c
            JOIN category_groups g ON g.category_id = c.id
            WHERE c.id = $1 AND c.read_restricted
            """, row => row.GetInt32(0), [topic.CategoryId], cancellation);
        return readers.Count == 0 ? BusAudience.Everyone : new BusAudience { GroupIds = [.. readers, 1] };
    }
}
