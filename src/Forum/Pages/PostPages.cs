using System.Globalization;
using Forum.Posts;
using Forum.Topics;
using Forum.Viewing;
using Forum.Web;

namespace Forum.Pages;

/// <summary>Forms about one post: answering it, and telling the staff about it.</summary>
static class PostPages
{
    /// <summary>The numbers are those of post_action_types.</summary>
    static readonly (string, string)[] FlagTypes =
    [
        ("3", "It's off-topic"), ("4", "It's inappropriate"), ("8", "It's spam"), ("10", "It's illegal"), ("7", "Something else: tell the staff below"),
    ];

    public static void MapPostPages(this IEndpointRouteBuilder app)
    {
        app.MapGet("/posts/{id:int}/reply", ReplyAsync).RequireLogin().Named("posts#reply");
        app.MapGet("/posts/{id:int}/flag", FlagAsync).RequireLogin().Named("posts#flag");
    }

    static async Task<(Viewer Viewer, Topic Topic, Post Post)> FindAsync(HttpContext context, int id, CancellationToken cancellation)
    {
        var services = context.RequestServices;
        var viewer = await services.GetRequiredService<Viewers>().OfAsync(context, cancellation);
        var post = await services.GetRequiredService<PostStore>().FindAsync(id, cancellation) ?? throw Refused.NotFound();
        var topic = await services.GetRequiredService<TopicStore>().FindAsync(post.TopicId, viewer.User.Id, cancellation) ?? throw Refused.NotFound();
        return PostPermissions.CanSee(viewer, topic, post) ? (viewer, topic, post) : throw Refused.NotFound();
    }

    static async Task<IResult> ReplyAsync(HttpContext context, int id, CancellationToken cancellation)
    {
        var (viewer, topic, post) = await FindAsync(context, id, cancellation);
        if (!TopicPermissions.CanReply(viewer, topic))
            throw Refused.NotFound();
        return await PagesApi.FormAsync(context, $"Reply to {post.Author.Username}",
        [
            new("/posts", "POST", "post", "Reply",
            [
                new("topic_id", "", "hidden", Text(topic.Id)), new("reply_to_post_number", "", "hidden", Text(post.PostNumber)),
                new("raw", "Your reply, in Markdown", "textarea", Quote(post), Required: true),
            ]),
        ], cancellation, links: [($"{topic.Url}/{Text(post.PostNumber)}", "Back to the topic")]);
    }

    /// <summary>The post as a quote, which its reader shortens; nothing of one that is hidden.</summary>
    static string Quote(Post post) => post.Hidden ? "" : $"[quote=\"{post.Author.Username}, post:{Text(post.PostNumber)}, topic:{Text(post.TopicId)}\"]\n{post.Raw.Trim()}\n[/quote]\n\n";

    static async Task<IResult> FlagAsync(HttpContext context, int id, CancellationToken cancellation)
    {
        var (viewer, topic, post) = await FindAsync(context, id, cancellation);
        if (!PostPermissions.CanFlag(viewer, topic, post))
            throw Refused.NotFound();
        return await PagesApi.FormAsync(context, "Flag this post",
        [
            new("/post_actions", "POST", $"{topic.Url}/{Text(post.PostNumber)}", "Flag",
            [
                new("id", "", "hidden", Text(post.Id)), new("post_action_type_id", "What is wrong with it?", "select", "3", Choices: FlagTypes), new("message", "A word to the staff", "textarea"),
            ]),
        ], cancellation, links: [($"{topic.Url}/{Text(post.PostNumber)}", "Back to the topic")]);
    }

    static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
