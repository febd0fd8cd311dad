using Forum.Database;
using Forum.Groups;
using Forum.Moderation;
using Forum.Settings;

namespace Forum.Users;

/// <summary>What staff and commands do to an account: rights, activation, approval.</summary>
sealed class UserAdministration(ForumDatabase database, SiteSettings settings, GroupMembers groups, TimeProvider time)
{
    DateTime Now => time.GetUtcNow().UtcDateTime;

    public async Task GrantAdminAsync(int userId, int actorId, CancellationToken cancellation)
    {
        await using var work = await database.BeginAsync(cancellation);
        await work.ExecuteAsync("""
            UPDATE users
            SET admin = true, trust_level = greatest(trust_level, 1), approved = true, approved_at = coalesce(approved_at, $2),
                approved_by_id = coalesce(approved_by_id, -1), updated_at = $2
            WHERE id = $1
            """, [userId, Now], cancellation);
        await AutomaticGroups.RefreshAsync(work, userId, Now, cancellation);
        await StaffActions.LogAsync(work, StaffAction.GrantAdmin, actorId, userId, Now, cancellation);
        await work.CommitAsync(cancellation);
        if (settings.Bool("has_login_hint"))
        {
            await settings.SetAsync("has_login_hint", "false", cancellation);
            await settings.SetAsync("global_notice", "", cancellation);
        }
    }

    public Task RevokeAdminAsync(int userId, int actorId, CancellationToken cancellation) =>
        ChangeAsync(userId, actorId, StaffAction.RevokeAdmin, "UPDATE users SET admin = false, updated_at = $2 WHERE id = $1", cancellation);

    public Task GrantModerationAsync(int userId, int actorId, CancellationToken cancellation) => ChangeAsync(
        userId, actorId, StaffAction.GrantModeration,
        "UPDATE users SET moderator = true, trust_level = greatest(trust_level, 1), updated_at = $2 WHERE id = $1", cancellation);

    public Task RevokeModerationAsync(int userId, int actorId, CancellationToken cancellation) =>
        ChangeAsync(userId, actorId, StaffAction.RevokeModeration, "UPDATE users SET moderator = false, updated_at = $2 WHERE id = $1", cancellation);

    /// <summary>May sign in from now on; the address counts as confirmed.</summary>
    public async Task ActivateAsync(int userId, CancellationToken cancellation)
    {
        await using var work = await database.BeginAsync(cancellation);
        await ActivateAsync(work, userId, cancellation);
        await work.CommitAsync(cancellation);
    }

    /// <inheritdoc cref="ActivateAsync(int, CancellationToken)"/>
    public async Task ActivateAsync(ForumTransaction sql, int userId, CancellationToken cancellation)
    {
        await sql.ExecuteAsync("UPDATE users SET active = true, updated_at = $2 WHERE id = $1", [userId, Now], cancellation);
        await sql.ExecuteAsync("""
            UPDATE email_tokens
            SET confirmed = true, updated_at = $2
            WHERE user_id = $1 AND NOT confirmed
              AND email = (SELECT email FROM user_emails WHERE user_id = $1 AND "primary")
            """, [userId, Now], cancellation);
        await groups.JoinByEmailAsync(sql, userId, cancellation);
        if (settings.Bool("must_approve_users"))
            await UserReview.AddAsync(sql, userId, Now, cancellation);
    }

    public Task DeactivateAsync(int userId, int actorId, CancellationToken cancellation) =>
        ChangeAsync(userId, actorId, StaffAction.DeactivateUser, "UPDATE users SET active = false, updated_at = $2 WHERE id = $1", cancellation);

    async Task ChangeAsync(
        int userId, int actorId, StaffAction action, [System.Diagnostics.CodeAnalysis.ConstantExpected] string sql, CancellationToken cancellation)
    {
        await using var work = await database.BeginAsync(cancellation);
        await work.ExecuteAsync(sql, [userId, Now], cancellation);
        await AutomaticGroups.RefreshAsync(work, userId, Now, cancellation);
        await StaffActions.LogAsync(work, action, actorId, userId, Now, cancellation);
        await work.CommitAsync(cancellation);
    }
}
