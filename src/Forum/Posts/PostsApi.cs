using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Forum.Database;
using Forum.Pages;
using Forum.Polls;
using Forum.Redis;
using Forum.Sessions;
using Forum.Topics;
using Forum.Viewing;
using Forum.Web;

namespace Forum.Posts;

/// <summary>Posts: written, read, changed and deleted.</summary>
static class PostsApi
{
    public static void MapPosts(this IEndpointRouteBuilder app)
    {
        app.MapPost("/posts", CreateAsync).RequireLogin().Named("posts#create");
        app.MapGet("/posts", LatestAsync).AllowAnyone().Named("posts#latest");
        app.MapGet("/private-posts", PrivateAsync).RequireLogin().Named("posts#latest");
        app.MapGet("/posts/{id:int}", ShowAsync).AllowAnyone().Named("posts#show");
        app.MapGet("/posts/by_number/{topicId:int}/{number:int}", ByNumberAsync).AllowAnyone().Named("posts#by_number");
        app.MapGet("/posts/{id:int}/replies", RepliesAsync).AllowAnyone().Named("posts#replies");
        app.MapGet("/posts/{id:int}/raw", RawAsync).AllowAnyone().Named("posts#markdown_id");
        app.MapGet("/posts/{id:int}/cooked", CookedAsync).AllowAnyone().Named("posts#cooked");
        app.MapGet("/raw/{topicId:int}", RawTopicAsync).AllowAnyone().Named("posts#markdown_num");
        app.MapGet("/raw/{topicId:int}/{number:int}", RawTopicAsync).AllowAnyone().Named("posts#markdown_num");
        app.MapGet("/p/{id:int}", JumpAsync).AllowAnyone().Named("posts#short_link");
        app.MapGet("/p/{id:int}/{userId:int}", JumpAsync).AllowAnyone().Named("posts#short_link");
        app.MapPut("/posts/{id:int}", UpdateAsync).RequireLogin().Named("posts#update");
        app.MapDelete("/posts/{id:int}", DeleteAsync).RequireLogin().Named("posts#destroy");
        app.MapPut("/posts/{id:int}/recover", RecoverAsync).RequireLogin().Named("posts#recover");
        app.MapPut("/posts/{id:int}/locked", LockAsync).RequireLogin().Named("posts#locked");
        app.MapPut("/posts/{id:int}/wiki", WikiAsync).RequireLogin().Named("posts#wiki");
        app.MapPut("/posts/{id:int}/post_type", TypeAsync).RequireLogin().Named("posts#post_type");
        app.MapPut("/posts/{id:int}/rebake", RebakeAsync).RequireLogin().Named("posts#rebake");
        app.MapPut("/posts/{id:int}/unhide", UnhideAsync).RequireLogin().Named("posts#unhide");
        app.MapGet("/posts/{id:int}/revisions/{number}", RevisionAsync).ShownBy<RevisionView>("Edits").AllowAnyone().Named("posts#revisions");
        app.MapPut("/posts/{id:int}/revisions/{number:int}/revert", RevertAsync).RequireLogin().Named("posts#revert");
    }

    static async Task<IResult> CreateAsync(HttpContext context, CurrentUser user, Parameters given, Viewers viewers, PostSubmission submission, TopicStore topics,
        PostMemory memory, BaseUrl baseUrl, CancellationToken cancellation)
    {
        var viewer = await viewers.OfAsync(context, cancellation);
        var wanted = NewPost.From(given, user);
        if (given.Flag("whisper"))
        {
            if (!viewer.CanSeeWhispers)
                throw Refused.InvalidAccess();
            wanted = wanted with { Type = PostType.Whisper };
        }

        if (wanted.TopicId is null && wanted.Title is null && given.Text("raw") is null)
            throw Refused.Missing("raw");
        if (user.IsApi && await memory.FindAsync(user, given, cancellation) is { } before)
            return Results.Text(before, "application/json; charset=utf-8");

        Submission sent;
        try
        {
            sent = await submission.SubmitAsync(wanted, viewer, cancellation);
        }
        catch (RefusedException e) when (e.Status == 422)
        {
            return Replies.Json(new JsonObject { ["action"] = "create_post", ["errors"] = e.Errors.ToJsonArray() }, 422);
        }

        if (sent.Made is not { } made)
            return Replies.Json(Waiting(sent));
        var topic = (await topics.FindAsync(made.TopicId, user.Id, cancellation))!;
        var json = PostJson.Of(made, topic, viewer, PostMarks.None, baseUrl.Host, PostShape.Single, withRaw: true);
        json["draft_sequence"] = 1;
        if (given.Flag("nested_post"))
            json = new JsonObject { ["action"] = "create_post", ["post"] = json, ["success"] = true };
        if (user.IsApi)
            await memory.KeepAsync(user, given, json.ToJsonString(), cancellation);
        return Replies.Json(json);
    }

    static JsonObject Waiting(Submission sent) => new()
    {
        ["action"] = "enqueued",
        ["success"] = true,
        ["pending_count"] = sent.PendingCount,
        ["pending_post"] = new JsonObject
        {
            ["id"] = sent.Waiting!.Id,
            ["raw"] = sent.Waiting.PayloadText("raw"),
            ["created_at"] = JsonParts.Time(sent.Waiting.CreatedAt),
        },
    };

    /// <summary>A post that the viewer may see, with its topic.</summary>
    public static async Task<(Post Post, Topic Topic, Viewer Viewer)> FindAsync(HttpContext context, int id, CancellationToken cancellation)
    {
        var services = context.RequestServices;
        var viewer = await services.GetRequiredService<Viewers>().OfAsync(context, cancellation);
        var post = await services.GetRequiredService<PostStore>().FindAsync(id, cancellation) ?? throw Refused.NotFound();
        var topic = await services.GetRequiredService<TopicStore>().FindAsync(post.TopicId, viewer.User.Id, cancellation) ?? throw Refused.NotFound();
        if (!TopicPermissions.CanSee(viewer, topic))
            throw topic.IsMessage || topic.IsDeleted ? Refused.NotFound() : Refused.InvalidAccess();
        if (!PostPermissions.CanSee(viewer, topic, post))
            throw Refused.NotFound();
        return (post, topic, viewer);
    }

    static async Task<JsonObject> JsonAsync(HttpContext context, int id, CancellationToken cancellation)
    {
        var (post, topic, viewer) = await FindAsync(context, id, cancellation);
        var services = context.RequestServices;
        var host = services.GetRequiredService<BaseUrl>().Host;
        var marks = await services.GetRequiredService<PostStore>().MarksAsync(viewer.User.Id, [id], cancellation);
        var json = PostJson.Of(post, topic, viewer, marks, host, PostShape.Single, withRaw: true);
        if (post.HasPolls)
            (await PollsOfPosts.LoadAsync(services.GetRequiredService<ForumDatabase>(), [id], viewer, host, cancellation)).AddTo(json, id);
        return json;
    }

    static async Task<IResult> ShowAsync(HttpContext context, int id, CancellationToken cancellation) => Replies.Json(await JsonAsync(context, id, cancellation));

    static async Task<IResult> ByNumberAsync(HttpContext context, int topicId, int number, PostStore posts, CancellationToken cancellation)
    {
        var post = await posts.FindByNumberAsync(topicId, number, cancellation) ?? throw Refused.NotFound();
        return Replies.Json(await JsonAsync(context, post.Id, cancellation));
    }

    static Task<IResult> LatestAsync(HttpContext context, Parameters given, CancellationToken cancellation) => ListAsync(context, given, messages: false, cancellation);

    static Task<IResult> PrivateAsync(HttpContext context, Parameters given, CancellationToken cancellation) => ListAsync(context, given, messages: true, cancellation);

    static async Task<IResult> ListAsync(HttpContext context, Parameters given, bool messages, CancellationToken cancellation)
    {
        var services = context.RequestServices;
        var viewer = await services.GetRequiredService<Viewers>().OfAsync(context, cancellation);
        var posts = services.GetRequiredService<PostStore>();
        var host = services.GetRequiredService<BaseUrl>().Host;
        var before = given.Int("before") ?? await posts.NewestIdAsync(cancellation);
        var rows = await posts.LatestAsync(before, viewer.VisibleCategories, messages, viewer.User.Id, [.. viewer.User.GroupIds], cancellation);
        var marks = await posts.MarksAsync(viewer.User.Id, [.. rows.Select(row => row.Post.Id)], cancellation);
        return Replies.Json(new JsonObject
        {
            [messages ? "private_posts" : "latest_posts"] = rows.Select(row =>
            {
                var topic = new Topic { Id = row.Post.TopicId, Title = row.Title, FancyTitle = row.FancyTitle, Slug = row.Slug, CategoryId = row.CategoryId, CreatedAt = row.Post.CreatedAt };
                return (JsonNode?)PostJson.Of(row.Post, topic, viewer, marks, host, PostShape.Latest, withRaw: true);
            }).ToJsonArray(),
        });
    }

    static async Task<IResult> RepliesAsync(HttpContext context, int id, Parameters given, PostStore posts, BaseUrl baseUrl, CancellationToken cancellation)
    {
        var (_, topic, viewer) = await FindAsync(context, id, cancellation);
        var replies = await posts.RepliesAsync(id, given.Int("after") ?? 1, cancellation);
        var marks = await posts.MarksAsync(viewer.User.Id, [.. replies.Select(reply => reply.Id)], cancellation);
        return Replies.Json(replies.Where(reply => PostPermissions.CanSee(viewer, topic, reply))
            .Select(reply => (JsonNode?)PostJson.Of(reply, topic, viewer, marks, baseUrl.Host, PostShape.Reply, withRaw: false)).ToJsonArray());
    }

    static async Task<IResult> RawAsync(HttpContext context, int id, CancellationToken cancellation)
    {
        var (post, _, viewer) = await FindAsync(context, id, cancellation);
        if (post.Hidden && !PostPermissions.CanSeeHidden(viewer, post))
            throw Refused.InvalidAccess();
        return Results.Text(post.Raw, "text/plain; charset=utf-8");
    }

    static async Task<IResult> CookedAsync(HttpContext context, int id, CancellationToken cancellation)
    {
        var (post, _, viewer) = await FindAsync(context, id, cancellation);
        return post.Hidden && !PostPermissions.CanSeeHidden(viewer, post) ? throw Refused.InvalidAccess() : Replies.Json(new JsonObject { ["cooked"] = post.Cooked });
    }

    static async Task<IResult> RawTopicAsync(HttpContext context, int topicId, int? number, Parameters given, Viewers viewers, TopicStore topics, PostStore posts, CancellationToken cancellation)
    {
        var viewer = await viewers.OfAsync(context, cancellation);
        var topic = await topics.FindAsync(topicId, viewer.User.Id, cancellation) ?? throw Refused.NotFound();
        if (!TopicPermissions.CanSee(viewer, topic))
            throw Refused.NotFound();
        if (number is { } one)
        {
            var post = await posts.FindByNumberAsync(topicId, one, cancellation) ?? throw Refused.NotFound();
            return await RawAsync(context, post.Id, cancellation);
        }

        var stream = await topics.StreamAsync(topicId, false, viewer.CanSeeWhispers, viewer.Now, cancellation);
        var page = Math.Max(1, given.Int("page") ?? 1);
        var text = new StringBuilder();
        foreach (var post in await posts.ListAsync([.. stream.Skip((page - 1) * 100).Take(100).Select(entry => entry.Id)], cancellation))
        {
            if (!post.Hidden || PostPermissions.CanSeeHidden(viewer, post))
                text.Append(System.Globalization.CultureInfo.InvariantCulture, $"{post.Author.Username} | {post.UpdatedAt:yyyy-MM-dd HH:mm:ss} UTC | #{post.PostNumber}\n\n{post.Raw}\n\n-------------------------\n\n");
        }

        return Results.Text(text.ToString(), "text/plain; charset=utf-8");
    }

    static async Task<IResult> JumpAsync(HttpContext context, int id, CancellationToken cancellation)
    {
        var (post, topic, _) = await FindAsync(context, id, cancellation);
        return Results.Redirect(post.PostNumber == 1 ? topic.Url : $"{topic.Url}/{post.PostNumber}");
    }

    static async Task<IResult> UpdateAsync(HttpContext context, int id, Parameters given, PostRevision revision, CancellationToken cancellation)
    {
        var (post, topic, viewer) = await FindAsync(context, id, cancellation);
        var nested = given.Nested("post");
        var raw = nested.Text("raw") ?? given.Text("raw") ?? throw Refused.Missing("post");
        var title = given.Text("title") ?? nested.Text("title");
        if (!PostPermissions.CanEdit(viewer, topic, post))
            throw Refused.InvalidAccess();
        if ((nested.Text("raw_old") ?? given.Text("original_text")) is { } old && old != post.Raw)
            throw new RefusedException(409, "edit_conflict", "The post was edited by someone else in the meantime.");
        await revision.ReviseAsync(post, topic, viewer, new Revision
        {
            Raw = raw,
            EditReason = nested.Text("edit_reason") ?? given.Text("edit_reason"),
            Title = post.PostNumber == 1 ? title : null,
            BypassBump = given.Flag("bypass_bump") && viewer.User.IsStaff,
        }, cancellation);
        var json = await JsonAsync(context, id, cancellation);
        json["draft_sequence"] = 1;
        return Replies.Json(new JsonObject { ["post"] = json });
    }

    static async Task<IResult> DeleteAsync(HttpContext context, int id, Parameters given, PostDeletion deletion, CancellationToken cancellation)
    {
        var (post, topic, viewer) = await FindAsync(context, id, cancellation);
        if (given.Flag("force_destroy"))
        {
            if (!viewer.User.IsAdmin || !viewer.Settings.Bool("can_permanently_delete"))
                throw Refused.InvalidAccess();
            await deletion.DestroyAsync(post, viewer, cancellation);
            return JsonParts.Empty();
        }

        if (!PostPermissions.CanDelete(viewer, topic, post))
            throw Refused.InvalidAccess();
        await deletion.DeleteAsync(post, topic, viewer, cancellation);
        return JsonParts.Empty();
    }

    static async Task<IResult> RecoverAsync(HttpContext context, int id, PostDeletion deletion, CancellationToken cancellation)
    {
        var (post, topic, viewer) = await FindAsync(context, id, cancellation);
        if (!PostPermissions.CanRecover(viewer, topic, post))
            throw Refused.InvalidAccess();
        await deletion.RecoverAsync(post, topic, viewer, cancellation);
        return Replies.Json(await JsonAsync(context, id, cancellation));
    }

    static async Task<IResult> LockAsync(HttpContext context, int id, Parameters given, PostFlags flags, CancellationToken cancellation)
    {
        var (post, _, viewer) = await FindAsync(context, id, cancellation);
        if (!viewer.User.IsStaff)
            throw Refused.InvalidAccess();
        var locked = given.Required("locked") == "true";
        await flags.LockAsync(post, locked, viewer, cancellation);
        return Replies.Json(new JsonObject { ["locked"] = locked });
    }

    static async Task<IResult> WikiAsync(HttpContext context, int id, Parameters given, PostFlags flags, CancellationToken cancellation)
    {
        var (post, topic, viewer) = await FindAsync(context, id, cancellation);
        if (!PostPermissions.CanWiki(viewer, topic, post))
            throw Refused.InvalidAccess();
        await flags.WikiAsync(post, topic, given.Flag("wiki"), viewer, cancellation);
        return JsonParts.Empty();
    }

    static async Task<IResult> TypeAsync(HttpContext context, int id, Parameters given, PostFlags flags, CancellationToken cancellation)
    {
        var (post, topic, viewer) = await FindAsync(context, id, cancellation);
        if (!viewer.User.IsStaff)
            throw Refused.InvalidAccess();
        var type = given.RequiredInt("post_type");
        if (type is not (1 or 2))
            throw Refused.InvalidParameters("post_type");
        await flags.TypeAsync(post, topic, (PostType)type, cancellation);
        return JsonParts.Empty();
    }

    static async Task<IResult> RebakeAsync(HttpContext context, int id, PostFlags flags, CancellationToken cancellation)
    {
        var (post, topic, viewer) = await FindAsync(context, id, cancellation);
        if (!viewer.User.IsStaff && viewer.User.TrustLevel < 4)
            throw Refused.InvalidAccess();
        await flags.RebakeAsync(post, topic, viewer, cancellation);
        return JsonParts.Empty();
    }

    static async Task<IResult> UnhideAsync(HttpContext context, int id, PostFlags flags, CancellationToken cancellation)
    {
        var (post, topic, viewer) = await FindAsync(context, id, cancellation);
        if (!viewer.User.IsStaff)
            throw Refused.InvalidAccess();
        await flags.UnhideAsync(post, topic, cancellation);
        return JsonParts.Empty();
    }

    static async Task<IResult> RevisionAsync(HttpContext context, int id, string number, PostRevision revision, BaseUrl baseUrl, CancellationToken cancellation)
    {
        var (post, topic, viewer) = await FindAsync(context, id, cancellation);
        if (!PostPermissions.CanSeeHistory(viewer, topic, post))
            throw Refused.InvalidAccess();
        return Replies.Json(await revision.ShowAsync(post, topic, viewer, number, baseUrl.Host, cancellation));
    }

    static async Task<IResult> RevertAsync(HttpContext context, int id, int number, PostRevision revision, CancellationToken cancellation)
    {
        var (post, topic, viewer) = await FindAsync(context, id, cancellation);
        if (!PostPermissions.CanEdit(viewer, topic, post))
            throw Refused.InvalidAccess();
        await revision.RevertAsync(post, topic, viewer, number, cancellation);
        return Replies.Json(await JsonAsync(context, id, cancellation));
    }
}

/// <summary>Answers to writes through API keys, kept for two minutes: the same request again gets the same answer and writes nothing.</summary>
sealed class PostMemory(RedisClient redis)
{
    const int Seconds = 120;

    public async Task<string?> FindAsync(CurrentUser user, Parameters given, CancellationToken cancellation)
    {
        try
        {
            return (await redis.SendAsync(["GET", Key(user, given)], cancellation)).Text;
        }
        catch (Exception e) when (e is RedisUnavailableException or RedisErrorException)
        {
            return null;
        }
    }

    public async Task KeepAsync(CurrentUser user, Parameters given, string answer, CancellationToken cancellation)
    {
        try
        {
            await redis.SendAsync(["SET", Key(user, given), answer, "EX", Seconds], cancellation);
        }
        catch (Exception e) when (e is RedisUnavailableException or RedisErrorException)
        {
            // Without Redis a repeated request is caught by the rule against repeated posts.
        }
    }

    static string Key(CurrentUser user, Parameters given)
    {
        var text = string.Join('&', given.Tree.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => $"{pair.Key}={pair.Value?.ToJsonString()}"));
        return RedisClient.Key($"post-memory:{user.Id}:{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))}");
    }
}
