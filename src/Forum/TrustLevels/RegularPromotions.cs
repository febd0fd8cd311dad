using Forum.Database;
using Forum.Jobs;
using Forum.Settings;

namespace Forum.TrustLevels;

/// <summary>Once a day: members who earned trust level 3 get it, and those who lost it go back to 2.</summary>
sealed class RegularPromotions(ForumDatabase database, Promotion promotion, SiteSettings settings, TimeProvider time) : IScheduledJob
{
    public string Name => "tl3_promotions";

    public TimeSpan Every => TimeSpan.FromDays(1);

    public async Task RunAsync(CancellationToken cancellation)
    {
        var now = time.GetUtcNow().UtcDateTime;
        var candidates = await database.ListAsync("""
            SELECT u.id, u.trust_level, u.group_locked_trust_level
            FROM users u
            JOIN user_stats s ON s.user_id = u.id
            WHERE u.id > 0 AND u.active AND u.manual_locked_trust_level IS NULL
                AND (u.trust_level = 3 OR (u.trust_level = 2 AND u.last_seen_at > $1 AND s.posts_read_count >= $2 AND s.days_visited >= $3))
            """, row => (Id: row.Int(0), Level: row.Int(1), Granted: row.IntOrNull(2)),
            [now.AddDays(-settings.Int("tl3_time_period")), settings.Int("tl3_requires_posts_read_all_time"), settings.Int("tl3_requires_days_visited")], cancellation);
        if (candidates.Count == 0)
            return;
        var requirements = (await RegularStore.ListAsync(database, [.. candidates.Select(one => one.Id)], settings.Current, now, cancellation)).ToDictionary(one => one.UserId);
        foreach (var (id, level, granted) in candidates)
        {
            var has = requirements[id];
            int? next = level == 2 && has.IsMet ? 3 : level == 3 && granted is not >= 3 && !has.IsOnGracePeriod && has.IsLost ? 2 : null;
            if (next is null)
                continue;
            await using var sql = await database.BeginAsync(cancellation);
            await promotion.ChangeAsync(sql, id, next.Value, null, cancellation);
            await sql.CommitAsync(cancellation);
        }
    }
}
