using System.Text.Json.Nodes;
using Forum.Database;
using Forum.Users;

namespace Forum.Moderation;

/// <summary>New members who wait to be let in, when must_approve_users is on.</summary>
sealed class UserReview(AccountMail mail)
{
    /// <summary>Puts a member who confirmed their address into the queue, unless they are in already.</summary>
    public static async Task AddAsync(SqlSession sql, int userId, DateTime now, CancellationToken cancellation)
    {
        var payload = await sql.FindAsync("""
            SELECT u.username, u.name, e.email, p.bio_raw, p.website
            FROM users u
            LEFT JOIN user_emails e ON e.user_id = u.id AND e."primary"
            LEFT JOIN user_profiles p ON p.user_id = u.id
            WHERE u.id = $1 AND u.id > 0 AND NOT u.approved AND NOT u.staged
            """, row => new JsonObject { ["username"] = row.Text(0), ["name"] = row.TextOrNull(1), ["email"] = row.TextOrNull(2), ["bio"] = row.TextOrNull(3), ["website"] = row.TextOrNull(4) },
            [userId], cancellation);
        if (payload is null)
            return;
        var added = await ReviewableStore.AddAsync(sql, new Reviewable
        {
            Id = 0,
            Type = Reviewable.NewUser,
            CreatedById = -1,
            TargetId = userId,
            TargetType = "User",
            TargetCreatedById = userId,
            Payload = payload,
        }, now, cancellation);
        if (added.Score == 0)
            await ReviewableStore.AddScoreAsync(sql, added.Id, new NewScore(-1, NewScore.NeedsApproval, FlagScores.Of(4, true, 0, false)) { Reason = "must_approve_users" }, now, cancellation);
    }

    public async Task ApproveAsync(SqlSession sql, int userId, int actorId, bool sendMail, DateTime now, CancellationToken cancellation)
    {
        var email = await sql.ScalarAsync<string>("""
            UPDATE users u
            SET approved = true, approved_at = coalesce(approved_at, $2), approved_by_id = coalesce(approved_by_id, $3), updated_at = $2
            FROM user_emails e
            WHERE u.id = $1 AND e.user_id = u.id AND e."primary"
            RETURNING e.email
            """, [userId, now, actorId], cancellation);
        if (await ReviewableStore.OfTargetAsync(sql, Reviewable.NewUser, userId, cancellation) is { IsPending: true } waiting)
            await ReviewableStore.TransitionAsync(sql, waiting, ReviewableStatus.Approved, actorId, now, cancellation);
        await StaffActions.LogAsync(sql, StaffAction.ApproveUser, actorId, userId, now, cancellation);
        if (email is not null && sendMail)
            await mail.ApprovedAsync(sql, userId, email, cancellation);
    }
}
