using System.Text.Json.Nodes;
using Forum.Categories;
using Forum.Database;
using Forum.Jobs;
using Forum.Notifications;
using Forum.Posts;
using Forum.Sessions;
using Forum.Viewing;

namespace Forum.Topics;

/// <summary>Does what timers of topics say, in the name of who set them, once their time has come.</summary>
sealed class RunTopicTimers(ForumDatabase database, Viewers viewers, TopicStatus status, PostDeletion deletion, TimeProvider time) : IScheduledJob
{
    /// <summary>Replies with this many likes are kept by the timer that deletes replies.</summary>
    const int LikesThatKeep = 5;

    public string Name => "topic_timers";

    public TimeSpan Every => TimeSpan.FromSeconds(30);

    public async Task RunAsync(CancellationToken cancellation)
    {
        foreach (var timer in await TopicTimers.DueAsync(database, time.GetUtcNow().UtcDateTime, cancellation))
        {
            await using var sql = await database.BeginAsync(cancellation);
            await TopicLocks.TakeAsync(sql, [timer.TopicId], cancellation);
            await RunAsync(sql, timer, cancellation);
            await sql.CommitAsync(cancellation);
        }
    }

    async Task RunAsync(ForumTransaction sql, TopicTimer timer, CancellationToken cancellation)
    {
        var setter = timer.UserId == -1 ? Viewers.System
            : await sql.FindAsync($"SELECT {CurrentUser.Columns} FROM users u WHERE u.id = $1", CurrentUser.Read, [timer.UserId], cancellation);
        var topic = await TopicStore.FindAsync(sql, timer.TopicId, timer.UserId, cancellation);
        var viewer = await viewers.AsAsync(setter ?? CurrentUser.Anonymous, cancellation);
        if (topic is null || topic.IsDeleted || (timer.Type != TopicTimerType.Reminder && !TopicPermissions.CanModerate(viewer, topic)))
        {
            await TopicTimers.EndAsync(sql, timer.Id, viewer.Now, cancellation);
            return;
        }

        // Closing some time after the last post begins anew with each post.
        if (timer is { IsBasedOnLastPost: true, DurationMinutes: { } minutes } && (topic.LastPostedAt ?? topic.CreatedAt).AddMinutes(minutes) is var later && later > viewer.Now)
        {
            await TopicTimers.DelayAsync(sql, timer.Id, later, cancellation);
            return;
        }

        if (timer.Type == TopicTimerType.DeleteReplies)
        {
            await DeleteRepliesAsync(sql, timer, topic, viewer, cancellation);
            return;
        }

        await TopicTimers.EndAsync(sql, timer.Id, viewer.Now, cancellation);
        await ApplyAsync(sql, timer, topic, viewer, cancellation);
    }

    async Task ApplyAsync(ForumTransaction sql, TopicTimer timer, Topic topic, Viewer viewer, CancellationToken cancellation)
    {
        switch (timer.Type)
        {
            case TopicTimerType.Close or TopicTimerType.SilentClose when !topic.Closed:
                await status.SetAsync(sql, topic, "closed", true, null, viewer, cancellation, silent: true);
                if (timer.Type == TopicTimerType.Close)
                    await status.NoteAsync(sql, topic, "autoclosed.enabled", viewer, cancellation);
                break;
            case TopicTimerType.Open when topic.Closed:
                await status.SetAsync(sql, topic, "closed", false, null, viewer, cancellation, silent: true);
                await status.NoteAsync(sql, topic, "autoclosed.disabled", viewer, cancellation);
                break;
            case TopicTimerType.PublishToCategory when viewer.Categories.Find(timer.CategoryId) is { } category:
                await PublishAsync(sql, topic, category, viewer, cancellation);
                break;
            case TopicTimerType.Delete when TopicPermissions.CanDelete(viewer, topic):
                await deletion.DeleteTopicAsync(sql, topic, viewer, cancellation);
                break;
            case TopicTimerType.Bump:
                await sql.ExecuteAsync("UPDATE topics SET bumped_at = $2 WHERE id = $1", [topic.Id, viewer.Now], cancellation);
                break;
            case TopicTimerType.Reminder:
                await Notifier.AddAsync(sql, [timer.UserId], NotificationType.TopicReminder,
                    new JsonObject { ["topic_title"] = topic.Title, ["display_username"] = viewer.User.Username }, topic.Id, 1, null, viewer.Now, cancellation);
                break;
            case TopicTimerType.ClearSlowMode:
                await sql.ExecuteAsync("UPDATE topics SET slow_mode_seconds = 0 WHERE id = $1", [topic.Id], cancellation);
                break;
        }
    }

    /// <summary>The topic begins now: it is new for everyone in its category.</summary>
    public static async Task PublishAsync(ForumTransaction sql, Topic topic, Category category, Viewer viewer, CancellationToken cancellation)
    {
        await sql.ExecuteAsync("""
            UPDATE topics
            SET category_id = $2, visible = true, created_at = $3, bumped_at = $3, last_posted_at = $3, updated_at = $3
            WHERE id = $1
            """, [topic.Id, category.Id, viewer.Now], cancellation);
        await sql.ExecuteAsync("UPDATE posts SET created_at = $2, last_version_at = $2 WHERE topic_id = $1 AND post_number = 1", [topic.Id, viewer.Now], cancellation);
        await sql.ExecuteAsync("DELETE FROM shared_drafts WHERE topic_id = $1", [topic.Id], cancellation);
        await Tags.TagStore.CountOfTopicAsync(sql, topic, cancellation);
        await TopicCounters.RefreshCategoriesAsync(sql, [topic.CategoryId, category.Id], cancellation);
        await TopicCounters.RefreshUsersAsync(sql, [topic.UserId], cancellation);
    }

    /// <summary>Comes round again: as long as the timer stands, replies live for its duration.</summary>
    async Task DeleteRepliesAsync(ForumTransaction sql, TopicTimer timer, Topic topic, Viewer viewer, CancellationToken cancellation)
    {
        var minutes = timer.DurationMinutes ?? 24 * 60;
        var old = await sql.ListAsync("""
            SELECT id
            FROM posts
            WHERE topic_id = $1 AND post_number > 1 AND deleted_at IS NULL AND created_at < $2 AND like_count < $3 AND post_type <> 3
            ORDER BY id
            LIMIT 500
            """, row => row.Int(0), [topic.Id, viewer.Now.AddMinutes(-minutes), LikesThatKeep], cancellation);
        foreach (var id in old)
            await deletion.DeleteAsync(sql, (await PostStore.FindAsync(sql, id, cancellation))!, topic, viewer, cancellation);
        var next = await sql.ScalarAsync<DateTime?>("SELECT min(created_at) FROM posts WHERE topic_id = $1 AND post_number > 1 AND deleted_at IS NULL AND like_count < $2", [topic.Id, LikesThatKeep], cancellation);
        var at = (next ?? viewer.Now).AddMinutes(minutes);
        await TopicTimers.DelayAsync(sql, timer.Id, at > viewer.Now ? at : viewer.Now.AddMinutes(1), cancellation);
    }
}
