using Forum.Database;
using Forum.Topics;
using Forum.Viewing;

namespace Forum.Lists;

/// <summary>Lists of topics.</summary>
/// <remarks>Lists of the newest activity, which everyone opens, have a statement of their own that is planned once. Another serves
/// all other lists: it is planned each time, so that what is not asked for is dropped and the index of the remaining order used.</remarks>
sealed class TopicListStore(ForumDatabase database)
{
    const string Filters = """
        t.deleted_at IS NULL AND t.archetype <> 'private_message'
            AND t.category_id = ANY($2)
            AND ($3::text IS NOT DISTINCT FROM 'unlisted' OR t.visible)
            AND ($3::text IS NULL OR CASE $3::text WHEN 'open' THEN NOT t.closed AND NOT t.archived WHEN 'closed' THEN t.closed WHEN 'archived' THEN t.archived
                WHEN 'unlisted' THEN NOT t.visible WHEN 'noreplies' THEN t.posts_count = 1 WHEN 'single_user' THEN t.participant_count = 1 ELSE true END)
            AND (cardinality($4::int[]) = 0 OR (SELECT count(DISTINCT tt.tag_id) FROM topic_tags tt WHERE tt.topic_id = t.id AND tt.tag_id = ANY($4)) = cardinality($4::int[]))
            AND (cardinality($5::int[]) = 0 OR EXISTS (SELECT FROM topic_tags tt WHERE tt.topic_id = t.id AND tt.tag_id = ANY($5)))
            AND (cardinality($6::int[]) = 0 OR NOT EXISTS (SELECT FROM topic_tags tt WHERE tt.topic_id = t.id AND tt.tag_id = ANY($6)))
            AND ($7::int IS NULL OR t.posts_count >= $7) AND ($8::int IS NULL OR t.posts_count <= $8)
            AND ($9::int IS NULL OR t.views >= $9) AND ($10::int IS NULL OR t.views <= $10)
            AND ($11::int IS NULL OR t.like_count >= $11) AND ($12::int IS NULL OR t.like_count <= $12)
            AND ($13::int IS NULL OR t.user_id = $13)
            AND ($14::timestamp IS NULL OR t.created_at >= $14) AND ($15::timestamp IS NULL OR t.created_at < $15)
            AND ($16::timestamp IS NULL OR t.bumped_at >= $16) AND ($17::timestamp IS NULL OR t.bumped_at < $17)
            AND ($18::text IS NULL OR CASE $18::text
                WHEN 'new' THEN tu.last_read_post_number IS NULL AND t.created_at >= $19 AND coalesce(tu.notification_level, 1) > 0
                    AND NOT EXISTS (SELECT FROM dismissed_topic_users d WHERE d.topic_id = t.id AND d.user_id = $1)
                WHEN 'unread' THEN tu.last_read_post_number < t.highest_post_number AND tu.notification_level >= 2
                WHEN 'unseen' THEN tu.last_read_post_number IS NULL OR tu.last_read_post_number < t.highest_post_number
                WHEN 'bookmarked' THEN tu.bookmarked OR EXISTS (SELECT FROM bookmarks b LEFT JOIN posts bp ON bp.id = b.bookmarkable_id AND b.bookmarkable_type = 'Post'
                    WHERE b.user_id = $1 AND (bp.topic_id = t.id OR (b.bookmarkable_type = 'Topic' AND b.bookmarkable_id = t.id)))
                WHEN 'posted' THEN tu.posted WHEN 'read' THEN tu.last_read_post_number IS NOT NULL WHEN 'watching' THEN tu.notification_level = 3
                WHEN 'tracking' THEN tu.notification_level >= 2 WHEN 'muted' THEN tu.notification_level = 0 WHEN 'mine' THEN t.user_id = $1 ELSE true END)
            AND (NOT $20 OR NOT EXISTS (SELECT FROM categories dc WHERE dc.topic_id = t.id))
            AND (NOT $21 OR $1 = 0 OR coalesce(tu.notification_level, 1) > 0)
            AND (NOT $21 OR $1 = 0 OR tu.notification_level > 1 OR NOT EXISTS (SELECT FROM category_users cu WHERE cu.user_id = $1 AND cu.category_id = t.category_id AND cu.notification_level = 0))
            AND ($22::text IS NULL OR t.title ILIKE $22)
        """;

    /// <summary>What the reader may see and has not muted; in a category's list, muted ones too.</summary>
    /// <remarks>What is asked for is hidden from the planner: knowing it would save a little here and there, for which PostgreSQL would plan the statement
    /// anew each time, and that takes longer than the page.</remarks>
    const string Shown = """
        t.deleted_at IS NULL AND t.archetype IN ('regular', 'banner') AND t.visible AND t.category_id = ANY((SELECT $2::int[])::int[])
            AND (NOT (SELECT $3::bool) OR (SELECT $1::int) = 0 OR coalesce(tu.notification_level, 1) > 0)
            AND (NOT (SELECT $3::bool) OR (SELECT $1::int) = 0 OR tu.notification_level > 1 OR NOT EXISTS (SELECT FROM category_users cu WHERE cu.user_id = (SELECT $1::int) AND cu.category_id = t.category_id AND cu.notification_level = 0))
        """;

    /// <summary>Looked up topic by topic, however many topics the reader has opened in all.</summary>
    const string Relation = "LEFT JOIN LATERAL (SELECT notification_level, cleared_pinned_at FROM topic_users WHERE topic_id = t.id AND user_id = (SELECT $1::int) LIMIT 1) tu ON true";

    const string PinnedHere = """
        t.pinned_at IS NOT NULL AND (t.pinned_until IS NULL OR t.pinned_until > (SELECT $4::timestamp)) AND (t.pinned_globally OR (SELECT $5::bool))
            AND (tu.cleared_pinned_at IS NULL OR tu.cleared_pinned_at < t.pinned_at)
        """;

    /// <summary>A page of the newest activity, what is pinned first, in three parts between which stand how many are read and how many of them are skipped.</summary>
    const string Newest = $"""
        SELECT {Topic.Columns}
        FROM {Topic.From}
        JOIN (
            SELECT x.id, x.pin, x.at
            FROM (
                SELECT t.id, 1 AS pin, t.pinned_at AS at
                FROM topics t
                {Relation}
                WHERE {Shown} AND {PinnedHere}
                UNION ALL
                (SELECT t.id, 0, t.bumped_at
                FROM topics t
                {Relation}
                WHERE {Shown} AND NOT ({PinnedHere})
                ORDER BY t.bumped_at DESC, t.id DESC LIMIT
        """;

    const string NewestOfThem = """
        )
            ) x
            ORDER BY x.pin DESC, x.at DESC, x.id DESC
            LIMIT 31 OFFSET
        """;

    const string NewestInOrder = """
        ) page ON page.id = t.id
        ORDER BY page.pin DESC, page.at DESC, t.id DESC
        """;

    /// <summary>What everyone opens. Its lengths are constants, so that the plan for all values looks up the few and does not join all.</summary>
    const string NewestFirstPage = $"{Newest} 31 {NewestOfThem} 0 {NewestInOrder}";

    const string NewestLaterPage = $"{Newest} $6 {NewestOfThem} $7 {NewestInOrder}";

    /// <summary>Whether <see cref="NewestFirstPage"/> and its like answer it.</summary>
    static bool IsNewest(TopicListQuery query) => query is
    {
        Order: "activity", Ascending: false, PinnedFirst: true, PerPage: 30, Status: null, AllTags: [], AnyTags: [], NotTags: [], MinPosts: null, MaxPosts: null, MinViews: null,
        MaxViews: null, MinLikes: null, MaxLikes: null, CreatedBy: null, CreatedAfter: null, CreatedBefore: null, BumpedAfter: null, BumpedBefore: null, In: null,
        NoDefinitions: false, TitleContains: null,
    };

    const string Pinned = """
        t.pinned_at IS NOT NULL AND (t.pinned_until IS NULL OR t.pinned_until > $23) AND (t.pinned_globally OR $24)
            AND (tu.cleared_pinned_at IS NULL OR tu.cleared_pinned_at < t.pinned_at)
        """;

    static object?[] Arguments(TopicListQuery query, Viewer viewer) =>
    [
        viewer.User.Id, query.Categories, query.Status, query.AllTags, query.AnyTags, query.NotTags, query.MinPosts, query.MaxPosts, query.MinViews,
        query.MaxViews, query.MinLikes, query.MaxLikes, query.CreatedBy, query.CreatedAfter, query.CreatedBefore, query.BumpedAfter, query.BumpedBefore,
        query.In, query.NewSince, query.NoDefinitions, query.HideMuted, query.TitleContains is { } text ? "%" + Like(text) + "%" : null,
        viewer.Now, query.InCategory,
    ];

    static string Like(string text) => text.Replace(@"\", @"\\", StringComparison.Ordinal).Replace("%", @"\%", StringComparison.Ordinal).Replace("_", @"\_", StringComparison.Ordinal);

    /// <summary>A page, and one topic more if there is another page.</summary>
    public async Task<List<Topic>> ListAsync(TopicListQuery query, Viewer viewer, CancellationToken cancellation)
    {
        if (IsNewest(query))
        {
            object?[] first = [viewer.User.Id, query.Categories, query.HideMuted, viewer.Now, query.InCategory];
            // A small category is found by its own index, the whole site by the newest: which it is, only the values tell.
            return query is { InCategory: false, Page: 0 }
                ? await database.ListAsync(NewestFirstPage, Topic.Read, first, cancellation)
                : await database.PlannedEachTime.ListAsync(NewestLaterPage, Topic.Read, [.. first, (query.Page + 1) * query.PerPage + 1, query.Page * query.PerPage], cancellation);
        }

        if (query.Order == "top")
        {
            return await TopAsync(query, viewer, cancellation);
        }

        if (query.Order == "hot")
        {
            return await HotAsync(query, viewer, cancellation);
        }

        List<Topic> pinned = query.PinnedFirst && query.Order == "activity" && !query.Ascending
            ? await database.PlannedEachTime.ListAsync($"""
                SELECT {Topic.Columns}
                FROM {Topic.From}
                WHERE {Filters} AND {Pinned}
                ORDER BY t.pinned_at DESC, t.id DESC
                LIMIT 100
                """, Topic.Read, Arguments(query, viewer), cancellation)
            : [];
        var offset = query.Page * query.PerPage;
        var shown = pinned.Skip(offset).Take(query.PerPage + 1).ToList();
        var room = query.PerPage + 1 - shown.Count;
        if (room <= 0)
            return shown;

        var rest = await database.PlannedEachTime.ListAsync($"""
            SELECT {Topic.Columns}
            FROM {Topic.From}
            WHERE {Filters} AND ($23::timestamp IS NULL OR $24 IS NULL OR true) AND t.id <> ALL($26)
            ORDER BY
                CASE WHEN $25::text = 'activity' AND NOT $27 THEN t.bumped_at END DESC,
                CASE WHEN $25::text = 'activity' AND $27 THEN t.bumped_at END,
                CASE WHEN $25::text = 'created' AND NOT $27 THEN t.created_at END DESC,
                CASE WHEN $25::text = 'created' AND $27 THEN t.created_at END,
                CASE WHEN $27 THEN CASE $25::text WHEN 'views' THEN t.views WHEN 'posts' THEN t.posts_count WHEN 'likes' THEN t.like_count
                    WHEN 'posters' THEN t.participant_count WHEN 'category' THEN t.category_id
                    WHEN 'op_likes' THEN (SELECT op.like_count FROM posts op WHERE op.topic_id = t.id AND op.post_number = 1) END END,
                CASE WHEN NOT $27 THEN CASE $25::text WHEN 'views' THEN t.views WHEN 'posts' THEN t.posts_count WHEN 'likes' THEN t.like_count
                    WHEN 'posters' THEN t.participant_count WHEN 'category' THEN t.category_id
                    WHEN 'op_likes' THEN (SELECT op.like_count FROM posts op WHERE op.topic_id = t.id AND op.post_number = 1) END END DESC,
                CASE WHEN $25::text = 'title' AND NOT $27 THEN lower(t.title) END DESC,
                CASE WHEN $25::text = 'title' AND $27 THEN lower(t.title) END,
                t.id DESC
            LIMIT $28 OFFSET $29
            """, Topic.Read,
            [.. Arguments(query, viewer), query.Order, pinned.Select(topic => topic.Id).ToArray(), query.Ascending, room, Math.Max(0, offset - pinned.Count)],
            cancellation);
        return [.. shown, .. rest];
    }

    /// <summary>Those with a score in the period, the highest first. As long as the forum has no scores, the newest activity.</summary>
    async Task<List<Topic>> TopAsync(TopicListQuery query, Viewer viewer, CancellationToken cancellation)
    {
        var scored = await database.PlannedEachTime.ListAsync($"""
            SELECT {Topic.Columns}
            FROM {Topic.From}
            JOIN top_topics top ON top.topic_id = t.id
            WHERE {Filters} AND ($23::timestamp IS NULL OR $24 IS NULL OR true) AND {Score} > 0
            ORDER BY {Score} DESC, t.id DESC
            LIMIT $26 OFFSET $27
            """, Topic.Read, [.. Arguments(query, viewer), query.Period, query.PerPage + 1, query.Page * query.PerPage], cancellation);
        return scored.Count > 0 || await database.ScalarAsync<bool>("SELECT EXISTS (SELECT FROM top_topics)", [], cancellation)
            ? scored
            : await ListAsync(query with { Order = "activity" }, viewer, cancellation);
    }

    /// <summary>Those that have been rated, the hottest first. As long as the forum has no rates, the newest activity.</summary>
    async Task<List<Topic>> HotAsync(TopicListQuery query, Viewer viewer, CancellationToken cancellation)
    {
        var rated = await database.PlannedEachTime.ListAsync($"""
            SELECT {Topic.Columns}
            FROM {Topic.From}
            JOIN topic_hot_scores hot ON hot.topic_id = t.id
            WHERE {Filters} AND ($23::timestamp IS NULL OR $24 IS NULL OR true)
            ORDER BY hot.score DESC, t.id DESC
            LIMIT $25 OFFSET $26
            """, Topic.Read, [.. Arguments(query, viewer), query.PerPage + 1, query.Page * query.PerPage], cancellation);
        return rated.Count > 0 || await database.ScalarAsync<bool>("SELECT EXISTS (SELECT FROM topic_hot_scores)", [], cancellation)
            ? rated
            : await ListAsync(query with { Order = "activity" }, viewer, cancellation);
    }

    const string Score = """
        CASE $25::text WHEN 'daily' THEN top.daily_score WHEN 'weekly' THEN top.weekly_score WHEN 'monthly' THEN top.monthly_score
            WHEN 'quarterly' THEN top.quarterly_score WHEN 'yearly' THEN top.yearly_score ELSE top.all_score END
        """;

    /// <summary>Up to five other topics to read next: of the same category first, newest activity first.</summary>
    public static List<Topic> Suggested(SqlBatch batch, Viewer viewer, Topic topic) => batch.List($"""
        SELECT {Topic.Columns}
        FROM {Topic.From}
        JOIN (
            SELECT s.id
            FROM topics s
            WHERE s.deleted_at IS NULL AND s.archetype <> 'private_message' AND s.visible AND NOT s.closed AND s.id <> $2 AND s.category_id = ANY($3)
            ORDER BY s.bumped_at DESC
            LIMIT 20
        ) recent ON recent.id = t.id
        WHERE NOT EXISTS (SELECT FROM categories dc WHERE dc.topic_id = t.id)
        ORDER BY (t.category_id = $4) DESC NULLS LAST, t.bumped_at DESC
        LIMIT 5
        """, Topic.Read, [viewer.User.Id, topic.Id, viewer.VisibleCategories, topic.CategoryId ?? 0]);

    /// <summary>Personal messages of a user.</summary>
    /// <param name="box">inbox, sent, archive, new, unread, warnings or group.</param>
    public async Task<List<Topic>> MessagesAsync(Viewer viewer, int userId, string box, int? groupId, int page, int perPage, CancellationToken cancellation) =>
        await database.ListAsync($"""
            SELECT {Topic.Columns}
            FROM {Topic.From}
            WHERE t.deleted_at IS NULL AND t.archetype = 'private_message' AND t.visible
                AND CASE WHEN $4::int IS NOT NULL THEN EXISTS (SELECT FROM topic_allowed_groups a WHERE a.topic_id = t.id AND a.group_id = $4)
                    ELSE EXISTS (SELECT FROM topic_allowed_users a WHERE a.topic_id = t.id AND a.user_id = $2) END
                AND CASE $3::text WHEN 'sent' THEN t.user_id = $2
                    WHEN 'archive' THEN CASE WHEN $4::int IS NOT NULL THEN EXISTS (SELECT FROM group_archived_messages m WHERE m.topic_id = t.id AND m.group_id = $4)
                        ELSE EXISTS (SELECT FROM user_archived_messages m WHERE m.topic_id = t.id AND m.user_id = $2) END
                    WHEN 'new' THEN tu.last_read_post_number IS NULL
                    WHEN 'unread' THEN tu.last_read_post_number < t.highest_post_number AND tu.notification_level >= 2
                    WHEN 'warnings' THEN t.subtype = 'moderator_warning'
                    ELSE CASE WHEN $4::int IS NOT NULL THEN NOT EXISTS (SELECT FROM group_archived_messages m WHERE m.topic_id = t.id AND m.group_id = $4)
                        ELSE NOT EXISTS (SELECT FROM user_archived_messages m WHERE m.topic_id = t.id AND m.user_id = $2) AND (t.user_id <> $2 OR t.posts_count > 1) END END
            ORDER BY t.bumped_at DESC, t.id DESC
            LIMIT $5 OFFSET $6
            """, Topic.Read, [viewer.User.Id, userId, box, groupId, perPage + 1, page * perPage], cancellation);
}
