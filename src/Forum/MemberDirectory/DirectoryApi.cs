using System.Globalization;
using System.Text.Json.Nodes;
using Forum.Configuration;
using Forum.Database;
using Forum.Pages;
using Forum.Sessions;
using Forum.Settings;
using Forum.Users;
using Forum.Viewing;
using Forum.Web;

namespace Forum.MemberDirectory;

/// <summary>The directory of members by what they did in a period: /directory_items.json.</summary>
static class DirectoryApi
{
    const int PerPage = 50;

    public static readonly IReadOnlyDictionary<string, int> Periods = new Dictionary<string, int>
    {
        ["all"] = 1, ["yearly"] = 2, ["monthly"] = 3, ["weekly"] = 4, ["daily"] = 5, ["quarterly"] = 6,
    };

    static readonly string[] Orders = ["likes_received", "likes_given", "topics_entered", "topic_count", "post_count", "posts_read", "days_visited", "username"];

    public static void MapDirectory(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/directory_items", ListAsync).AllowAnyone().Named("directory_items#index");
        routes.MapGet("/u", PageAsync).ShownBy<DirectoryView>("Users").AllowAnyone().Named("users#index");
        routes.MapGet("/directory-columns", ColumnsAsync).AllowAnyone().Named("directory_columns#index");
    }

    static Task<IResult> ListAsync(
        Parameters parameters, CurrentUser current, ForumDatabase database, GlobalSettings globals, SiteSettings settings, CancellationToken cancellation) =>
        OfPeriodAsync(parameters.Required("period"), parameters, current, database, globals, settings, cancellation);

    /// <summary>The page of the directory: the last day unless another period is asked for, since that one is made anew every hour.</summary>
    static Task<IResult> PageAsync(
        Parameters parameters, CurrentUser current, ForumDatabase database, GlobalSettings globals, SiteSettings settings, CancellationToken cancellation) =>
        OfPeriodAsync(parameters.Text("period") ?? "daily", parameters, current, database, globals, settings, cancellation);

    static async Task<IResult> OfPeriodAsync(
        string periodName, Parameters parameters, CurrentUser current, ForumDatabase database, GlobalSettings globals, SiteSettings settings, CancellationToken cancellation)
    {
        if (!settings.Bool("enable_user_directory") || (current.IsAnonymous && settings.Bool("hide_user_profiles_from_public")))
        {
            throw Refused.InvalidAccess();
        }

        if (!Periods.TryGetValue(periodName, out var period))
        {
            throw Refused.InvalidParameters("period");
        }

        var order = parameters.Text("order") ?? "likes_received";
        if (!Orders.Contains(order))
        {
            throw Refused.InvalidParameters("order");
        }

        var page = parameters.Int("page") ?? 0;
        if (page is < 0 or > 100_000)
        {
            throw Refused.InvalidParameters("page");
        }

        var ascending = parameters.Flag("asc");
        object?[] filters =
        [
            period, parameters.Text("name")?.ToLowerInvariant() ?? "", parameters.Text("group")?.ToLowerInvariant() ?? "",
            (parameters.List("exclude_usernames") ?? []).Select(Usernames.Lower).ToArray(),
        ];
        var items = await database.ListAsync("""
            SELECT u.id, d.likes_received, d.likes_given, d.topics_entered, d.topic_count, d.post_count, d.posts_read, d.days_visited,
                u.username, u.name, u.uploaded_avatar_id, u.title
            FROM directory_items d
            JOIN users u ON u.id = d.user_id
            WHERE d.period_type = $1 AND u.active AND ($2 = '' OR u.username_lower LIKE '%' || $2 || '%' OR lower(u.name) LIKE '%' || $2 || '%')
              AND ($3 = '' OR u.id IN (SELECT gu.user_id FROM group_users gu JOIN groups g ON g.id = gu.group_id WHERE lower(g.name) = $3))
              AND NOT u.username_lower = ANY($4)
            ORDER BY
                CASE WHEN $5 = 'username' AND $6 THEN u.username_lower END, CASE WHEN $5 = 'username' AND NOT $6 THEN u.username_lower END DESC,
                CASE $5 WHEN 'likes_received' THEN d.likes_received WHEN 'likes_given' THEN d.likes_given WHEN 'topics_entered' THEN d.topics_entered WHEN 'topic_count' THEN d.topic_count
                    WHEN 'post_count' THEN d.post_count WHEN 'posts_read' THEN d.posts_read WHEN 'days_visited' THEN d.days_visited ELSE 0 END * CASE WHEN $6 THEN 1 ELSE -1 END,
                d.id
            LIMIT $7 OFFSET $8
            """, JsonNode (row) => new JsonObject
            {
                ["id"] = row.Int(0),
                ["likes_received"] = row.Int(1),
                ["likes_given"] = row.Int(2),
                ["topics_entered"] = row.Int(3),
                ["topic_count"] = row.Int(4),
                ["post_count"] = row.Int(5),
                ["posts_read"] = row.Int(6),
                ["days_visited"] = row.Int(7),
                ["user"] = new JsonObject
                {
                    ["id"] = row.Int(0),
                    ["username"] = row.Text(8),
                    ["name"] = row.TextOrNull(9),
                    ["avatar_template"] = Avatars.Template(row.Text(8), row.IntOrNull(10), globals),
                    ["title"] = row.TextOrNull(11),
                },
            }, [.. filters, order, ascending, PerPage, page * PerPage], cancellation);
        var (total, updated) = await database.FindAsync("""
            SELECT count(*)::int, max(d.updated_at)
            FROM directory_items d
            JOIN users u ON u.id = d.user_id
            WHERE d.period_type = $1 AND u.active AND ($2 = '' OR u.username_lower LIKE '%' || $2 || '%' OR lower(u.name) LIKE '%' || $2 || '%')
              AND ($3 = '' OR u.id IN (SELECT gu.user_id FROM group_users gu JOIN groups g ON g.id = gu.group_id WHERE lower(g.name) = $3))
              AND NOT u.username_lower = ANY($4)
            """, row => (row.Int(0), row.TimeOrNull(1)), filters, cancellation);
        return Replies.Json(new JsonObject
        {
            ["directory_items"] = new JsonArray([.. items]),
            ["meta"] = new JsonObject
            {
                ["last_updated_at"] = Replies.Time(updated),
                ["total_rows_directory_items"] = total,
                ["load_more_directory_items"] = string.Create(
                    CultureInfo.InvariantCulture, $"/directory_items?asc={(ascending ? "true" : "false")}&order={order}&page={page + 1}&period={parameters.Text("period")}"),
            },
        });
    }

    static async Task<IResult> ColumnsAsync(ForumDatabase database, CancellationToken cancellation)
    {
        var columns = await database.ListAsync("""
            SELECT id, name, type, position, icon
            FROM directory_columns
            WHERE enabled
            ORDER BY position
            """, JsonNode (row) => new JsonObject
            {
                ["id"] = row.GetFieldValue<int>(0), ["name"] = row.TextOrNull(1), ["type"] = row.Int(2) == 0 ? "automatic" : "plugin", ["position"] = row.Int(3), ["icon"] = row.TextOrNull(4),
            }, [], cancellation);
        return Replies.Json(new JsonObject { ["directory_columns"] = new JsonArray([.. columns]) });
    }
}
