using Forum.Database;
using Forum.Viewing;

namespace Forum.Search;

sealed record Found(int PostId, int PostNumber, int TopicId, string Blurb, int LikeCount, DateTime CreatedAt, UserBrief User, string Headline);

/// <summary>Full-text search, one post per topic, seen with the reader's eyes.</summary>
sealed class SearchStore(ForumDatabase database)
{
    public const int PerPage = 50;

    public async Task<List<Found>> PostsAsync(SearchQuery query, Viewer viewer, int page, int perPage, CancellationToken cancellation)
    {
        var user = viewer.User;
        var personal = !user.IsAnonymous && (query.In.Contains("personal") || query.In.Contains("messages") || query.In.Contains("personal-direct"));
        var all = query.In.Contains("all-pms") && user.IsAdmin;
        return await database.ListAsync("""
            WITH q AS (SELECT CASE WHEN $3 <> '' THEN to_tsquery('english', $3) END AS words),
            hits AS (
                SELECT p.id, p.topic_id, p.post_number, p.created_at, p.like_count, p.user_id, t.bumped_at, t.views, t.created_at AS topic_created,
                    CASE WHEN q.words IS NULL THEN 1 ELSE ts_rank_cd('{0.1,0.2,0.4,1.0}', s.search_data, q.words, 33) END
                        * (CASE coalesce(c.search_priority, 0) WHEN 2 THEN 0.6 WHEN 3 THEN 0.8 WHEN 4 THEN 1.2 WHEN 5 THEN 1.4 ELSE 1 END) AS rank
                FROM q, post_search_data s
                JOIN posts p ON p.id = s.post_id
                JOIN topics t ON t.id = p.topic_id
                LEFT JOIN categories c ON c.id = t.category_id
                LEFT JOIN topic_users tu ON tu.topic_id = t.id AND tu.user_id = $1
                WHERE p.deleted_at IS NULL AND t.deleted_at IS NULL AND t.visible AND NOT p.hidden AND p.post_type IN (1, 2)
                    AND (q.words IS NULL OR s.search_data @@ q.words)
                    AND CASE WHEN $4 OR $5 THEN t.archetype = 'private_message' AND ($5 OR EXISTS (SELECT FROM topic_allowed_users a WHERE a.topic_id = t.id AND a.user_id = $1)
                            OR EXISTS (SELECT FROM topic_allowed_groups a WHERE a.topic_id = t.id AND a.group_id = ANY($6)))
                        ELSE t.archetype <> 'private_message' AND t.category_id = ANY($2) AND coalesce(c.search_priority, 0) <> 1 END
                    AND ($7::int[] IS NULL OR t.category_id = ANY($7))
                    AND ($8::text IS NULL OR p.user_id = (SELECT id FROM users WHERE username_lower = lower($8) OR id::text = $8 LIMIT 1))
                    AND (cardinality($9::text[]) = 0 OR EXISTS (SELECT FROM topic_tags tt JOIN tags g ON g.id = tt.tag_id WHERE tt.topic_id = t.id AND lower(g.name) = ANY($9)))
                    AND (cardinality($10::text[]) = 0 OR (SELECT count(*) FROM topic_tags tt JOIN tags g ON g.id = tt.tag_id WHERE tt.topic_id = t.id AND lower(g.name) = ANY($10)) = cardinality($10::text[]))
                    AND (cardinality($11::text[]) = 0 OR NOT EXISTS (SELECT FROM topic_tags tt JOIN tags g ON g.id = tt.tag_id WHERE tt.topic_id = t.id AND lower(g.name) = ANY($11)))
                    AND ($12::text IS NULL OR CASE $12::text WHEN 'open' THEN NOT t.closed AND NOT t.archived WHEN 'closed' THEN t.closed WHEN 'archived' THEN t.archived
                        WHEN 'noreplies' THEN t.posts_count = 1 WHEN 'single_user' THEN t.participant_count = 1 WHEN 'public' THEN NOT coalesce(c.read_restricted, false) ELSE true END)
                    AND ($13::int IS NULL OR t.posts_count >= $13) AND ($14::int IS NULL OR t.posts_count <= $14)
                    AND ($15::int IS NULL OR t.views >= $15) AND ($16::int IS NULL OR t.views <= $16)
                    AND ($17::timestamp IS NULL OR p.created_at < $17) AND ($18::timestamp IS NULL OR p.created_at >= $18)
                    AND ($19::int IS NULL OR t.id = $19)
                    AND ($20::text IS NULL OR EXISTS (SELECT FROM group_users gu JOIN groups g ON g.id = gu.group_id WHERE gu.user_id = p.user_id AND (lower(g.name) = lower($20) OR g.id::text = $20)))
                    AND (NOT 'first' = ANY($21) OR p.post_number = 1) AND (NOT 'pinned' = ANY($21) OR t.pinned_at IS NOT NULL) AND (NOT 'wiki' = ANY($21) OR p.wiki)
                    AND (NOT 'title' = ANY($21) OR q.words IS NULL OR to_tsvector('english', t.title) @@ q.words) AND (NOT 'images' = ANY($21) OR p.image_upload_id IS NOT NULL)
                    AND (NOT 'tagged' = ANY($21) OR EXISTS (SELECT FROM topic_tags tt WHERE tt.topic_id = t.id)) AND (NOT 'untagged' = ANY($21) OR NOT EXISTS (SELECT FROM topic_tags tt WHERE tt.topic_id = t.id))
                    AND ($1 = 0 OR ((NOT 'posted' = ANY($21) OR p.user_id = $1) AND (NOT ('created' = ANY($21) OR 'mine' = ANY($21)) OR (t.user_id = $1 AND p.post_number = 1))
                        AND (NOT 'watching' = ANY($21) OR tu.notification_level = 3) AND (NOT 'tracking' = ANY($21) OR tu.notification_level >= 2)
                        AND (NOT 'seen' = ANY($21) OR tu.last_read_post_number >= p.post_number) AND (NOT 'unseen' = ANY($21) OR coalesce(tu.last_read_post_number, 0) < p.post_number)
                        AND (NOT 'likes' = ANY($21) OR EXISTS (SELECT FROM post_actions a WHERE a.post_id = p.id AND a.user_id = $1 AND a.post_action_type_id = 2 AND a.deleted_at IS NULL))
                        AND (NOT 'bookmarks' = ANY($21) OR EXISTS (SELECT FROM bookmarks b WHERE b.user_id = $1 AND b.bookmarkable_type = 'Post' AND b.bookmarkable_id = p.id))))
                    AND (cardinality($22::text[]) = 0 OR (SELECT bool_and(p.raw ILIKE '%' || f || '%' OR t.title ILIKE '%' || f || '%') FROM unnest($22::text[]) AS f))
                ORDER BY rank DESC
                LIMIT 3000
            ), best AS (
                SELECT DISTINCT ON (topic_id) * FROM hits ORDER BY topic_id, CASE WHEN $19::int IS NULL THEN rank END DESC, post_number
            )
            SELECT h.id, h.post_number, h.topic_id, left(s.raw_data, 200), h.like_count, h.created_at, u.id, u.username, u.name, u.uploaded_avatar_id, t.title
            FROM (SELECT * FROM best WHERE $19::int IS NULL UNION ALL SELECT * FROM hits WHERE $19::int IS NOT NULL) h
            JOIN post_search_data s ON s.post_id = h.id
            JOIN topics t ON t.id = h.topic_id
            LEFT JOIN users u ON u.id = h.user_id
            ORDER BY CASE WHEN $23 = 'latest' THEN h.created_at END DESC, CASE WHEN $23 = 'oldest' THEN h.created_at END, CASE WHEN $23 = 'latest_topic' THEN h.topic_created END DESC,
                CASE WHEN $23 = 'oldest_topic' THEN h.topic_created END, CASE WHEN $23 = 'views' THEN h.views END DESC, CASE WHEN $23 = 'likes' THEN h.like_count END DESC,
                h.rank DESC, h.bumped_at DESC, h.id DESC
            LIMIT $24 OFFSET $25
            """, row => new Found(row.Int(0), row.Int(1), row.Int(2), row.TextOrNull(3) ?? "", row.Int(4), row.Time(5), UserBrief.Read(row, 6), row.Text(10)),
            [
                user.Id, viewer.VisibleCategories, query.TsQuery, personal, all, user.GroupIds.ToArray(), query.Categories, query.User, query.AnyTags.ToArray(), query.AllTags.ToArray(),
                query.NotTags.ToArray(), query.Status, query.MinPosts, query.MaxPosts, query.MinViews, query.MaxViews, query.Before, query.After, query.TopicId, query.Group,
                query.In.ToArray(), query.Phrases.ToArray(), query.Order, perPage + 1, (page - 1) * perPage,
            ], cancellation);
    }

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
