using Forum.Database;
using Forum.Viewing;

namespace Forum.Topics;

/// <summary>Which posts of a topic are shown, when not all of them are: the best, those of some people, replies to one.</summary>
sealed record StreamFilter
{
    /// <summary>Lower case.</summary>
    public IReadOnlyList<string> Usernames { get; init; } = [];

    /// <summary>The best of a long topic.</summary>
    public bool Summary { get; init; }

    /// <summary>Posts that answer no other.</summary>
    public bool TopLevel { get; init; }

    /// <summary>The post and its replies.</summary>
    public int? RepliesTo { get; init; }

    /// <summary>The post and those that it answers, up to the first.</summary>
    public int? UpwardsFromPostId { get; init; }

    /// <summary>For staff: deleted posts too.</summary>
    public bool ShowDeleted { get; init; }

    public bool IsEmpty => Usernames.Count == 0 && !Summary && !TopLevel && RepliesTo is null && UpwardsFromPostId is null && !ShowDeleted;

    public Task<List<StreamEntry>> StreamAsync(SqlSession sql, int topicId, Viewer viewer, CancellationToken cancellation) => sql.ListAsync("""
        WITH RECURSIVE upwards AS (
            SELECT id, reply_to_post_number FROM posts WHERE id = $9 AND topic_id = $1
            UNION
            SELECT p.id, p.reply_to_post_number FROM posts p JOIN upwards u ON p.topic_id = $1 AND p.post_number = u.reply_to_post_number
        ), best AS (
            SELECT id FROM posts WHERE $5 AND topic_id = $1 AND deleted_at IS NULL AND post_type = 1 AND percent_rank <= $10 ORDER BY percent_rank, sort_order LIMIT $11
        )
        SELECT p.id, p.post_number, greatest(extract(day FROM $4 - p.created_at)::int, 0)
        FROM posts p
        WHERE p.topic_id = $1 AND (p.deleted_at IS NULL OR $2) AND (p.post_type <> 4 OR $3)
            AND (cardinality($6::text[]) = 0 OR p.user_id IN (SELECT id FROM users WHERE username_lower = ANY($6)))
            AND (NOT $5 OR p.post_number = 1 OR p.id IN (SELECT id FROM best))
            AND (NOT $7 OR p.reply_to_post_number IS NULL OR p.reply_to_post_number = 1)
            AND ($8::int IS NULL OR p.post_number IN (1, $8) OR p.reply_to_post_number = $8)
            AND ($9::int IS NULL OR p.id IN (SELECT id FROM upwards))
        ORDER BY p.sort_order
        LIMIT 10000
        """, row => new StreamEntry(row.Int(0), row.Int(1), row.Int(2)),
        [
            topicId, ShowDeleted && viewer.User.IsStaff, viewer.CanSeeWhispers, viewer.Now, Summary, Usernames.ToArray(), TopLevel, RepliesTo, UpwardsFromPostId,
            viewer.Settings.Int("summary_percent_filter") / 100.0, viewer.Settings.Int("summary_max_results"),
        ], cancellation);
}
