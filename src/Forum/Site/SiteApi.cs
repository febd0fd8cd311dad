using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Forum.Categories;
using Forum.Database;
using Forum.Pages;
using Forum.Viewing;
using Forum.Web;

namespace Forum.Site;

/// <summary>What the site says of itself: site.json, about, robots.txt, and pictures of emoji.</summary>
static class SiteApi
{
    static readonly (string Name, int Type)[] NotificationTypes =
    [
        ("mentioned", 1), ("replied", 2), ("quoted", 3), ("edited", 4), ("liked", 5), ("private_message", 6), ("invited_to_private_message", 7), ("invitee_accepted", 8), ("posted", 9),
        ("moved_post", 10), ("linked", 11), ("granted_badge", 12), ("invited_to_topic", 13), ("custom", 14), ("group_mentioned", 15), ("group_message_summary", 16),
        ("watching_first_post", 17), ("topic_reminder", 18), ("liked_consolidated", 19), ("post_approved", 20), ("code_review_commit_approved", 21), ("membership_request_accepted", 22),
        ("membership_request_consolidated", 23), ("bookmark_reminder", 24), ("reaction", 25), ("votes_released", 26), ("event_reminder", 27), ("event_invitation", 28), ("chat_mention", 29),
        ("chat_message", 30), ("chat_invitation", 31), ("chat_group_mention", 32), ("chat_quoted", 33), ("assigned", 34), ("question_answer_user_commented", 35),
        ("watching_category_or_tag", 36), ("new_features", 37), ("admin_problems", 38), ("linked_consolidated", 39), ("chat_watched_thread", 40), ("following", 800),
        ("following_created_topic", 801), ("following_replied", 802), ("circles_activity", 900),
    ];

    static readonly (int Id, string Key, string Name, string Description, bool Flag, bool Message)[] Actions =
    [
        (2, "like", "Like", "Like this post", false, false), (6, "notify_user", "Send a message", "I want to talk to this person about their post.", true, true),
        (3, "off_topic", "It's off-topic", "This post does not belong to the discussion.", true, false), (4, "inappropriate", "It's inappropriate", "This post is offensive or against the guidelines.", true, false),
        (8, "spam", "It's spam", "This post is an advertisement.", true, false), (10, "illegal", "It's illegal", "This post breaks the law.", true, true),
        (7, "notify_moderators", "Something else", "Staff should look at this post for another reason.", true, true),
    ];

    public static void MapSite(this IEndpointRouteBuilder app)
    {
        app.MapGet("/site", SiteAsync).AllowAnyone().Named("site#site");
        app.MapGet("/site/basic-info", BasicInfoAsync).AllowAnyone().OpenToVisitors().Named("site#basic_info");
        app.MapGet("/site/statistics", StatisticsAsync).AllowAnyone().Named("site#statistics");
        app.MapGet("/about", AboutAsync).AllowAnyone().Named("about#index");
        app.MapGet("/robots.txt", RobotsAsync).AllowAnyone().OpenToVisitors().Named("robots_txt#index");
        app.MapGet("/images/emoji/{set}/{name}", EmojiImage).AllowAnyone().OpenToVisitors().Named("static#emoji");
        app.MapGet("/images/emoji/{set}/{name}/{tone}", EmojiImage).AllowAnyone().OpenToVisitors().Named("static#emoji");
        app.MapGet("/images/transparent.png", () => Results.Bytes(Transparent, "image/gif")).AllowAnyone().OpenToVisitors().Named("static#transparent");
        app.MapGet("/letter_avatar/{username}/{size}/{version}", (string username) => Letter(username, Color(username))).AllowAnyone().OpenToVisitors().Named("user_avatars#show_letter");
        app.MapGet("/letter_avatar_proxy/{version}/letter/{letter}/{color}/{size}", (string letter, string color) => Letter(letter, color)).AllowAnyone().OpenToVisitors().Named("user_avatars#show_proxy_letter");
        app.MapGet("/manifest.webmanifest", ManifestAsync).AllowAnyone().OpenToVisitors().Named("metadata#manifest");
        app.MapGet("/opensearch.xml", OpenSearchAsync).AllowAnyone().OpenToVisitors().Named("metadata#opensearch");
        app.MapGet("/favicon.ico", () => Results.Bytes(Transparent, "image/gif")).AllowAnyone().OpenToVisitors().Named("static#favicon");
        app.MapGet("/discourse-post-event/events", () => Replies.Json(new JsonObject { ["events"] = new JsonArray() })).AllowAnyone().Named("discourse_post_event/events#index");
        app.MapGet("/discourse-post-event/events.ics", () => Results.Text("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Charmed Discourse//Events//EN\r\nEND:VCALENDAR\r\n", "text/calendar; charset=utf-8"))
            .AllowAnyone().Named("discourse_post_event/events#index");
        foreach (var (path, setting) in ((string, string)[])[("/faq", "guidelines_topic_id"), ("/guidelines", "guidelines_topic_id"), ("/tos", "tos_topic_id"), ("/privacy", "privacy_topic_id")])
            app.MapGet(path, (HttpContext context, Viewers viewers, Posts.PostStore posts, PageRenderer html, CancellationToken cancellation) => StaticAsync(context, setting, path[1..], viewers, posts, html, cancellation)).AllowAnyone().OpenToVisitors().Named("static#show");
    }

    static readonly byte[] Transparent = Convert.FromBase64String("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7");

    static JsonObject Map(params ReadOnlySpan<(string, int)> pairs)
    {
        var map = new JsonObject();
        foreach (var (name, value) in pairs)
            map[name] = value;
        return map;
    }

    static JsonNode? Action((int Id, string Key, string Name, string Description, bool Flag, bool Message) action, int at) => new JsonObject
    {
        ["id"] = action.Id,
        ["name_key"] = action.Key,
        ["name"] = action.Name,
        ["description"] = action.Description,
        ["short_description"] = action.Description,
        ["is_flag"] = action.Flag,
        ["require_message"] = action.Message,
        ["enabled"] = true,
        ["applies_to"] = new JsonArray("Post", "Topic"),
        ["is_used"] = false,
        ["position"] = at,
        ["auto_action_type"] = action.Key is "off_topic" or "inappropriate" or "spam",
        ["system"] = true,
    };

    static async Task<IResult> SiteAsync(HttpContext context, Viewers viewers, CategoryStore categories, ForumDatabase database, CancellationToken cancellation)
    {
        var viewer = await viewers.OfAsync(context, cancellation);
        var levels = viewer.User.IsAnonymous ? [] : await categories.NotificationLevelsAsync(viewer.User.Id, cancellation);
        var groups = await database.ListAsync("""
            SELECT id, name, flair_icon, flair_bg_color, flair_color, automatic
            FROM groups
            WHERE automatic OR visibility_level IN (0, 1) OR $1
            ORDER BY name
            """, row => (JsonNode?)new JsonObject
        {
            ["id"] = row.Int(0),
            ["name"] = row.Text(1),
            ["flair_url"] = row.TextOrNull(2),
            ["flair_bg_color"] = row.TextOrNull(3),
            ["flair_color"] = row.TextOrNull(4),
            ["automatic"] = row.Bool(5),
        }, [viewer.User.IsStaff], cancellation);
        var tags = await database.ListAsync("SELECT id, name FROM tags WHERE public_topic_count > 0 AND target_tag_id IS NULL ORDER BY public_topic_count DESC LIMIT 10",
            row => (JsonNode?)new JsonObject { ["id"] = row.Int(0), ["name"] = row.Text(1), ["slug"] = row.Text(1) }, [], cancellation);
        var settings = viewer.Settings;
        return Replies.Json(new JsonObject
        {
            ["default_archetype"] = "regular",
            ["notification_types"] = Map(NotificationTypes),
            ["post_types"] = Map(("regular", 1), ("moderator_action", 2), ("small_action", 3), ("whisper", 4)),
            ["trust_levels"] = Map(("newuser", 0), ("basic", 1), ("member", 2), ("regular", 3), ("leader", 4)),
            ["groups"] = groups.ToJsonArray(),
            ["filters"] = new JsonArray("latest", "unread", "new", "unseen", "top", "read", "posted", "bookmarked", "hot"),
            ["homepage_choices"] = new JsonArray(),
            ["periods"] = new JsonArray("all", "yearly", "quarterly", "monthly", "weekly", "daily"),
            ["top_menu_items"] = new JsonArray("latest", "unread", "new", "unseen", "top", "read", "posted", "bookmarked", "hot", "category", "categories"),
            ["anonymous_top_menu_items"] = new JsonArray("latest", "hot", "top", "categories", "category"),
            ["uncategorized_category_id"] = settings.Int("uncategorized_category_id"),
            ["user_field_max_length"] = 2048,
            ["post_action_types"] = Actions.Select(Action).ToJsonArray(),
            ["topic_flag_types"] = Actions.Where(action => action.Id is 4 or 7 or 8 or 10).Select(Action).ToJsonArray(),
            ["can_create_tag"] = viewer.User.IsStaff || (!viewer.User.IsAnonymous && viewer.User.IsInAny(settings.Ids("create_tag_allowed_groups"))),
            ["can_tag_topics"] = viewer.User.IsStaff || (!viewer.User.IsAnonymous && viewer.User.IsInAny(settings.Ids("tag_topic_allowed_groups"))),
            ["can_tag_pms"] = viewer.User.IsStaff,
            ["tags_filter_regexp"] = "[\\/\\?#\\[\\]@!\\$&'\\(\\)\\*\\+,;=\\.%\\\\`^\\s|\\{\\}\"<>]+",
            ["top_tags"] = tags.ToJsonArray(),
            ["email_configured"] = true,
            ["topic_featured_link_allowed_category_ids"] = viewer.Categories.All.Where(category => category.FeaturedLinkAllowed).Select(category => category.Id).ToJsonArray(),
            ["user_themes"] = new JsonArray(),
            ["user_color_schemes"] = new JsonArray(),
            ["default_light_color_scheme"] = null,
            ["default_dark_color_scheme"] = null,
            ["censored_regexp"] = new JsonArray(),
            ["custom_emoji_translation"] = new JsonObject(),
            ["watched_words_replace"] = null,
            ["watched_words_link"] = null,
            ["categories"] = viewer.Categories.All.Where(category => CategoryPermissions.CanSee(viewer.User, category)).Select(category => (JsonNode?)CategoryJson.SiteItem(category, viewer, levels)).ToJsonArray(),
            ["archetypes"] = new JsonArray(new JsonObject { ["id"] = "regular", ["name"] = "Regular Topic", ["options"] = new JsonArray() }, new JsonObject { ["id"] = "banner", ["name"] = "Banner Topic", ["options"] = new JsonArray() }),
            ["user_fields"] = new JsonArray(),
            ["auth_providers"] = SignOn.SignOnApi.Providers(settings, context.RequestServices.GetRequiredService<SignOn.Saml.SamlSignOn>().IsSetByVariable),
            ["full_name_required_for_signup"] = false,
            ["full_name_visible_in_signup"] = true,
        });
    }

    static async Task<IResult> BasicInfoAsync(HttpContext context, Viewers viewers, BaseUrl baseUrl, CancellationToken cancellation)
    {
        var settings = (await viewers.OfAsync(context, cancellation)).Settings;
        return Replies.Json(new JsonObject
        {
            ["logo_url"] = baseUrl.Absolute("/images/transparent.png"),
            ["logo_small_url"] = baseUrl.Absolute("/images/transparent.png"),
            ["apple_touch_icon_url"] = baseUrl.Absolute("/images/transparent.png"),
            ["favicon_url"] = baseUrl.Absolute("/favicon.ico"),
            ["title"] = settings.Text("title"),
            ["description"] = settings.Text("site_description"),
            ["header_primary_color"] = "333333",
            ["header_background_color"] = "ffffff",
            ["login_required"] = settings.Bool("login_required"),
            ["locale"] = settings.Text("default_locale"),
            ["include_in_discourse_discover"] = false,
            ["mobile_logo_url"] = baseUrl.Absolute("/images/transparent.png"),
        });
    }

    static Task<JsonObject?> CountsAsync(ForumDatabase database, DateTime now, CancellationToken cancellation) => database.FindAsync("""
        SELECT t.all, t.day, t.week, t.month, p.all, p.day, p.week, p.month, u.all, u.day, u.week, u.month, u.active_day, u.active_week, u.active_month, l.all, l.day, l.week, l.month
        FROM
            (SELECT count(*)::int AS all, (count(*) FILTER (WHERE created_at > $1 - interval '1 day'))::int AS day, (count(*) FILTER (WHERE created_at > $1 - interval '7 days'))::int AS week,
                (count(*) FILTER (WHERE created_at > $1 - interval '30 days'))::int AS month FROM topics WHERE deleted_at IS NULL AND archetype <> 'private_message') t,
            (SELECT count(*)::int AS all, (count(*) FILTER (WHERE created_at > $1 - interval '1 day'))::int AS day, (count(*) FILTER (WHERE created_at > $1 - interval '7 days'))::int AS week,
                (count(*) FILTER (WHERE created_at > $1 - interval '30 days'))::int AS month FROM posts WHERE deleted_at IS NULL) p,
            (SELECT count(*)::int AS all, (count(*) FILTER (WHERE created_at > $1 - interval '1 day'))::int AS day, (count(*) FILTER (WHERE created_at > $1 - interval '7 days'))::int AS week,
                (count(*) FILTER (WHERE created_at > $1 - interval '30 days'))::int AS month, (count(*) FILTER (WHERE last_seen_at > $1 - interval '1 day'))::int AS active_day,
                (count(*) FILTER (WHERE last_seen_at > $1 - interval '7 days'))::int AS active_week, (count(*) FILTER (WHERE last_seen_at > $1 - interval '30 days'))::int AS active_month
                FROM users WHERE id > 0 AND active AND NOT staged) u,
            (SELECT count(*)::int AS all, (count(*) FILTER (WHERE created_at > $1 - interval '1 day'))::int AS day, (count(*) FILTER (WHERE created_at > $1 - interval '7 days'))::int AS week,
                (count(*) FILTER (WHERE created_at > $1 - interval '30 days'))::int AS month FROM user_actions WHERE action_type = 1) l
        """, row =>
    {
        string[] names = ["topics_count", "topics_last_day", "topics_7_days", "topics_30_days", "posts_count", "posts_last_day", "posts_7_days", "posts_30_days", "users_count", "users_last_day",
            "users_7_days", "users_30_days", "active_users_last_day", "active_users_7_days", "active_users_30_days", "likes_count", "likes_last_day", "likes_7_days", "likes_30_days"];
        var json = new JsonObject();
        foreach (var (at, name) in names.Index())
            json[name] = row.Int(at);
        return json;
    }, [now], cancellation);

    static async Task<IResult> StatisticsAsync(ForumDatabase database, TimeProvider time, CancellationToken cancellation) =>
        Replies.Json((await CountsAsync(database, time.GetUtcNow().UtcDateTime, cancellation))!);

    static async Task<IResult> AboutAsync(HttpContext context, Viewers viewers, ForumDatabase database, BaseUrl baseUrl, PageRenderer html, CancellationToken cancellation)
    {
        var viewer = await viewers.OfAsync(context, cancellation);
        var counts = (await CountsAsync(database, viewer.Now, cancellation))!;
        var staff = await database.ListAsync("SELECT id, username, name, uploaded_avatar_id, admin FROM users WHERE (admin OR moderator) AND id > 0 AND active ORDER BY last_seen_at DESC NULLS LAST LIMIT 50",
            row => (User: UserBrief.Read(row, 0), Admin: row.Bool(4)), [], cancellation);
        if (!context.WantsJson())
        {
            var people = string.Concat(staff.Select(person => $"<li><a href=\"/u/{person.User.Username.ToLowerInvariant()}\">{Markdown.HtmlText.Escape(person.User.Username)}</a></li>"));
            return PageRenderer.Page<MessageView>(await html.FrameAsync(context, viewer, "About", false, cancellation), new()
            {
                ["Heading"] = $"About {viewer.Settings.Text("title")}",
                ["Html"] = $"<p>{Markdown.HtmlText.Escape(viewer.Settings.Text("site_description"))}</p><h2>Staff</h2><ul>{people}</ul><p>{counts["topics_count"]} topics, {counts["posts_count"]} posts, {counts["users_count"]} members</p>",
            });
        }

        return Replies.Json(new JsonObject
        {
            ["users"] = staff.Select(person => (JsonNode?)person.User.Json(baseUrl.Host)).ToJsonArray(),
            ["categories"] = new JsonArray(),
            ["about"] = new JsonObject
            {
                ["can_see_about_stats"] = true,
                ["stats"] = counts,
                ["description"] = viewer.Settings.Text("site_description"),
                ["extended_site_description"] = "",
                ["banner_image"] = null,
                ["title"] = viewer.Settings.Text("title"),
                ["locale"] = viewer.Settings.Text("default_locale"),
                ["version"] = "2026.1.7",
                ["https"] = viewer.Settings.Bool("force_https"),
                ["contact_url"] = viewer.Settings.Text("contact_url"),
                ["contact_email"] = viewer.Settings.Text("contact_email"),
                ["moderator_ids"] = staff.Where(person => !person.Admin).Select(person => person.User.Id).ToJsonArray(),
                ["admin_ids"] = staff.Where(person => person.Admin).Select(person => person.User.Id).ToJsonArray(),
                ["category_moderators"] = new JsonArray(),
            },
        });
    }

    static async Task<IResult> RobotsAsync(HttpContext context, Viewers viewers, BaseUrl baseUrl, CancellationToken cancellation)
    {
        var settings = (await viewers.OfAsync(context, cancellation)).Settings;
        if (!settings.Bool("allow_index_in_robots_txt") || settings.Bool("login_required"))
            return Results.Text("User-agent: *\nDisallow: /\n", "text/plain; charset=utf-8");
        var paths = (string[])["/admin/", "/auth/", "/assets/browser-update*.js", "/email/", "/session", "/user-api-key", "/*?api_key*", "/*?*api_key*", "/badges", "/u/", "/my", "/search", "/tag/*/l", "/g", "/t/*/*.rss", "/c/*.rss"];
        var blocked = settings.List("allowed_crawler_user_agents").Count > 0 ? [] : settings.List("blocked_crawler_user_agents");
        return Results.Text($"{string.Concat(blocked.Select(agent => $"User-agent: {agent}\nDisallow: /\n\n"))}User-agent: *\n{string.Concat(paths.Select(path => $"Disallow: {path}\n"))}\nSitemap: {baseUrl.Absolute("/sitemap.xml")}\n", "text/plain; charset=utf-8");
    }

    /// <summary>An emoji as a picture: the character itself, drawn by the reader's own font.</summary>
    static IResult EmojiImage(string name)
    {
        var key = Path.GetFileNameWithoutExtension(name);
        return Markdown.Emoji.Canonical(key) is { } known
            ? Svg($"<text x=\"50%\" y=\"50%\" dy=\".36em\" text-anchor=\"middle\" font-size=\"58\">{Markdown.Emoji.ByName[known]}</text>")
            : throw Refused.NotFound();
    }

    static IResult Svg(string content) => Results.Text($"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 72 72\" width=\"72\" height=\"72\">{content}</svg>", "image/svg+xml");

    static string Color(string name) => Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(Encoding.UTF8.GetBytes(name.ToLowerInvariant())))[..6];

    static IResult Letter(string name, string color)
    {
        if (!color.All(char.IsAsciiHexDigit) || color.Length != 6)
            throw Refused.NotFound();
        var letter = Markdown.HtmlText.Escape(name.Length > 0 ? name[..1].ToUpperInvariant() : "?");
        return Svg($"<rect width=\"72\" height=\"72\" fill=\"#{color}\"/><text x=\"50%\" y=\"50%\" dy=\".36em\" text-anchor=\"middle\" font-family=\"sans-serif\" font-size=\"40\" fill=\"#fff\">{letter}</text>");
    }

    static async Task<IResult> ManifestAsync(HttpContext context, Viewers viewers, CancellationToken cancellation)
    {
        var settings = (await viewers.OfAsync(context, cancellation)).Settings;
        var json = new JsonObject { ["name"] = settings.Text("title"), ["short_name"] = settings.Text("title"), ["display"] = "minimal-ui", ["start_url"] = "/", ["icons"] = new JsonArray() };
        return Results.Text(json.ToJsonString(), "application/manifest+json; charset=utf-8");
    }

    static async Task<IResult> OpenSearchAsync(HttpContext context, Viewers viewers, BaseUrl baseUrl, CancellationToken cancellation)
    {
        var title = Markdown.HtmlText.Escape((await viewers.OfAsync(context, cancellation)).Settings.Text("title"));
        return Results.Text($"<?xml version=\"1.0\" encoding=\"UTF-8\"?><OpenSearchDescription xmlns=\"http://a9.com/-/spec/opensearch/1.1/\"><ShortName>{title}</ShortName><Description>Search {title}</Description><Url type=\"text/html\" template=\"{baseUrl.Absolute("/search?q={searchTerms}")}\"/></OpenSearchDescription>",
            "application/xml; charset=utf-8");
    }

    static async Task<IResult> StaticAsync(HttpContext context, string setting, string name, Viewers viewers, Posts.PostStore posts, PageRenderer html, CancellationToken cancellation)
    {
        var viewer = await viewers.OfAsync(context, cancellation);
        int.TryParse(viewer.Settings.Text(setting), CultureInfo.InvariantCulture, out var topic);
        var post = topic > 0 ? await posts.FindByNumberAsync(topic, 1, cancellation) : null;
        var heading = name is "faq" or "guidelines" ? "Guidelines" : name == "tos" ? "Terms of Service" : "Privacy";
        return PageRenderer.Page<MessageView>(await html.FrameAsync(context, viewer, heading, false, cancellation), new() { ["Heading"] = heading, ["Html"] = post?.Cooked ?? "<p>Nothing has been written here yet.</p>" });
    }
}
