using Forum.Database;

namespace Forum.Topics;

/// <summary>Single topics.</summary>
sealed class TopicStore(ForumDatabase database)
{
    public Task<Topic?> FindAsync(int id, int userId, CancellationToken cancellation) => FindAsync(database, id, userId, cancellation);

    public static async Task<Topic?> FindAsync(SqlSession sql, int id, int userId, CancellationToken cancellation) => await sql.FindAsync($"""
        SELECT {Topic.Columns}
        FROM {Topic.From}
        WHERE t.id = $2
        """, Topic.Read, [userId, id], cancellation);

    public async Task<int?> IdOfSlugAsync(string slug, CancellationToken cancellation) => await database.FindAsync("""
        SELECT id
        FROM topics
        WHERE slug = $1 AND deleted_at IS NULL AND archetype <> 'private_message'
        ORDER BY id
        LIMIT 1
        """, row => (int?)row.Int(0), [slug], cancellation);

    public async Task<int?> IdOfExternalAsync(string externalId, CancellationToken cancellation) => await database.FindAsync("""
        SELECT id
        FROM topics
        WHERE lower(external_id) = lower($1)
        """, row => (int?)row.Int(0), [externalId], cancellation);

    /// <summary>A topic and its stream in one statement: pages of topics are what visitors ask for most.</summary>
    public async Task<(Topic Topic, List<StreamEntry> Stream)?> FindWithStreamAsync(
        int id, int userId, bool withDeleted, bool withWhispers, DateTime now, CancellationToken cancellation) => await database.FindAsync($"""
        SELECT {Topic.Columns}, s.ids, s.numbers, s.days
        FROM {Topic.From}
        LEFT JOIN LATERAL (
            SELECT array_agg(p.id ORDER BY p.sort_order) AS ids, array_agg(p.post_number ORDER BY p.sort_order) AS numbers,
                array_agg(extract(day FROM $5 - p.created_at)::int ORDER BY p.sort_order) AS days
            FROM (SELECT id, post_number, sort_order, created_at FROM posts WHERE topic_id = $2 AND (deleted_at IS NULL OR ($3 AND t.deleted_at IS NOT NULL))
                AND (post_type <> 4 OR $4) ORDER BY sort_order LIMIT 10000) p
        ) s ON true
        WHERE t.id = $2
        """, row =>
    {
        var (ids, numbers, days) = (row.Ints(58), row.Ints(59), row.Ints(60));
        return ((Topic, List<StreamEntry>)?)(Topic.Read(row), [.. ids.Select((post, at) => new StreamEntry(post, numbers[at], days[at]))]);
    }, [userId, id, withDeleted, withWhispers, now], cancellation);

    /// <summary>Ids of all posts that the reader may see, in order, with the days since each was written.</summary>
    public async Task<List<StreamEntry>> StreamAsync(int topicId, bool withDeleted, bool withWhispers, DateTime now, CancellationToken cancellation) =>
        await database.ListAsync("""
            SELECT p.id, p.post_number, extract(day FROM $4 - p.created_at)::int
            FROM posts p
            WHERE p.topic_id = $1 AND (p.deleted_at IS NULL OR $2) AND (p.post_type <> 4 OR $3)
            ORDER BY p.sort_order
            LIMIT 10000
            """, row => new StreamEntry(row.Int(0), row.Int(1), row.Int(2)), [topicId, withDeleted, withWhispers, now], cancellation);
}

readonly record struct StreamEntry(int Id, int PostNumber, int DaysAgo);
