using Forum.Database;

namespace Forum.Moderation;

/// <summary>Entries of the staff action log; the numbers are those of user_histories.action.</summary>
enum StaffAction
{
    DeleteUser = 1,
    ChangeTrustLevel = 2,
    ChangeSiteSetting = 3,
    ChangeTheme = 4,
    DeleteTheme = 5,
    SuspendUser = 10,
    UnsuspendUser = 11,
    GrantBadge = 13,
    RevokeBadge = 14,
    AutoTrustLevelChange = 15,
    CheckEmail = 16,
    DeletePost = 17,
    DeleteTopic = 18,
    Impersonate = 19,
    RollUp = 20,
    ChangeUsername = 21,
    Custom = 22,
    CustomStaff = 23,
    AnonymizeUser = 24,
    ReviewedPost = 25,
    ChangeCategorySettings = 26,
    DeleteCategory = 27,
    CreateCategory = 28,
    ChangeSiteText = 29,
    SilenceUser = 30,
    UnsilenceUser = 31,
    GrantAdmin = 32,
    RevokeAdmin = 33,
    GrantModeration = 34,
    RevokeModeration = 35,
    BackupCreate = 36,
    RevokeEmail = 38,
    DeactivateUser = 39,
    LockTrustLevel = 41,
    UnlockTrustLevel = 42,
    ActivateUser = 43,
    ChangeReadonlyMode = 44,
    BackupDownload = 45,
    BackupDestroy = 46,
    ChangeName = 48,
    PostLocked = 49,
    PostUnlocked = 50,
    CheckPersonalMessage = 51,
    DisabledSecondFactor = 52,
    PostEdit = 53,
    TopicPublished = 54,
    RecoverTopic = 55,
    PostApproved = 56,
    CreateBadge = 57,
    ChangeBadge = 58,
    DeleteBadge = 59,
    PostRejected = 64,
    MergeUser = 65,
    EntityExport = 66,
    ChangePassword = 67,
    TopicTimestampsChanged = 68,
    ApproveUser = 69,
    WebHookCreate = 70,
    WebHookUpdate = 71,
    WebHookDestroy = 72,
    ApiKeyCreate = 80,
    ApiKeyUpdate = 81,
    ApiKeyDestroy = 82,
    RevokeTitle = 83,
    ChangeTitle = 84,
    TopicClosed = 91,
    TopicOpened = 92,
    TopicArchived = 93,
    TopicUnarchived = 94,
    WatchedWordCreate = 97,
    WatchedWordDestroy = 98,
    DeleteGroup = 99,
    TopicSlowModeSet = 110,
    TopicSlowModeRemoved = 111,
    DeletePostPermanently = 114,
    DeleteTopicPermanently = 115,
    TagGroupCreate = 116,
    TagGroupDestroy = 117,
    TagGroupChange = 118,
}

/// <summary>More of an entry than who did what to whom.</summary>
sealed record StaffActionDetails
{
    public string? Details { get; init; }

    public string? Context { get; init; }

    public string? Subject { get; init; }

    public string? PreviousValue { get; init; }

    public string? NewValue { get; init; }

    public int? TopicId { get; init; }

    public int? PostId { get; init; }

    public int? CategoryId { get; init; }

    public string? CustomType { get; init; }

    public bool IsAdminOnly { get; init; }
}

/// <summary>The staff action log.</summary>
static class StaffActions
{
    public static Task LogAsync(SqlSession sql, StaffAction action, int? actorId, int? targetUserId, DateTime now, CancellationToken cancellation, StaffActionDetails? more = null) =>
        sql.ExecuteAsync("""
            INSERT INTO user_histories (action, acting_user_id, target_user_id, details, context, subject, previous_value, new_value,
                topic_id, post_id, category_id, custom_type, admin_only, created_at, updated_at)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $14)
            """,
            [
                (int)action, actorId, targetUserId, more?.Details, more?.Context, more?.Subject, more?.PreviousValue, more?.NewValue,
                more?.TopicId, more?.PostId, more?.CategoryId, more?.CustomType, more?.IsAdminOnly ?? false, now,
            ], cancellation);
}
