using System.Globalization;
using System.Text.Json.Nodes;
using Forum.Database;
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
        app.MapGet("/t/{id:int}/excerpts", ExcerptsAsync).AllowAnyone().Named("topics#excerpts");
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
            Filter = FilterOf(given),
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

    static StreamFilter FilterOf(Parameters given) => new()
    {
        Usernames = [.. (given.List("username_filters") ?? []).Select(name => name.ToLowerInvariant())],
        Summary = given.Text("filter") == "summary",
        TopLevel = given.Flag("filter_top_level_replies"),
        RepliesTo = given.Int("replies_to_post_number"),
        UpwardsFromPostId = given.Int("filter_upwards_post_id"),
        ShowDeleted = given.Flag("show_deleted"),
    };

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

    /// <summary>Posts by id; or without ids the chunk after, or with asc=false before, a post number.</summary>
    static async Task<IResult> PostsAsync(HttpContext context, int id, Parameters given, Viewers viewers, TopicPages pages, Forum.Posts.PostStore posts, BaseUrl baseUrl,
        ForumDatabase database, CancellationToken cancellation)
    {
        const int Most = 200;
        var viewer = await viewers.OfAsync(context, cancellation);
        var page = await pages.LoadAsync(new TopicRequest(id) { IncludeRaw = given.Flag("include_raw"), Filter = FilterOf(given) }, viewer, cancellation);
        var ids = given.Ints("post_ids") is { Count: > 0 } asked ? asked.Take(Most).ToArray()
            : given.Int("post_number") is not { } number ? null
            : given.Bool("asc") == false ? page.Stream.Where(entry => entry.PostNumber < number).TakeLast(TopicPage.ChunkSize).Select(entry => entry.Id).ToArray()
            : given.Has("asc") ? page.Stream.Where(entry => entry.PostNumber > number).Take(TopicPage.ChunkSize).Select(entry => entry.Id).ToArray()
            : page.Stream.SkipWhile(entry => entry.PostNumber < number).Take(TopicPage.ChunkSize).Select(entry => entry.Id).ToArray();
        if (ids is not null)
        {
            var shown = (await posts.ListAsync(ids, cancellation)).Where(post => post.TopicId == id).ToArray();
            page = page with
            {
                Posts = shown,
                Marks = await posts.MarksAsync(viewer.User.Id, ids, cancellation),
                Polls = await Forum.Polls.PollsOfPosts.LoadAsync(database, [.. shown.Where(post => post.HasPolls).Select(post => post.Id)], viewer, baseUrl.Host, cancellation),
            };
        }

        var json = new JsonObject { ["post_stream"] = new JsonObject { ["posts"] = TopicJson.Posts(page, baseUrl.Host) }, ["id"] = id };
        if (given.Flag("include_suggested"))
            json["suggested_topics"] = page.Suggested.Select(topic => TopicJson.Suggested(topic, viewer, baseUrl.Host)).ToJsonArray();
        return Replies.Json(json);
    }

    /// <summary>The beginnings of posts, for those that a client has not loaded.</summary>
    static async Task<IResult> ExcerptsAsync(HttpContext context, int id, Parameters given, Viewers viewers, TopicPages pages, Forum.Posts.PostStore posts, CancellationToken cancellation)
    {
        var ids = given.Ints("post_ids") ?? throw Refused.Missing("post_ids");
        if (ids.Count > 100)
            throw Refused.InvalidParameters("post_ids");
        var page = await pages.LoadAsync(new TopicRequest(id), await viewers.OfAsync(context, cancellation), cancellation);
        var shown = (await posts.ListAsync([.. ids], cancellation)).Where(post => post.TopicId == id && Forum.Posts.PostPermissions.CanSee(page.Viewer, page.Topic, post));
        return Replies.Json(shown.Select(post => (JsonNode?)new JsonObject
        {
            ["post_id"] = post.Id,
            ["username"] = post.Author.Username,
            ["excerpt"] = post.Hidden ? "" : Markdown.Excerpt.Of(post.Cooked, 300),
            ["action_code"] = post.ActionCode,
            ["created_at"] = JsonParts.Time(post.CreatedAt),
        }).ToJsonArray());
    }

    static async Task<IResult> PostIdsAsync(HttpContext context, int id, Viewers viewers, TopicPages pages, CancellationToken cancellation)
    {
        var page = await pages.LoadAsync(new TopicRequest(id), await viewers.OfAsync(context, cancellation), cancellation);
        return Replies.Json(new JsonObject { ["post_ids"] = page.Stream.Select(entry => entry.Id).ToJsonArray() });
    }
}
