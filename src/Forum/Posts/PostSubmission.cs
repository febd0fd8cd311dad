using System.Text.RegularExpressions;
using Forum.Categories;
using Forum.Database;
using Forum.Moderation;
using Forum.RateLimits;
using Forum.Topics;
using Forum.Viewing;
using Forum.Web;

namespace Forum.Posts;

/// <summary>What became of what a member sent: a post, or something that waits for a moderator.</summary>
sealed record Submission(Post? Made, Reviewable? Waiting, int PendingCount);

/// <summary>Takes what members write: refuses what may not be said, queues what a moderator must see first, and writes the rest.</summary>
/// <remarks>Source: upstream's lib/new_post_manager.rb, the order of the rules and the names of the reasons.</remarks>
sealed class PostSubmission(
    ForumDatabase database, PostCreation creation, TopicStore topics, Flagging flagging, Silencing silencing, RateLimiter limiter)
{
    const int Inappropriate = 4;

    public async Task<Submission> SubmitAsync(NewPost post, Viewer viewer, CancellationToken cancellation)
    {
        if (viewer.User.IsAnonymous)
            throw Refused.NotLoggedIn();
        if (viewer.IsSilenced)
            throw Refused.InvalidAccess();
        var words = await WatchedWordList.LoadAsync(database, viewer.Settings, cancellation);
        var text = $"{post.Title} {post.Raw}";
        if (!viewer.User.IsStaff && words.Matches(WatchedAction.Block, text) is { Count: > 0 } blocked)
            throw Refused.Invalid($"Your post can't be posted because it contains a word that's not allowed: {string.Join(", ", blocked)}");
        var topic = post.TopicId is { } id ? await topics.FindAsync(id, viewer.User.Id, cancellation) : null;
        if (!post.IsMessage && topic?.IsMessage != true && !post.SkipValidations && await ReasonAsync(post, topic, text, words, viewer, cancellation) is { } reason)
            return await QueueAsync(post, reason, viewer, cancellation);

        if (post.TopicId is null && !post.IsMessage)
            post = post with { AddedTags = [.. words.Tags(text)] };
        List<string> counted = [];
        Post made;
        try
        {
            await LimitAsync(post, viewer, counted, cancellation);
            made = await creation.CreateAsync(post, viewer, cancellation);
        }
        catch
        {
            // What was refused, or failed, was not written: the next try need not wait.
            foreach (var key in counted)
                await limiter.RollBackAsync(key, CancellationToken.None);
            throw;
        }

        if (words.IsMatch(WatchedAction.Flag, text) && !viewer.User.IsStaff)
            await FlagAsync(made, viewer, cancellation);
        return new Submission(made, null, 0);
    }

    /// <summary>Why a moderator must see the post first; null when it may go out.</summary>
    async Task<string?> ReasonAsync(NewPost post, Topic? topic, string text, WatchedWordList words, Viewer viewer, CancellationToken cancellation)
    {
        var (user, settings) = (viewer.User, viewer.Settings);
        if (user.IsStaff)
            return null;
        var written = await database.ScalarAsync<int>("SELECT post_count + topic_count FROM user_stats WHERE user_id = $1", [user.Id], cancellation);
        if (user.TrustLevel <= 1 && written < settings.Int("approve_post_count"))
            return "post_count";
        if (!user.IsInAny(settings.Ids("approve_unless_allowed_groups")))
            return "group";
        if (post.TopicId is null && !user.IsInAny(settings.Ids("approve_new_topics_unless_allowed_groups")))
            return "new_topics_unless_allowed_groups";
        if (words.IsMatch(WatchedAction.RequireApproval, text))
            return "watched_word";
        if (written == 0 && IsFastTyper(post, viewer))
            return "fast_typer";
        if (written == 0 && (words.IsMatch(WatchedAction.Silence, text) || MatchesSilenceExpression(text, viewer)))
            return "auto_silence_regex";
        var category = viewer.Categories.Find(topic is null ? post.CategoryId ?? settings.Int("uncategorized_category_id") : topic.CategoryId);
        return category is not null && await NeedsApprovalInAsync(category, isTopic: topic is null, cancellation) ? "category" : null;
    }

    /// <summary>Only a client that says how long its user typed can be too fast.</summary>
    static bool IsFastTyper(NewPost post, Viewer viewer) => post.TypingMilliseconds is { } msecs && msecs < viewer.Settings.Int("min_first_post_typing_time") &&
        viewer.Settings.Bool("auto_silence_fast_typers_on_first_post") && viewer.User.TrustLevel <= viewer.Settings.Int("auto_silence_fast_typers_max_trust_level");

    static bool MatchesSilenceExpression(string text, Viewer viewer)
    {
        var expression = viewer.Settings.Text("auto_silence_first_post_regex");
        try
        {
            return expression.Length > 0 && Regex.IsMatch(text, expression, RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, TimeSpan.FromMilliseconds(200));
        }
        catch (Exception e) when (e is ArgumentException or RegexMatchTimeoutException)
        {
            return false;
        }
    }

    async Task<bool> NeedsApprovalInAsync(Category category, bool isTopic, CancellationToken cancellation) => await database.ScalarAsync<bool>("""
        SELECT CASE WHEN $2 THEN coalesce(require_topic_approval, false) ELSE coalesce(require_reply_approval, false) END
        FROM category_settings
        WHERE category_id = $1
        """, [(long)category.Id, isTopic], cancellation);

    async Task<Submission> QueueAsync(NewPost post, string reason, Viewer viewer, CancellationToken cancellation)
    {
        await using var sql = await database.BeginAsync(cancellation);
        await PostCreation.CheckAsync(sql, post, viewer, cancellation);
        var waiting = await QueuedPosts.AddAsync(sql, post, reason, viewer, cancellation);
        if (reason is "fast_typer" or "auto_silence_regex")
        {
            await silencing.SilenceAsync(sql, viewer.User.Id, null,
                reason == "fast_typer" ? "The first post of a new account was typed faster than people type." : "The first post of a new account looks like what spammers write.", viewer.Now, cancellation);
        }

        var count = await QueuedPosts.CountAsync(sql, viewer.User.Id, cancellation);
        await sql.CommitAsync(cancellation);
        return new Submission(null, waiting, count);
    }

    /// <summary>People in browsers write at a person's pace; scripts with an admin's key have limits of their own.</summary>
    /// <param name="counted">Takes the limits in which the post was counted.</param>
    async Task LimitAsync(NewPost post, Viewer viewer, List<string> counted, CancellationToken cancellation)
    {
        var (user, settings) = (viewer.User, viewer.Settings);
        if (user.IsStaff || user.IsApi || post.SkipValidations)
            return;
        var isNew = user.TrustLevel == 0;
        var what = post.TopicId is null ? "topic" : "post";
        await PerformAsync($"create_{what}", 1, TimeSpan.FromSeconds(settings.Int(isNew ? $"rate_limit_new_user_create_{what}" : $"rate_limit_create_{what}")));
        if (post.TopicId is null)
            await PerformAsync(post.IsMessage ? "pms-per-day" : "topics-per-day", settings.Int(post.IsMessage ? "max_personal_messages_per_day" : "max_topics_per_day"), TimeSpan.FromDays(1));
        if (isNew && !post.IsMessage && user.CreatedAt > viewer.Now.AddDays(-1))
            await PerformAsync($"first-day-{what}s", settings.Int(post.TopicId is null ? "max_topics_in_first_day" : "max_replies_in_first_day"), TimeSpan.FromDays(1));

        async Task PerformAsync(string name, int most, TimeSpan period)
        {
            if (period <= TimeSpan.Zero)
                return;
            var key = $"{name}_{user.Id}";
            await limiter.PerformAsync(key, most, period, cancellation);
            counted.Add(key);
        }
    }

    /// <summary>The system flags what has words that moderators want to see.</summary>
    async Task FlagAsync(Post made, Viewer viewer, CancellationToken cancellation)
    {
        await using var sql = await database.BeginAsync(cancellation);
        var topic = (await TopicStore.FindAsync(sql, made.TopicId, viewer.User.Id, cancellation))!;
        await flagging.FlagAsync(sql, made, topic, new NewFlag(Inappropriate) { Reason = "watched_word" }, viewer with { User = Viewers.System }, cancellation);
        await sql.CommitAsync(cancellation);
    }
}
