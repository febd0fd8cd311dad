using System.Globalization;
using System.Text.Json.Nodes;
using Forum.Categories;
using Forum.Database;
using Forum.Moderation;
using Forum.Posts;
using Forum.Tags;
using Forum.Viewing;
using Forum.Web;

namespace Forum.Topics;

/// <summary>Opens, closes, archives, pins and hides topics, each with a small post that says so; and sets their timers.</summary>
sealed class TopicStatus(ForumDatabase database, PostCreation creation, ForumEvents events)
{
    /// <exception cref="RefusedException">400 for an unknown status.</exception>
    public async Task SetAsync(Topic topic, string status, bool enabled, DateTime? until, Viewer viewer, CancellationToken cancellation)
    {
        await using var sql = await database.BeginAsync(cancellation);
        await SetAsync(sql, topic, status, enabled, until, viewer, cancellation);
        await sql.CommitAsync(cancellation);
    }

    /// <summary>In a transaction of the caller's. A silent change leaves no small post.</summary>
    public async Task SetAsync(ForumTransaction sql, Topic topic, string status, bool enabled, DateTime? until, Viewer viewer, CancellationToken cancellation, bool silent = false)
    {
        var changed = status switch
        {
            "closed" => await sql.ExecuteAsync("UPDATE topics SET closed = $2 WHERE id = $1 AND closed <> $2", [topic.Id, enabled], cancellation),
            "archived" => await sql.ExecuteAsync("UPDATE topics SET archived = $2 WHERE id = $1 AND archived <> $2", [topic.Id, enabled], cancellation),
            "visible" => await sql.ExecuteAsync("""
                UPDATE topics SET visible = $2, visibility_reason_id = CASE WHEN $2 THEN 4 ELSE 3 END WHERE id = $1 AND visible <> $2
                """, [topic.Id, enabled], cancellation),
            "pinned" or "pinned_globally" => await sql.ExecuteAsync("""
                UPDATE topics
                SET pinned_at = CASE WHEN $2 THEN $3::timestamp END, pinned_until = CASE WHEN $2 THEN $4::timestamp END, pinned_globally = $2 AND $5
                WHERE id = $1
                """, [topic.Id, enabled, viewer.Now, until, status == "pinned_globally"], cancellation),
            _ => throw Refused.InvalidParameters("status"),
        };
        if (changed > 0)
        {
            if (!silent)
                await NoteAsync(sql, topic, $"{status}.{(enabled ? "enabled" : "disabled")}", viewer, cancellation);
            if (viewer.User is { IsStaff: true, Id: > 0 } && status is "closed" or "archived")
                await StaffActions.LogAsync(sql, ActionOf(status, enabled), viewer.User.Id, null, viewer.Now, cancellation, new StaffActionDetails { TopicId = topic.Id });
            if (status == "visible")
            {
                await TagStore.CountOfTopicAsync(sql, topic, cancellation);
                await TopicCounters.RefreshCategoryAsync(sql, topic.CategoryId, cancellation);
                await TopicCounters.RefreshUsersAsync(sql, [topic.UserId], cancellation);
            }
        }

        sql.AfterCommit(() => events.RaiseAsync("stats", topic, null));
    }

    static StaffAction ActionOf(string status, bool enabled) => (status, enabled) switch
    {
        ("closed", true) => StaffAction.TopicClosed,
        ("closed", false) => StaffAction.TopicOpened,
        (_, true) => StaffAction.TopicArchived,
        _ => StaffAction.TopicUnarchived,
    };

    public Task<Post> NoteAsync(ForumTransaction sql, Topic topic, string code, Viewer viewer, CancellationToken cancellation, string? who = null) =>
        creation.CreateAsync(sql, new NewPost
        {
            TopicId = topic.Id,
            Raw = "",
            Type = PostType.SmallAction,
            ActionCode = code,
            ActionCodeWho = who,
            NoBump = true,
            SkipValidations = true,
            Silent = true,
        }, viewer, cancellation);

    /// <param name="time">Hours from now, a time of day, or empty to clear the timer.</param>
    public async Task<JsonObject> TimerAsync(Topic topic, string type, string? time, bool basedOnLastPost, int? minutes, int? categoryId, Viewer viewer, CancellationToken cancellation)
    {
        var kind = (TopicTimerType)(Array.IndexOf(TopicTimer.Names, type) + 1);
        if (kind == 0)
            throw Refused.InvalidParameters("status_type");
        if (kind is TopicTimerType.Delete or TopicTimerType.DeleteReplies && !TopicPermissions.CanDelete(viewer, topic))
            throw Refused.InvalidAccess();
        if (basedOnLastPost && minutes is null)
            throw Refused.Missing("duration_minutes");
        if (kind == TopicTimerType.PublishToCategory && !(viewer.Categories.Find(categoryId) is { } category && CategoryPermissions.CanCreateTopic(viewer.User, category)))
            throw Refused.InvalidParameters("category_id");
        DateTime? at = basedOnLastPost || (kind == TopicTimerType.DeleteReplies && minutes is not null) ? (topic.LastPostedAt ?? topic.CreatedAt).AddMinutes(minutes!.Value)
            : string.IsNullOrWhiteSpace(time) ? null : TimeOf(time, viewer.Now);
        await TopicTimers.SetAsync(database, topic.Id, kind, at, viewer.User.Id, viewer.Now, cancellation, minutes, basedOnLastPost, categoryId);
        return new JsonObject
        {
            ["success"] = "OK",
            ["execute_at"] = JsonParts.Time(at) ?? "",
            ["duration_minutes"] = minutes,
            ["based_on_last_post"] = basedOnLastPost,
            ["closed"] = topic.Closed,
            ["category_id"] = categoryId,
        };
    }

    static DateTime TimeOf(string text, DateTime now)
    {
        if (double.TryParse(text, CultureInfo.InvariantCulture, out var hours))
            return hours is > 0 and < 20 * 365 * 24 ? now.AddHours(hours) : throw Refused.Invalid("Execute at must be in the future");
        if (!DateTime.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal | DateTimeStyles.AssumeUniversal, out var at) || at < now)
            throw Refused.Invalid("Execute at must be in the future");
        return at;
    }
}
