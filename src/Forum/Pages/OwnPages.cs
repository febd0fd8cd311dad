using System.Globalization;
using System.Text.Json.Nodes;
using Forum.Database;
using Forum.Lists;
using Forum.Users;
using Forum.Viewing;
using Forum.Web;

namespace Forum.Pages;

/// <summary>A line of the page of notifications.</summary>
sealed record NotificationLine(string Text, string? Url, bool IsRead, DateTime CreatedAt);

/// <summary>What a member alone sees: messages and notifications.</summary>
static class OwnPages
{
    const int PerPage = 30;

    public static void MapOwnPages(this IEndpointRouteBuilder app)
    {
        app.MapGet("/u/{username}/messages", (HttpContext context, string username, Parameters given, CancellationToken cancellation) =>
            MessagesAsync(context, username, "inbox", given, cancellation)).RequireLogin().Named("users#show");
        foreach (var box in (string[])["sent", "archive"])
            app.MapGet("/u/{username}/messages/" + box, (HttpContext context, string username, Parameters given, CancellationToken cancellation) =>
                MessagesAsync(context, username, box, given, cancellation)).RequireLogin().Named("users#show");
        app.MapPreferencesPage();
        app.MapGet("/u/{username}/notifications", NotificationsAsync).RequireLogin().Named("users#show");
    }

    /// <summary>These are pages only; the lists themselves have JSON addresses of their own.</summary>
    static async Task<Viewer> OwnerAsync(HttpContext context, string username, CancellationToken cancellation)
    {
        var viewer = await context.RequestServices.GetRequiredService<Viewers>().OfAsync(context, cancellation);
        return !context.WantsJson() && Usernames.Lower(username) == Usernames.Lower(viewer.User.Username) ? viewer : throw Refused.NotFound();
    }

    static int PageOf(Parameters given)
    {
        var page = given.Int("page") ?? 0;
        return page is >= 0 and <= 100_000 ? page : throw Refused.InvalidParameters("page");
    }

    static async Task<IResult> MessagesAsync(HttpContext context, string username, string box, Parameters given, CancellationToken cancellation)
    {
        var viewer = await OwnerAsync(context, username, cancellation);
        var services = context.RequestServices;
        var page = PageOf(given);
        var topics = await services.GetRequiredService<TopicListStore>().MessagesAsync(viewer, viewer.User.Id, box, null, page, PerPage, cancellation);
        var frame = await services.GetRequiredService<PageRenderer>().FrameAsync(context, viewer, "Messages", withForm: false, cancellation) with { NoIndex = true };
        return PageRenderer.Page<MessagesView>(frame, new() { ["TopicsOf"] = topics.Take(PerPage).ToList(), ["Box"] = box, ["Page"] = page, ["HasMore"] = topics.Count > PerPage });
    }

    static async Task<IResult> NotificationsAsync(HttpContext context, string username, Parameters given, ForumDatabase database, PageRenderer renderer, CancellationToken cancellation)
    {
        var viewer = await OwnerAsync(context, username, cancellation);
        var page = PageOf(given);
        var rows = await database.ListAsync("""
            SELECT n.id::int, n.notification_type, n.read, n.created_at, n.data, coalesce(t.title, ''),
                '/t/' || coalesce(nullif(t.slug, ''), 'topic') || '/' || t.id || '/' || coalesce(n.post_number, 1)
            FROM notifications n
            LEFT JOIN topics t ON t.id = n.topic_id
            WHERE n.user_id = $1 AND (n.topic_id IS NULL OR (t.deleted_at IS NULL AND (t.category_id = ANY($2)
                OR (t.archetype = 'private_message' AND (EXISTS (SELECT FROM topic_allowed_users a WHERE a.topic_id = t.id AND a.user_id = $1)
                    OR EXISTS (SELECT FROM topic_allowed_groups a JOIN group_users g ON g.group_id = a.group_id WHERE a.topic_id = t.id AND g.user_id = $1))))))
            ORDER BY n.created_at DESC, n.id DESC
            LIMIT $3 OFFSET $4
            """, row => (Id: row.Int(0), Line: new NotificationLine(Sentence(row.Int(1), row.Text(4), row.Text(5)), row.TextOrNull(6), row.Bool(2), row.Time(3))),
            [viewer.User.Id, viewer.VisibleCategories, PerPage + 1, page * PerPage], cancellation);
        if (page == 0 && rows.Count > 0)
            await database.ExecuteAsync("UPDATE users SET seen_notification_id = greatest(seen_notification_id, $2) WHERE id = $1", [viewer.User.Id, rows.Max(row => row.Id)], cancellation);
        var frame = await renderer.FrameAsync(context, viewer, "Notifications", withForm: false, cancellation) with { NoIndex = true };
        return PageRenderer.Page<NotificationsView>(frame, new() { ["LinesOf"] = rows.Take(PerPage).Select(row => row.Line).ToList(), ["Page"] = page, ["HasMore"] = rows.Count > PerPage });
    }

    static string Sentence(int type, string data, string title)
    {
        var map = Data(data);
        var who = map["display_username"]?.ToString() ?? map["original_username"]?.ToString() ?? map["username"]?.ToString() ?? "";
        var what = type switch
        {
            1 => "mentioned you in",
            2 => "replied to you in",
            3 => "quoted you in",
            4 => "edited your post in",
            5 or 19 => "liked your post in",
            6 => "sent you a message:",
            7 => "invited you to a message:",
            9 => "posted in",
            10 => "moved your post to",
            11 => "linked to your post in",
            12 => "You earned a badge:",
            15 => "mentioned your group in",
            17 => "started a topic:",
            24 => "Reminder of a bookmark in",
            36 => "posted in a category or tag that you watch:",
            _ => "Notification:",
        };
        var about = title.Length > 0 ? title : map["topic_title"]?.ToString() ?? map["badge_name"]?.ToString() ?? "";
        return string.Create(CultureInfo.InvariantCulture, $"{(type is 12 or 24 ? "" : who)} {what} {about}").Trim();
    }

    static JsonObject Data(string text)
    {
        try
        {
            return JsonNode.Parse(text) as JsonObject ?? [];
        }
        catch (System.Text.Json.JsonException)
        {
            return [];
        }
    }
}
