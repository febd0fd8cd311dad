using Forum.Database;
using Forum.Posts;

namespace Forum.Moderation;

/// <summary>Takes a member's voice, and gives it back.</summary>
sealed class Silencing(SystemMessages messages)
{
    /// <summary>Far enough to be for ever, as upstream stores it.</summary>
    public static DateTime Forever(DateTime now) => now.AddYears(1000);

    /// <summary>By the system, for what it saw; the member learns of it by a message.</summary>
    public async Task SilenceAsync(ForumTransaction sql, int userId, int? postId, string reason, DateTime now, CancellationToken cancellation)
    {
        var changed = await sql.ExecuteAsync("""
            UPDATE users
            SET silenced_till = $2, updated_at = $3
            WHERE id = $1 AND id > 0 AND NOT admin AND NOT coalesce(moderator, false) AND (silenced_till IS NULL OR silenced_till < $3)
            """, [userId, Forever(now), now], cancellation);
        if (changed == 0)
            return;
        await StaffActions.LogAsync(sql, StaffAction.SilenceUser, -1, userId, now, cancellation, new StaffActionDetails { Details = reason, Context = reason, PostId = postId });
        await messages.SendAsync(sql, userId, "Your account is on hold for now",
            $"You can't post until a staff member has looked at this: {reason}\n\nYou can still read, and you will hear from us.", cancellation);
    }

    public static async Task UnsilenceAsync(SqlSession sql, int userId, int actorId, DateTime now, CancellationToken cancellation)
    {
        if (await sql.ExecuteAsync("UPDATE users SET silenced_till = NULL, updated_at = $2 WHERE id = $1 AND silenced_till > $2", [userId, now], cancellation) > 0)
            await StaffActions.LogAsync(sql, StaffAction.UnsilenceUser, actorId, userId, now, cancellation);
    }
}
