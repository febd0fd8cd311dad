using Forum.Database;

namespace Forum.Moderation;

/// <summary>Entries of the staff action log; the numbers are those of user_histories.action.</summary>
enum StaffAction
{
    DeleteUser = 1,
    ChangeTrustLevel = 2,
    ChangeSiteSetting = 3,
    SuspendUser = 10,
    UnsuspendUser = 11,
    GrantBadge = 13,
    RevokeBadge = 14,
    AutoTrustLevelChange = 15,
    CheckEmail = 16,
    DeletePost = 17,
    DeleteTopic = 18,
    Impersonate = 19,
    ChangeUsername = 21,
    CustomStaff = 23,
    AnonymizeUser = 24,
    ChangeCategorySettings = 26,
    DeleteCategory = 27,
    CreateCategory = 28,
    SilenceUser = 30,
    UnsilenceUser = 31,
    GrantAdmin = 32,
    RevokeAdmin = 33,
    GrantModeration = 34,
    RevokeModeration = 35,
    BackupCreate = 36,
    RevokeEmail = 38,
    DeactivateUser = 39,
    ActivateUser = 67,
    ApiKeyCreate = 72,
    ApiKeyUpdate = 73,
    ApiKeyDestroy = 74,
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
