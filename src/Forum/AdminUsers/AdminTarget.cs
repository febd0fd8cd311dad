using Forum.Database;
using Forum.Web;

namespace Forum.AdminUsers;

/// <summary>The member to whom staff do something, and what protects them from it.</summary>
sealed record AdminTarget(string Username, bool IsAdmin, bool IsModerator, DateTime? SuspendedTill, DateTime? SilencedTill, int Posts)
{
    /// <exception cref="RefusedException">404: nobody has the id.</exception>
    public static async Task<AdminTarget> GetAsync(ForumDatabase database, int id, CancellationToken cancellation) => await database.FindAsync("""
        SELECT u.username, u.admin, coalesce(u.moderator, false), u.suspended_till, u.silenced_till, coalesce(s.post_count, 0) + coalesce(s.topic_count, 0)
        FROM users u
        LEFT JOIN user_stats s ON s.user_id = u.id
        WHERE u.id = $1
        """, row => new AdminTarget(row.Text(0), row.Bool(1), row.Bool(2), row.TimeOrNull(3), row.TimeOrNull(4), row.Int(5)), [id], cancellation)
        ?? throw Refused.NotFound();
}
