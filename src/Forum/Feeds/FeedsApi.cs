using System.Globalization;
using System.Text;
using Forum.Categories;
using Forum.Database;
using Forum.Lists;
using Forum.Markdown;
using Forum.Posts;
using Forum.Topics;
using Forum.Viewing;
using Forum.Web;

namespace Forum.Feeds;

/// <summary>RSS feeds and the site map.</summary>
static class FeedsApi
{
    const int UrlsPerMap = 10_000;

    public static void MapFeeds(this IEndpointRouteBuilder app)
    {
        app.MapGet("/latest.rss", (HttpContext context, CancellationToken cancellation) => ListAsync(context, "activity", null, cancellation)).AllowAnyone().Named("list#latest_feed");
        app.MapGet("/top.rss", (HttpContext context, CancellationToken cancellation) => ListAsync(context, "top", null, cancellation)).AllowAnyone().Named("list#top_feed");
        app.MapGet("/c/{slug}/{id:int}.rss", (HttpContext context, int id, CancellationToken cancellation) => ListAsync(context, "activity", id, cancellation)).AllowAnyone().Named("list#category_feed");
        app.MapGet("/t/{slug}/{id:int}.rss", TopicAsync).AllowAnyone().Named("topics#feed");
        app.MapGet("/posts.rss", PostsAsync).AllowAnyone().Named("posts#latest");
        app.MapGet("/sitemap.xml", MapAsync).AllowAnyone().OpenToVisitors().Named("sitemap#index");
        app.MapGet("/sitemap_{page:int}.xml", MapPageAsync).AllowAnyone().OpenToVisitors().Named("sitemap#page");
        app.MapGet("/sitemap_recent.xml", (HttpContext context, CancellationToken cancellation) => MapPageAsync(context, 0, cancellation)).AllowAnyone().OpenToVisitors().Named("sitemap#recent");
    }

    sealed record Item(string Title, string Link, string Author, string Html, DateTime At, string Guid);

    static IResult Feed(HttpContext context, string title, string link, string description, IEnumerable<Item> items)
    {
        var xml = new StringBuilder("<?xml version=\"1.0\" encoding=\"UTF-8\" ?>\n<rss version=\"2.0\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\"><channel>");
        xml.Append(CultureInfo.InvariantCulture, $"<title>{Text(title)}</title><link>{Text(link)}</link><description>{Text(description)}</description>");
        foreach (var item in items)
        {
            xml.Append(CultureInfo.InvariantCulture, $"<item><title>{Text(item.Title)}</title><dc:creator>{Text(item.Author)}</dc:creator><description>{Text(item.Html)}</description><link>{Text(item.Link)}</link><pubDate>{item.At:ddd, dd MMM yyyy HH:mm:ss} +0000</pubDate><guid isPermaLink=\"false\">{Text(item.Guid)}</guid></item>");
        }

        context.Response.Headers["X-Robots-Tag"] = "noindex";
        return Results.Text(xml.Append("</channel></rss>").ToString(), "application/rss+xml; charset=utf-8");
    }

    /// <summary>Text as XML; control characters, which XML has no way to write, are left out.</summary>
    static string Text(string text) => HtmlText.Escape(string.Concat(text.Where(c => c is '\n' or '\t' || !char.IsControl(c)))).Replace("&nbsp;", "\u00A0", StringComparison.Ordinal);

    static async Task<IResult> ListAsync(HttpContext context, string order, int? categoryId, CancellationToken cancellation)
    {
        var services = context.RequestServices;
        var viewer = await services.GetRequiredService<Viewers>().OfAsync(context, cancellation);
        var baseUrl = services.GetRequiredService<BaseUrl>();
        var category = categoryId is null ? null : viewer.Categories.Find(categoryId) is { } found && CategoryPermissions.CanSee(viewer.User, found) ? found : throw Refused.NotFound();
        var topics = await services.GetRequiredService<TopicListStore>().ListAsync(
            new TopicListQuery { Categories = category is null ? viewer.VisibleCategories : [category.Id], Order = order, PerPage = 24 }, viewer, cancellation);
        return Feed(context, category?.Name ?? viewer.Settings.Text("title"), baseUrl.Absolute(category is null ? "/latest" : viewer.Categories.UrlOf(category)),
            category?.Description is { } text ? Excerpt.PlainText(text) : viewer.Settings.Text("site_description"),
            topics.Take(24).Select(topic => new Item(topic.Title, baseUrl.Absolute(topic.Url), topic.Author.Username, topic.Excerpt ?? "", topic.CreatedAt, $"{baseUrl.Host}-topic-{topic.Id}")));
    }

    static async Task<IResult> TopicAsync(HttpContext context, int id, Viewers viewers, TopicStore topics, PostStore posts, BaseUrl baseUrl, CancellationToken cancellation)
    {
        var viewer = await viewers.OfAsync(context, cancellation);
        var topic = await topics.FindAsync(id, viewer.User.Id, cancellation);
        if (topic is null || !TopicPermissions.CanSee(viewer, topic))
            throw Refused.NotFound();
        var stream = await topics.StreamAsync(id, false, false, viewer.Now, cancellation);
        var shown = await posts.ListAsync([.. stream.TakeLast(20).Select(entry => entry.Id)], cancellation);
        return Feed(context, topic.Title, baseUrl.Absolute(topic.Url), topic.Excerpt ?? "", shown.Where(post => !post.Hidden && post.Type != PostType.SmallAction).Reverse()
            .Select(post => new Item(topic.Title, baseUrl.Absolute($"{topic.Url}/{post.PostNumber}"), post.Author.Username, post.Cooked, post.CreatedAt, $"{baseUrl.Host}-post-{topic.Id}-{post.PostNumber}")));
    }

    static async Task<IResult> PostsAsync(HttpContext context, Viewers viewers, PostStore posts, BaseUrl baseUrl, CancellationToken cancellation)
    {
        var viewer = await viewers.OfAsync(context, cancellation);
        var rows = await posts.LatestAsync(await posts.NewestIdAsync(cancellation), viewer.VisibleCategories, false, 0, [], cancellation);
        return Feed(context, $"{viewer.Settings.Text("title")}: posts", baseUrl.Absolute("/posts"), "", rows.Select(row => new Item(row.Title,
            baseUrl.Absolute($"/t/{row.Slug}/{row.Post.TopicId}/{row.Post.PostNumber}"), row.Post.Author.Username, row.Post.Cooked, row.Post.CreatedAt, $"{baseUrl.Host}-post-{row.Post.TopicId}-{row.Post.PostNumber}")));
    }

    static async Task<Viewer> PublicAsync(HttpContext context, CancellationToken cancellation)
    {
        var viewer = await context.RequestServices.GetRequiredService<Viewers>().AsAsync(Sessions.CurrentUser.Anonymous, cancellation);
        return viewer.Settings.Bool("enable_sitemap") && !viewer.Settings.Bool("login_required") ? viewer : throw Refused.NotFound();
    }

    static async Task<IResult> MapAsync(HttpContext context, ForumDatabase database, BaseUrl baseUrl, CancellationToken cancellation)
    {
        var viewer = await PublicAsync(context, cancellation);
        var newest = await database.ScalarAsync<int>("SELECT max(id) FROM topics WHERE category_id = ANY($1) AND deleted_at IS NULL AND visible", [viewer.VisibleCategories], cancellation);
        var xml = new StringBuilder("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<sitemapindex xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">");
        xml.Append(CultureInfo.InvariantCulture, $"<sitemap><loc>{baseUrl.Absolute("/sitemap_recent.xml")}</loc></sitemap>");
        for (var page = 1; (page - 1) * UrlsPerMap < newest; page++)
            xml.Append(CultureInfo.InvariantCulture, $"<sitemap><loc>{baseUrl.Absolute($"/sitemap_{page}.xml")}</loc></sitemap>");
        return Results.Text(xml.Append("</sitemapindex>").ToString(), "application/xml; charset=utf-8");
    }

    /// <summary>Page n holds the topics with ids in its range of ten thousand; page 0 those with activity in the last days.</summary>
    static async Task<IResult> MapPageAsync(HttpContext context, int page, CancellationToken cancellation)
    {
        var viewer = await PublicAsync(context, cancellation);
        var baseUrl = context.RequestServices.GetRequiredService<BaseUrl>();
        if (page is < 0 or > 100_000)
            throw Refused.NotFound();
        var rows = await context.RequestServices.GetRequiredService<ForumDatabase>().ListAsync("""
            SELECT id, coalesce(slug, 'topic'), bumped_at
            FROM topics
            WHERE deleted_at IS NULL AND visible AND archetype <> 'private_message' AND category_id = ANY($1)
                AND CASE WHEN $2 = 0 THEN bumped_at > $4 ELSE id > ($2 - 1) * $3 AND id <= $2 * $3 END
            ORDER BY id
            LIMIT 10000
            """, row => (row.Int(0), row.Text(1), row.Time(2)), [viewer.VisibleCategories, page, UrlsPerMap, viewer.Now.AddDays(-3)], cancellation);
        if (rows.Count == 0 && page > 0)
            throw Refused.NotFound();
        var xml = new StringBuilder("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">");
        foreach (var (id, slug, at) in rows)
            xml.Append(CultureInfo.InvariantCulture, $"<url><loc>{Text(baseUrl.Absolute($"/t/{slug}/{id}"))}</loc><lastmod>{at:yyyy-MM-ddTHH:mm:ssZ}</lastmod></url>");
        return Results.Text(xml.Append("</urlset>").ToString(), "application/xml; charset=utf-8");
    }
}
