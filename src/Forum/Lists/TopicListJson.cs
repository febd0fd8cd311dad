using System.Text.Json.Nodes;
using Forum.Topics;
using Forum.Viewing;

namespace Forum.Lists;

/// <summary>How the attributes of a list item that may be absent are written; the published schemas differ by list.</summary>
enum ListShape
{
    /// <summary>/latest and its like: left out.</summary>
    Site,

    /// <summary>A category's list: null, and the excerpt always.</summary>
    Category,

    /// <summary>Messages, with participants.</summary>
    Messages,
}

/// <summary>Lists in Discourse's shape: topics, and beside them the users who post in them.</summary>
static class TopicListJson
{
    public static JsonObject Of(IReadOnlyList<Topic> topics, IReadOnlyDictionary<int, UserBrief> users, Viewer viewer, ListShape shape, string host,
        int perPage, string? moreUrl)
    {
        var shown = topics.Take(perPage).ToArray();
        var list = new JsonObject { ["can_create_topic"] = TopicPermissions.CanCreate(viewer) };
        if (moreUrl is not null && topics.Count > perPage)
            list["more_topics_url"] = moreUrl;
        if (!viewer.User.IsAnonymous && (shape != ListShape.Category || viewer.WantsExtras))
        {
            list["draft"] = null;
            list["draft_key"] = "new_topic";
            list["draft_sequence"] = 0;
        }

        list["per_page"] = perPage;
        if (shape != ListShape.Messages)
            list["top_tags"] = new JsonArray();
        list["topics"] = shown.Select(topic => (JsonNode?)Item(topic, viewer, shape)).ToJsonArray();
        var ids = shown.SelectMany(UserIds).Distinct();
        var json = new JsonObject
        {
            ["users"] = ids.Where(users.ContainsKey).Select(id => (JsonNode?)users[id].Json(host)).ToJsonArray(),
            ["primary_groups"] = new JsonArray(),
            ["topic_list"] = list,
        };
        if (viewer.WantsExtras)
            json["flair_groups"] = new JsonArray();
        return json;
    }

    /// <summary>Everyone whom an item of the list shows.</summary>
    public static IEnumerable<int> UserIds(Topic topic) => [topic.UserId, topic.LastPostUserId, .. topic.FeaturedUserIds, .. topic.AllowedUserIds];

    public static JsonObject Item(Topic topic, Viewer viewer, ListShape shape)
    {
        var user = viewer.User;
        var mine = topic.Mine;
        var pinned = topic.IsPinned(viewer.Now);
        var highest = viewer.CanSeeWhispers ? topic.HighestStaffPostNumber : topic.HighestPostNumber;
        var json = new JsonObject
        {
            ["id"] = topic.Id,
            ["title"] = topic.Title,
            ["fancy_title"] = topic.FancyTitle,
            ["slug"] = topic.Slug,
            ["posts_count"] = topic.PostsCount,
            ["reply_count"] = topic.ReplyCount,
            ["highest_post_number"] = highest,
        };
        if (topic.ImageUrl is not null || shape != ListShape.Site)
            json["image_url"] = topic.ImageUrl;
        json["created_at"] = JsonParts.Time(topic.CreatedAt);
        json["last_posted_at"] = JsonParts.Time(topic.LastPostedAt ?? topic.CreatedAt);
        json["bumped"] = true;
        json["bumped_at"] = JsonParts.Time(topic.BumpedAt);
        json["archetype"] = topic.Archetype;
        json["unseen"] = !user.IsAnonymous && mine?.LastReadPostNumber is null && topic.CreatedAt > viewer.Now.AddDays(-2);
        if (mine?.LastReadPostNumber is { } read && shape != ListShape.Category)
        {
            json["last_read_post_number"] = read;
            json["unread_posts"] = Math.Max(0, highest - read);
        }

        json["pinned"] = pinned;
        if (shape != ListShape.Site)
            json["unpinned"] = null;
        if (shape == ListShape.Category || pinned)
            json["excerpt"] = topic.Excerpt ?? "";
        json["visible"] = topic.Visible;
        json["closed"] = topic.Closed;
        json["archived"] = topic.Archived;
        if (mine is not null && shape != ListShape.Category)
            json["notification_level"] = mine.NotificationLevel;
        Mark("bookmarked", mine?.Bookmarked);
        Mark("liked", mine?.Liked);
        if (shape != ListShape.Category || topic.TagPairs.Count > 0)
            json["tags"] = TopicJson.Tags(topic);
        json["views"] = topic.Views;
        json["like_count"] = topic.LikeCount;
        json["has_summary"] = topic.HasSummary;
        json["last_poster_username"] = topic.LastPoster.Username;
        json["category_id"] = topic.CategoryId;
        json["pinned_globally"] = topic.PinnedGlobally;
        json["featured_link"] = topic.FeaturedLink;
        if (shape == ListShape.Messages)
        {
            json["allowed_user_count"] = topic.AllowedUserIds.Count;
            json["participants"] = topic.AllowedUserIds.Where(id => id != topic.UserId || topic.AllowedUserIds.Count == 1)
                .Select(id => (JsonNode?)Poster(id, id == topic.LastPostUserId ? "latest" : "", null)).ToJsonArray();
        }

        json["posters"] = Posters(topic);
        return json;

        void Mark(string name, bool? value)
        {
            if (shape == ListShape.Category && !viewer.WantsExtras)
                json[name] = null;
            else if (value is { } known)
                json[name] = known;
            else if (shape == ListShape.Category)
                json[name] = null;
            else if (!user.IsAnonymous)
                json[name] = false;
        }
    }

    static JsonArray Posters(Topic topic)
    {
        var single = topic.UserId == topic.LastPostUserId;
        var posters = new JsonArray
        {
            Poster(topic.UserId, single ? topic.ParticipantCount <= 1 ? "latest single" : "latest" : "",
                single ? "Original Poster, Most Recent Poster" : "Original Poster"),
        };
        foreach (var id in topic.FeaturedUserIds.Where(id => id != topic.UserId && id != topic.LastPostUserId).Take(3))
            posters.Add(Poster(id, "", "Frequent Poster"));
        if (!single)
            posters.Add(Poster(topic.LastPostUserId, "latest", "Most Recent Poster"));
        return posters;
    }

    static JsonObject Poster(int id, string extras, string? description) => new()
    {
        ["extras"] = extras,
        ["description"] = description,
        ["user_id"] = id,
        ["primary_group_id"] = null,
    };
}
