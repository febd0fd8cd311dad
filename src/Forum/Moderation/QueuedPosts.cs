using System.Text.Json.Nodes;
using Forum.Database;
using Forum.Notifications;
using Forum.Posts;
using Forum.Sessions;
using Forum.Viewing;
using Forum.Web;

namespace Forum.Moderation;

/// <summary>Posts and topics that wait until a moderator lets them out.</summary>
sealed class QueuedPosts(PostCreation creation, Viewers viewers, SystemMessages messages)
{
    public static async Task<Reviewable> AddAsync(ForumTransaction sql, NewPost post, string reason, Viewer author, CancellationToken cancellation)
    {
        var payload = new JsonObject { ["raw"] = post.Raw, ["tags"] = new JsonArray([.. post.Tags.Select(tag => (JsonNode?)tag)]) };
        Set("title", post.Title);
        Set("featured_link", post.FeaturedLink);
        if (post.ReplyToPostNumber is { } number)
            payload["reply_to_post_number"] = number;
        if (post.TypingMilliseconds is { } msecs)
            payload["typing_duration_msecs"] = msecs;
        if (!post.Visible)
            payload["visible"] = false;
        var category = post.TopicId is { } topic
            ? await sql.ScalarAsync<int?>("SELECT category_id FROM topics WHERE id = $1", [topic], cancellation)
            : post.CategoryId ?? author.Settings.Int("uncategorized_category_id");
        var added = await ReviewableStore.AddAsync(sql, new Reviewable
        {
            Id = 0,
            Type = Reviewable.QueuedPost,
            CreatedById = -1,
            CategoryId = category,
            TopicId = post.TopicId,
            TargetCreatedById = author.User.Id,
            Payload = payload,
        }, author.Now, cancellation);
        await ReviewableStore.AddScoreAsync(sql, added.Id,
            new NewScore(-1, NewScore.NeedsApproval, FlagScores.Of(Viewers.System.TrustLevel, true, 0, false)) { Reason = reason }, author.Now, cancellation);
        await RecountAsync(sql, author.User.Id, cancellation);
        return (await ReviewableStore.FindAsync(sql, added.Id, cancellation))!;

        void Set(string name, string? value)
        {
            if (value is { Length: > 0 })
                payload[name] = value;
        }
    }

    public static Task<int> CountAsync(SqlSession sql, int userId, CancellationToken cancellation) =>
        sql.ScalarAsync<int>("SELECT count(*)::int FROM reviewables WHERE type = 'ReviewableQueuedPost' AND status = 0 AND target_created_by_id = $1", [userId], cancellation);

    static Task<int> RecountAsync(SqlSession sql, int userId, CancellationToken cancellation) => sql.ExecuteAsync("""
        UPDATE user_stats
        SET pending_posts_count = (SELECT count(*) FROM reviewables WHERE type = 'ReviewableQueuedPost' AND status = 0 AND target_created_by_id = $1)
        WHERE user_id = $1
        """, [userId], cancellation);

    /// <summary>Writes the post in its author's name, and tells them.</summary>
    public async Task<Post> ApproveAsync(ForumTransaction sql, Reviewable waiting, Viewer actor, CancellationToken cancellation)
    {
        var author = await sql.FindAsync($"SELECT {CurrentUser.Columns} FROM users u WHERE u.id = $1", CurrentUser.Read, [waiting.TargetCreatedById ?? 0], cancellation)
            ?? throw Refused.Invalid("The author's account is gone; reject the post instead.");
        await Silencing.UnsilenceAsync(sql, author.Id, actor.User.Id, actor.Now, cancellation);
        var made = await creation.CreateAsync(sql, new NewPost
        {
            Raw = waiting.PayloadText("raw") ?? "",
            Title = waiting.PayloadText("title"),
            TopicId = waiting.TopicId,
            CategoryId = waiting.CategoryId,
            Tags = waiting.Payload["tags"] is JsonArray tags ? [.. tags.Select(tag => (tag is JsonObject named ? named["name"] : tag)?.ToString()).OfType<string>()] : [],
            ReplyToPostNumber = int.TryParse(waiting.PayloadText("reply_to_post_number"), System.Globalization.CultureInfo.InvariantCulture, out var number) ? number : null,
            FeaturedLink = waiting.PayloadText("featured_link"),
            Visible = waiting.PayloadText("visible") != "false",
            SkipValidations = true,
            SkipPermissions = true,
        }, await viewers.AsAsync(author with { SilencedTill = null }, cancellation), cancellation);
        await sql.ExecuteAsync("UPDATE reviewables SET target_id = $2, target_type = 'Post', topic_id = $3 WHERE id = $1", [waiting.Id, made.Id, made.TopicId], cancellation);
        await ReviewableStore.TransitionAsync(sql, waiting with { TopicId = made.TopicId }, ReviewableStatus.Approved, actor.User.Id, actor.Now, cancellation);
        await RecountAsync(sql, author.Id, cancellation);
        await Notifier.AddAsync(sql, [author.Id], NotificationType.PostApproved, new JsonObject { ["post_url"] = $"/p/{made.Id}" }, made.TopicId, made.PostNumber, null, actor.Now, cancellation);
        await StaffActions.LogAsync(sql, StaffAction.PostApproved, actor.User.Id, author.Id, actor.Now, cancellation,
            new StaffActionDetails { PostId = made.Id, TopicId = made.TopicId, Details = $"post_number: {made.PostNumber}\nraw: {made.Raw}" });
        return made;
    }

    /// <param name="sql">The decision's transaction.</param>
    /// <param name="waiting">The queued post.</param>
    /// <param name="feedback">What the author may change before they send it again; null tells them nothing.</param>
    /// <param name="actor">Who rejects it.</param>
    /// <param name="cancellation">Gives up.</param>
    public async Task RejectAsync(ForumTransaction sql, Reviewable waiting, string? feedback, Viewer actor, CancellationToken cancellation)
    {
        await EndAsync(sql, waiting, ReviewableStatus.Rejected, actor, cancellation);
        await StaffActions.LogAsync(sql, StaffAction.PostRejected, actor.User.Id, waiting.TargetCreatedById, actor.Now, cancellation,
            new StaffActionDetails { TopicId = waiting.TopicId, Details = $"raw: {waiting.PayloadText("raw")}" });
        if (feedback is not null && waiting.TargetCreatedById is { } author)
        {
            await messages.SendAsync(sql, author, "Please change your post and send it again",
                $"Your post was not published: {feedback}\n\nThis is what you wrote:\n\n```text\n{waiting.PayloadText("raw")}\n```", cancellation);
        }
    }

    public static async Task EndAsync(ForumTransaction sql, Reviewable waiting, ReviewableStatus status, Viewer actor, CancellationToken cancellation)
    {
        await ReviewableStore.TransitionAsync(sql, waiting, status, actor.User.Id, actor.Now, cancellation);
        await RecountAsync(sql, waiting.TargetCreatedById ?? 0, cancellation);
    }
}
