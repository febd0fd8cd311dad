using System.Text.Json.Nodes;
using Forum.Database;
using Forum.Moderation;
using Forum.Topics;
using Forum.Viewing;
using Forum.Web;

namespace Forum.Posts;

static class PostActionsApi
{
    public static void MapPostActions(this IEndpointRouteBuilder app)
    {
        app.MapPost("/post_actions", CreateAsync).RequireLogin().Named("post_actions#create");
        app.MapDelete("/post_actions/{id:int}", DeleteAsync).RequireLogin().Named("post_actions#destroy");
        app.MapGet("/post_action_users", UsersAsync).AllowAnyone().Named("post_action_users#index");
    }

    static async Task<(Post Post, Topic Topic, Viewer Viewer)> FindAsync(HttpContext context, int id, CancellationToken cancellation)
    {
        var services = context.RequestServices;
        var viewer = await services.GetRequiredService<Viewers>().OfAsync(context, cancellation);
        var post = await services.GetRequiredService<PostStore>().FindAsync(id, cancellation) ?? throw Refused.NotFound();
        var topic = await services.GetRequiredService<TopicStore>().FindAsync(post.TopicId, viewer.User.Id, cancellation) ?? throw Refused.NotFound();
        return PostPermissions.CanSee(viewer, topic, post) ? (post, topic, viewer) : throw Refused.NotFound();
    }

    static async Task<IResult> AnswerAsync(HttpContext context, int id, CancellationToken cancellation)
    {
        var (post, topic, viewer) = await FindAsync(context, id, cancellation);
        var marks = await context.RequestServices.GetRequiredService<PostStore>().MarksAsync(viewer.User.Id, [id], cancellation);
        return Replies.Json(PostJson.Of(post, topic, viewer, marks, context.RequestServices.GetRequiredService<BaseUrl>().Host, PostShape.Single, withRaw: false));
    }

    static async Task<IResult> CreateAsync(HttpContext context, Parameters given, PostActions actions, Flagging flagging, PostStore posts, CancellationToken cancellation)
    {
        var id = given.RequiredInt("id");
        var type = given.RequiredInt("post_action_type_id");
        if (given.Flag("flag_topic") && await posts.FindByNumberAsync(id, 1, cancellation) is { } first)
            id = first.Id;
        var (post, topic, viewer) = await FindAsync(context, id, cancellation);
        if (type == PostActions.LikeType)
        {
            await actions.LikeAsync(post, topic, viewer, cancellation);
        }
        else
        {
            await flagging.FlagAsync(post, topic, new NewFlag(type)
            {
                Message = given.Text("message"),
                TargetsTopic = given.Flag("flag_topic"),
                TakesAction = given.Flag("take_action"),
                QueuesForReview = given.Flag("queue_for_review"),
            }, viewer, cancellation);
        }

        return await AnswerAsync(context, id, cancellation);
    }

    static async Task<IResult> DeleteAsync(HttpContext context, int id, Parameters given, PostActions actions, CancellationToken cancellation)
    {
        var (post, topic, viewer) = await FindAsync(context, id, cancellation);
        await actions.UndoAsync(post, topic, given.RequiredInt("post_action_type_id"), viewer, cancellation);
        return await AnswerAsync(context, id, cancellation);
    }

    static async Task<IResult> UsersAsync(HttpContext context, Parameters given, ForumDatabase database, BaseUrl baseUrl, CancellationToken cancellation)
    {
        var (post, topic, viewer) = await FindAsync(context, given.RequiredInt("id"), cancellation);
        var type = given.RequiredInt("post_action_type_id");
        if (type != PostActions.LikeType && !viewer.User.IsStaff)
            throw Refused.InvalidAccess();
        var limit = Math.Clamp(given.Int("limit") ?? 200, 1, 200);
        var users = await database.ListAsync("""
            SELECT u.id, u.username, u.name, u.uploaded_avatar_id
            FROM post_actions a
            JOIN users u ON u.id = a.user_id
            WHERE a.post_id = $1 AND a.post_action_type_id = $2 AND a.deleted_at IS NULL
            ORDER BY a.created_at
            LIMIT $3 OFFSET $4
            """, row => UserBrief.Read(row, 0), [post.Id, type, limit, Math.Max(0, given.Int("page") ?? 0) * limit], cancellation);
        return Replies.Json(new JsonObject
        {
            ["post_action_users"] = users.Select(user =>
            {
                var json = user.Json(baseUrl.Host);
                json["post_url"] = $"{topic.Url}/{post.PostNumber}";
                json["username_lower"] = user.Username.ToLowerInvariant();
                return (JsonNode?)json;
            }).ToJsonArray(),
        });
    }
}
