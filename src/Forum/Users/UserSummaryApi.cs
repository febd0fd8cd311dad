using System.Text.Json.Nodes;
using Forum.Badges;
using Forum.Database;
using Forum.Lists;
using Forum.Sessions;
using Forum.Settings;
using Forum.Topics;
using Forum.Viewing;
using Forum.Web;

namespace Forum.Users;

/// <summary>What a member did, in sums and in their best: /u/NAME/summary.</summary>
static class UserSummaryApi
{
    const int Most = 6;

    public static void MapUserSummary(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/u/{username}/summary", SummaryAsync).AllowAnyone().Named("users#summary");
        routes.MapGet("/u/{username}/activity", (string username) => Results.Redirect($"/user_actions.json?username={Uri.EscapeDataString(username)}&filter=4,5")).AllowAnyone().Named("users#show");
    }

    static async Task<IResult> SummaryAsync(HttpContext context, string username, CurrentUser current, Viewers viewers, ForumDatabase database, BaseUrl baseUrl, SiteSettings settings, CancellationToken cancellation)
    {
        var id = await UserLookup.GetAsync(database, username, current, cancellation);
        var viewer = await viewers.OfAsync(context, cancellation);
        if (current.IsAnonymous && settings.Bool("hide_user_profiles_from_public"))
            throw Refused.InvalidAccess();
        var (stats, hidden) = await database.FindAsync("""
            SELECT s.likes_given, s.likes_received, s.topics_entered, s.posts_read_count, s.days_visited, s.topic_count, s.post_count, s.time_read,
                coalesce((SELECT sum(v.time_read) FROM user_visits v WHERE v.user_id = s.user_id AND v.visited_at > now() - interval '60 days'), 0)::int,
                (SELECT count(*)::int FROM bookmarks b WHERE b.user_id = s.user_id), coalesce(o.hide_profile_and_presence, false)
            FROM user_stats s
            LEFT JOIN user_options o ON o.user_id = s.user_id
            WHERE s.user_id = $1
            """, row => (Stats: new JsonObject
        {
            ["likes_given"] = row.Int(0),
            ["likes_received"] = row.Int(1),
            ["topics_entered"] = row.Int(2),
            ["posts_read_count"] = row.Int(3),
            ["days_visited"] = row.Int(4),
            ["topic_count"] = row.Int(5),
            ["post_count"] = row.Int(6),
            ["time_read"] = row.Int(7),
            ["recent_time_read"] = row.Int(8),
            ["bookmark_count"] = id == current.Id ? row.Int(9) : 0,
        }, Hidden: row.Bool(10)), [id], cancellation);
        if (stats is null || (hidden && id != current.Id && !current.IsStaff))
            throw Refused.NotFound();
        var topics = await TopicsAsync(database, id, viewer, cancellation);
        var replies = await RepliesAsync(database, id, viewer, cancellation);
        var extra = await topicsOf(replies.Select(reply => reply.TopicId).Except(topics.Select(topic => topic.Id)));
        stats["can_see_summary_stats"] = true;
        stats["can_see_user_actions"] = true;
        stats["topic_ids"] = topics.Select(topic => topic.Id).ToJsonArray();
        stats["replies"] = replies.Select(reply => (JsonNode?)new JsonObject
        {
            ["post_number"] = reply.PostNumber,
            ["like_count"] = reply.LikeCount,
            ["created_at"] = JsonParts.Time(reply.CreatedAt),
            ["topic_id"] = reply.TopicId,
        }).ToJsonArray();
        stats["links"] = (await LinksAsync(database, id, viewer, cancellation)).ToJsonArray();
        stats["most_liked_by_users"] = await PeopleAsync(database, id, viewer, baseUrl.Host, 1, cancellation);
        stats["most_liked_users"] = await PeopleAsync(database, id, viewer, baseUrl.Host, 2, cancellation);
        stats["most_replied_to_users"] = await PeopleAsync(database, id, viewer, baseUrl.Host, 3, cancellation);
        stats["top_categories"] = (await CategoriesAsync(database, id, viewer, cancellation)).ToJsonArray();
        var (badges, grants) = await BadgesAsync(database, id, cancellation);
        stats["badges"] = grants.ToJsonArray();
        return Replies.Json(new JsonObject
        {
            ["topics"] = topics.Concat(extra).Select(topic => (JsonNode?)TopicListJson.Item(topic, viewer, ListShape.Site)).ToJsonArray(),
            ["badges"] = badges.ToJsonArray(),
            ["badge_types"] = new JsonArray(),
            ["users"] = new JsonArray((await UserBriefs.LoadAsync(database, [id], cancellation))[id].Json(baseUrl.Host)),
            ["user_summary"] = stats,
        });

        Task<List<Topic>> topicsOf(IEnumerable<int> ids) => database.ListAsync($"SELECT {Topic.Columns} FROM {Topic.From} WHERE t.id = ANY($2)", Topic.Read, [current.Id, ids.ToArray()], cancellation);
    }

    static Task<List<Topic>> TopicsAsync(SqlSession sql, int id, Viewer viewer, CancellationToken cancellation) => sql.ListAsync($"""
        SELECT {Topic.Columns}
        FROM {Topic.From}
        WHERE t.user_id = $2 AND t.deleted_at IS NULL AND t.visible AND t.archetype = 'regular' AND t.category_id = ANY($3) AND NOT EXISTS (SELECT FROM categories c WHERE c.topic_id = t.id)
        ORDER BY t.like_count DESC, t.created_at DESC
        LIMIT $4
        """, Topic.Read, [viewer.User.Id, id, viewer.VisibleCategories, Most], cancellation);

    static Task<List<(int PostNumber, int LikeCount, DateTime CreatedAt, int TopicId)>> RepliesAsync(SqlSession sql, int id, Viewer viewer, CancellationToken cancellation) => sql.ListAsync("""
        SELECT p.post_number, p.like_count, p.created_at, p.topic_id
        FROM posts p
        JOIN topics t ON t.id = p.topic_id
        WHERE p.user_id = $1 AND p.post_number > 1 AND p.post_type = 1 AND p.deleted_at IS NULL AND NOT p.hidden AND NOT p.user_deleted AND t.deleted_at IS NULL AND t.visible
            AND t.archetype = 'regular' AND t.category_id = ANY($2)
        ORDER BY p.like_count DESC, p.created_at DESC
        LIMIT $3
        """, row => (row.Int(0), row.Int(1), row.Time(2), row.Int(3)), [id, viewer.VisibleCategories, Most], cancellation);

    static Task<List<JsonNode?>> LinksAsync(SqlSession sql, int id, Viewer viewer, CancellationToken cancellation) => sql.ListAsync("""
        SELECT l.url, l.title, l.clicks, p.post_number, p.topic_id
        FROM topic_links l
        JOIN posts p ON p.id = l.post_id AND p.deleted_at IS NULL
        JOIN topics t ON t.id = p.topic_id AND t.deleted_at IS NULL AND t.visible AND t.archetype = 'regular' AND t.category_id = ANY($2)
        WHERE l.user_id = $1 AND NOT l.internal AND NOT coalesce(l.reflection, false) AND l.clicks > 0
        ORDER BY l.clicks DESC
        LIMIT $3
        """, row => (JsonNode?)new JsonObject { ["url"] = row.Text(0), ["title"] = row.TextOrNull(1), ["clicks"] = row.Int(2), ["post_number"] = row.Int(3), ["topic_id"] = row.Int(4) },
        [id, viewer.VisibleCategories, Most], cancellation);

    /// <param name="sql">Where to ask.</param>
    /// <param name="id">Whose summary.</param>
    /// <param name="viewer">What is seen.</param>
    /// <param name="host">Of pictures.</param>
    /// <param name="kind">1 who liked them most, 2 whom they liked most, 3 whom they answered most.</param>
    /// <param name="cancellation">Gives up.</param>
    static async Task<JsonArray> PeopleAsync(SqlSession sql, int id, Viewer viewer, string host, int kind, CancellationToken cancellation) => (await sql.ListAsync("""
        SELECT u.id, u.username, u.name, u.uploaded_avatar_id, x.count::int, u.admin, coalesce(u.moderator, false), u.trust_level
        FROM (
            SELECT CASE WHEN $3 = 1 THEN a.acting_user_id ELSE p.user_id END AS user_id, count(*) AS count
            FROM user_actions a
            JOIN posts p ON p.id = a.target_post_id AND p.deleted_at IS NULL
            JOIN topics t ON t.id = p.topic_id AND t.deleted_at IS NULL AND t.archetype = 'regular' AND t.category_id = ANY($2)
            WHERE $3 IN (1, 2) AND a.user_id = $1 AND a.action_type = CASE WHEN $3 = 1 THEN 2 ELSE 1 END
            GROUP BY 1
            UNION ALL
            SELECT p.reply_to_user_id, count(*)
            FROM posts p
            JOIN topics t ON t.id = p.topic_id AND t.deleted_at IS NULL AND t.archetype = 'regular' AND t.category_id = ANY($2)
            WHERE $3 = 3 AND p.user_id = $1 AND p.reply_to_user_id IS NOT NULL AND p.reply_to_user_id <> $1 AND p.deleted_at IS NULL
            GROUP BY 1
        ) x
        JOIN users u ON u.id = x.user_id AND u.id > 0
        ORDER BY x.count DESC, u.id
        LIMIT $4
        """, row =>
    {
        var json = UserBrief.Read(row, 0).Json(host);
        json["count"] = row.Int(4);
        json["admin"] = row.Bool(5);
        json["moderator"] = row.Bool(6);
        json["trust_level"] = row.Int(7);
        return (JsonNode?)json;
    }, [id, viewer.VisibleCategories, kind, Most], cancellation)).ToJsonArray();

    static Task<List<JsonNode?>> CategoriesAsync(SqlSession sql, int id, Viewer viewer, CancellationToken cancellation) => sql.ListAsync("""
        SELECT c.id, c.name, c.color, c.text_color, c.slug, c.read_restricted, c.parent_category_id,
            (count(*) FILTER (WHERE p.post_number = 1))::int, (count(*) FILTER (WHERE p.post_number > 1))::int
        FROM posts p
        JOIN topics t ON t.id = p.topic_id AND t.deleted_at IS NULL AND t.visible AND t.archetype = 'regular' AND t.category_id = ANY($2)
        JOIN categories c ON c.id = t.category_id
        WHERE p.user_id = $1 AND p.deleted_at IS NULL AND p.post_type = 1
        GROUP BY c.id
        ORDER BY count(*) DESC
        LIMIT $3
        """, row => (JsonNode?)new JsonObject
    {
        ["topic_count"] = row.Int(7),
        ["post_count"] = row.Int(8),
        ["id"] = row.Int(0),
        ["name"] = row.Text(1),
        ["color"] = row.Text(2),
        ["text_color"] = row.Text(3),
        ["slug"] = row.Text(4),
        ["read_restricted"] = row.Bool(5),
        ["parent_category_id"] = row.IntOrNull(6),
    }, [id, viewer.VisibleCategories, Most], cancellation);

    static async Task<(IEnumerable<JsonNode?> Badges, IEnumerable<JsonNode?> Grants)> BadgesAsync(SqlSession sql, int id, CancellationToken cancellation)
    {
        var rows = await sql.ListAsync("""
            SELECT b.id, b.name, coalesce(b.description, ''), coalesce(b.icon, 'certificate'), b.badge_type_id, b.badge_grouping_id, b.grant_count, count(*)::int, min(g.id), max(g.granted_at)
            FROM user_badges g
            JOIN badges b ON b.id = g.badge_id AND b.enabled
            WHERE g.user_id = $1
            GROUP BY b.id
            ORDER BY b.badge_type_id, max(g.granted_at) DESC
            LIMIT $2
            """, row => (Badge: new JsonObject
        {
            ["id"] = row.Int(0),
            ["name"] = row.Text(1),
            ["description"] = BadgeDescriptions.Of(row.Int(0), row.Text(2)),
            ["icon"] = row.Text(3),
            ["badge_type_id"] = row.Int(4),
            ["badge_grouping_id"] = row.Int(5),
            ["grant_count"] = row.Int(6),
            ["slug"] = BadgesApi.Slug(row.Text(1)),
        }, Grant: new JsonObject { ["id"] = row.Int(8), ["badge_id"] = row.Int(0), ["count"] = row.Int(7), ["granted_at"] = JsonParts.Time(row.Time(9)), ["user_id"] = id }), [id, Most], cancellation);
        return (rows.Select(row => (JsonNode?)row.Badge), rows.Select(row => (JsonNode?)row.Grant));
    }
}
