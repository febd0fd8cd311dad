using Forum.Database;
using Forum.Posts;
using Forum.RateLimits;
using Forum.Topics;
using Forum.Viewing;
using Forum.Web;

namespace Forum.Moderation;

/// <summary>A flag as a member raises it.</summary>
sealed record NewFlag(int Type)
{
    /// <summary>10 to 1,000 characters; for the author (6), for moderators (7) and about what is illegal (10).</summary>
    public string? Message { get; init; }

    public bool TargetsTopic { get; init; }

    /// <summary>Staff agree with it and hide the post at once.</summary>
    public bool TakesAction { get; init; }

    /// <summary>Staff hide the post until others have looked at it.</summary>
    public bool QueuesForReview { get; init; }

    /// <summary>Why the system raised it.</summary>
    public string? Reason { get; init; }
}

/// <summary>Flags: each becomes a reason for a review, and enough of them hide the post, close the topic or silence the author.</summary>
sealed class Flagging(ForumDatabase database, PostCreation creation, PostHiding hiding, Silencing silencing, TopicStatus status, RateLimiter limiter, ForumEvents events)
{
    public static readonly int[] Types = [3, 4, 6, 7, 8, 10];

    /// <summary>Kinds of scores that a reviewable can have: flags, and 9, what waits for approval.</summary>
    public static readonly int[] ScoreTypes = [3, 4, 7, 8, 9, 10];

    /// <summary>Those that hide a post by themselves when there are enough: off topic, inappropriate, spam.</summary>
    static readonly int[] Automatic = [3, 4, 8];

    static readonly int[] WithMessage = [6, 7, 10];
    const int Spam = 8;
    const int NotifyUser = 6;

    /// <exception cref="RefusedException">403: the viewer may not, or did already; 422: the message is missing, or moderators have dealt with it.</exception>
    public async Task FlagAsync(Post post, Topic topic, NewFlag flag, Viewer viewer, CancellationToken cancellation)
    {
        if (!Types.Contains(flag.Type))
            throw Refused.InvalidParameters("post_action_type_id");
        if (!PostPermissions.CanFlag(viewer, topic, post) || (flag.QueuesForReview && !viewer.User.IsStaff))
            throw Refused.InvalidAccess();
        if (WithMessage.Contains(flag.Type) && (flag.Message?.Trim().Length ?? 0) is < 10 or > 1000)
            throw Refused.Invalid("Message must have between 10 and 1000 characters.");
        if (!viewer.User.IsStaff)
            await limiter.PerformAsync($"create_flag_{viewer.User.Id}", viewer.Settings.Int("max_flags_per_day"), TimeSpan.FromDays(1), cancellation);
        await using var sql = await database.BeginAsync(cancellation);
        await TopicLocks.TakeAsync(sql, topic, post, cancellation);
        await FlagAsync(sql, post, topic, flag, viewer, cancellation);
        await sql.CommitAsync(cancellation);
    }

    /// <summary>In a transaction of the caller's, without asking whether the viewer may: the system's own flags.</summary>
    public async Task FlagAsync(ForumTransaction sql, Post post, Topic topic, NewFlag flag, Viewer viewer, CancellationToken cancellation)
    {
        if (await sql.ScalarAsync<bool>("""
            SELECT EXISTS (SELECT FROM post_actions WHERE post_id = $1 AND user_id = $2 AND post_action_type_id = ANY($3) AND deleted_at IS NULL
                AND agreed_at IS NULL AND disagreed_at IS NULL AND deferred_at IS NULL)
            """, [post.Id, viewer.User.Id, Types], cancellation))
            throw Refused.InvalidAccess("You have already flagged this post.");
        var existing = await ReviewableStore.OfTargetAsync(sql, Reviewable.FlaggedPost, post.Id, cancellation);
        if (existing is { IsPending: false } && flag.Type != 7 && await WasHandledAsync(sql, existing.Id, flag.Type, post, viewer, cancellation))
            throw Refused.Invalid("Thank you, but moderators have already looked at this and decided.");

        var message = await TellAsync(sql, post, topic, flag, viewer, cancellation);
        await sql.ExecuteAsync("""
            INSERT INTO post_actions (post_id, user_id, post_action_type_id, created_at, updated_at, targets_topic, related_post_id, staff_took_action)
            VALUES ($1, $2, $3, $4, $4, $5, $6, $7)
            """, [post.Id, viewer.User.Id, flag.Type, viewer.Now, flag.TargetsTopic, message?.Id, flag.TakesAction], cancellation);
        await CountAsync(sql, post.Id, cancellation);
        if (flag.Type != NotifyUser && post.UserId > 0)
            await ReviewAsync(sql, post, topic, flag, message, viewer, cancellation);
        sql.AfterCommit(() => events.RaiseAsync("acted", topic, post));
    }

    /// <summary>Whether moderators decided about this kind of flag lately, and the post is still what they saw.</summary>
    static async Task<bool> WasHandledAsync(SqlSession sql, long reviewableId, int type, Post post, Viewer viewer, CancellationToken cancellation) => await sql.ScalarAsync<bool>("""
        SELECT EXISTS (SELECT FROM reviewable_scores s WHERE s.reviewable_id = r.id AND s.reviewable_score_type = $2 AND s.status <> 0)
            AND r.updated_at > $3 AND r.updated_at > $4
        FROM reviewables r
        WHERE r.id = $1
        """, [reviewableId, type, post.LastVersionAt, viewer.Now.AddHours(-viewer.Settings.Int("cooldown_hours_until_reflag"))], cancellation);

    /// <summary>The flags on a post that were not taken back or found wrong, by kind.</summary>
    public static Task<int> CountAsync(SqlSession sql, int postId, CancellationToken cancellation) => sql.ExecuteAsync("""
        UPDATE posts p
        SET off_topic_count = a.off_topic, inappropriate_count = a.inappropriate, spam_count = a.spam, illegal_count = a.illegal,
            notify_moderators_count = a.moderators, notify_user_count = a.author
        FROM (
            SELECT count(*) FILTER (WHERE post_action_type_id = 3) AS off_topic, count(*) FILTER (WHERE post_action_type_id = 4) AS inappropriate,
                count(*) FILTER (WHERE post_action_type_id = 8) AS spam, count(*) FILTER (WHERE post_action_type_id = 10) AS illegal,
                count(*) FILTER (WHERE post_action_type_id = 7) AS moderators, count(*) FILTER (WHERE post_action_type_id = 6) AS author
            FROM post_actions
            WHERE post_id = $1 AND deleted_at IS NULL AND disagreed_at IS NULL
        ) a
        WHERE p.id = $1
        """, [postId], cancellation);

    /// <summary>A flag with words is a message: to the author, or to the moderators.</summary>
    async Task<Post?> TellAsync(ForumTransaction sql, Post post, Topic topic, NewFlag flag, Viewer viewer, CancellationToken cancellation)
    {
        if (!WithMessage.Contains(flag.Type) || string.IsNullOrWhiteSpace(flag.Message))
            return null;
        var title = flag.Type switch { NotifyUser => $"Your post in \"{topic.Title}\"", 7 => $"A post in \"{topic.Title}\" needs a moderator", _ => $"A post in \"{topic.Title}\" may be illegal" };
        return await creation.CreateAsync(sql, new NewPost
        {
            IsMessage = true,
            Subtype = flag.Type == NotifyUser ? "notify_user" : "notify_moderators",
            Title = title.Length > 255 ? title[..255] : title,
            Raw = $"{flag.Message}\n\n{topic.Url}/{post.PostNumber}",
            Recipients = [flag.Type == NotifyUser ? post.Author.Username : "moderators"],
            SkipValidations = true,
        }, viewer, cancellation);
    }

    async Task ReviewAsync(ForumTransaction sql, Post post, Topic topic, NewFlag flag, Post? message, Viewer viewer, CancellationToken cancellation)
    {
        var (agreed, disagreed) = await sql.FindAsync("SELECT flags_agreed, flags_disagreed FROM user_stats WHERE user_id = $1", row => (row.Int(0), row.Int(1)), [viewer.User.Id], cancellation);
        var bonus = viewer.User.Id > 0 ? FlagScores.AccuracyBonus(agreed, disagreed) : 0;
        var takesAction = flag.TakesAction && viewer.User.IsStaff;
        var reviewable = await ReviewableStore.AddAsync(sql, new Reviewable
        {
            Id = 0,
            Type = Reviewable.FlaggedPost,
            CreatedById = viewer.User.Id,
            CategoryId = topic.CategoryId,
            TopicId = topic.Id,
            TargetId = post.Id,
            TargetType = "Post",
            TargetCreatedById = post.UserId,
            IsPotentialSpam = flag.Type == Spam,
            Payload = new() { ["targets_topic"] = flag.TargetsTopic },
        }, viewer.Now, cancellation);
        await ReviewableStore.AddScoreAsync(sql, reviewable.Id, new NewScore(viewer.User.Id, flag.Type, FlagScores.Of(viewer.User.TrustLevel, viewer.User.IsStaff, bonus, takesAction))
        {
            AccuracyBonus = bonus,
            TakeActionBonus = takesAction ? 5 : 0,
            Reason = flag.Reason ?? (flag.QueuesForReview ? "queued_by_staff" : null),
            MetaTopicId = message?.TopicId,
        }, viewer.Now, cancellation);
        await EnforceAsync(sql, post, topic, flag with { TakesAction = takesAction }, viewer, cancellation);
        if (takesAction)
            await FlagReview.AgreeAsync(sql, (await ReviewableStore.FindAsync(sql, reviewable.Id, cancellation))!, viewer, cancellation);
    }

    async Task EnforceAsync(ForumTransaction sql, Post post, Topic topic, NewFlag flag, Viewer viewer, CancellationToken cancellation)
    {
        await CloseIfManyAsync(sql, topic, viewer, cancellation);
        var isAuthorStaff = post.AuthorIsAdmin || post.AuthorIsModerator;
        var score = await sql.ScalarAsync<double>("SELECT score FROM reviewables WHERE type = 'ReviewableFlaggedPost' AND target_id = $1", [post.Id], cancellation);
        if (!post.Hidden && (viewer.User.IsStaff || !isAuthorStaff) && (Automatic.Contains(flag.Type) || flag.QueuesForReview))
        {
            var trusted = flag.Type == Spam && viewer.User.TrustLevel >= 3 && post.AuthorTrustLevel == 0 && viewer.Settings.Bool("high_trust_flaggers_auto_hide_posts");
            if (trusted)
                await hiding.HideAsync(sql, post, topic, HiddenReason.FlaggedByTrustedUser, viewer.Now, cancellation);
            else if (flag.TakesAction || flag.QueuesForReview || score >= FlagScores.ToHidePost(viewer.Settings))
                await hiding.HideAsync(sql, post, topic, HiddenReason.FlagThresholdReached, viewer.Now, cancellation);
        }

        if (!isAuthorStaff && post.AuthorTrustLevel == 0)
            await SilenceIfSpamAsync(sql, post, viewer, cancellation);
    }

    /// <summary>Closes the topic for some hours when many flag many of its posts.</summary>
    async Task CloseIfManyAsync(ForumTransaction sql, Topic topic, Viewer viewer, CancellationToken cancellation)
    {
        if (topic.Closed || topic.IsMessage)
            return;
        var (flaggers, score) = await sql.FindAsync("""
            SELECT count(DISTINCT s.user_id)::int, coalesce(sum(s.score), 0)
            FROM reviewables r
            JOIN reviewable_scores s ON s.reviewable_id = r.id
            WHERE r.topic_id = $1 AND r.type = 'ReviewableFlaggedPost' AND s.status = 0
            """, row => (row.Int(0), row.Number(1)), [topic.Id], cancellation);
        if (flaggers < viewer.Settings.Int("num_flaggers_to_close_topic") || score < FlagScores.ToCloseTopic(viewer.Settings))
            return;
        await status.SetAsync(sql, topic, "closed", true, null, viewer with { User = Viewers.System }, cancellation);
        await TopicTimers.SetAsync(sql, topic.Id, TopicTimerType.Open, viewer.Now.AddHours(viewer.Settings.Int("num_hours_to_close_topic")), -1, viewer.Now, cancellation);
    }

    async Task SilenceIfSpamAsync(ForumTransaction sql, Post post, Viewer viewer, CancellationToken cancellation)
    {
        var most = viewer.Settings.Int("num_users_to_silence_new_user");
        var (users, score) = await sql.FindAsync("""
            SELECT count(DISTINCT s.user_id)::int, coalesce(sum(s.score), 0)
            FROM reviewables r
            JOIN reviewable_scores s ON s.reviewable_id = r.id
            WHERE r.target_created_by_id = $1 AND s.reviewable_score_type = 8 AND s.status IN (0, 1)
            """, row => (row.Int(0), row.Number(1)), [post.UserId], cancellation);
        if (most > 0 && users >= most && score >= FlagScores.ToSilenceNewUser(viewer.Settings))
            await silencing.SilenceAsync(sql, post.UserId, post.Id, "Several members flagged posts of this new account as spam.", viewer.Now, cancellation);
    }
}
