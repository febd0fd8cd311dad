using Npgsql;
using Forum.Database;

namespace Forum.Sessions;

/// <summary>How a request proved who it is from.</summary>
enum Credential
{
    None,
    Cookie,
    ApiKey,
    UserApiKey,
}

/// <summary>
/// Who a request is from, read from the database for that request, so that a grant or a suspension counts at once. A handler
/// takes it as an argument. Nobody is <see cref="Anonymous"/>.
/// </summary>
sealed record CurrentUser
{
    public static readonly CurrentUser Anonymous = new();

    /// <summary>0 for nobody; -1 is the system user.</summary>
    public int Id { get; init; }

    public string Username { get; init; } = "";

    public string? Name { get; init; }

    public bool IsAdmin { get; init; }

    public bool IsModerator { get; init; }

    public int TrustLevel { get; init; }

    public bool IsApproved { get; init; }

    public DateTime? SilencedTill { get; init; }

    public DateTime? LastSeenAt { get; init; }

    public DateTime CreatedAt { get; init; }

    public int? UploadedAvatarId { get; init; }

    public string? Locale { get; init; }

    public string? Title { get; init; }

    public int? PrimaryGroupId { get; init; }

    public int? FlairGroupId { get; init; }

    public int SeenNotificationId { get; init; }

    /// <summary>Ids of the groups that the user is in, with 0, everyone.</summary>
    public IReadOnlyList<int> GroupIds { get; init; } = [0];

    public Credential Credential { get; init; }

    /// <summary>The row of user_auth_tokens, of a browser's session.</summary>
    public int? AuthTokenId { get; init; }

    public bool IsAnonymous => Id == 0;

    public bool IsStaff => IsAdmin || IsModerator;

    /// <summary>The request has an admin's API key, which skips some checks of new users.</summary>
    public bool IsApi => Credential == Credential.ApiKey;

    public bool IsSilenced(DateTime now) => SilencedTill > now;

    /// <summary>Whether the user is in one of the groups of a setting such as create_topic_allowed_groups. Admins and moderators are in 1, 2, 3 by membership.</summary>
    public bool IsInAny(IReadOnlyList<int> groups)
    {
        foreach (var group in groups)
        {
            if (GroupIds.Contains(group))
            {
                return true;
            }
        }

        return false;
    }

    public static ValueTask<CurrentUser?> BindAsync(HttpContext context) => new(context.User());

    /// <summary>The columns that <see cref="Read"/> takes, of users u.</summary>
    public const string Columns = """
        u.id, u.username, u.name, u.admin, coalesce(u.moderator, false), u.trust_level, u.approved, u.silenced_till, u.last_seen_at, u.created_at,
        u.uploaded_avatar_id, u.locale, u.title, u.primary_group_id, u.flair_group_id, u.seen_notification_id::int,
        ARRAY(SELECT gu.group_id FROM group_users gu WHERE gu.user_id = u.id)
        """;

    public const int ColumnCount = 17;

    public static CurrentUser Read(NpgsqlDataReader row) => new()
    {
        Id = row.Int(0),
        Username = row.Text(1),
        Name = row.TextOrNull(2),
        IsAdmin = row.Bool(3),
        IsModerator = row.Bool(4),
        TrustLevel = row.Int(5),
        IsApproved = row.Bool(6),
        SilencedTill = row.TimeOrNull(7),
        LastSeenAt = row.TimeOrNull(8),
        CreatedAt = row.Time(9),
        UploadedAvatarId = row.IntOrNull(10),
        Locale = row.TextOrNull(11),
        Title = row.TextOrNull(12),
        PrimaryGroupId = row.IntOrNull(13),
        FlairGroupId = row.IntOrNull(14),
        SeenNotificationId = row.Int(15),
        GroupIds = [0, .. row.Ints(16)],
    };
}

static class CurrentUsers
{
    /// <summary>Who the request is from; set by <see cref="SessionMiddleware"/>.</summary>
    public static CurrentUser User(this HttpContext context) => context.Features.Get<CurrentUser>() ?? CurrentUser.Anonymous;
}
