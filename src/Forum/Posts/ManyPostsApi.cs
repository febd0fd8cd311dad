using Forum.Topics;
using Forum.Viewing;
using Forum.Web;

namespace Forum.Posts;

/// <summary>Several posts at once: deleted, or merged into one.</summary>
static class ManyPostsApi
{
    const int Most = 100;

    public static void MapManyPosts(this IEndpointRouteBuilder app)
    {
        app.MapDelete("/posts/destroy_many", DeleteAsync).RequireLogin().Named("posts#destroy_many");
        app.MapPut("/posts/merge_posts", MergeAsync).RequireStaff().Named("posts#merge_posts");
    }

    static async Task<List<(Post Post, Topic Topic)>> FindAsync(Parameters given, Viewer viewer, PostStore posts, TopicStore topics, CancellationToken cancellation)
    {
        var ids = (given.Ints("post_ids") ?? throw Refused.Missing("post_ids")).Distinct().ToArray();
        if (ids.Length is 0 or > Most)
            throw Refused.InvalidParameters("post_ids");
        var found = new List<(Post, Topic)>();
        foreach (var group in (await posts.ListAsync(ids, cancellation)).GroupBy(post => post.TopicId))
        {
            var topic = await topics.FindAsync(group.Key, viewer.User.Id, cancellation) ?? throw Refused.NotFound();
            found.AddRange(group.Select(post => PostPermissions.CanSee(viewer, topic, post) ? (post, topic) : throw Refused.NotFound()));
        }

        return found.Count == ids.Length ? found : throw Refused.InvalidParameters("post_ids");
    }

    /// <summary>All of them, or none when one may not be deleted.</summary>
    static async Task<IResult> DeleteAsync(
        HttpContext context, Parameters given, Viewers viewers, PostStore posts, TopicStore topics, PostDeletion deletion, Database.ForumDatabase database, CancellationToken cancellation)
    {
        var viewer = await viewers.OfAsync(context, cancellation);
        var found = await FindAsync(given, viewer, posts, topics, cancellation);
        if (found.Exists(one => !PostPermissions.CanDelete(viewer, one.Topic, one.Post)))
            throw Refused.InvalidAccess();
        await using var sql = await database.BeginAsync(cancellation);
        foreach (var (post, topic) in found.OrderByDescending(one => one.Post.PostNumber))
            await deletion.DeleteAsync(sql, post, topic, viewer, cancellation);
        await sql.CommitAsync(cancellation);
        return JsonParts.Empty();
    }

    /// <summary>The last of them gets the text of all; the others are deleted. They must be one author's, in one topic.</summary>
    static async Task<IResult> MergeAsync(
        HttpContext context, Parameters given, Viewers viewers, PostStore posts, TopicStore topics, PostRevision revision, PostDeletion deletion, CancellationToken cancellation)
    {
        var viewer = await viewers.OfAsync(context, cancellation);
        var found = (await FindAsync(given, viewer, posts, topics, cancellation)).OrderBy(one => one.Post.PostNumber).ToList();
        if (found.Count < 2)
            throw Refused.Invalid("At least two posts must be selected.");
        if (found.DistinctBy(one => (one.Post.TopicId, one.Post.UserId)).Count() > 1 || found.Exists(one => one.Post.IsDeleted))
            throw Refused.Invalid("Only posts of the same user in the same topic can be merged.");
        var raw = string.Join("\n\n", found.Select(one => one.Post.Raw));
        if (raw.Length > viewer.Settings.Int("max_post_length"))
            throw Refused.Invalid("The merged post would be too long.");
        var (last, topic) = found[^1];
        await revision.ReviseAsync(last, topic, viewer, new Revision
        {
            Raw = raw, EditReason = $"merged {found.Count} posts by {last.Author.Username}", BypassBump = true,
        }, cancellation);
        foreach (var (post, _) in found[..^1])
            await deletion.DeleteAsync(post, topic, viewer, cancellation);
        return Replies.Success();
    }
}
