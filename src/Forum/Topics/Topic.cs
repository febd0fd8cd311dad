using Forum.Database;
using Forum.Viewing;
using Npgsql;

namespace Forum.Topics;

/// <summary>A row of topics, with what one reader has to do with it.</summary>
sealed record Topic
{
    public required int Id { get; init; }

    public required string Title { get; init; }

    public required string FancyTitle { get; init; }

    public required string Slug { get; init; }

    public required DateTime CreatedAt { get; init; }

    public DateTime? LastPostedAt { get; init; }

    public DateTime BumpedAt { get; init; }

    public int Views { get; init; }

    public int PostsCount { get; init; }

    public int ReplyCount { get; init; }

    public int LikeCount { get; init; }

    public int? WordCount { get; init; }

    public int ParticipantCount { get; init; }

    public int HighestPostNumber { get; init; }

    public int HighestStaffPostNumber { get; init; }

    public int UserId { get; init; }

    public int LastPostUserId { get; init; }

    public int? CategoryId { get; init; }

    public bool Visible { get; init; } = true;

    public bool Closed { get; init; }

    public bool Archived { get; init; }

    public string Archetype { get; init; } = "regular";

    public string? Subtype { get; init; }

    public bool HasSummary { get; init; }

    public DateTime? PinnedAt { get; init; }

    public bool PinnedGlobally { get; init; }

    public DateTime? PinnedUntil { get; init; }

    public DateTime? DeletedAt { get; init; }

    public int? DeletedById { get; init; }

    public string? FeaturedLink { get; init; }

    public int SlowModeSeconds { get; init; }

    public string? ExternalId { get; init; }

    public string? ImageUrl { get; init; }

    public string? Excerpt { get; init; }

    public UserBrief Author { get; init; } = UserBrief.Gone;

    public UserBrief LastPoster { get; init; } = UserBrief.Gone;

    /// <summary>Takes part in a message.</summary>
    public IReadOnlyList<int> AllowedUserIds { get; init; } = [];

    public IReadOnlyList<int> AllowedGroupIds { get; init; } = [];

    /// <summary>Each "id:name".</summary>
    public IReadOnlyList<string> TagPairs { get; init; } = [];

    /// <summary>The most frequent posters besides the first and the last.</summary>
    public IReadOnlyList<int> FeaturedUserIds { get; init; } = [];

    /// <summary>The reader's row of topic_users; null when they never opened it.</summary>
    public TopicUser? Mine { get; init; }

    public bool IsMessage => Archetype == "private_message";

    public bool IsDeleted => DeletedAt is not null;

    public IEnumerable<(int Id, string Name)> Tags => TagPairs.Select(pair =>
    {
        var at = pair.IndexOf(':', StringComparison.Ordinal);
        return (int.Parse(pair.AsSpan(0, at), System.Globalization.CultureInfo.InvariantCulture), pair[(at + 1)..]);
    });

    /// <summary>Path without the site's address.</summary>
    public string Url => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"/t/{Slug}/{Id}");

    /// <summary>A pin ends at its time, and for a reader who has unpinned it.</summary>
    public bool IsPinned(DateTime now) =>
        PinnedAt is { } since && !(PinnedUntil < now) && !(Mine?.ClearedPinnedAt > since);

    /// <summary>The columns that <see cref="Read"/> takes, of <see cref="From"/>.</summary>
    public const string Columns = """
        t.id, t.title, t.fancy_title, t.slug, t.created_at, t.last_posted_at, t.bumped_at, t.views, t.posts_count, t.reply_count, t.like_count,
        t.word_count, coalesce(t.participant_count, 1), t.highest_post_number, t.highest_staff_post_number, t.user_id, t.last_post_user_id, t.category_id,
        t.visible, t.closed, t.archived, t.archetype, t.subtype, t.has_summary, t.pinned_at, t.pinned_globally, t.pinned_until, t.deleted_at,
        t.deleted_by_id, t.featured_link, t.slow_mode_seconds, t.external_id, im.url, t.excerpt,
        au.id, au.username, au.name, au.uploaded_avatar_id, lu.id, lu.username, lu.name, lu.uploaded_avatar_id,
        CASE WHEN t.archetype = 'private_message' THEN ARRAY(SELECT a.user_id FROM topic_allowed_users a WHERE a.topic_id = t.id ORDER BY a.id) END,
        CASE WHEN t.archetype = 'private_message' THEN ARRAY(SELECT a.group_id FROM topic_allowed_groups a WHERE a.topic_id = t.id ORDER BY a.id) END,
        ARRAY(SELECT g.id || ':' || g.name FROM topic_tags tt CROSS JOIN LATERAL (SELECT id, name, public_topic_count FROM tags WHERE id = tt.tag_id LIMIT 1) g
            WHERE tt.topic_id = t.id ORDER BY g.public_topic_count DESC, g.name),
        tu.notification_level, tu.posted, tu.last_read_post_number, tu.last_visited_at, tu.cleared_pinned_at, tu.liked, tu.bookmarked,
        tu.notifications_reason_id, tu.total_msecs_viewed, t.featured_user1_id, t.featured_user2_id, t.featured_user3_id, t.featured_user4_id
        """;

    /// <summary>$1 is the reader's id everywhere.</summary>
    public const string From = """
        topics t
        LEFT JOIN users au ON au.id = t.user_id
        LEFT JOIN users lu ON lu.id = t.last_post_user_id
        LEFT JOIN uploads im ON im.id = t.image_upload_id
        LEFT JOIN topic_users tu ON tu.topic_id = t.id AND tu.user_id = $1
        """;

    public static Topic Read(NpgsqlDataReader row) => new()
    {
        Id = row.Int(0),
        Title = row.Text(1),
        FancyTitle = row.TextOrNull(2) ?? Titles.Fancy(row.Text(1)),
        Slug = row.TextOrNull(3) is { Length: > 0 } slug ? slug : "topic",
        CreatedAt = row.Time(4),
        LastPostedAt = row.TimeOrNull(5),
        BumpedAt = row.Time(6),
        Views = row.Int(7),
        PostsCount = row.Int(8),
        ReplyCount = row.Int(9),
        LikeCount = row.Int(10),
        WordCount = row.IntOrNull(11),
        ParticipantCount = row.Int(12),
        HighestPostNumber = row.Int(13),
        HighestStaffPostNumber = row.Int(14),
        UserId = row.IntOrNull(15) ?? -1,
        LastPostUserId = row.Int(16),
        CategoryId = row.IntOrNull(17),
        Visible = row.Bool(18),
        Closed = row.Bool(19),
        Archived = row.Bool(20),
        Archetype = row.Text(21),
        Subtype = row.TextOrNull(22),
        HasSummary = row.Bool(23),
        PinnedAt = row.TimeOrNull(24),
        PinnedGlobally = row.Bool(25),
        PinnedUntil = row.TimeOrNull(26),
        DeletedAt = row.TimeOrNull(27),
        DeletedById = row.IntOrNull(28),
        FeaturedLink = row.TextOrNull(29),
        SlowModeSeconds = row.Int(30),
        ExternalId = row.TextOrNull(31),
        ImageUrl = row.TextOrNull(32),
        Excerpt = row.TextOrNull(33),
        Author = UserBrief.Read(row, 34),
        LastPoster = UserBrief.Read(row, 38),
        AllowedUserIds = row.Ints(42),
        AllowedGroupIds = row.Ints(43),
        TagPairs = row.Texts(44),
        Mine = row.IsDBNull(45) ? null : new TopicUser
        {
            NotificationLevel = row.Int(45),
            Posted = row.Bool(46),
            LastReadPostNumber = row.IntOrNull(47),
            LastVisitedAt = row.TimeOrNull(48),
            ClearedPinnedAt = row.TimeOrNull(49),
            Liked = row.BoolOrNull(50) ?? false,
            Bookmarked = row.BoolOrNull(51) ?? false,
            NotificationsReasonId = row.IntOrNull(52),
            TotalMsecsViewed = row.Int(53),
        },
        FeaturedUserIds = [.. new[] { row.IntOrNull(54), row.IntOrNull(55), row.IntOrNull(56), row.IntOrNull(57) }.OfType<int>()],
    };
}

/// <summary>What a reader has to do with a topic.</summary>
sealed record TopicUser
{
    /// <summary>0 muted, 1 regular, 2 tracking, 3 watching.</summary>
    public int NotificationLevel { get; init; } = 1;

    public bool Posted { get; init; }

    public int? LastReadPostNumber { get; init; }

    public DateTime? LastVisitedAt { get; init; }

    public DateTime? ClearedPinnedAt { get; init; }

    public bool Liked { get; init; }

    public bool Bookmarked { get; init; }

    public int? NotificationsReasonId { get; init; }

    public int TotalMsecsViewed { get; init; }
}
