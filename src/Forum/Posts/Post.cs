using Forum.Database;
using Forum.Viewing;
using Npgsql;

namespace Forum.Posts;

enum PostType
{
    Regular = 1,
    ModeratorAction = 2,
    SmallAction = 3,
    Whisper = 4,
}

/// <summary>A row of posts with its author.</summary>
sealed record Post
{
    public required int Id { get; init; }

    public required int TopicId { get; init; }

    public required int PostNumber { get; init; }

    public required string Raw { get; init; }

    public required string Cooked { get; init; }

    public int UserId { get; init; }

    public required DateTime CreatedAt { get; init; }

    public DateTime UpdatedAt { get; init; }

    public PostType Type { get; init; } = PostType.Regular;

    public int? ReplyToPostNumber { get; init; }

    public int ReplyCount { get; init; }

    public int QuoteCount { get; init; }

    public int IncomingLinkCount { get; init; }

    public int Reads { get; init; }

    public double Score { get; init; }

    public int LikeCount { get; init; }

    public int Version { get; init; } = 1;

    public int PublicVersion { get; init; } = 1;

    public DateTime LastVersionAt { get; init; }

    public int? LastEditorId { get; init; }

    public bool Hidden { get; init; }

    public DateTime? DeletedAt { get; init; }

    public int? DeletedById { get; init; }

    public bool UserDeleted { get; init; }

    public string? EditReason { get; init; }

    public bool Wiki { get; init; }

    public string? ActionCode { get; init; }

    public int? LockedById { get; init; }

    public UserBrief Author { get; init; } = UserBrief.Gone;

    public bool AuthorIsAdmin { get; init; }

    public bool AuthorIsModerator { get; init; }

    public int AuthorTrustLevel { get; init; }

    public string? AuthorTitle { get; init; }

    public string? PrimaryGroupName { get; init; }

    public int? FlairGroupId { get; init; }

    public string? FlairName { get; init; }

    public string? FlairIcon { get; init; }

    public string? FlairBackground { get; init; }

    public string? FlairColor { get; init; }

    public UserBrief? ReplyToUser { get; init; }

    public string? ActionCodeWho { get; init; }

    public bool HasPolls { get; init; }

    public bool IsDeleted => DeletedAt is not null;

    /// <summary>The columns that <see cref="Read"/> takes, of <see cref="From"/>.</summary>
    public const string Columns = """
        p.id, p.topic_id, p.post_number, p.raw, p.cooked, p.user_id, p.created_at, p.updated_at, p.post_type, p.reply_to_post_number, p.reply_count,
        p.quote_count, p.incoming_link_count, p.reads, p.score, p.like_count, p.version, p.public_version, p.last_version_at, p.last_editor_id, p.hidden,
        p.deleted_at, p.deleted_by_id, p.user_deleted, p.edit_reason, p.wiki, p.action_code, p.locked_by_id,
        u.id, u.username, u.name, u.uploaded_avatar_id, coalesce(u.admin, false), coalesce(u.moderator, false), coalesce(u.trust_level, 0), u.title, pg.name,
        fg.id, fg.name, fg.flair_icon, fg.flair_bg_color, fg.flair_color, ru.id, ru.username, ru.name, ru.uploaded_avatar_id,
        (SELECT f.value FROM post_custom_fields f WHERE f.post_id = p.id AND f.name = 'action_code_who' LIMIT 1),
        EXISTS (SELECT FROM polls po WHERE po.post_id = p.id)
        """;

    public const string From = """
        posts p
        LEFT JOIN users u ON u.id = p.user_id
        LEFT JOIN groups pg ON pg.id = u.primary_group_id
        LEFT JOIN groups fg ON fg.id = u.flair_group_id
        LEFT JOIN users ru ON ru.id = p.reply_to_user_id
        """;

    public static Post Read(NpgsqlDataReader row) => new()
    {
        Id = row.Int(0),
        TopicId = row.Int(1),
        PostNumber = row.Int(2),
        Raw = row.Text(3),
        Cooked = row.Text(4),
        UserId = row.IntOrNull(5) ?? -1,
        CreatedAt = row.Time(6),
        UpdatedAt = row.Time(7),
        Type = (PostType)row.Int(8),
        ReplyToPostNumber = row.IntOrNull(9),
        ReplyCount = row.Int(10),
        QuoteCount = row.Int(11),
        IncomingLinkCount = row.Int(12),
        Reads = row.Int(13),
        Score = row.NumberOrNull(14) ?? 0,
        LikeCount = row.Int(15),
        Version = row.Int(16),
        PublicVersion = row.Int(17),
        LastVersionAt = row.Time(18),
        LastEditorId = row.IntOrNull(19),
        Hidden = row.Bool(20),
        DeletedAt = row.TimeOrNull(21),
        DeletedById = row.IntOrNull(22),
        UserDeleted = row.Bool(23),
        EditReason = row.TextOrNull(24),
        Wiki = row.Bool(25),
        ActionCode = row.TextOrNull(26),
        LockedById = row.IntOrNull(27),
        Author = UserBrief.Read(row, 28),
        AuthorIsAdmin = row.Bool(32),
        AuthorIsModerator = row.Bool(33),
        AuthorTrustLevel = row.Int(34),
        AuthorTitle = row.TextOrNull(35),
        PrimaryGroupName = row.TextOrNull(36),
        FlairGroupId = row.IntOrNull(37),
        FlairName = row.TextOrNull(38),
        FlairIcon = row.TextOrNull(39),
        FlairBackground = row.TextOrNull(40),
        FlairColor = row.TextOrNull(41),
        ReplyToUser = row.IsDBNull(42) ? null : UserBrief.Read(row, 42),
        ActionCodeWho = row.TextOrNull(46),
        HasPolls = row.Bool(47),
    };
}
