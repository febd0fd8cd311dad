using Forum.Database;
using Forum.Jobs;

namespace Forum.MemberDirectory;

/// <summary>Counts what each member did in a period into directory_items.</summary>
sealed class RefreshDirectory(ForumDatabase database, TimeProvider time, string name, TimeSpan every, params (int Period, int Days)[] periods) : IScheduledJob
{
    public string Name => name;

    public TimeSpan Every => every;

    /// <summary>The short periods hourly, the long ones daily.</summary>
    public static IEnumerable<RefreshDirectory> All(ForumDatabase database, TimeProvider time) =>
    [
        new(database, time, "directory_refresh_daily", TimeSpan.FromHours(1), (5, 1)),
        new(database, time, "directory_refresh_older", TimeSpan.FromDays(1), (1, 36500), (2, 365), (3, 30), (4, 7), (6, 90)),
    ];

    public async Task RunAsync(CancellationToken cancellation)
    {
        foreach (var (period, days) in periods)
        {
            var now = time.GetUtcNow().UtcDateTime;
            await using var work = await database.BeginAsync(cancellation);
            await work.ExecuteAsync("DELETE FROM directory_items WHERE period_type = $1", [period], cancellation);
            await work.ExecuteAsync("""
                INSERT INTO directory_items (period_type, user_id, likes_received, likes_given, topics_entered, topic_count, post_count, days_visited, posts_read, created_at, updated_at)
                SELECT $1, u.id, coalesce(a.likes_received, 0), coalesce(a.likes_given, 0), coalesce(e.topics, 0), coalesce(a.topics, 0), coalesce(a.posts, 0),
                    coalesce(v.days, 0), coalesce(v.posts_read, 0), $3, $3
                FROM users u
                LEFT JOIN (
                    SELECT user_id, count(*) FILTER (WHERE action_type = 2) AS likes_received, count(*) FILTER (WHERE action_type = 1) AS likes_given,
                        count(*) FILTER (WHERE action_type = 4) AS topics, count(*) FILTER (WHERE action_type = 5) AS posts
                    FROM user_actions
                    WHERE created_at >= $2
                    GROUP BY user_id) a ON a.user_id = u.id
                LEFT JOIN (SELECT user_id, count(*) AS topics FROM topic_views WHERE viewed_at >= $2::date AND user_id IS NOT NULL GROUP BY user_id) e ON e.user_id = u.id
                LEFT JOIN (SELECT user_id, count(*) AS days, sum(posts_read) AS posts_read FROM user_visits WHERE visited_at >= $2::date GROUP BY user_id) v ON v.user_id = u.id
                WHERE u.id > 0 AND u.active AND NOT u.staged AND (u.silenced_till IS NULL OR u.silenced_till < $3)
                """, [period, now.AddDays(-days), now], cancellation);
            await work.CommitAsync(cancellation);
        }
    }
}
