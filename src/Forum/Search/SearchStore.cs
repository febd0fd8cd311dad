using Forum.Database;
using Forum.Viewing;
using Npgsql;

namespace Forum.Search;

sealed record Found(int PostId, int PostNumber, int TopicId, string Blurb, int LikeCount, DateTime CreatedAt, UserBrief User, string Headline);

/// <summary>Full-text search, one post per topic, seen with the reader's eyes.</summary>
/// <remarks>Ranking looks at the newest 600 posts that match and at the newest 200 topics whose titles do: a word that is in every
/// second post costs no more than a rare one.</remarks>
sealed class SearchStore(ForumDatabase database)
{
    public const int PerPage = 50;

    const string Post = """
        posts p ON p.id = s.post_id
        JOIN topics t ON t.id = p.topic_id
        LEFT JOIN categories c ON c.id = t.category_id
        LEFT JOIN topic_users tu ON tu.topic_id = t.id AND tu.user_id = $1
        """;

    /// <summary>Without operators: public posts that the reader may see.</summary>
    const string Public = """
        p.deleted_at IS NULL AND t.deleted_at IS NULL AND t.visible AND NOT p.hidden AND p.post_type IN (1, 2)
            AND t.archetype <> 'private_message' AND t.category_id = ANY($2) AND coalesce(c.search_priority, 0) <> 1
        """;

    /// <summary>With operators. Each is dropped by the planner when it is not asked for.</summary>
    const string Filters = """
        p.deleted_at IS NULL AND t.deleted_at IS NULL AND t.visible AND NOT p.hidden AND p.post_type IN (1, 2)
            AND CASE WHEN $9 OR $10 THEN t.archetype = 'private_message' AND ($10 OR EXISTS (SELECT FROM topic_allowed_users a WHERE a.topic_id = t.id AND a.user_id = $1)
                    OR EXISTS (SELECT FROM topic_allowed_groups a WHERE a.topic_id = t.id AND a.group_id = ANY($11)))
                ELSE t.archetype <> 'private_message' AND t.category_id = ANY($2) AND coalesce(c.search_priority, 0) <> 1 END
            AND ($12::int[] IS NULL OR t.category_id = ANY($12))
            AND ($13::text IS NULL OR p.user_id = (SELECT id FROM users
                WHERE username_lower = lower($13) UNION ALL SELECT id FROM users WHERE id = CASE WHEN $13 ~ '^[0-9]+$' AND length($13) < 10 THEN $13::int END LIMIT 1))
            AND (cardinality($14::text[]) = 0 OR EXISTS (SELECT FROM topic_tags tt JOIN tags g ON g.id = tt.tag_id WHERE tt.topic_id = t.id AND lower(g.name) = ANY($14)))
            AND (cardinality($15::text[]) = 0 OR (SELECT count(*) FROM topic_tags tt JOIN tags g ON g.id = tt.tag_id WHERE tt.topic_id = t.id AND lower(g.name) = ANY($15)) = cardinality($15::text[]))
            AND (cardinality($16::text[]) = 0 OR NOT EXISTS (SELECT FROM topic_tags tt JOIN tags g ON g.id = tt.tag_id WHERE tt.topic_id = t.id AND lower(g.name) = ANY($16)))
            AND ($17::text IS NULL OR CASE $17::text WHEN 'open' THEN NOT t.closed AND NOT t.archived WHEN 'closed' THEN t.closed WHEN 'archived' THEN t.archived
                WHEN 'noreplies' THEN t.posts_count = 1 WHEN 'single_user' THEN t.participant_count = 1 WHEN 'public' THEN NOT coalesce(c.read_restricted, false) ELSE true END)
            AND ($18::int IS NULL OR t.posts_count >= $18) AND ($19::int IS NULL OR t.posts_count <= $19)
            AND ($20::int IS NULL OR t.views >= $20) AND ($21::int IS NULL OR t.views <= $21)
            AND ($22::timestamp IS NULL OR p.created_at < $22) AND ($23::timestamp IS NULL OR p.created_at >= $23)
            AND ($8::int IS NULL OR t.id = $8)
            AND ($24::text IS NULL OR EXISTS (SELECT FROM group_users gu JOIN groups g ON g.id = gu.group_id WHERE gu.user_id = p.user_id AND (lower(g.name) = lower($24) OR g.id::text = $24)))
            AND (NOT 'first' = ANY($25) OR p.post_number = 1) AND (NOT 'pinned' = ANY($25) OR t.pinned_at IS NOT NULL) AND (NOT 'wiki' = ANY($25) OR p.wiki)
            AND (NOT 'title' = ANY($25) OR $3 = '' OR to_tsvector('english', t.title) @@ to_tsquery('english', $3)) AND (NOT 'images' = ANY($25) OR p.image_upload_id IS NOT NULL)
            AND (NOT 'tagged' = ANY($25) OR EXISTS (SELECT FROM topic_tags tt WHERE tt.topic_id = t.id)) AND (NOT 'untagged' = ANY($25) OR NOT EXISTS (SELECT FROM topic_tags tt WHERE tt.topic_id = t.id))
            AND ($1 = 0 OR ((NOT 'posted' = ANY($25) OR p.user_id = $1) AND (NOT ('created' = ANY($25) OR 'mine' = ANY($25)) OR (t.user_id = $1 AND p.post_number = 1))
                AND (NOT 'watching' = ANY($25) OR tu.notification_level = 3) AND (NOT 'tracking' = ANY($25) OR tu.notification_level >= 2)
                AND (NOT 'seen' = ANY($25) OR tu.last_read_post_number >= p.post_number) AND (NOT 'unseen' = ANY($25) OR coalesce(tu.last_read_post_number, 0) < p.post_number)
                AND (NOT 'likes' = ANY($25) OR EXISTS (SELECT FROM post_actions a WHERE a.post_id = p.id AND a.user_id = $1 AND a.post_action_type_id = 2 AND a.deleted_at IS NULL))
                AND (NOT 'bookmarks' = ANY($25) OR EXISTS (SELECT FROM bookmarks b WHERE b.user_id = $1 AND b.bookmarkable_type = 'Post' AND b.bookmarkable_id = p.id))))
            AND (cardinality($26::text[]) = 0 OR (SELECT bool_and(p.raw ILIKE '%' || f || '%' OR t.title ILIKE '%' || f || '%') FROM unnest($26::text[]) AS f))
        """;

    /// <summary>The newest topics with the words in title or first post; which of them have them in the title is looked at then.</summary>
    const string Titled = "(SELECT topic_id, search_data FROM topic_search_data WHERE search_data @@ to_tsquery('english', $3) ORDER BY topic_id DESC LIMIT 1000)";

    /// <summary>What is ranked of a post, read when it is found.</summary>
    const string Candidate = """
        s.post_id AS id, p.topic_id, p.post_number, p.created_at, p.like_count, p.user_id, t.bumped_at, t.views, t.created_at AS topic_created,
            CASE WHEN $3 = '' THEN 1 ELSE ts_rank_cd(ARRAY[0.1, 0.2, 0.4, 1.0]::real[], s.search_data, to_tsquery('english', $3), 33) END
                * (CASE coalesce(c.search_priority, 0) WHEN 2 THEN 0.6 WHEN 3 THEN 0.8 WHEN 4 THEN 1.2 WHEN 5 THEN 1.4 ELSE 1 END) AS rank
        """;

    const string PlainMatches = $"""
        WITH matches AS (
            SELECT * FROM (
                SELECT {Candidate}
                FROM post_search_data s
                JOIN {Post}
                WHERE s.search_data @@ to_tsquery('english', $3) AND {Public}
                ORDER BY s.post_id DESC
                LIMIT 600
            ) recent
            UNION ALL
            SELECT * FROM (
                SELECT {Candidate}
                FROM {Titled} d
                JOIN posts f ON f.topic_id = d.topic_id AND f.post_number = 1
                JOIN post_search_data s ON s.post_id = f.id
                JOIN {Post}
                WHERE d.search_data @@ to_tsquery('english', $4) AND {Public}
                ORDER BY d.topic_id DESC
                LIMIT 200
            ) titled
        """;

    const string FilteredMatches = $"""
        WITH matches AS (
            SELECT * FROM (
                SELECT {Candidate}
                FROM post_search_data s
                JOIN {Post}
                WHERE ($3 = '' OR s.search_data @@ to_tsquery('english', $3)) AND {Filters}
                ORDER BY CASE WHEN $5 = 'oldest' THEN s.post_id END, s.post_id DESC
                LIMIT 600
            ) recent
            UNION ALL
            SELECT * FROM (
                SELECT {Candidate}
                FROM {Titled} d
                JOIN posts f ON f.topic_id = d.topic_id AND f.post_number = 1
                JOIN post_search_data s ON s.post_id = f.id
                JOIN {Post}
                WHERE $3 <> '' AND d.search_data @@ to_tsquery('english', $4) AND {Filters}
                ORDER BY d.topic_id DESC
                LIMIT 200
            ) titled
        """;

    const string Order = """
        CASE WHEN $5 = 'latest' THEN h.created_at END DESC, CASE WHEN $5 = 'oldest' THEN h.created_at END, CASE WHEN $5 = 'latest_topic' THEN h.topic_created END DESC,
            CASE WHEN $5 = 'oldest_topic' THEN h.topic_created END, CASE WHEN $5 = 'views' THEN h.views END DESC, CASE WHEN $5 = 'likes' THEN h.like_count END DESC,
            h.rank DESC, h.bumped_at DESC, h.id DESC
        """;

    /// <summary>The best post of each topic, or in one topic every post; only those that are shown are read with their text and author.</summary>
    const string Ranked = $"""
        ), hits AS (
            SELECT DISTINCT ON (id) * FROM matches ORDER BY id
        ), best AS (
            SELECT DISTINCT ON (topic_id) * FROM hits ORDER BY topic_id, CASE WHEN $8::int IS NULL THEN rank END DESC, post_number
        ), page AS (
            SELECT *
            FROM (SELECT * FROM best WHERE $8::int IS NULL UNION ALL SELECT * FROM hits WHERE $8::int IS NOT NULL) h
            ORDER BY {Order}
            LIMIT $6 OFFSET $7
        )
        SELECT h.id, h.post_number, h.topic_id, left(s.raw_data, 200), h.like_count, h.created_at, u.id, u.username, u.name, u.uploaded_avatar_id, t.title
        FROM page h
        JOIN post_search_data s ON s.post_id = h.id
        JOIN topics t ON t.id = h.topic_id
        LEFT JOIN users u ON u.id = h.user_id
        ORDER BY {Order}
        """;

    public async Task<List<Found>> PostsAsync(SearchQuery query, Viewer viewer, int page, int perPage, CancellationToken cancellation)
    {
        var user = viewer.User;
        var personal = !user.IsAnonymous && (query.In.Contains("personal") || query.In.Contains("messages") || query.In.Contains("personal-direct"));
        var all = query.In.Contains("all-pms") && user.IsAdmin;
        object?[] common =
        [
            user.Id, viewer.VisibleCategories, query.TsQuery, query.TsQuery.Replace(":*", ":*A", StringComparison.Ordinal), query.Order, perPage + 1, (page - 1) * perPage, query.TopicId,
        ];
        if (!query.HasOperators && query.Phrases.Count == 0 && query.TsQuery.Length > 0)
        {
            return await database.PlannedEachTime.ListAsync($"{PlainMatches}{Ranked}", Read, common, cancellation);
        }

        return await database.PlannedEachTime.ListAsync($"{FilteredMatches}{Ranked}", Read,
            [
                .. common, personal, all, user.GroupIds.ToArray(), query.Categories, query.User, query.AnyTags.ToArray(), query.AllTags.ToArray(), query.NotTags.ToArray(),
                query.Status, query.MinPosts, query.MaxPosts, query.MinViews, query.MaxViews, query.Before, query.After, query.Group, query.In.ToArray(), query.Phrases.ToArray(),
            ], cancellation);
    }

    static Found Read(NpgsqlDataReader row) =>
        new(row.Int(0), row.Int(1), row.Int(2), row.TextOrNull(3) ?? "", row.Int(4), row.Time(5), UserBrief.Read(row, 6), row.Text(10));

    public Task<List<UserBrief>> UsersAsync(string text, CancellationToken cancellation) => database.ListAsync("""
        SELECT u.id, u.username, u.name, u.uploaded_avatar_id
        FROM users u
        WHERE u.id > 0 AND u.active AND NOT u.staged AND (u.username_lower LIKE lower($1) || '%' OR u.name ILIKE $1 || '%')
        ORDER BY u.last_posted_at DESC NULLS LAST
        LIMIT 5
        """, row => UserBrief.Read(row, 0), [text.Replace("%", "", StringComparison.Ordinal).Replace("_", "\\_", StringComparison.Ordinal)], cancellation);

    public Task<int> LogAsync(string term, int? userId, string ip, int type, DateTime now, CancellationToken cancellation) => database.ScalarAsync<int>("""
        INSERT INTO search_logs (term, user_id, ip_address, search_type, created_at)
        VALUES (left($1, 500), $2, $3::inet, $4, $5)
        RETURNING id
        """, [term, userId, ip, type, now], cancellation);
}
