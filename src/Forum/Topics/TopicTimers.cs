using Forum.Database;

namespace Forum.Topics;

/// <summary>What happens to a topic at a time; the numbers are those of topic_timers.status_type.</summary>
enum TopicTimerType
{
    Close = 1,
    Open = 2,
    PublishToCategory = 3,
    Delete = 4,
    Reminder = 5,
    Bump = 6,
    DeleteReplies = 7,
    SilentClose = 8,
    ClearSlowMode = 9,
}

sealed record TopicTimer(int Id, int TopicId, TopicTimerType Type, DateTime ExecuteAt, int UserId, bool IsBasedOnLastPost, int? DurationMinutes, int? CategoryId)
{
    /// <summary>The name that the API gives it.</summary>
    public string Name => Names[(int)Type - 1];

    public static readonly string[] Names = ["close", "open", "publish_to_category", "delete", "reminder", "bump", "delete_replies", "silent_close", "clear_slow_mode"];
}

/// <summary>Timers of topics as rows. A topic has one public timer at a time; a reminder and the end of slow mode are beside it.</summary>
static class TopicTimers
{
    public static async Task SetAsync(SqlSession sql, int topicId, TopicTimerType type, DateTime? at, int userId, DateTime now, CancellationToken cancellation,
        int? durationMinutes = null, bool basedOnLastPost = false, int? categoryId = null)
    {
        await ClearAsync(sql, topicId, type, userId, now, cancellation);
        if (at is null)
            return;
        await sql.ExecuteAsync("""
            INSERT INTO topic_timers (execute_at, status_type, user_id, topic_id, based_on_last_post, category_id, public_type, duration_minutes, created_at, updated_at)
            VALUES ($1, $2, $3, $4, $5, $6, $2 NOT IN (5, 9), $7, $8, $8)
            """, [at, (int)type, userId, topicId, basedOnLastPost, categoryId, durationMinutes, now], cancellation);
    }

    static Task<int> ClearAsync(SqlSession sql, int topicId, TopicTimerType type, int userId, DateTime now, CancellationToken cancellation) => sql.ExecuteAsync("""
        UPDATE topic_timers SET deleted_at = $3, deleted_by_id = $4
        WHERE topic_id = $1 AND deleted_at IS NULL AND ((status_type = $2) OR ($2 NOT IN (5, 9) AND public_type))
        """, [topicId, (int)type, now, userId], cancellation);

    /// <summary>The public timer and the end of slow mode.</summary>
    public static List<TopicTimer> List(SqlBatch batch, int topicId) => batch.List("""
        SELECT id, topic_id, status_type, execute_at, user_id, based_on_last_post, duration_minutes, category_id
        FROM topic_timers
        WHERE topic_id = $1 AND deleted_at IS NULL AND (public_type OR status_type = 9)
        """, Read, [topicId]);

    /// <summary>Those whose time has come.</summary>
    public static Task<List<TopicTimer>> DueAsync(SqlSession sql, DateTime now, CancellationToken cancellation) => sql.ListAsync("""
        SELECT id, topic_id, status_type, execute_at, user_id, based_on_last_post, duration_minutes, category_id
        FROM topic_timers
        WHERE deleted_at IS NULL AND execute_at <= $1
        ORDER BY execute_at
        LIMIT 500
        """, Read, [now], cancellation);

    static TopicTimer Read(Npgsql.NpgsqlDataReader row) =>
        new(row.Int(0), row.Int(1), (TopicTimerType)row.Int(2), row.Time(3), row.Int(4), row.Bool(5), row.IntOrNull(6), row.IntOrNull(7));

    public static Task<int> EndAsync(SqlSession sql, int id, DateTime now, CancellationToken cancellation) =>
        sql.ExecuteAsync("UPDATE topic_timers SET deleted_at = $2, deleted_by_id = -1 WHERE id = $1 AND deleted_at IS NULL", [id, now], cancellation);

    public static Task<int> DelayAsync(SqlSession sql, int id, DateTime at, CancellationToken cancellation) =>
        sql.ExecuteAsync("UPDATE topic_timers SET execute_at = $2 WHERE id = $1", [id, at], cancellation);
}
