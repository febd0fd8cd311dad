using System.Globalization;
using System.Text.Json.Nodes;
using Forum.Database;
using Forum.Posts;
using Forum.Tags;
using Forum.Viewing;
using Forum.Web;

namespace Forum.Topics;

/// <summary>Opens, closes, archives, pins and hides topics, each with a small post that says so; and sets their timers.</summary>
sealed class TopicStatus(ForumDatabase database, PostCreation creation, ForumEvents events)
{
    static readonly string[] Timers = ["close", "open", "publish_to_category", "delete", "reminder", "bump", "delete_replies", "silent_close", "clear_slow_mode"];

    /// <exception cref="RefusedException">400 for an unknown status.</exception>
    public async Task SetAsync(Topic topic, string status, bool enabled, DateTime? until, Viewer viewer, CancellationToken cancellation)
    {
        await using var sql = await database.BeginAsync(cancellation);
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
            await NoteAsync(sql, topic, $"{status}.{(enabled ? "enabled" : "disabled")}", viewer, cancellation);
            if (status == "visible")
            {
                await TopicCounters.RefreshCategoryAsync(sql, topic.CategoryId, cancellation);
                await TopicCounters.RefreshUsersAsync(sql, [topic.UserId], cancellation);
                await TagStore.CountOfTopicAsync(sql, topic, cancellation);
            }
        }

        sql.AfterCommit(() => events.RaiseAsync("stats", topic, null));
        await sql.CommitAsync(cancellation);
    }

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
        var kind = Array.IndexOf(Timers, type) + 1;
        if (kind == 0)
            throw Refused.InvalidParameters("status_type");
        if (kind is 4 or 7 && !TopicPermissions.CanDelete(viewer, topic))
            throw Refused.InvalidAccess();
        if (basedOnLastPost && minutes is null)
            throw Refused.Missing("duration_minutes");
        if (kind == 3 && categoryId is { } wanted && viewer.Categories.Find(wanted) is null)
            throw Refused.InvalidParameters("category_id");
        await database.ExecuteAsync("""
            UPDATE topic_timers SET deleted_at = $3, deleted_by_id = $4
            WHERE topic_id = $1 AND deleted_at IS NULL AND ((status_type = $2) OR ($2 NOT IN (5, 9) AND public_type))
            """, [topic.Id, kind, viewer.Now, viewer.User.Id], cancellation);
        DateTime? at = basedOnLastPost ? (topic.LastPostedAt ?? topic.CreatedAt).AddMinutes(minutes!.Value)
            : string.IsNullOrWhiteSpace(time) ? null : TimeOf(time, viewer.Now);
        if (at is not null)
        {
            await database.ExecuteAsync("""
                INSERT INTO topic_timers (execute_at, status_type, user_id, topic_id, based_on_last_post, category_id, public_type, duration_minutes, created_at, updated_at)
                VALUES ($1, $2, $3, $4, $5, $6, $2 NOT IN (5, 9), $7, $8, $8)
                """, [at, kind, viewer.User.Id, topic.Id, basedOnLastPost, categoryId, minutes, viewer.Now], cancellation);
        }

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
