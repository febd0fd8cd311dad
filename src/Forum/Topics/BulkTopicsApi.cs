using System.Text.Json.Nodes;
using Forum.Database;
using Forum.Notifications;
using Forum.Posts;
using Forum.Viewing;
using Forum.Web;

namespace Forum.Topics;

/// <summary>The same change of many topics: PUT /topics/bulk.</summary>
static class BulkTopicsApi
{
    const int Most = 1000;

    /// <summary>What a reader does for themself; the rest needs the right to moderate or edit each topic.</summary>
    static readonly string[] Own = ["change_notification_level", "dismiss_posts", "dismiss_topics", "archive_messages", "move_messages_to_inbox"];

    public static void MapBulkTopics(this IEndpointRouteBuilder app) => app.MapPut("/topics/bulk", BulkAsync).RequireLogin().Named("topics#bulk");

    sealed record Verbs(ForumDatabase Database, TopicStatus Status, PostDeletion Deletion, PostStore Posts, PostRevision Revision);

    static async Task<IResult> BulkAsync(HttpContext context, Parameters given, Viewers viewers, ForumDatabase database, TopicStore topics, TopicStatus status, PostDeletion deletion, PostStore posts,
        PostRevision revision, CancellationToken cancellation)
    {
        var operation = given.Nested("operation");
        var type = operation.Required("type");
        var viewer = await viewers.OfAsync(context, cancellation);
        var ids = given.Ints("topic_ids") ?? (given.Text("filter") == "unread" ? await UnreadAsync(database, given, viewer, cancellation) : throw Refused.Missing("topic_ids"));
        var verbs = new Verbs(database, status, deletion, posts, revision);
        var done = new List<int>();
        foreach (var id in ids.Distinct().Take(Most))
        {
            if (await topics.FindAsync(id, viewer.User.Id, cancellation) is { } topic && TopicPermissions.CanSee(viewer, topic) &&
                (Own.Contains(type) || TopicPermissions.CanModerate(viewer, topic) || (type.EndsWith("_tags", StringComparison.Ordinal) && TopicPermissions.CanEdit(viewer, topic))) &&
                await ApplyAsync(verbs, topic, type, operation, viewer, cancellation))
                done.Add(id);
        }

        return Replies.Json(new JsonObject { ["topic_ids"] = done.ToJsonArray() });
    }

    /// <summary>Of a category, a tag, or all.</summary>
    static async Task<IReadOnlyList<int>> UnreadAsync(SqlSession sql, Parameters given, Viewer viewer, CancellationToken cancellation) => await sql.ListAsync("""
        SELECT t.id
        FROM topic_users tu
        JOIN topics t ON t.id = tu.topic_id
        WHERE tu.user_id = $1 AND tu.notification_level >= 2 AND tu.last_read_post_number < t.highest_post_number AND t.deleted_at IS NULL
            AND ($2::int IS NULL OR t.category_id = $2) AND ($3::text IS NULL OR EXISTS (SELECT FROM topic_tags tt JOIN tags g ON g.id = tt.tag_id WHERE tt.topic_id = t.id AND lower(g.name) = lower($3)))
        ORDER BY t.bumped_at DESC
        LIMIT 1000
        """, row => row.Int(0), [viewer.User.Id, given.Int("category_id"), given.Text("tag_name")], cancellation);

    static async Task<bool> ApplyAsync(Verbs verbs, Topic topic, string type, Parameters operation, Viewer viewer, CancellationToken cancellation)
    {
        var (database, status) = (verbs.Database, verbs.Status);
        switch (type)
        {
            case "close" or "open":
                await status.SetAsync(topic, "closed", type == "close", null, viewer, cancellation);
                return true;
            case "archive":
                await status.SetAsync(topic, "archived", true, null, viewer, cancellation);
                return true;
            case "unlist" or "relist":
                await status.SetAsync(topic, "visible", type == "relist", null, viewer, cancellation);
                return true;
            case "delete":
                if (!TopicPermissions.CanDelete(viewer, topic))
                    return false;
                await verbs.Deletion.DeleteTopicAsync(topic, viewer, cancellation);
                return true;
            case "change_category":
                var category = operation.RequiredInt("category_id");
                if (topic.IsMessage || viewer.Categories.Find(category) is not { } target || !Categories.CategoryPermissions.CanCreateTopic(viewer.User, target))
                    return false;
                return await ReviseAsync(verbs, topic, new Revision { CategoryId = category, BypassBump = true }, viewer, cancellation);
            case "change_tags" or "append_tags" or "remove_tags":
                var before = topic.Tags.Select(tag => tag.Name);
                var given = operation.List("tags") ?? operation.List("tag_ids") ?? [];
                var tags = type switch { "append_tags" => before.Union(given), "remove_tags" => [], _ => given };
                return await ReviseAsync(verbs, topic, new Revision { Tags = [.. tags], BypassBump = true }, viewer, cancellation);
            case "change_notification_level":
                await Notifier.SetTopicLevelAsync(database, viewer.User.Id, topic.Id, operation.Int("notification_level_id") ?? 1, viewer.Now, cancellation);
                return true;
            case "dismiss_posts":
                await database.ExecuteAsync("UPDATE topic_users SET last_read_post_number = $3 WHERE user_id = $1 AND topic_id = $2", [viewer.User.Id, topic.Id, topic.HighestPostNumber], cancellation);
                return true;
            case "dismiss_topics":
                await database.ExecuteAsync("INSERT INTO dismissed_topic_users (user_id, topic_id, created_at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING", [viewer.User.Id, topic.Id, viewer.Now], cancellation);
                return true;
            case "archive_messages" or "move_messages_to_inbox" when topic.IsMessage:
                await MessagePeopleApi.ArchiveAsync(database, viewer, topic.Id, type == "archive_messages", cancellation);
                return true;
            case "archive_messages" or "move_messages_to_inbox":
                return false;
            case "reset_bump_dates":
                await TopicCounters.RefreshAsync(database, topic.Id, bump: true, cancellation);
                return true;
            default:
                throw Refused.InvalidParameters("operation");
        }
    }

    static async Task<bool> ReviseAsync(Verbs verbs, Topic topic, Revision change, Viewer viewer, CancellationToken cancellation)
    {
        if (await verbs.Posts.FindByNumberAsync(topic.Id, 1, cancellation) is not { } first)
            return false;
        await verbs.Revision.ReviseAsync(first, topic, viewer, change, cancellation);
        return true;
    }
}
