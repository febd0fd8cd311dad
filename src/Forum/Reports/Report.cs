using System.Diagnostics.CodeAnalysis;
using Forum.Database;

namespace Forum.Reports;

/// <summary>Something that is counted by day.</summary>
/// <param name="Type">Its name in addresses.</param>
/// <param name="Title">For people.</param>
/// <param name="Description">What is counted.</param>
/// <param name="RowsAsync">Counts by day, from a moment to another; days without any are left out.</param>
/// <param name="HigherIsBetter">False for flags and the like.</param>
sealed record Report(string Type, string Title, string Description, Func<SqlSession, DateTime, DateTime, CancellationToken, Task<List<(DateOnly Day, long Count)>>> RowsAsync, bool HigherIsBetter = true)
{
    /// <summary>The reports that there are. Each looks at the rows of the days that it is asked for, and at no others.</summary>
    public static IReadOnlyList<Report> All { get; } =
    [
        new("signups", "Signups", "New account registrations for this period.", (sql, from, to, cancellation) => DaysAsync(sql, """
            SELECT created_at::date, count(*)
            FROM users
            WHERE id > 0 AND NOT staged AND created_at >= $1 AND created_at < $2
            GROUP BY 1
            ORDER BY 1
            """, from, to, cancellation)),
        new("topics", "Topics", "New topics created during this period.", (sql, from, to, cancellation) => DaysAsync(sql, """
            SELECT created_at::date, count(*)
            FROM topics
            WHERE archetype = 'regular' AND deleted_at IS NULL AND created_at >= $1 AND created_at < $2
            GROUP BY 1
            ORDER BY 1
            """, from, to, cancellation)),
        new("posts", "Posts", "New posts created during this period.", (sql, from, to, cancellation) => DaysAsync(sql, """
            SELECT p.created_at::date, count(*)
            FROM posts p
            JOIN topics t ON t.id = p.topic_id AND t.archetype = 'regular' AND t.deleted_at IS NULL
            WHERE p.deleted_at IS NULL AND p.post_type = 1 AND p.created_at >= $1 AND p.created_at < $2
            GROUP BY 1
            ORDER BY 1
            """, from, to, cancellation)),
        new("likes", "Likes", "Number of new likes.", (sql, from, to, cancellation) => ActionsAsync(sql, [2], from, to, cancellation)),
        new("flags", "Flags", "Number of new flags.", (sql, from, to, cancellation) => ActionsAsync(sql, [3, 4, 7, 8, 10], from, to, cancellation), HigherIsBetter: false),
        new("bookmarks", "Bookmarks", "Number of new topics and posts bookmarked.", (sql, from, to, cancellation) => DaysAsync(sql, """
            SELECT created_at::date, count(*)
            FROM bookmarks
            WHERE created_at >= $1 AND created_at < $2
            GROUP BY 1
            ORDER BY 1
            """, from, to, cancellation)),
        new("visits", "User Visits", "Number of all user visits.", (sql, from, to, cancellation) => DaysAsync(sql, """
            SELECT visited_at, count(*)
            FROM user_visits
            WHERE visited_at >= $1::date AND visited_at < $2::date
            GROUP BY 1
            ORDER BY 1
            """, from, to, cancellation)),
        new("daily_engaged_users", "Daily Engaged Users", "Number of users that have liked or posted in the last day.", (sql, from, to, cancellation) => DaysAsync(sql, """
            SELECT created_at::date, count(DISTINCT acting_user_id)
            FROM user_actions
            WHERE action_type IN (1, 4, 5) AND created_at >= $1 AND created_at < $2
            GROUP BY 1
            ORDER BY 1
            """, from, to, cancellation)),
        new("new_contributors", "New Contributors", "Number of users who made their first post during this period.", (sql, from, to, cancellation) => DaysAsync(sql, """
            SELECT first_post_created_at::date, count(*)
            FROM user_stats
            WHERE first_post_created_at >= $1 AND first_post_created_at < $2
            GROUP BY 1
            ORDER BY 1
            """, from, to, cancellation)),
        new("page_view_total_reqs", "Pageviews", "Number of new pageviews from all visitors.", (sql, from, to, cancellation) => ViewsAsync(sql, [6, 7, 8], from, to, cancellation)),
        new("page_view_crawler_reqs", "Web Crawler Pageviews", "Total pageviews from web crawlers over time.", (sql, from, to, cancellation) => ViewsAsync(sql, [6], from, to, cancellation)),
        new("page_view_logged_in_reqs", "Logged In Pageviews", "Number of new pageviews from logged in users.", (sql, from, to, cancellation) => ViewsAsync(sql, [7], from, to, cancellation)),
        new("page_view_anon_reqs", "Anonymous Pageviews", "Number of new pageviews by visitors not logged in to an account.", (sql, from, to, cancellation) => ViewsAsync(sql, [8], from, to, cancellation)),
        new("topic_view_stats", "Topic Views", "Number of topics that were read for the first time, by reader and day.", (sql, from, to, cancellation) => DaysAsync(sql, """
            SELECT viewed_at, count(*)
            FROM topic_views
            WHERE viewed_at >= $1::date AND viewed_at < $2::date
            GROUP BY 1
            ORDER BY 1
            """, from, to, cancellation)),
        new("user_to_user_private_messages", "User-to-User (excluding replies)", "Number of newly initiated personal messages.", (sql, from, to, cancellation) => DaysAsync(sql, """
            SELECT created_at::date, count(*)
            FROM topics
            WHERE archetype = 'private_message' AND subtype = 'user_to_user' AND deleted_at IS NULL AND created_at >= $1 AND created_at < $2
            GROUP BY 1
            ORDER BY 1
            """, from, to, cancellation)),
        new("emails", "Emails Sent", "Number of new emails sent.", (sql, from, to, cancellation) => DaysAsync(sql, """
            SELECT created_at::date, count(*)
            FROM email_logs
            WHERE created_at >= $1 AND created_at < $2
            GROUP BY 1
            ORDER BY 1
            """, from, to, cancellation)),
    ];

    static Task<List<(DateOnly Day, long Count)>> DaysAsync(SqlSession sql, [ConstantExpected] string text, DateTime from, DateTime to, CancellationToken cancellation) =>
        sql.ListAsync(text, row => (row.GetFieldValue<DateOnly>(0), row.Long(1)), [from, to], cancellation);

    static Task<List<(DateOnly Day, long Count)>> ActionsAsync(SqlSession sql, int[] types, DateTime from, DateTime to, CancellationToken cancellation) => sql.ListAsync("""
        SELECT created_at::date, count(*)
        FROM post_actions
        WHERE post_action_type_id = ANY($3) AND deleted_at IS NULL AND created_at >= $1 AND created_at < $2
        GROUP BY 1
        ORDER BY 1
        """, row => (row.GetFieldValue<DateOnly>(0), row.Long(1)), [from, to, types], cancellation);

    /// <summary>The numbers are those of application_requests.req_type.</summary>
    static Task<List<(DateOnly Day, long Count)>> ViewsAsync(SqlSession sql, int[] types, DateTime from, DateTime to, CancellationToken cancellation) => sql.ListAsync("""
        SELECT date, sum(count)::bigint
        FROM application_requests
        WHERE req_type = ANY($3) AND date >= $1::date AND date < $2::date
        GROUP BY 1
        ORDER BY 1
        """, row => (row.GetFieldValue<DateOnly>(0), row.Long(1)), [from, to, types], cancellation);
}
