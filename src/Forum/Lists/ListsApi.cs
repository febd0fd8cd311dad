using System.Globalization;
using Forum.Categories;
using Forum.Database;
using Forum.Pages;
using Forum.Tags;
using Forum.Topics;
using Forum.Viewing;
using Forum.Web;

namespace Forum.Lists;

/// <summary>Lists of topics: of the site, of a category, of a tag.</summary>
static class ListsApi
{
    static readonly string[] Periods = ["all", "yearly", "quarterly", "monthly", "weekly", "daily"];
    static readonly string[] Personal = ["new", "unread", "unseen", "posted", "read", "bookmarks"];

    public static void MapLists(this IEndpointRouteBuilder app)
    {
        app.MapGet("/", HomeAsync).AllowAnyone().Named("list#latest");
        app.MapGet("/latest", (HttpContext context, Parameters given, CancellationToken cancellation) => SiteAsync(context, given, "latest", cancellation)).AllowAnyone().Named("list#latest");
        app.MapGet("/top", (HttpContext context, Parameters given, CancellationToken cancellation) => SiteAsync(context, given, "top", cancellation)).AllowAnyone().Named("list#top");
        app.MapGet("/hot", (HttpContext context, Parameters given, CancellationToken cancellation) => SiteAsync(context, given, "hot", cancellation)).AllowAnyone().Named("list#hot");
        foreach (var filter in Personal)
            app.MapGet("/" + filter, (HttpContext context, Parameters given, CancellationToken cancellation) => SiteAsync(context, given, filter, cancellation)).RequireLogin().Named("list#" + filter);
        app.MapGet("/c/{id:int}", (HttpContext context, int id, CancellationToken cancellation) => ToCategoryAsync(context, id.ToString(CultureInfo.InvariantCulture), cancellation)).AllowAnyone().Named("list#category_default");
        app.MapGet("/c/{slug}", (HttpContext context, string slug, CancellationToken cancellation) => ToCategoryAsync(context, slug, cancellation)).AllowAnyone().Named("list#category_default");
        app.MapGet("/c/{slug}/{id:int}", (HttpContext context, string slug, int id, Parameters given, CancellationToken cancellation) => CategoryAsync(context, id, given, slug, "latest", true, cancellation)).AllowAnyone().Named("list#category_default");
        app.MapGet("/c/{slug}/{id:int}/none", (HttpContext context, string slug, int id, Parameters given, CancellationToken cancellation) => CategoryAsync(context, id, given, slug, "latest", false, cancellation)).AllowAnyone().Named("list#category_none_latest");
        app.MapGet("/c/{slug}/{id:int}/l/{filter}", (HttpContext context, string slug, int id, string filter, Parameters given, CancellationToken cancellation) => CategoryAsync(context, id, given, slug, filter, true, cancellation)).AllowAnyone().Named("list#category_latest");
        app.MapGet("/c/{slug}/{id:int}/none/l/{filter}", (HttpContext context, string slug, int id, string filter, Parameters given, CancellationToken cancellation) => CategoryAsync(context, id, given, slug, filter, false, cancellation)).AllowAnyone().Named("list#category_none_latest");
        app.MapGet("/c/{parent}/{slug}/{id:int}", (HttpContext context, string slug, int id, Parameters given, CancellationToken cancellation) => CategoryAsync(context, id, given, slug, "latest", true, cancellation)).AllowAnyone().Named("list#category_default");
        app.MapGet("/c/{parent}/{slug}/{id:int}/l/{filter}", (HttpContext context, string slug, int id, string filter, Parameters given, CancellationToken cancellation) => CategoryAsync(context, id, given, slug, filter, true, cancellation)).AllowAnyone().Named("list#category_latest");
        app.MapGet("/tag/{name}", (HttpContext context, string name, Parameters given, CancellationToken cancellation) => TagAsync(context, name, given, "latest", cancellation)).AllowAnyone().Named("tags#show");
        app.MapGet("/tag/{name}/l/{filter}", TagAsyncWithFilter).AllowAnyone().Named("tags#show_latest");
        foreach (var path in (string[])["/tags/c/{slug}/{id:int}", "/tags/c/{parent}/{slug}/{id:int}"])
        {
            foreach (var (part, subcategories) in ((string, bool)[])[("", true), ("/none", false)])
            {
                app.MapGet($"{path}{part}/{{name}}", (HttpContext context, int id, string name, Parameters given, CancellationToken cancellation) =>
                    TagAsync(context, name, given, "latest", cancellation, id, subcategories)).AllowAnyone().Named("tags#show");
                app.MapGet($"{path}{part}/{{name}}/l/{{filter}}", (HttpContext context, int id, string name, string filter, Parameters given, CancellationToken cancellation) =>
                    TagAsync(context, name, given, filter, cancellation, id, subcategories)).AllowAnyone().Named("tags#show_latest");
            }
        }

        app.MapGet("/tags/intersection/{name}/{**others}", (HttpContext context, string name, string? others, Parameters given, CancellationToken cancellation) =>
            IntersectionAsync(context, [name, .. (others ?? "").Split('/', StringSplitOptions.RemoveEmptyEntries)], given, cancellation)).AllowAnyone().Named("tags#show");
        app.MapGet("/topics/created-by/{username}", CreatedByAsync).AllowAnyone().Named("list#topics_by");
        app.MapGet("/filter", FilterAsync).AllowAnyone().Named("list#filter");
        app.MapGet("/topics/private-messages/{username}", (HttpContext context, string username, Parameters given, CancellationToken cancellation) => MessagesAsync(context, username, "inbox", null, given, cancellation)).RequireLogin().Named("list#private_messages");
        foreach (var box in (string[])["sent", "archive", "new", "unread", "warnings"])
            app.MapGet("/topics/private-messages-" + box + "/{username}", (HttpContext context, string username, Parameters given, CancellationToken cancellation) => MessagesAsync(context, username, box, null, given, cancellation)).RequireLogin().Named("list#private_messages_" + box);
        app.MapGet("/topics/private-messages-group/{username}/{group}", (HttpContext context, string username, string group, Parameters given, CancellationToken cancellation) => MessagesAsync(context, username, "group", group, given, cancellation)).RequireLogin().Named("list#private_messages_group");
        foreach (var box in (string[])["archive", "new", "unread"])
            app.MapGet("/topics/private-messages-group/{username}/{group}/" + box, (HttpContext context, string username, string group, Parameters given, CancellationToken cancellation) => MessagesAsync(context, username, box, group, given, cancellation)).RequireLogin().Named($"list#private_messages_group_{box}");
    }

    static Task<IResult> TagAsyncWithFilter(HttpContext context, string name, string filter, Parameters given, CancellationToken cancellation) => TagAsync(context, name, given, filter, cancellation);

    static Task<IResult> HomeAsync(HttpContext context, Parameters given, CancellationToken cancellation) => SiteAsync(context, given, "latest", cancellation);

    static async Task<IResult> SiteAsync(HttpContext context, Parameters given, string filter, CancellationToken cancellation)
    {
        var viewer = await ViewerAsync(context, cancellation);
        var excluded = given.Ints("exclude_category_ids") ?? [];
        var query = await WithFilterAsync(context, Base(given, [.. viewer.VisibleCategories.Except(excluded)], viewer), filter, given, viewer, cancellation);
        return await AnswerAsync(context, query with { PinnedFirst = filter is "latest" }, viewer, ListShape.Site, filter, "/" + filter, Heading(filter), null, null, cancellation);
    }

    static string Heading(string filter) => char.ToUpperInvariant(filter[0]) + filter[1..] + " topics";

    static Task<Viewer> ViewerAsync(HttpContext context, CancellationToken cancellation) => context.RequestServices.GetRequiredService<Viewers>().OfAsync(context, cancellation);

    /// <summary>What any list may be asked for.</summary>
    static TopicListQuery Base(Parameters given, int[] categories, Viewer viewer)
    {
        var page = given.Int("page") ?? 0;
        var perPage = given.Int("per_page") ?? 30;
        if (page is < 0 or > 100_000)
            throw Refused.InvalidParameters("page");
        if (perPage is < 1 or > 100)
            throw Refused.InvalidParameters("per_page");
        var order = given.Text("order") switch
        {
            "created" => "created",
            "views" or "posts" or "likes" or "posters" or "op_likes" or "category" or "title" => given.Text("order")!,
            _ => "activity",
        };
        return new TopicListQuery
        {
            Categories = categories,
            Page = page,
            PerPage = perPage,
            Order = order,
            Ascending = given.Flag("ascending"),
            MinPosts = given.Int("min_posts"),
            MaxPosts = given.Int("max_posts"),
            Status = given.Text("status"),
            NoDefinitions = given.Flag("no_definitions"),
            CreatedBefore = Days(given, "before", viewer.Now),
            BumpedBefore = given.Text("bumped_before") is { Length: > 0 } before && DateTime.TryParse(before, CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal | DateTimeStyles.AssumeUniversal, out var at) ? at : null,
            TitleContains = given.Text("search"),
        };
    }

    static DateTime? Days(Parameters given, string name, DateTime now) => given.Int(name) is { } days and >= 0 and < 100_000 ? now.AddDays(-days) : null;

    static async Task<TopicListQuery> WithFilterAsync(HttpContext context, TopicListQuery query, string filter, Parameters given, Viewer viewer, CancellationToken cancellation)
    {
        switch (filter)
        {
            case "latest":
                return query;
            case "top":
            {
                var period = given.Text("period") ?? "all";
                return Periods.Contains(period) ? query with { Order = "top", Period = period } : throw Refused.InvalidParameters("period");
            }

            case "hot":
                return query with { Order = "hot" };
            case "new":
            case "unread":
            case "unseen":
            case "posted":
            case "read":
                if (viewer.User.IsAnonymous)
                    throw Refused.NotLoggedIn();
                return query with { In = filter, NewSince = await NewSinceAsync(context, viewer, cancellation), HideMuted = filter is "new" or "unread" or "unseen" };
            case "bookmarks":
                return query with { In = "bookmarked", HideMuted = false };
            default:
                throw Refused.NotFound();
        }
    }

    /// <summary>Topics are new for as long as the member chose: minutes, or since the last visit (-2), or always (-1).</summary>
    static async Task<DateTime> NewSinceAsync(HttpContext context, Viewer viewer, CancellationToken cancellation)
    {
        var (minutes, previous, since) = await context.RequestServices.GetRequiredService<ForumDatabase>().FindAsync("""
            SELECT o.new_topic_duration_minutes, u.previous_visit_at, s.new_since
            FROM users u
            LEFT JOIN user_options o ON o.user_id = u.id
            LEFT JOIN user_stats s ON s.user_id = u.id
            WHERE u.id = $1
            """, row => (row.IntOrNull(0) ?? 2880, row.TimeOrNull(1), row.TimeOrNull(2)), [viewer.User.Id], cancellation);
        var chosen = minutes switch { -1 => DateTime.MinValue, -2 => previous ?? viewer.User.CreatedAt, _ => viewer.Now.AddMinutes(-minutes) };
        return since > chosen ? since.Value : chosen;
    }

    static async Task<IResult> ToCategoryAsync(HttpContext context, string slug, CancellationToken cancellation)
    {
        var viewer = await ViewerAsync(context, cancellation);
        var category = int.TryParse(slug, CultureInfo.InvariantCulture, out var id) ? viewer.Categories.Find(id) : viewer.Categories.FindBySlug(slug);
        if (category is null || !CategoryPermissions.CanSee(viewer.User, category))
            throw Refused.NotFound();
        return Results.Redirect(viewer.Categories.UrlOf(category) + (context.WantsJson() ? ".json" : ""), permanent: true);
    }

    static async Task<IResult> CategoryAsync(HttpContext context, int id, Parameters given, string slug, string filter, bool subcategories, CancellationToken cancellation)
    {
        var viewer = await ViewerAsync(context, cancellation);
        var category = viewer.Categories.Find(id) ?? throw Refused.NotFound();
        if (!CategoryPermissions.CanSee(viewer.User, category))
            throw Refused.NotFound();
        if (!context.WantsJson() && slug != category.UrlSlug)
            return Results.Redirect(viewer.Categories.UrlOf(category), permanent: true);
        var ids = subcategories && category.DefaultListFilter != "none"
            ? viewer.Categories.Subtree(category).Where(part => CategoryPermissions.CanSee(viewer.User, part)).Select(part => part.Id).ToArray()
            : [id];
        var query = await WithFilterAsync(context, Base(given, ids, viewer) with { InCategory = true }, filter, given, viewer, cancellation);
        if (given.Text("order") is null && category.SortOrder is { Length: > 0 } order && order != "default")
            query = query with { Order = order, Ascending = category.SortAscending ?? false };
        return await AnswerAsync(context, query with { PinnedFirst = filter == "latest", HideMuted = false }, viewer, ListShape.Category, filter,
            viewer.Categories.UrlOf(category) + (filter == "latest" ? "" : $"/l/{filter}"), category.Name, category, null, cancellation);
    }

    static async Task<IResult> TagAsync(HttpContext context, string name, Parameters given, string filter, CancellationToken cancellation, int? categoryId = null, bool subcategories = true)
    {
        var viewer = await ViewerAsync(context, cancellation);
        if (categoryId is { } id)
            return await TagInCategoryAsync(context, viewer, name, given, filter, id, subcategories, cancellation);
        var tag = (await TagStore.FindAsync(context.RequestServices.GetRequiredService<ForumDatabase>(), [name], cancellation)).FirstOrDefault() ?? throw Refused.NotFound();
        var query = await WithFilterAsync(context, Base(given, viewer.VisibleCategories, viewer) with { AllTags = [tag.Id] }, filter, given, viewer, cancellation);
        return await AnswerAsync(context, query with { PinnedFirst = filter == "latest" }, viewer, ListShape.Site, filter, $"/tag/{Uri.EscapeDataString(tag.Name)}", "#" + tag.Name, null, tag, cancellation);
    }

    /// <summary>Topics of a category with a tag; "none" asks for those without any.</summary>
    static async Task<IResult> TagInCategoryAsync(HttpContext context, Viewer viewer, string name, Parameters given, string filter, int id, bool subcategories, CancellationToken cancellation)
    {
        var category = viewer.Categories.Find(id) is { } found && CategoryPermissions.CanSee(viewer.User, found) ? found : throw Refused.NotFound();
        var tag = (await TagStore.FindAsync(context.RequestServices.GetRequiredService<ForumDatabase>(), [name], cancellation)).FirstOrDefault() ?? throw Refused.NotFound();
        int[] ids = subcategories ? [.. viewer.Categories.Subtree(category).Where(part => CategoryPermissions.CanSee(viewer.User, part)).Select(part => part.Id)] : [id];
        var query = await WithFilterAsync(context, Base(given, ids, viewer) with { AllTags = [tag.Id], InCategory = true }, filter, given, viewer, cancellation);
        return await AnswerAsync(context, query with { HideMuted = false }, viewer, ListShape.Category, filter, context.Request.Path.Value ?? "", $"{category.Name} #{tag.Name}", category, tag, cancellation);
    }

    /// <summary>Topics that have all of the tags.</summary>
    static async Task<IResult> IntersectionAsync(HttpContext context, string[] names, Parameters given, CancellationToken cancellation)
    {
        var viewer = await ViewerAsync(context, cancellation);
        var tags = await TagStore.FindAsync(context.RequestServices.GetRequiredService<ForumDatabase>(), names, cancellation);
        if (tags.Count == 0 || tags.Count < names.Distinct(StringComparer.OrdinalIgnoreCase).Count())
            throw Refused.NotFound();
        return await AnswerAsync(context, Base(given, viewer.VisibleCategories, viewer) with { AllTags = [.. tags.Select(tag => tag.Id)] }, viewer, ListShape.Site, "latest",
            context.Request.Path.Value ?? "", string.Join(" ", tags.Select(tag => "#" + tag.Name)), null, tags[0], cancellation);
    }

    static async Task<IResult> CreatedByAsync(HttpContext context, string username, Parameters given, CancellationToken cancellation)
    {
        var viewer = await ViewerAsync(context, cancellation);
        var user = await UserIdAsync(context, username, cancellation);
        return await AnswerAsync(context, Base(given, viewer.VisibleCategories, viewer) with { CreatedBy = user, Order = "created", HideMuted = false }, viewer, ListShape.Site, "latest",
            $"/topics/created-by/{username}", $"Topics by {username}", null, null, cancellation);
    }

    static async Task<int> UserIdAsync(HttpContext context, string username, CancellationToken cancellation) =>
        await context.RequestServices.GetRequiredService<ForumDatabase>().FindAsync("SELECT id FROM users WHERE username_lower = $1 AND active", row => (int?)row.Int(0), [username.ToLowerInvariant()], cancellation)
            ?? throw Refused.NotFound();

    static async Task<IResult> FilterAsync(HttpContext context, Parameters given, CancellationToken cancellation)
    {
        var viewer = await ViewerAsync(context, cancellation);
        var database = context.RequestServices.GetRequiredService<ForumDatabase>();
        var query = await TopicFilter.ApplyAsync(given.Text("q") ?? "", Base(given, viewer.VisibleCategories, viewer), viewer, database, cancellation);
        return await AnswerAsync(context, query, viewer, ListShape.Site, "filter", "/filter", "Filtered topics", null, null, cancellation);
    }

    static async Task<IResult> MessagesAsync(HttpContext context, string username, string box, string? group, Parameters given, CancellationToken cancellation)
    {
        var viewer = await ViewerAsync(context, cancellation);
        var services = context.RequestServices;
        var user = await UserIdAsync(context, username, cancellation);
        if (user != viewer.User.Id && !viewer.User.IsAdmin)
            throw Refused.NotFound();
        int? groupId = null;
        if (group is not null)
        {
            groupId = await services.GetRequiredService<ForumDatabase>().FindAsync("SELECT id FROM groups WHERE lower(name) = lower($1)", row => (int?)row.Int(0), [group], cancellation) ?? throw Refused.NotFound();
            if (!viewer.User.IsAdmin && !viewer.User.GroupIds.Contains(groupId.Value))
                throw Refused.NotFound();
        }

        var query = Base(given, [], viewer);
        var topics = await services.GetRequiredService<TopicListStore>().MessagesAsync(viewer, user, box, groupId, query.Page, query.PerPage, cancellation);
        var path = context.Request.Path.Value ?? "";
        return Replies.Json(TopicListJson.Of(topics, await UsersAsync(context, topics, cancellation), viewer, ListShape.Messages, services.GetRequiredService<BaseUrl>().Host, query.PerPage,
            $"{path}?page={query.Page + 1}"));
    }

    static Task<Dictionary<int, UserBrief>> UsersAsync(HttpContext context, List<Topic> topics, CancellationToken cancellation) =>
        UserBriefs.LoadAsync(context.RequestServices.GetRequiredService<ForumDatabase>(), topics.SelectMany(TopicListJson.UserIds), cancellation);

    static async Task<IResult> AnswerAsync(HttpContext context, TopicListQuery query, Viewer viewer, ListShape shape, string filter, string path, string heading,
        Category? category, Tag? tag, CancellationToken cancellation)
    {
        var services = context.RequestServices;
        var topics = await services.GetRequiredService<TopicListStore>().ListAsync(query, viewer, cancellation);
        if (!context.WantsJson())
            return await HtmlAsync(context, query, viewer, topics, path, heading, category, cancellation);
        var json = TopicListJson.Of(topics, await UsersAsync(context, topics, cancellation), viewer, shape, services.GetRequiredService<BaseUrl>().Host, query.PerPage,
            PageUrl(context, path, query.Page + 1));
        var list = json["topic_list"]!.AsObject();
        if (filter == "top")
            list["for_period"] = query.Period;
        if (tag is not null)
        {
            list["tags"] = new System.Text.Json.Nodes.JsonArray(new System.Text.Json.Nodes.JsonObject
            {
                ["id"] = tag.Id,
                ["name"] = tag.Name,
                ["topic_count"] = viewer.User.IsStaff ? tag.StaffTopicCount : tag.PublicTopicCount,
                ["staff"] = false,
            });
        }

        return Replies.Json(json);
    }

    static string PageUrl(HttpContext context, string path, int page)
    {
        var rest = context.Request.Query.Where(pair => pair.Key != "page").Select(pair => $"{Uri.EscapeDataString(pair.Key)}={Uri.EscapeDataString(pair.Value.ToString())}");
        return $"{path}?{string.Join('&', rest.Append(string.Create(CultureInfo.InvariantCulture, $"page={page}")))}";
    }

    static async Task<IResult> HtmlAsync(HttpContext context, TopicListQuery query, Viewer viewer, List<Topic> topics, string path, string heading, Category? category, CancellationToken cancellation)
    {
        var renderer = context.RequestServices.GetRequiredService<PageRenderer>();
        var title = path == "/latest" ? "" : heading;
        var frame = await renderer.FrameAsync(context, viewer, title, withForm: false, cancellation) with
        {
            Canonical = context.RequestServices.GetRequiredService<BaseUrl>().Absolute(path + (query.Page > 0 ? $"?page={query.Page}" : "")),
            Feed = path.StartsWith("/c/", StringComparison.Ordinal) || path is "/latest" or "/top" ? path + ".rss" : null,
            Description = category?.Description is { } text ? PageRenderer.Plain(text) : viewer.Settings.Text("site_description") is { Length: > 0 } site ? site : null,
        };
        var create = category is null ? TopicPermissions.CanCreate(viewer) : TopicPermissions.CanCreateIn(viewer, category);
        return PageRenderer.Page<TopicListView>(frame, new()
        {
            ["Heading"] = heading,
            ["Description"] = category?.Description,
            ["TopicsOf"] = topics.Take(query.PerPage).ToArray(),
            ["ChildrenOf"] = category is null ? [] : viewer.Categories.ChildrenOf(category.Id).Where(child => CategoryPermissions.CanSee(viewer.User, child)).ToArray(),
            ["PreviousUrl"] = query.Page > 0 ? PageUrl(context, path, query.Page - 1) : null,
            ["NextUrl"] = topics.Count > query.PerPage ? PageUrl(context, path, query.Page + 1) : null,
            ["NewTopicUrl"] = create ? category is null ? "/new-topic" : $"/new-topic?category_id={category.Id}" : null,
        });
    }
}
