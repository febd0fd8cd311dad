using System.Globalization;
using System.Text.Json.Nodes;
using Forum.Lists;
using Forum.Pages;
using Forum.Viewing;
using Forum.Web;

namespace Forum.Topics;

/// <summary>A topic's page, as JSON and HTML.</summary>
static class TopicsApi
{
    public static void MapTopics(this IEndpointRouteBuilder app)
    {
        app.MapGet("/t/{id:int}", ShowAsync).AllowAnyone().Named("topics#show");
        app.MapGet("/t/{id:int}/{number:int}", ShowAsync).AllowAnyone().Named("topics#show");
        app.MapGet("/t/{slug}/{id:int}", ShowAsync).AllowAnyone().Named("topics#show");
        app.MapGet("/t/{slug}/{id:int}/{number:int}", ShowAsync).AllowAnyone().Named("topics#show");
        app.MapGet("/t/{id:int}/last", LastAsync).AllowAnyone().Named("topics#show");
        app.MapGet("/t/{slug}/{id:int}/last", LastAsync).AllowAnyone().Named("topics#show");
        app.MapGet("/t/{slug}", BySlugAsync).AllowAnyone().Named("topics#show");
        app.MapGet("/t/id_for/{slug}", IdForAsync).AllowAnyone().Named("topics#id_for_slug");
        app.MapGet("/t/external_id/{externalId}", ByExternalIdAsync).AllowAnyone().Named("topics#show_by_external_id");
        app.MapGet("/t/{id:int}/posts", PostsAsync).AllowAnyone().Named("topics#posts");
        app.MapGet("/t/{id:int}/post_ids", PostIdsAsync).AllowAnyone().Named("topics#post_ids");
    }

    static async Task<IResult> ShowAsync(HttpContext context, int id, string? slug, int? number, Parameters given, Viewers viewers, TopicPages pages, BaseUrl baseUrl,
        PageRenderer html, Reading.TopicViews views, CancellationToken cancellation)
    {
        var viewer = await viewers.OfAsync(context, cancellation);
        var page = await pages.LoadAsync(new TopicRequest(id)
        {
            Page = given.Int("page"),
            PostNumber = number ?? given.Int("post_number"),
            Print = given.Flag("print"),
            IncludeRaw = given.Flag("include_raw"),
            Usernames = given.List("username_filters") ?? [],
        }, viewer, cancellation);
        var json = context.WantsJson();
        if ((slug is not null && slug != page.Topic.Slug) || (slug is null && !json))
        {
            var tail = number is { } wanted ? string.Create(CultureInfo.InvariantCulture, $"/{wanted}") : "";
            return Results.Redirect($"{page.Topic.Url}{tail}{(context.Request.Path.Value is not null && json ? ".json" : "")}{context.Request.QueryString}", permanent: true);
        }

        if (!page.Topic.Visible)
            context.Response.Headers["X-Robots-Tag"] = "noindex";
        views.Count(page.Topic, viewer, context);
        return json ? Replies.Json(TopicJson.Show(page, baseUrl.Host)) : await html.TopicAsync(context, page, cancellation);
    }

    static async Task<IResult> LastAsync(HttpContext context, int id, Viewers viewers, TopicStore topics, CancellationToken cancellation)
    {
        var viewer = await viewers.OfAsync(context, cancellation);
        var topic = await topics.FindAsync(id, viewer.User.Id, cancellation);
        return topic is not null && TopicPermissions.CanSee(viewer, topic)
            ? Results.Redirect($"{topic.Url}/{topic.HighestPostNumber}{(context.WantsJson() ? ".json" : "")}")
            : throw Refused.NotFound();
    }

    static async Task<IResult> BySlugAsync(HttpContext context, string slug, Viewers viewers, TopicStore topics, CancellationToken cancellation)
    {
        var viewer = await viewers.OfAsync(context, cancellation);
        var id = await topics.IdOfSlugAsync(slug, cancellation) ?? throw Refused.NotFound();
        var topic = await topics.FindAsync(id, viewer.User.Id, cancellation);
        return topic is not null && TopicPermissions.CanSee(viewer, topic)
            ? Results.Redirect(topic.Url + (context.WantsJson() ? ".json" : ""), permanent: true)
            : throw Refused.NotFound();
    }

    static async Task<IResult> IdForAsync(HttpContext context, string slug, Viewers viewers, TopicStore topics, CancellationToken cancellation)
    {
        var viewer = await viewers.OfAsync(context, cancellation);
        var id = await topics.IdOfSlugAsync(slug, cancellation) ?? throw Refused.NotFound();
        var topic = await topics.FindAsync(id, viewer.User.Id, cancellation);
        return topic is not null && TopicPermissions.CanSee(viewer, topic)
            ? Replies.Json(new JsonObject { ["slug"] = slug, ["topic_id"] = id, ["url"] = topic.Url })
            : throw Refused.NotFound();
    }

    static async Task<IResult> ByExternalIdAsync(HttpContext context, string externalId, Viewers viewers, TopicStore topics, CancellationToken cancellation)
    {
        var viewer = await viewers.OfAsync(context, cancellation);
        var id = await topics.IdOfExternalAsync(externalId, cancellation) ?? throw Refused.NotFound();
        var topic = await topics.FindAsync(id, viewer.User.Id, cancellation);
        return topic is not null && TopicPermissions.CanSee(viewer, topic)
            ? Results.Redirect(topic.Url + (context.WantsJson() ? ".json" : ""), permanent: true)
            : throw Refused.NotFound();
    }

    static async Task<IResult> PostsAsync(HttpContext context, int id, Parameters given, Viewers viewers, TopicPages pages, Forum.Posts.PostStore posts, BaseUrl baseUrl,
        TopicListStore lists, CancellationToken cancellation)
    {
        _ = lists;
        var viewer = await viewers.OfAsync(context, cancellation);
        var page = await pages.LoadAsync(new TopicRequest(id) { PostNumber = given.Int("post_number"), IncludeRaw = given.Flag("include_raw") }, viewer, cancellation);
        if (given.Ints("post_ids") is { Count: > 0 } ids)
        {
            var shown = (await posts.ListAsync([.. ids.Take(200)], cancellation)).Where(post => post.TopicId == id).ToArray();
            page = page with { Posts = shown, Marks = await posts.MarksAsync(viewer.User.Id, [.. ids], cancellation) };
        }

        return Replies.Json(new JsonObject
        {
            ["post_stream"] = new JsonObject { ["posts"] = TopicJson.Posts(page, baseUrl.Host) },
            ["id"] = id,
        });
    }

    static async Task<IResult> PostIdsAsync(HttpContext context, int id, Viewers viewers, TopicPages pages, CancellationToken cancellation)
    {
        var page = await pages.LoadAsync(new TopicRequest(id), await viewers.OfAsync(context, cancellation), cancellation);
        return Replies.Json(new JsonObject { ["post_ids"] = page.Stream.Select(entry => entry.Id).ToJsonArray() });
    }
}
