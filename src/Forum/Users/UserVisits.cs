using Forum.Database;
using Forum.Sessions;
using Forum.Web;

namespace Forum.Users;

/// <summary>Keeps when a member was last here, and on which days; at most once a minute each.</summary>
sealed class UserVisits(ForumDatabase database, Settings.SiteSettings settings, TimeProvider time)
{
    static readonly TimeSpan Often = TimeSpan.FromMinutes(1);

    public async Task SeenAsync(CurrentUser user, HttpContext context, CancellationToken cancellation)
    {
        var now = time.GetUtcNow().UtcDateTime;
        if (user.Id <= 0 || user.LastSeenAt > now - Often)
        {
            return;
        }

        await database.ExecuteAsync("""
            WITH seen AS (
                UPDATE users
                SET last_seen_at = $2, first_seen_at = coalesce(first_seen_at, $2), ip_address = $3::inet,
                    previous_visit_at = CASE WHEN last_seen_at < $2 - make_interval(hours => $4) THEN last_seen_at ELSE previous_visit_at END
                WHERE id = $1 AND (last_seen_at IS NULL OR last_seen_at < $5)
                RETURNING id
            ), visited AS (
                INSERT INTO user_visits (user_id, visited_at)
                SELECT id, $2::date
                FROM seen
                ON CONFLICT (user_id, visited_at) DO NOTHING
                RETURNING user_id
            )
            UPDATE user_stats
            SET days_visited = days_visited + 1
            WHERE user_id IN (SELECT user_id FROM visited)
            """, [user.Id, now, context.ClientIp(), settings.Int("previous_visit_timeout_hours"), now - Often], cancellation);
    }
}
