using System.Text.Json.Nodes;
using Forum.Database;
using Forum.Markdown;
using Forum.Viewing;
using Forum.Web;

namespace Forum.Site;

/// <summary>What a member did and what was done to their posts, as a stream.</summary>
static class UserActionsApi
{
    public static void MapUserActions(this IEndpointRouteBuilder app) => app.MapGet("/user_actions", ListAsync).AllowAnyone().Named("user_actions#index");

    static async Task<IResult> ListAsync(HttpContext context, Parameters given, Viewers viewers, ForumDatabase database, BaseUrl baseUrl, CancellationToken cancellation)
    {
        var viewer = await viewers.OfAsync(context, cancellation);
        var owner = await database.FindAsync("SELECT id FROM users WHERE username_lower = lower($1)", row => (int?)row.Int(0), [given.Required("username")], cancellation) ?? throw Refused.NotFound();
        int[] types = given.Text("filter") is { Length: > 0 } filter
            ? [.. filter.Split(',').Select(part => int.TryParse(part, System.Globalization.CultureInfo.InvariantCulture, out var type) ? type : throw Refused.InvalidParameters("filter"))]
            : [4, 5];
        var own = owner == viewer.User.Id || viewer.User.IsAdmin;
        var rows = await database.ListAsync("""
            SELECT a.action_type, a.created_at, t.slug, t.id, coalesce(t.fancy_title, t.title), t.category_id, t.closed, t.archived, p.id, p.post_number, p.cooked, p.post_type, p.action_code,
                u.id, u.username, u.name, u.uploaded_avatar_id, ac.id, ac.username, ac.name, ac.uploaded_avatar_id, pu.id, pu.username, pu.name, pu.uploaded_avatar_id, p.reply_to_post_number
            FROM user_actions a
            JOIN topics t ON t.id = a.target_topic_id AND t.deleted_at IS NULL
            JOIN posts p ON p.id = CASE WHEN a.target_post_id > 0 THEN a.target_post_id ELSE (SELECT f.id FROM posts f WHERE f.topic_id = t.id AND f.post_number = 1) END AND p.deleted_at IS NULL
            JOIN users u ON u.id = a.user_id
            LEFT JOIN users ac ON ac.id = a.acting_user_id
            LEFT JOIN users pu ON pu.id = p.user_id
            WHERE a.user_id = $1 AND a.action_type = ANY($2) AND ($3 OR a.action_type NOT IN (12, 13)) AND (t.category_id = ANY($4) OR ($3 AND t.archetype = 'private_message')) AND p.post_type <> 4
            ORDER BY a.created_at DESC
            LIMIT $5 OFFSET $6
            """, row =>
        {
            var (user, acting, author) = (UserBrief.Read(row, 13), UserBrief.Read(row, 17), UserBrief.Read(row, 21));
            return (JsonNode?)new JsonObject
            {
                ["excerpt"] = Excerpt.Of(row.Text(10), 300),
                ["action_type"] = row.Int(0),
                ["created_at"] = JsonParts.Time(row.Time(1)),
                ["avatar_template"] = Avatars.Template(author.Username, author.AvatarId, baseUrl.Host),
                ["acting_avatar_template"] = Avatars.Template(acting.Username, acting.AvatarId, baseUrl.Host),
                ["slug"] = row.TextOrNull(2) ?? "topic",
                ["topic_id"] = row.Int(3),
                ["target_user_id"] = user.Id,
                ["target_name"] = user.Name,
                ["target_username"] = user.Username,
                ["post_number"] = row.Int(9),
                ["post_id"] = row.Int(0) == 4 || !viewer.WantsExtras ? null : row.Int(8),
                ["username"] = author.Username,
                ["name"] = author.Name,
                ["user_id"] = author.Id,
                ["acting_username"] = acting.Username,
                ["acting_name"] = acting.Name,
                ["acting_user_id"] = acting.Id,
                ["title"] = row.Text(4),
                ["deleted"] = false,
                ["hidden"] = null,
                ["post_type"] = null,
                ["action_code"] = row.TextOrNull(12),
                ["category_id"] = row.IntOrNull(5),
                ["closed"] = row.Bool(6),
                ["archived"] = row.Bool(7),
            };
        }, [owner, types, own, viewer.VisibleCategories, Math.Clamp(given.Int("limit") ?? 30, 1, 60), Math.Max(0, given.Int("offset") ?? 0)], cancellation);
        return Replies.Json(new JsonObject { ["user_actions"] = rows.ToJsonArray() });
    }
}
