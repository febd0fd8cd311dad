using System.Text.Json.Nodes;
using Forum.Database;
using Forum.Markdown;
using Forum.Sessions;
using Forum.Viewing;
using Forum.Web;

namespace Forum.Groups;

/// <summary>What a group's members wrote, and where it was mentioned; newest first, twenty at a time.</summary>
static class GroupPostsApi
{
    const int AtOnce = 20;
    const int ExcerptLength = 300;

    public static void MapGroupPosts(this IEndpointRouteBuilder routes)
    {
        foreach (var prefix in new[] { "/groups", "/g" })
        {
            var groups = routes.MapGroup(prefix).AllowAnyone();
            groups.MapGet("/{name}/posts", PostsAsync).Named("groups#posts");
            groups.MapGet("/{name}/mentions", MentionsAsync).RequireLogin().Named("groups#mentions");
            groups.MapGet("/{name}/permissions", PermissionsAsync).Named("groups#permissions");
        }
    }

    static async Task<IResult> PostsAsync(string name, HttpContext context, Parameters given, ForumDatabase database, Viewers viewers, BaseUrl baseUrl, CancellationToken cancellation)
    {
        var viewer = await viewers.OfAsync(context, cancellation);
        var group = await SeenAsync(database, name, viewer.User, cancellation);
        return await AnswerAsync(viewer, baseUrl, await database.ListAsync($"""
            SELECT {Columns}
            FROM group_users gu
            CROSS JOIN LATERAL (
                SELECT m.id
                FROM posts m
                WHERE m.user_id = gu.user_id AND m.id < $2
                ORDER BY m.id DESC
                LIMIT 200
            ) own
            JOIN posts p ON p.id = own.id
            {Joined}
            WHERE gu.group_id = $1 AND {Shown}
            ORDER BY p.id DESC
            LIMIT $4
            """, Read, [group.Id, Before(given), Categories(given, viewer), AtOnce], cancellation));
    }

    static async Task<IResult> MentionsAsync(string name, HttpContext context, Parameters given, ForumDatabase database, Viewers viewers, BaseUrl baseUrl, CancellationToken cancellation)
    {
        var viewer = await viewers.OfAsync(context, cancellation);
        var group = await SeenAsync(database, name, viewer.User, cancellation);
        if (!viewer.User.IsStaff && !group.IsMember)
        {
            throw Refused.InvalidAccess();
        }

        return await AnswerAsync(viewer, baseUrl, await database.ListAsync($"""
            SELECT {Columns}
            FROM group_mentions gm
            JOIN posts p ON p.id = gm.post_id
            {Joined}
            WHERE gm.group_id = $1 AND p.id < $2 AND {Shown}
            ORDER BY p.id DESC
            LIMIT $4
            """, Read, [group.Id, Before(given), Categories(given, viewer), AtOnce], cancellation));
    }

    /// <summary>The categories that the group may enter, and how: 1 everything, 2 reply and see, 3 see.</summary>
    static async Task<IResult> PermissionsAsync(string name, HttpContext context, ForumDatabase database, Viewers viewers, CancellationToken cancellation)
    {
        var viewer = await viewers.OfAsync(context, cancellation);
        var group = await SeenAsync(database, name, viewer.User, cancellation);
        var permissions = await database.ListAsync("""
            SELECT g.permission_type, c.id, c.name, coalesce(c.slug, ''), c.color, c.text_color, c.read_restricted, c.parent_category_id
            FROM category_groups g
            JOIN categories c ON c.id = g.category_id
            WHERE g.group_id = $1 AND c.id = ANY($2)
            ORDER BY g.permission_type, c.name
            """, JsonNode? (row) => new JsonObject
            {
                ["permission_type"] = row.Int(0),
                ["category"] = new JsonObject
                {
                    ["id"] = row.Int(1),
                    ["name"] = row.Text(2),
                    ["slug"] = row.Text(3),
                    ["color"] = row.Text(4),
                    ["text_color"] = row.Text(5),
                    ["read_restricted"] = row.Bool(6),
                    ["parent_category_id"] = row.IntOrNull(7),
                },
            }, [group.Id, viewer.VisibleCategories], cancellation);
        return Replies.Json(permissions.ToJsonArray());
    }

    static async Task<Group> SeenAsync(ForumDatabase database, string name, CurrentUser viewer, CancellationToken cancellation)
    {
        var group = await GroupStore.GetAsync(database, name, viewer, cancellation);
        return group.AreMembersVisibleTo(viewer) ? group : throw Refused.InvalidAccess();
    }

    static int Before(Parameters given) => given.Int("before_post_id") ?? int.MaxValue;

    static int[] Categories(Parameters given, Viewer viewer) => given.Int("category_id") is { } one ? [.. viewer.VisibleCategories.Where(id => id == one)] : viewer.VisibleCategories;

    const string Columns = """
        p.id, p.created_at, p.post_number, p.cooked, t.id, t.title, coalesce(t.fancy_title, t.title), coalesce(t.slug, 'topic'), t.category_id, t.posts_count,
        u.id, u.username, u.name, u.uploaded_avatar_id, u.title
        """;

    const string Joined = "JOIN topics t ON t.id = p.topic_id JOIN users u ON u.id = p.user_id";

    const string Shown = """
        p.deleted_at IS NULL AND NOT p.hidden AND p.post_type IN (1, 2) AND t.deleted_at IS NULL AND t.visible AND t.archetype = 'regular' AND t.category_id = ANY($3)
        """;

    sealed record Row(int Id, DateTime CreatedAt, int Number, string Cooked, int TopicId, string Title, string FancyTitle, string Slug, int? CategoryId, int PostsCount, UserBrief Author, string? UserTitle);

    static Row Read(Npgsql.NpgsqlDataReader row) => new(
        row.Int(0), row.Time(1), row.Int(2), row.Text(3), row.Int(4), row.Text(5), row.Text(6), row.Text(7), row.IntOrNull(8), row.Int(9), UserBrief.Read(row, 10), row.TextOrNull(14));

    static Task<IResult> AnswerAsync(Viewer viewer, BaseUrl baseUrl, List<Row> rows)
    {
        var categories = rows.Select(row => row.CategoryId).OfType<int>().Distinct().Select(id => viewer.Categories.Find(id)).OfType<Categories.Category>();
        return Task.FromResult(Replies.Json(new JsonObject
        {
            ["posts"] = rows.Select(row => (JsonNode?)Json(row, baseUrl.Host)).ToJsonArray(),
            ["categories"] = categories.Select(category => (JsonNode?)new JsonObject
            {
                ["id"] = category.Id,
                ["name"] = category.Name,
                ["color"] = category.Color,
                ["slug"] = category.Slug,
            }).ToJsonArray(),
        }));
    }

    static JsonObject Json(Row row, string host) => new()
    {
        ["id"] = row.Id,
        ["excerpt"] = Excerpt.Of(row.Cooked, ExcerptLength),
        ["truncated"] = Excerpt.PlainText(row.Cooked).Length > ExcerptLength,
        ["created_at"] = Replies.Time(row.CreatedAt),
        ["title"] = row.Title,
        ["url"] = $"/t/{row.Slug}/{row.TopicId}/{row.Number}",
        ["post_number"] = row.Number,
        ["posts_count"] = row.PostsCount,
        ["category_id"] = row.CategoryId,
        ["username"] = row.Author.Username,
        ["name"] = row.Author.Name,
        ["avatar_template"] = Avatars.Template(row.Author.Username, row.Author.AvatarId, host),
        ["user_title"] = row.UserTitle,
        ["user"] = row.Author.Json(host),
        ["topic_id"] = row.TopicId,
        ["topic_title"] = row.Title,
        ["topic_slug"] = row.Slug,
        ["topic_html_title"] = row.FancyTitle,
        ["topic"] = new JsonObject { ["id"] = row.TopicId, ["title"] = row.Title, ["fancy_title"] = row.FancyTitle, ["slug"] = row.Slug, ["posts_count"] = row.PostsCount },
    };
}
