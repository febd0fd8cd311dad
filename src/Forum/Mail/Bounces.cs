using Forum.Database;
using Forum.Settings;

namespace Forum.Mail;

/// <summary>Counts mail that a member's mail server will never take, and stops sending to them for a while after too much of it.</summary>
/// <remarks>Source: the setting bounce_score_threshold; user_stats.bounce_score and reset_bounce_score_after; upstream counts 2 for mail that is refused for good.</remarks>
static class Bounces
{
    const double HardBounce = 2;
    const int DaysKept = 30;

    /// <summary>Mail that is sent whatever came back before: without it nobody could get at their account again.</summary>
    static readonly string[] Critical = ["signup", "forgot_password", "email_login", "admin_login", "confirm_new_email", "confirm_old_email", "set_password", "activation"];

    public static async Task CountAsync(SqlSession sql, int? userId, DateTime now, CancellationToken cancellation)
    {
        if (userId is not null)
        {
            await sql.ExecuteAsync("""
                UPDATE user_stats
                SET bounce_score = CASE WHEN reset_bounce_score_after < $3 THEN 0 ELSE bounce_score END + $2, reset_bounce_score_after = $3 + make_interval(days => $4)
                WHERE user_id = $1
                """, [userId, HardBounce, now, DaysKept], cancellation);
        }
    }

    public static async Task<bool> AreTooManyAsync(SqlSession sql, string type, int? userId, SettingValues settings, DateTime now, CancellationToken cancellation) =>
        userId is not null && !Critical.Contains(type) && await sql.ScalarAsync<bool>("""
            SELECT EXISTS (SELECT FROM user_stats WHERE user_id = $1 AND bounce_score >= $2 AND (reset_bounce_score_after IS NULL OR reset_bounce_score_after >= $3))
            """, [userId, (double)settings.Int("bounce_score_threshold"), now], cancellation);

    public static Task<int> ResetAsync(SqlSession sql, int userId, CancellationToken cancellation) =>
        sql.ExecuteAsync("UPDATE user_stats SET bounce_score = 0, reset_bounce_score_after = NULL WHERE user_id = $1", [userId], cancellation);
}
