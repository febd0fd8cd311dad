using System.Text.Json.Nodes;
using Forum.Database;
using Forum.Sessions;
using Forum.Web;

namespace Forum.Moderation;

/// <summary>What the log of a reviewable holds; the numbers are those of reviewable_histories.reviewable_history_type.</summary>
enum ReviewableEvent
{
    Created,
    Transitioned,
    Edited,
    Claimed,
    Unclaimed,
}

/// <summary>One reason for a review: a flag, or the system's own (type 9, needs approval).</summary>
sealed record NewScore(int UserId, int Type, double Score)
{
    public const int NeedsApproval = 9;

    public double AccuracyBonus { get; init; }

    public double TakeActionBonus { get; init; }

    public string? Reason { get; init; }

    public int? MetaTopicId { get; init; }
}

/// <summary>Reviewables as rows, with their scores and their log.</summary>
static class ReviewableStore
{
    public static Task<Reviewable?> FindAsync(SqlSession sql, long id, CancellationToken cancellation) => sql.FindAsync($"""
        SELECT {Reviewable.Columns}
        FROM reviewables r
        WHERE r.id = $1
        """, Reviewable.Read, [id], cancellation);

    public static Task<Reviewable?> OfTargetAsync(SqlSession sql, string type, int targetId, CancellationToken cancellation) => sql.FindAsync($"""
        SELECT {Reviewable.Columns}
        FROM reviewables r
        WHERE r.type = $1 AND r.target_id = $2
        """, Reviewable.Read, [type, targetId], cancellation);

    /// <summary>How many wait; for the number beside the menu.</summary>
    public static Task<int> PendingCountAsync(SqlSession sql, CurrentUser viewer, CancellationToken cancellation) => sql.ScalarAsync<int>("""
        SELECT count(*)::int
        FROM reviewables
        WHERE status = 0 AND ($1 OR reviewable_by_moderator)
        """, [viewer.IsAdmin], cancellation);

    /// <summary>Adds one, or opens the one of the same type and target again.</summary>
    public static async Task<Reviewable> AddAsync(SqlSession sql, Reviewable wanted, DateTime now, CancellationToken cancellation)
    {
        var (id, before) = await sql.FindAsync("""
            WITH before AS (SELECT id, status FROM reviewables WHERE type = $1 AND target_id = $5 FOR UPDATE)
            INSERT INTO reviewables (type, status, created_by_id, reviewable_by_moderator, category_id, topic_id, potential_spam, target_id, target_type,
                target_created_by_id, payload, created_at, updated_at)
            VALUES ($1, 0, $2, true, $3, $4, $8, $5, $6, $7, $9::json, $10, $10)
            ON CONFLICT (type, target_id) DO UPDATE
            SET status = 0, potential_spam = reviewables.potential_spam OR $8, updated_at = $10
            RETURNING id, (SELECT status FROM before)
            """, row => (row.Long(0), row.IntOrNull(1)),
            [
                wanted.Type, wanted.CreatedById, wanted.CategoryId, wanted.TopicId, wanted.TargetId, wanted.TargetType, wanted.TargetCreatedById, wanted.IsPotentialSpam,
                wanted.Payload.ToJsonString(), now,
            ], cancellation);
        if (before is not 0)
            await LogAsync(sql, id, before is null ? ReviewableEvent.Created : ReviewableEvent.Transitioned, ReviewableStatus.Pending, wanted.CreatedById, null, now, cancellation);
        if (before is > 0)
            await RecalculateAsync(sql, id, cancellation);
        return (await FindAsync(sql, id, cancellation))!;
    }

    public static async Task AddScoreAsync(SqlSession sql, long id, NewScore score, DateTime now, CancellationToken cancellation)
    {
        await sql.ExecuteAsync("""
            INSERT INTO reviewable_scores (reviewable_id, user_id, reviewable_score_type, status, score, user_accuracy_bonus, take_action_bonus, reason, meta_topic_id, created_at, updated_at)
            VALUES ($1, $2, $3, 0, $4, $5, $6, $7, $8, $9, $9)
            """, [(int)id, score.UserId, score.Type, score.Score, score.AccuracyBonus, score.TakeActionBonus, score.Reason, score.MetaTopicId, now], cancellation);
        await sql.ExecuteAsync("""
            WITH raised AS (
                UPDATE reviewables SET score = score + $2, latest_score = $3, force_review = $4, updated_at = $3
                WHERE id = $1
                RETURNING topic_id
            )
            UPDATE topics SET reviewable_score = reviewable_score + $2 WHERE id IN (SELECT topic_id FROM raised)
            """, [id, score.Score, now, score.Type == NewScore.NeedsApproval], cancellation);
    }

    /// <summary>What moderators disagreed with, or ignored, does not count.</summary>
    public static Task<int> RecalculateAsync(SqlSession sql, long id, CancellationToken cancellation) => sql.ExecuteAsync("""
        UPDATE reviewables
        SET score = coalesce((SELECT sum(s.score) FROM reviewable_scores s WHERE s.reviewable_id = reviewables.id AND s.status IN (0, 1)), 0)
        WHERE id = $1
        """, [id], cancellation);

    /// <summary>Takes the reviewable for a change, unless someone else changed it first.</summary>
    /// <exception cref="RefusedException">409: the version is not the newest.</exception>
    public static async Task RaiseVersionAsync(SqlSession sql, long id, int? version, DateTime now, CancellationToken cancellation)
    {
        if (await sql.ExecuteAsync("UPDATE reviewables SET version = version + 1, updated_at = $3 WHERE id = $1 AND ($2::int IS NULL OR version = $2)", [id, version, now], cancellation) == 0)
            throw new RefusedException(409, null, "Someone else has changed this in the meantime. Reload it, and decide again.");
    }

    /// <summary>Decides: the reviewable and the reasons that were open.</summary>
    public static async Task TransitionAsync(SqlSession sql, Reviewable reviewable, ReviewableStatus status, int actorId, DateTime now, CancellationToken cancellation)
    {
        // Of a score: pending 0, agreed 1, disagreed 2, ignored 3.
        int? decided = status switch { ReviewableStatus.Approved => 1, ReviewableStatus.Rejected => 2, ReviewableStatus.Ignored => 3, _ => null };
        await sql.ExecuteAsync("UPDATE reviewables SET status = $2, updated_at = $3 WHERE id = $1", [reviewable.Id, (int)status, now], cancellation);
        if (decided is not null)
        {
            await sql.ExecuteAsync("""
                UPDATE reviewable_scores
                SET status = $2, reviewed_by_id = $3, reviewed_at = $4, updated_at = $4
                WHERE reviewable_id = $1 AND (status = 0 OR ($5 AND status = 2))
                """, [(int)reviewable.Id, decided, actorId, now, reviewable.Type == Reviewable.QueuedPost], cancellation);
        }

        await LogAsync(sql, reviewable.Id, ReviewableEvent.Transitioned, status, actorId, null, now, cancellation);
        if (status == ReviewableStatus.Approved)
            await RecalculateAsync(sql, reviewable.Id, cancellation);
        await sql.ExecuteAsync("""
            UPDATE topics
            SET reviewable_score = coalesce((SELECT sum(r.score) FROM reviewables r WHERE r.topic_id = topics.id AND r.status = 0), 0)
            WHERE id = $1
            """, [reviewable.TopicId ?? 0], cancellation);
    }

    public static Task LogAsync(SqlSession sql, long id, ReviewableEvent what, ReviewableStatus status, int actorId, JsonObject? edited, DateTime now, CancellationToken cancellation) =>
        sql.ExecuteAsync("""
            INSERT INTO reviewable_histories (reviewable_id, reviewable_history_type, status, created_by_id, edited, created_at, updated_at)
            VALUES ($1, $2, $3, $4, $5::json, $6, $6)
            """, [(int)id, (int)what, (int)status, actorId, edited?.ToJsonString(), now], cancellation);
}
