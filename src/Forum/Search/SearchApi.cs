using System.Text;
using System.Text.Json.Nodes;
using Forum.Categories;
using Forum.Database;
using Forum.Lists;
using Forum.Markdown;
using Forum.Pages;
using Forum.RateLimits;
using Forum.Topics;
using Forum.Viewing;
using Forum.Web;

namespace Forum.Search;

static class SearchApi
{
    public static void MapSearch(this IEndpointRouteBuilder app)
    {
        app.MapGet("/search", ShowAsync).AllowAnyone().Named("search#show");
        app.MapGet("/search/query", QueryAsync).AllowAnyone().Named("search#query");
    }

    static async Task<IResult> ShowAsync(HttpContext context, Parameters given, Viewers viewers, SearchStore store, RateLimiter limiter, ForumDatabase database, BaseUrl baseUrl, PageRenderer html,
        CancellationToken cancellation)
    {
        var viewer = await viewers.OfAsync(context, cancellation);
        var term = given.Text("q")?.Trim() ?? "";
        var page = given.Int("page") ?? 1;
        if (page is < 1 or > 10)
            throw Refused.InvalidParameters("page");
        var query = SearchQuery.Parse(term, viewer);
        var tooShort = query.Text.Length < viewer.Settings.Int("min_search_term_length") && !query.HasOperators;
        if (!context.WantsJson())
            return await HtmlAsync(context, viewer, store, query, term, page, tooShort, html, cancellation);
        if (tooShort)
            throw Refused.InvalidParameters("q");
        if (!context.RequestServices.GetRequiredService<Overload>().AllowsSearch(context))
            return Replies.Json(new JsonObject { ["grouped_search_result"] = new JsonObject { ["term"] = term, ["error"] = "The site has very many visitors at the moment. Search works again when there are fewer." } });
        await LimitAsync(context, viewer, limiter, cancellation);
        var found = await store.PostsAsync(query, viewer, page, SearchStore.PerPage, cancellation);
        var log = viewer.Settings.Bool("log_search_queries") && page == 1
            ? await store.LogAsync(term, viewer.User.IsAnonymous ? null : viewer.User.Id, context.ClientIp(), 2, viewer.Now, cancellation) : 0;
        return Replies.Json(await ResultAsync(viewer, store, database, baseUrl.Host, query, term, found, SearchStore.PerPage, log, withOthers: page == 1, cancellation));
    }

    static async Task LimitAsync(HttpContext context, Viewer viewer, RateLimiter limiter, CancellationToken cancellation) => await limiter.PerformAsync(
        viewer.User.IsAnonymous ? $"search-min-{context.ClientIp()}" : $"search-min-user-{viewer.User.Id}",
        viewer.Settings.Int(viewer.User.IsAnonymous ? "rate_limit_search_anon_user_per_minute" : "rate_limit_search_user"), TimeSpan.FromMinutes(1), cancellation);

    static async Task<IResult> QueryAsync(HttpContext context, Parameters given, Viewers viewers, SearchStore store, RateLimiter limiter, ForumDatabase database, BaseUrl baseUrl, CancellationToken cancellation)
    {
        var viewer = await viewers.OfAsync(context, cancellation);
        var term = given.Required("term").Trim();
        await LimitAsync(context, viewer, limiter, cancellation);
        var query = SearchQuery.Parse(term, viewer);
        var around = given.Nested("search_context");
        if (around.Text("type") == "topic")
            query = query with { TopicId = around.Int("id") };
        else if (around.Text("type") == "category" && around.Int("id") is { } category)
            query = query with { Categories = [category] };
        else if (around.Text("type") == "user")
            query = query with { User = around.Text("id") };
        var found = await store.PostsAsync(query, viewer, 1, 5, cancellation);
        return Replies.Json(await ResultAsync(viewer, store, database, baseUrl.Host, query, term, found, 5, 0, withOthers: true, cancellation));
    }

    static async Task<JsonObject> ResultAsync(Viewer viewer, SearchStore store, ForumDatabase database, string host, SearchQuery query, string term, List<Found> found, int perPage, int log,
        bool withOthers, CancellationToken cancellation)
    {
        var shown = found.Take(perPage).ToArray();
        var users = withOthers && query.Text.Length > 1 ? await store.UsersAsync(query.Text, cancellation) : [];
        var categories = withOthers && query.Text.Length > 1
            ? viewer.Categories.All.Where(category => CategoryPermissions.CanSee(viewer.User, category) && category.Name.Contains(query.Text, StringComparison.OrdinalIgnoreCase)).Take(5).ToArray() : [];
        var tags = withOthers && query.Text.Length > 1
            ? await database.ListAsync("SELECT id, name FROM tags WHERE public_topic_count > 0 AND strpos(lower(name), lower($1)) > 0 ORDER BY public_topic_count DESC LIMIT 5", row => (Id: row.Int(0), Name: row.Text(1)), [query.Text], cancellation) : [];
        var json = new JsonObject
        {
            ["posts"] = shown.Select(post => (JsonNode?)new JsonObject
            {
                ["id"] = post.PostId,
                ["name"] = post.User.Name ?? "",
                ["username"] = post.User.Username,
                ["avatar_template"] = Avatars.Template(post.User.Username, post.User.AvatarId, host),
                ["created_at"] = JsonParts.Time(post.CreatedAt),
                ["like_count"] = post.LikeCount,
                ["blurb"] = HtmlText.Escape(post.Blurb),
                ["post_number"] = post.PostNumber,
                ["topic_title_headline"] = HtmlText.Escape(post.Headline),
                ["topic_id"] = post.TopicId,
            }).ToJsonArray(),
        };
        if (shown.Length > 0)
        {
            var topics = await database.ListAsync($"""
                SELECT {Topic.Columns}
                FROM {Topic.From}
                WHERE t.id = ANY($2)
                """, Topic.Read, [viewer.User.Id, shown.Select(post => post.TopicId).Distinct().ToArray()], cancellation);
            json["topics"] = topics.Select(topic => (JsonNode?)TopicListJson.Item(topic, viewer, ListShape.Site)).ToJsonArray();
        }

        json["users"] = users.Select(user => (JsonNode?)user.Json(host)).ToJsonArray();
        json["categories"] = categories.Select(category => (JsonNode?)CategoryJson.SiteItem(category, viewer, new Dictionary<int, int>())).ToJsonArray();
        json["tags"] = tags.Select(tag => (JsonNode?)new JsonObject { ["id"] = tag.Id, ["name"] = tag.Name, ["slug"] = tag.Name }).ToJsonArray();
        json["groups"] = new JsonArray();
        json["grouped_search_result"] = new JsonObject
        {
            ["more_posts"] = null,
            ["more_users"] = null,
            ["more_categories"] = null,
            ["term"] = term,
            ["search_log_id"] = log,
            ["more_full_page_results"] = found.Count > perPage ? "true" : null,
            ["can_create_topic"] = TopicPermissions.CanCreate(viewer),
            ["error"] = null,
            ["extra"] = new JsonObject(),
            ["post_ids"] = shown.Select(post => post.PostId).ToJsonArray(),
            ["user_ids"] = users.Select(user => user.Id).ToJsonArray(),
            ["category_ids"] = categories.Select(category => category.Id).ToJsonArray(),
            ["tag_ids"] = tags.Select(tag => tag.Id).ToJsonArray(),
            ["group_ids"] = new JsonArray(),
        };
        return json;
    }

    static async Task<IResult> HtmlAsync(HttpContext context, Viewer viewer, SearchStore store, SearchQuery query, string term, int page, bool tooShort, PageRenderer html, CancellationToken cancellation)
    {
        var text = new StringBuilder($"<form class=\"composer\" action=\"/search\" role=\"search\"><label for=\"q\">Search for</label><input id=\"q\" type=\"search\" name=\"q\" value=\"{HtmlText.Escape(term)}\"><button class=\"btn\">Search</button></form>");
        if (tooShort && term.Length > 0)
            text.Append("<p>Your search term is too short.</p>");
        else if (term.Length > 0)
        {
            var found = await store.PostsAsync(query, viewer, page, SearchStore.PerPage, cancellation);
            text.Append(found.Count == 0 ? "<p>No results found.</p>" : "<ol class=\"search-results\">");
            foreach (var post in found.Take(SearchStore.PerPage))
                text.Append(System.Globalization.CultureInfo.InvariantCulture, $"<li><a class=\"title\" href=\"/t/-/{post.TopicId}/{post.PostNumber}\">{HtmlText.Escape(post.Headline)}</a><p>{HtmlText.Escape(post.Blurb)}</p></li>");
            text.Append(found.Count == 0 ? "" : "</ol>");
            if (found.Count > SearchStore.PerPage && page < 10)
                text.Append(System.Globalization.CultureInfo.InvariantCulture, $"<p><a rel=\"next\" href=\"/search?q={Uri.EscapeDataString(term)}&amp;page={page + 1}\">More results</a></p>");
        }

        var frame = await html.FrameAsync(context, viewer, "Search", false, cancellation) with { NoIndex = true };
        return PageRenderer.Page<MessageView>(frame, new() { ["Heading"] = "Search", ["Html"] = text.ToString() });
    }
}
