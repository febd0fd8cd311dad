using System.Text.Json.Nodes;
using Forum.Categories;
using Forum.Database;
using Forum.Lists;
using Forum.Posts;
using Forum.Tags;
using Forum.Topics;
using Forum.Viewing;
using Forum.Web;

namespace Forum.Composer;

/// <summary>What a client asks while somebody writes: whom a name reaches, what a hashtag means, which topics are like the new one.</summary>
static class ComposerApi
{
    const int MostSimilar = 10;
    const int MostFound = 20;

    public static void MapComposer(this IEndpointRouteBuilder app)
    {
        app.MapGet("/composer/mentions", MentionsAsync).RequireLogin().Named("composer#mentions");
        app.MapGet("/composer_messages", MessagesAsync).RequireLogin().Named("composer_messages#index");
        app.MapGet("/topics/similar_to", SimilarAsync).AllowAnyone().Named("similar_topics#index");
        app.MapGet("/hashtags", HashtagsAsync).RequireLogin().Named("hashtags#lookup");
        app.MapGet("/hashtags/by-ids", ByIdsAsync).RequireLogin().Named("hashtags#by_ids");
        app.MapGet("/hashtags/search", SearchAsync).RequireLogin().Named("hashtags#search");
        app.MapPost("/categories/search", CategoriesAsync).AllowAnyone().Named("categories#search");
    }

    static Task<Viewer> ViewerAsync(HttpContext context, CancellationToken cancellation) => context.RequestServices.GetRequiredService<Viewers>().OfAsync(context, cancellation);

    static async Task<IResult> MentionsAsync(HttpContext context, Parameters given, ForumDatabase database, TopicStore topics, CancellationToken cancellation)
    {
        var viewer = await ViewerAsync(context, cancellation);
        var names = (given.List("names") ?? throw Refused.Missing("names")).Select(name => name.ToLowerInvariant()).Distinct().Take(50).ToArray();
        var topic = given.Int("topic_id") is { } id ? await topics.FindAsync(id, viewer.User.Id, cancellation) : null;
        if (topic is not null && !TopicPermissions.CanSee(viewer, topic))
            throw Refused.NotFound();
        var users = await database.ListAsync("""
            SELECT u.id, u.username_lower, u.admin,
                CASE WHEN $2 THEN EXISTS (SELECT FROM topic_allowed_users a WHERE a.topic_id = $3 AND a.user_id = u.id)
                        OR EXISTS (SELECT FROM topic_allowed_groups a JOIN group_users g ON g.group_id = a.group_id WHERE a.topic_id = $3 AND g.user_id = u.id)
                    ELSE NOT EXISTS (SELECT FROM category_groups cg WHERE cg.category_id = $4) OR EXISTS (SELECT FROM category_groups cg LEFT JOIN group_users gu ON gu.group_id = cg.group_id AND gu.user_id = u.id
                        WHERE cg.category_id = $4 AND (cg.group_id = 0 OR gu.user_id IS NOT NULL)) END
            FROM users u
            WHERE u.username_lower = ANY($1) AND u.active AND NOT u.staged
            """, row => (Id: row.Int(0), Name: row.Text(1), Admin: row.Bool(2), Reached: row.Bool(3)), [names, topic?.IsMessage == true, topic?.Id ?? 0, topic?.CategoryId ?? 0], cancellation);
        var groups = await database.ListAsync("""
            SELECT g.id, lower(g.name), g.name, g.user_count, coalesce(g.mentionable_level, 0), g.visibility_level
            FROM groups g
            WHERE lower(g.name) = ANY($1)
            """, row => (Id: row.Int(0), Lower: row.Text(1), Name: row.Text(2), Count: row.Int(3), Level: row.Int(4), Visibility: row.Int(5)), [names], cancellation);
        var most = viewer.Settings.Int("max_users_notified_per_group_mention");
        var userReasons = new JsonObject();
        foreach (var user in users.Where(user => topic is not null && !user.Reached && !user.Admin))
            userReasons[user.Name] = topic!.IsMessage ? "private" : "category";
        var (groupJson, groupReasons) = (new JsonObject(), new JsonObject());
        foreach (var group in groups.Where(group => group.Visibility < 2 || viewer.User.IsStaff || viewer.User.GroupIds.Contains(group.Id)))
        {
            groupJson[group.Name] = new JsonObject { ["user_count"] = group.Count };
            if (!GroupMentions.Allows(group.Id, group.Level, viewer))
                groupReasons[group.Name] = "not_mentionable";
            else if (group.Count > most)
                groupReasons[group.Name] = "too_many_members";
        }

        var json = new JsonObject
        {
            ["users"] = users.Select(user => user.Name).ToJsonArray(),
            ["user_reasons"] = userReasons,
            ["groups"] = groupJson,
            ["group_reasons"] = groupReasons,
            ["max_users_notified_per_group_mention"] = most,
        };
        if (topic is not null && names.Contains("here"))
            json["here_count"] = await database.ScalarAsync<int>("SELECT count(DISTINCT user_id)::int FROM posts WHERE topic_id = $1 AND deleted_at IS NULL AND post_type = 1 AND user_id <> $2", [topic.Id, viewer.User.Id], cancellation);
        return Replies.Json(json);
    }

    /// <summary>Hints beside the composer: to a first-time writer, and to one who wakes an old topic.</summary>
    static async Task<IResult> MessagesAsync(HttpContext context, Parameters given, ForumDatabase database, TopicStore topics, CancellationToken cancellation)
    {
        var viewer = await ViewerAsync(context, cancellation);
        var list = new JsonArray();
        var written = await database.ScalarAsync<int>("SELECT post_count + topic_count FROM user_stats WHERE user_id = $1", [viewer.User.Id], cancellation);
        if (written == 0 && viewer.User.TrustLevel == 0)
            Add("education", "<p>Welcome! Is your post about the topic, kind, and something that others can answer?</p>");
        if (given.Int("topic_id") is { } id && given.Text("composer_action") == "reply" && await topics.FindAsync(id, viewer.User.Id, cancellation) is { IsMessage: false } topic
            && viewer.Settings.Int("warn_reviving_old_topic_age") is > 0 and var days && topic.LastPostedAt < viewer.Now.AddDays(-days))
            Add("get_a_room", $"<p>The last reply in this topic is more than {days} days old. Will your reply still be of use there?</p>");
        return Replies.Json(new JsonObject { ["composer_messages"] = list, ["extras"] = new JsonObject() });

        void Add(string name, string body) => list.Add(new JsonObject { ["id"] = name, ["templateName"] = "education", ["wait_for_typing"] = true, ["body"] = body });
    }

    static async Task<IResult> SimilarAsync(HttpContext context, Parameters given, ForumDatabase database, BaseUrl baseUrl, CancellationToken cancellation)
    {
        var viewer = await ViewerAsync(context, cancellation);
        var title = given.Required("title");
        if (title.Length < viewer.Settings.Int("min_title_similar_length"))
            throw Refused.InvalidParameters("title");
        var topics = await database.ListAsync($"""
            SELECT {Topic.Columns}, s.blurb
            FROM {Topic.From}
            JOIN (
                SELECT d.topic_id, similarity(tt.title, $3) + ts_rank(d.search_data, q.words) AS near, left(coalesce(p.cooked, ''), 4000) AS blurb
                FROM (SELECT replace(plainto_tsquery('english', left($3 || ' ' || $4, 1000))::text, ' & ', ' | ')::tsquery AS words) q
                JOIN topic_search_data d ON d.search_data @@ q.words
                JOIN topics tt ON tt.id = d.topic_id AND tt.deleted_at IS NULL AND tt.visible AND tt.archetype = 'regular' AND tt.category_id = ANY($2)
                LEFT JOIN posts p ON p.topic_id = tt.id AND p.post_number = 1
                WHERE NOT EXISTS (SELECT FROM categories c WHERE c.topic_id = tt.id)
                ORDER BY near DESC
                LIMIT $5
            ) s ON s.topic_id = t.id
            WHERE s.near > 0.1
            ORDER BY s.near DESC
            """, row => (Topic: Topic.Read(row), Blurb: row.Text(58)), [viewer.User.Id, viewer.VisibleCategories, title, given.Text("raw") ?? "", MostSimilar], cancellation);
        return Replies.Json(new JsonObject
        {
            ["similar_topics"] = topics.Select(pair =>
            {
                var json = TopicListJson.Item(pair.Topic, viewer, ListShape.Site);
                json["blurb"] = Markdown.Excerpt.Of(pair.Blurb, 200);
                json["topic_url"] = baseUrl.Absolute(pair.Topic.Url);
                return (JsonNode?)json;
            }).ToJsonArray(),
        });
    }

    static JsonObject Found(Category category, Viewer viewer) => new()
    {
        ["relative_url"] = viewer.Categories.UrlOf(category),
        ["text"] = category.Name,
        ["description"] = category.Description is null ? null : Markdown.Excerpt.PlainText(category.Description),
        ["colors"] = viewer.Categories.PathTo(category).Select(part => part.Color).ToJsonArray(),
        ["icon"] = "folder",
        ["type"] = "category",
        ["style_type"] = "square",
        ["ref"] = category.ParentId is null ? category.Slug : $"{viewer.Categories.Find(category.ParentId)?.Slug}:{category.Slug}",
        ["slug"] = category.Slug,
        ["id"] = category.Id,
    };

    static JsonObject Found(Tag tag, bool taken) => new()
    {
        ["relative_url"] = $"/tag/{Uri.EscapeDataString(tag.Name)}",
        ["text"] = tag.Name,
        ["description"] = tag.Description,
        ["colors"] = null,
        ["icon"] = "tag",
        ["type"] = "tag",
        ["style_type"] = "icon",
        ["ref"] = taken ? tag.Name + "::tag" : tag.Name,
        ["slug"] = tag.Name,
        ["id"] = tag.Id,
        ["secondary_text"] = $"x{tag.PublicTopicCount}",
    };

    static async Task<IResult> HashtagsAsync(HttpContext context, Parameters given, ForumDatabase database, CancellationToken cancellation)
    {
        var viewer = await ViewerAsync(context, cancellation);
        var slugs = (given.List("slugs") ?? throw Refused.Missing("slugs")).Take(MostFound).ToArray();
        var categories = slugs.Where(slug => !slug.EndsWith("::tag", StringComparison.Ordinal)).Select(slug => viewer.Categories.FindBySlug(slug.Replace("::category", "", StringComparison.Ordinal)))
            .OfType<Category>().Where(category => CategoryPermissions.CanSee(viewer.User, category)).DistinctBy(category => category.Id).ToArray();
        var names = slugs.Where(slug => !slug.EndsWith("::category", StringComparison.Ordinal)).Select(slug => slug.Replace("::tag", "", StringComparison.Ordinal));
        var hidden = (await TagRules.HiddenAsync(database, viewer, cancellation)).ToHashSet();
        var tags = (await TagStore.FindAsync(database, names, cancellation)).Where(tag => !hidden.Contains(tag.Id));
        return Replies.Json(new JsonObject
        {
            ["category"] = categories.Select(category => (JsonNode?)Found(category, viewer)).ToJsonArray(),
            ["tag"] = tags.Select(tag => (JsonNode?)Found(tag, categories.Any(category => category.Slug == tag.Name))).ToJsonArray(),
        });
    }

    static async Task<IResult> ByIdsAsync(HttpContext context, Parameters given, ForumDatabase database, CancellationToken cancellation)
    {
        var viewer = await ViewerAsync(context, cancellation);
        var tags = await database.ListAsync("SELECT name FROM tags WHERE id = ANY($1)", row => row.Text(0), [(given.Ints("tag") ?? []).ToArray()], cancellation);
        var hidden = (await TagRules.HiddenAsync(database, viewer, cancellation)).ToHashSet();
        return Replies.Json(new JsonObject
        {
            ["category"] = (given.Ints("category") ?? []).Select(id => viewer.Categories.Find(id)).OfType<Category>().Where(category => CategoryPermissions.CanSee(viewer.User, category))
                .Select(category => (JsonNode?)Found(category, viewer)).ToJsonArray(),
            ["tag"] = (await TagStore.FindAsync(database, tags, cancellation)).Where(tag => !hidden.Contains(tag.Id)).Select(tag => (JsonNode?)Found(tag, false)).ToJsonArray(),
        });
    }

    static async Task<IResult> SearchAsync(HttpContext context, Parameters given, ForumDatabase database, CancellationToken cancellation)
    {
        var viewer = await ViewerAsync(context, cancellation);
        var term = (given.Text("term") ?? "").Trim().TrimStart('#').ToLowerInvariant();
        var categories = viewer.Categories.All.Where(category => CategoryPermissions.CanSee(viewer.User, category) &&
            (category.Name.Contains(term, StringComparison.OrdinalIgnoreCase) || category.Slug.Contains(term, StringComparison.OrdinalIgnoreCase)))
            .OrderBy(category => category.Slug.Equals(term, StringComparison.OrdinalIgnoreCase) ? 0 : 1).ThenByDescending(category => category.TopicCount).Take(MostFound).ToArray();
        var hidden = await TagRules.HiddenAsync(database, viewer, cancellation);
        var tags = await database.ListAsync("""
            SELECT id, name, public_topic_count, staff_topic_count, pm_topic_count, target_tag_id, description
            FROM tags
            WHERE strpos(lower(name), $1) > 0 AND target_tag_id IS NULL AND id <> ALL($2)
            ORDER BY lower(name) = $1 DESC, public_topic_count DESC, name
            LIMIT $3
            """, row => new Tag(row.Int(0), row.Text(1), row.Int(2), row.Int(3), row.Int(4), row.IntOrNull(5), row.TextOrNull(6)), [term, hidden.ToArray(), MostFound], cancellation);
        var order = given.List("order") ?? ["category", "tag"];
        IEnumerable<JsonObject> found = [.. categories.Select(category => Found(category, viewer)), .. tags.Select(tag => Found(tag, viewer.Categories.FindBySlug(tag.Name) is not null))];
        return Replies.Json(new JsonObject
        {
            ["results"] = found.Where(item => order.Contains((string)item["type"]!)).OrderBy(item => item["slug"]!.ToString().Equals(term, StringComparison.OrdinalIgnoreCase) ? 0 : 1)
                .Take(MostFound).Select(item => (JsonNode?)item).ToJsonArray(),
        });
    }

    static async Task<IResult> CategoriesAsync(HttpContext context, Parameters given, CategoryStore store, CancellationToken cancellation)
    {
        var viewer = await ViewerAsync(context, cancellation);
        var term = given.Text("term")?.Trim() ?? "";
        var rejected = given.Ints("reject_category_ids") ?? [];
        var selected = given.Ints("select_category_ids");
        var parent = given.Int("parent_category_id");
        var limit = Math.Clamp(given.Int("limit") ?? 5, 1, 25);
        var found = viewer.Categories.All.Where(category => CategoryPermissions.CanSee(viewer.User, category) && category.Name.Contains(term, StringComparison.OrdinalIgnoreCase) &&
            !rejected.Contains(category.Id) && (selected is null || selected.Contains(category.Id)) && (parent is null or -1 || category.ParentId == parent) &&
            (given.Bool("include_uncategorized") != false || category.Id != viewer.Settings.Int("uncategorized_category_id")) &&
            (given.Bool("include_subcategories") != false || category.ParentId is null)).ToArray();
        var levels = viewer.User.IsAnonymous ? [] : await store.NotificationLevelsAsync(viewer.User.Id, cancellation);
        return Replies.Json(new JsonObject
        {
            ["categories_count"] = found.Length,
            ["categories"] = found.Skip((Math.Max(1, given.Int("page") ?? 1) - 1) * limit).Take(limit).Select(category => (JsonNode?)CategoryJson.SiteItem(category, viewer, levels)).ToJsonArray(),
        });
    }
}
