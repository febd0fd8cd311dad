using System.Globalization;
using System.Text.Json.Nodes;
using Forum.Categories;
using Forum.Database;
using Forum.Moderation;
using Forum.Notifications;
using Forum.Posts;
using Forum.Viewing;
using Forum.Web;

namespace Forum.Topics;

/// <summary>Changes of topics by members and moderators.</summary>
static class TopicChangesApi
{
    public static void MapTopicChanges(this IEndpointRouteBuilder app)
    {
        app.MapPut("/t/-/{id:int}", UpdateAsync).RequireLogin().Named("topics#update");
        app.MapPut("/t/{id:int}", UpdateAsync).RequireLogin().Named("topics#update");
        app.MapPut("/t/{slug}/{id:int}", UpdateAsync).RequireLogin().Named("topics#update");
        app.MapDelete("/t/{id:int}", DeleteAsync).RequireLogin().Named("topics#destroy");
        app.MapPut("/t/{id:int}/recover", RecoverAsync).RequireLogin().Named("topics#recover");
        app.MapPut("/t/{id:int}/status", StatusAsync).RequireLogin().Named("topics#status");
        app.MapPost("/t/{id:int}/timer", TimerAsync).RequireLogin().Named("topics#timer");
        app.MapPost("/t/{id:int}/notifications", NotifyAsync).RequireLogin().Named("topics#set_notifications");
        app.MapPut("/t/{id:int}/change-timestamp", TimestampAsync).RequireLogin().Named("topics#change_timestamps");
        app.MapPost("/t/{id:int}/move-posts", MoveAsync).RequireLogin().Named("topics#move_posts");
        app.MapPost("/t/{id:int}/merge-topic", MergeAsync).RequireLogin().Named("topics#merge_topic");
        app.MapPut("/t/{id:int}/tags", TagsAsync).RequireLogin().Named("topics#update_tags");
        app.MapPut("/t/{id:int}/clear-pin", (HttpContext context, int id, CancellationToken cancellation) => PinAsync(context, id, true, cancellation)).RequireLogin().Named("topics#clear_pin");
        app.MapPut("/t/{id:int}/re-pin", (HttpContext context, int id, CancellationToken cancellation) => PinAsync(context, id, false, cancellation)).RequireLogin().Named("topics#re_pin");
        app.MapPut("/t/{id:int}/slow_mode", SlowModeAsync).RequireLogin().Named("topics#set_slow_mode");
        app.MapPut("/t/{id:int}/reset-bump-date", ResetBumpAsync).RequireLogin().Named("topics#reset_bump_date");
        app.MapPut("/topics/reset-new", ResetNewAsync).RequireLogin().Named("topics#reset_new");
    }

    /// <summary>A topic that the viewer may see.</summary>
    public static async Task<(Topic Topic, Viewer Viewer)> FindAsync(HttpContext context, int id, CancellationToken cancellation)
    {
        var viewer = await context.RequestServices.GetRequiredService<Viewers>().OfAsync(context, cancellation);
        var topic = await context.RequestServices.GetRequiredService<TopicStore>().FindAsync(id, viewer.User.Id, cancellation) ?? throw Refused.NotFound();
        return TopicPermissions.CanSee(viewer, topic) ? (topic, viewer) : throw Refused.NotFound();
    }

    static async Task<(Topic Topic, Viewer Viewer)> ModeratedAsync(HttpContext context, int id, CancellationToken cancellation)
    {
        var (topic, viewer) = await FindAsync(context, id, cancellation);
        return TopicPermissions.CanModerate(viewer, topic) ? (topic, viewer) : throw Refused.InvalidAccess();
    }

    static async Task<IResult> UpdateAsync(HttpContext context, int id, Parameters given, PostStore posts, PostRevision revision, TopicStore topics, CancellationToken cancellation)
    {
        var (topic, viewer) = await FindAsync(context, id, cancellation);
        if (!TopicPermissions.CanEdit(viewer, topic))
            throw Refused.InvalidAccess();
        var wanted = given.Has("topic") ? given.Nested("topic") : given;
        if (wanted.Text("original_title") is { } before && before != topic.Title)
            throw new RefusedException(409, "edit_conflict", "The topic was edited by someone else in the meantime.");
        var categoryId = wanted.Text("category_id") is { Length: > 0 } ? wanted.Int("category_id") : null;
        if (categoryId is { } moved && moved != topic.CategoryId)
        {
            var category = viewer.Categories.Find(moved) ?? throw Refused.Invalid("Category is not known");
            if (!CategoryPermissions.CanCreateTopic(viewer.User, category))
                throw Refused.InvalidAccess();
        }

        var first = await posts.FindByNumberAsync(id, 1, cancellation) ?? throw Refused.NotFound();
        await revision.ReviseAsync(first, topic, viewer, new Revision
        {
            Title = wanted.Text("title"),
            CategoryId = categoryId,
            Tags = wanted.Has("tags") ? wanted.List("tags") : null,
            BypassBump = true,
        }, cancellation);
        if (wanted.Has("featured_link"))
            await context.RequestServices.GetRequiredService<ForumDatabase>().ExecuteAsync("UPDATE topics SET featured_link = nullif($2, '') WHERE id = $1", [id, wanted.Text("featured_link")], cancellation);
        var now = (await topics.FindAsync(id, viewer.User.Id, cancellation))!;
        return Replies.Json(new JsonObject
        {
            ["basic_topic"] = new JsonObject { ["id"] = now.Id, ["title"] = now.Title, ["fancy_title"] = now.FancyTitle, ["slug"] = now.Slug, ["posts_count"] = now.PostsCount },
        });
    }

    static async Task<IResult> DeleteAsync(HttpContext context, int id, Parameters given, PostDeletion deletion, PostStore posts, CancellationToken cancellation)
    {
        var (topic, viewer) = await FindAsync(context, id, cancellation);
        if (given.Flag("force_destroy"))
        {
            if (!viewer.User.IsAdmin || !viewer.Settings.Bool("can_permanently_delete"))
                throw Refused.InvalidAccess();
            await deletion.DestroyAsync(await posts.FindByNumberAsync(id, 1, cancellation) ?? throw Refused.NotFound(), viewer, cancellation);
            return JsonParts.Empty();
        }

        if (!TopicPermissions.CanDelete(viewer, topic))
            throw Refused.Invalid("You are not allowed to delete this topic.");
        await deletion.DeleteTopicAsync(topic, viewer, cancellation);
        return JsonParts.Empty();
    }

    static async Task<IResult> RecoverAsync(HttpContext context, int id, PostDeletion deletion, CancellationToken cancellation)
    {
        var (topic, viewer) = await FindAsync(context, id, cancellation);
        if (!TopicPermissions.CanRecover(viewer, topic))
            throw Refused.InvalidAccess();
        await deletion.RecoverTopicAsync(topic, viewer, cancellation);
        return JsonParts.Empty();
    }

    static async Task<IResult> StatusAsync(HttpContext context, int id, Parameters given, TopicStatus status, CancellationToken cancellation)
    {
        var (topic, viewer) = await FindAsync(context, id, cancellation);
        var name = given.Required("status");
        var enabled = given.Required("enabled") == "true";
        if (name is not ("closed" or "archived" or "visible" or "pinned" or "pinned_globally"))
            throw Refused.InvalidParameters("status");
        if (!TopicPermissions.CanModerate(viewer, topic) || (name == "pinned_globally" && !viewer.User.IsStaff))
            throw Refused.InvalidAccess();
        DateTime? until = DateTime.TryParse(given.Text("until"), CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal | DateTimeStyles.AssumeUniversal, out var at) ? at : null;
        await status.SetAsync(topic, name, enabled, until, viewer, cancellation);
        return Replies.Json(new JsonObject { ["success"] = "OK", ["topic_status_update"] = null });
    }

    static async Task<IResult> TimerAsync(HttpContext context, int id, Parameters given, TopicStatus status, CancellationToken cancellation)
    {
        var (topic, viewer) = await ModeratedAsync(context, id, cancellation);
        return Replies.Json(await status.TimerAsync(topic, given.Required("status_type"), given.Text("time"), given.Flag("based_on_last_post"), given.Int("duration_minutes"),
            given.Int("category_id"), viewer, cancellation));
    }

    static async Task<IResult> NotifyAsync(HttpContext context, int id, Parameters given, ForumDatabase database, CancellationToken cancellation)
    {
        var (topic, viewer) = await FindAsync(context, id, cancellation);
        var level = given.RequiredInt("notification_level");
        if (level is < 0 or > 3)
            throw Refused.InvalidParameters("notification_level");
        var user = viewer.User.IsApi && viewer.User.IsAdmin && given.Text("username") is { Length: > 0 } other
            ? await database.FindAsync("SELECT id FROM users WHERE username_lower = lower($1)", row => (int?)row.Int(0), [other], cancellation) ?? throw Refused.NotFound()
            : viewer.User.Id;
        await Notifier.SetTopicLevelAsync(database, user, topic.Id, level, viewer.Now, cancellation);
        return Replies.Success();
    }

    static async Task<IResult> TimestampAsync(HttpContext context, int id, Parameters given, ForumDatabase database, CancellationToken cancellation)
    {
        var (topic, viewer) = await FindAsync(context, id, cancellation);
        if (!viewer.User.IsStaff)
            throw Refused.InvalidAccess();
        var seconds = double.TryParse(given.Required("timestamp"), CultureInfo.InvariantCulture, out var number) && number is > 0 and < 1e11 ? number : throw Refused.InvalidParameters("timestamp");
        var at = DateTime.UnixEpoch.AddSeconds(seconds);
        if (at > viewer.Now)
            return Replies.Json(new JsonObject { ["failed"] = "FAILED" }, 422);
        var shift = at - topic.CreatedAt;
        await using var sql = await database.BeginAsync(cancellation);
        await sql.ExecuteAsync("UPDATE posts SET created_at = least(created_at + $2, $3), last_version_at = least(last_version_at + $2, $3) WHERE topic_id = $1", [id, shift, viewer.Now], cancellation);
        await sql.ExecuteAsync("UPDATE topics SET created_at = $2, updated_at = $3 WHERE id = $1", [id, at, viewer.Now], cancellation);
        await TopicCounters.RefreshAsync(sql, id, bump: true, cancellation);
        await StaffActions.LogAsync(sql, StaffAction.TopicTimestampsChanged, viewer.User.Id, null, viewer.Now, cancellation, new StaffActionDetails
        {
            TopicId = id,
            PreviousValue = topic.CreatedAt.ToString("O", CultureInfo.InvariantCulture),
            NewValue = at.ToString("O", CultureInfo.InvariantCulture),
        });
        await sql.CommitAsync(cancellation);
        return Replies.Success();
    }

    static async Task<IResult> MoveAsync(HttpContext context, int id, Parameters given, TopicMoves moves, CancellationToken cancellation)
    {
        var (topic, viewer) = await ModeratedAsync(context, id, cancellation);
        var into = await moves.MoveAsync(topic, given.Ints("post_ids") ?? throw Refused.Missing("post_ids"), given.Int("destination_topic_id"), given.Text("title"), given.Int("category_id"),
            given.List("tags") ?? [], viewer, cancellation);
        return Replies.Json(new JsonObject { ["success"] = true, ["url"] = into.Url });
    }

    static async Task<IResult> MergeAsync(HttpContext context, int id, Parameters given, TopicMoves moves, CancellationToken cancellation)
    {
        var (topic, viewer) = await ModeratedAsync(context, id, cancellation);
        var into = await moves.MoveAsync(topic, null, given.RequiredInt("destination_topic_id"), null, null, [], viewer, cancellation);
        return Replies.Json(new JsonObject { ["success"] = true, ["url"] = into.Url });
    }

    static async Task<IResult> TagsAsync(HttpContext context, int id, Parameters given, PostStore posts, PostRevision revision, CancellationToken cancellation)
    {
        var (topic, viewer) = await FindAsync(context, id, cancellation);
        if (!TopicPermissions.CanEdit(viewer, topic))
            throw Refused.InvalidAccess();
        var first = await posts.FindByNumberAsync(id, 1, cancellation) ?? throw Refused.NotFound();
        await revision.ReviseAsync(first, topic, viewer, new Revision { Tags = given.List("tags") ?? [], BypassBump = true }, cancellation);
        return Replies.Success();
    }

    static async Task<IResult> PinAsync(HttpContext context, int id, bool clear, CancellationToken cancellation)
    {
        var (_, viewer) = await FindAsync(context, id, cancellation);
        await context.RequestServices.GetRequiredService<ForumDatabase>().ExecuteAsync("""
            INSERT INTO topic_users (user_id, topic_id, notification_level, cleared_pinned_at)
            VALUES ($1, $2, 1, $3)
            ON CONFLICT (user_id, topic_id) DO UPDATE SET cleared_pinned_at = $3
            """, [viewer.User.Id, id, clear ? viewer.Now : null], cancellation);
        return Replies.Success();
    }

    static async Task<IResult> SlowModeAsync(HttpContext context, int id, Parameters given, ForumDatabase database, CancellationToken cancellation)
    {
        var (topic, viewer) = await ModeratedAsync(context, id, cancellation);
        var seconds = Math.Max(0, given.RequiredInt("seconds"));
        DateTime? until = given.Text("enabled_until") is { Length: > 0 } text
            ? DateTime.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal | DateTimeStyles.AssumeUniversal, out var at) ? at : throw Refused.InvalidParameters("enabled_until")
            : null;
        await using var sql = await database.BeginAsync(cancellation);
        await sql.ExecuteAsync("UPDATE topics SET slow_mode_seconds = $2 WHERE id = $1", [id, seconds], cancellation);
        await TopicTimers.SetAsync(sql, id, TopicTimerType.ClearSlowMode, seconds > 0 ? until : null, viewer.User.Id, viewer.Now, cancellation);
        if ((seconds > 0) != (topic.SlowModeSeconds > 0))
        {
            await StaffActions.LogAsync(sql, seconds > 0 ? StaffAction.TopicSlowModeSet : StaffAction.TopicSlowModeRemoved, viewer.User.Id, null, viewer.Now, cancellation,
                new StaffActionDetails { TopicId = id, Details = $"seconds: {seconds}" });
        }

        await sql.CommitAsync(cancellation);
        return Replies.Success();
    }

    static async Task<IResult> ResetBumpAsync(HttpContext context, int id, ForumDatabase database, CancellationToken cancellation)
    {
        await ModeratedAsync(context, id, cancellation);
        await TopicCounters.RefreshAsync(database, id, bump: true, cancellation);
        return Replies.Success();
    }

    static async Task<IResult> ResetNewAsync(HttpContext context, Viewers viewers, ForumDatabase database, CancellationToken cancellation)
    {
        var viewer = await viewers.OfAsync(context, cancellation);
        await database.ExecuteAsync("UPDATE user_stats SET new_since = $2 WHERE user_id = $1", [viewer.User.Id, viewer.Now], cancellation);
        return Replies.Json(new JsonObject { ["topic_ids"] = new JsonArray() });
    }
}
