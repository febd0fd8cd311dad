using Forum.Database;
using Forum.Posts;
using Forum.Topics;
using Forum.Users;
using Forum.Viewing;
using Forum.Web;

namespace Forum.Moderation;

/// <summary>More of a decision than its name.</summary>
sealed record ReviewArguments
{
    /// <summary>The version that the moderator saw; null acts on whatever there is.</summary>
    public int? Version { get; init; }

    public string? RejectReason { get; init; }

    public bool SendMail { get; init; } = true;

    /// <summary>What the author should change, of revise_and_reject_post.</summary>
    public string? Feedback { get; init; }
}

/// <summary>What a decision came to.</summary>
sealed record ReviewOutcome(Reviewable Reviewable, Post? Created, IReadOnlyList<long> RemovedIds);

/// <summary>Decides about reviewables.</summary>
sealed class Reviews(ForumDatabase database, FlagReview flags, QueuedPosts queue, UserReview members, PostDeletion deletion, PostHiding hiding, UserDeletion users)
{
    public static async Task<ReviewSubject> SubjectAsync(SqlSession sql, Reviewable reviewable, Viewer viewer, CancellationToken cancellation)
    {
        var post = reviewable is { TargetType: "Post", TargetId: { } postId } ? await PostStore.FindAsync(sql, postId, cancellation) : null;
        var topic = (post?.TopicId ?? reviewable.TopicId) is { } topicId ? await TopicStore.FindAsync(sql, topicId, viewer.User.Id, cancellation) : null;
        var target = await sql.FindAsync("""
            SELECT u.id, u.admin OR coalesce(u.moderator, false), s.first_post_created_at, u.trust_level
            FROM users u
            LEFT JOIN user_stats s ON s.user_id = u.id
            WHERE u.id = $1
            """, row => new ReviewTarget(row.Int(0), row.Bool(1), row.TimeOrNull(2), row.Int(3)), [reviewable.TargetCreatedById ?? 0], cancellation);
        return new ReviewSubject(reviewable, post, topic, target);
    }

    /// <exception cref="RefusedException">403: there is no such action now; 409: someone else decided first.</exception>
    public async Task<ReviewOutcome> PerformAsync(Reviewable reviewable, string action, ReviewArguments arguments, Viewer actor, CancellationToken cancellation)
    {
        await using var sql = await database.BeginAsync(cancellation);
        if (reviewable.TopicId is { } topic)
            await TopicLocks.TakeAsync(sql, [topic], cancellation);
        await ReviewableStore.RaiseVersionAsync(sql, reviewable.Id, arguments.Version, actor.Now, cancellation);
        var subject = await SubjectAsync(sql, (await ReviewableStore.FindAsync(sql, reviewable.Id, cancellation))!, actor, cancellation);
        var name = Aliases.GetValueOrDefault(action, action);
        if (!ReviewActions.Of(subject, actor).Any(offered => offered.Name == action || Aliases.GetValueOrDefault(offered.Name, offered.Name) == name))
            throw Refused.InvalidAccess($"\"{action}\" can't be done to this {reviewable.Type} now.");
        var created = await ApplyAsync(sql, subject, name, arguments, actor, cancellation);
        IReadOnlyList<long> removed = name is "delete_user" or "delete_user_block" ? await EndOfUserAsync(sql, subject, actor, cancellation) : [];
        await sql.CommitAsync(cancellation);
        if (name is "delete_user" or "delete_user_block" && subject.Target is { } target)
            await users.DeleteAsync(target.Id, actor.User.Id, name == "delete_user_block", name == "delete_user_block", "review", cancellation);
        return new ReviewOutcome((await ReviewableStore.FindAsync(database, reviewable.Id, cancellation))!, created, [.. removed, reviewable.Id]);
    }

    static readonly Dictionary<string, string> Aliases = new()
    {
        ["agree_and_keep_hidden"] = "agree_and_keep",
        ["agree_and_silence"] = "agree_and_keep",
        ["agree_and_suspend"] = "agree_and_keep",
        ["agree_and_edit"] = "agree_and_keep",
        ["disagree_and_restore"] = "disagree",
        ["ignore_and_do_nothing"] = "ignore",
        ["discard_post"] = "reject_post",
        ["approve_post_closed"] = "approve_post",
        ["delete_and_block_user"] = "delete_user_block",
        ["reject_user_delete"] = "delete_user",
        ["reject_user_block"] = "delete_user_block",
    };

    async Task<Post?> ApplyAsync(ForumTransaction sql, ReviewSubject subject, string name, ReviewArguments arguments, Viewer actor, CancellationToken cancellation)
    {
        var (reviewable, post, topic) = (subject.Reviewable, subject.Post, subject.Topic);
        switch (name)
        {
            case "agree_and_keep":
                await FlagReview.AgreeAsync(sql, reviewable, actor, cancellation);
                return null;
            case "agree_and_hide":
                await FlagReview.AgreeAsync(sql, reviewable, actor, cancellation);
                await hiding.HideAsync(sql, post!, topic!, HiddenReason.FlagThresholdReached, actor.Now, cancellation);
                return null;
            case "agree_and_restore":
                await FlagReview.AgreeAsync(sql, reviewable, actor, cancellation);
                await deletion.RecoverAsync(sql, post!, topic!, actor, cancellation);
                return null;
            case "disagree":
                await flags.DisagreeAsync(sql, reviewable, post!, topic!, actor, cancellation);
                return null;
            case "ignore":
                await FlagReview.IgnoreAsync(sql, reviewable, actor, cancellation);
                return null;
            case "delete_and_agree" or "delete_and_agree_replies":
                await FlagReview.AgreeAsync(sql, reviewable, actor, cancellation);
                await DeleteAsync(name.EndsWith("_replies", StringComparison.Ordinal));
                return null;
            case "delete_and_ignore" or "delete_and_ignore_replies":
                await FlagReview.IgnoreAsync(sql, reviewable, actor, cancellation);
                await DeleteAsync(name.EndsWith("_replies", StringComparison.Ordinal));
                return null;
            case "approve_post":
                return await queue.ApproveAsync(sql, reviewable, actor, cancellation);
            case "reject_post":
                await queue.RejectAsync(sql, reviewable, null, actor, cancellation);
                return null;
            case "revise_and_reject_post":
                await queue.RejectAsync(sql, reviewable, arguments.Feedback ?? "", actor, cancellation);
                return null;
            case "approve_user":
                await members.ApproveAsync(sql, reviewable.TargetId ?? 0, actor.User.Id, arguments.SendMail, actor.Now, cancellation);
                return null;
            case "delete_user" or "delete_user_block":
                await sql.ExecuteAsync("UPDATE reviewables SET reject_reason = left($2, 500) WHERE id = $1", [reviewable.Id, arguments.RejectReason], cancellation);
                if (reviewable.Type == Reviewable.FlaggedPost)
                    await FlagReview.AgreeAsync(sql, reviewable, actor, cancellation);
                else
                    await QueuedPosts.EndAsync(sql, reviewable, ReviewableStatus.Rejected, actor, cancellation);
                return null;
            default:
                throw Refused.InvalidAccess($"\"{name}\" can't be done to this {reviewable.Type} now.");
        }

        Task DeleteAsync(bool withReplies) => withReplies
            ? deletion.DeleteWithRepliesAsync(sql, post!, topic!, actor, cancellation)
            : deletion.DeleteAsync(sql, post!, topic!, actor, cancellation);
    }

    /// <summary>What else waits of a user who goes is decided with them.</summary>
    static async Task<List<long>> EndOfUserAsync(ForumTransaction sql, ReviewSubject subject, Viewer actor, CancellationToken cancellation)
    {
        var others = await sql.ListAsync($"""
            SELECT {Reviewable.Columns}
            FROM reviewables r
            WHERE r.status = 0 AND r.target_created_by_id = $1 AND r.id <> $2
            """, Reviewable.Read, [subject.Target?.Id ?? 0, subject.Reviewable.Id], cancellation);
        foreach (var other in others)
        {
            if (other.Type == Reviewable.FlaggedPost)
                await FlagReview.AgreeAsync(sql, other, actor, cancellation);
            else
                await QueuedPosts.EndAsync(sql, other, ReviewableStatus.Rejected, actor, cancellation);
        }

        return [.. others.Select(other => other.Id)];
    }
}
