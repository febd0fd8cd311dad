using System.Globalization;
using System.Text;
using Forum.Database;
using Forum.Jobs;
using Forum.Markdown;
using Forum.Sessions;
using Forum.Settings;
using Forum.Viewing;
using Forum.Web;

namespace Forum.Mail;

/// <summary>A summary by mail of what happened, for members who have not been here for as long as they chose.</summary>
sealed class Digests(ForumDatabase database, Mailer mailer, Viewers viewers, Unsubscribing unsubscribing, SiteSettings settings, BaseUrl baseUrl, TimeProvider time) : IScheduledJob
{
    const int MostAtOnce = 200;

    public string Name => "enqueue_digest_emails";

    public TimeSpan Every => TimeSpan.FromMinutes(30);

    public async Task RunAsync(CancellationToken cancellation)
    {
        if (settings.Bool("disable_digest_emails") || settings.Bool("private_email"))
            return;
        var now = time.GetUtcNow().UtcDateTime;
        var members = await database.ListAsync("""
            SELECT u.id, e.email, greatest(coalesce(u.last_seen_at, u.created_at), $1::timestamp - interval '1 month')
            FROM users u
            JOIN user_options o ON o.user_id = u.id
            JOIN user_stats s ON s.user_id = u.id
            JOIN user_emails e ON e.user_id = u.id AND e."primary"
            WHERE u.id > 0 AND u.active AND NOT u.staged AND o.email_digests AND o.email_level <> 2 AND NOT o.mailing_list_mode AND o.digest_after_minutes > 0
                AND (u.suspended_till IS NULL OR u.suspended_till < $1) AND (NOT $3 OR u.approved)
                AND coalesce(u.last_seen_at, u.created_at) <= $1 - make_interval(mins => o.digest_after_minutes)
                AND coalesce(u.last_seen_at, u.created_at) >= $2
                AND coalesce(u.last_emailed_at, '1970-01-01') <= $1 - make_interval(mins => o.digest_after_minutes)
                AND coalesce(s.digest_attempted_at, '1970-01-01') <= $1 - make_interval(mins => o.digest_after_minutes)
            ORDER BY u.id
            LIMIT $4
            """, row => (Id: row.Int(0), Email: row.Text(1), Since: row.Time(2)),
            [now, now.AddDays(-settings.Int("suppress_digest_email_after_days")), settings.Bool("must_approve_users"), MostAtOnce], cancellation);
        foreach (var (id, email, since) in members)
        {
            await using var sql = await database.BeginAsync(cancellation);
            await sql.ExecuteAsync("UPDATE user_stats SET digest_attempted_at = $2 WHERE user_id = $1", [id, now], cancellation);
            var stop = await unsubscribing.LinkAsync(sql, id, "digest", null, now, cancellation);
            if (await TextAsync(sql, id, since, stop, cancellation) is { } text)
                await mailer.EnqueueAsync(sql, new MailMessage(email, "digest", id, "Summary of what happened", text, stop), cancellation);
            await sql.CommitAsync(cancellation);
        }
    }

    /// <summary>Null when there is nothing to say.</summary>
    async Task<string?> TextAsync(SqlSession sql, int userId, DateTime since, string stop, CancellationToken cancellation)
    {
        var user = await sql.FindAsync($"SELECT {CurrentUser.Columns} FROM users u WHERE u.id = $1", CurrentUser.Read, [userId], cancellation);
        if (user is null)
            return null;
        var viewer = await viewers.AsAsync(user, cancellation);
        var topics = await sql.ListAsync("""
            SELECT t.id, t.title, coalesce(t.slug, 'topic'), t.posts_count, t.like_count, coalesce(p.cooked, '')
            FROM topics t
            LEFT JOIN top_topics x ON x.topic_id = t.id
            LEFT JOIN posts p ON p.topic_id = t.id AND p.post_number = 1
            LEFT JOIN users a ON a.id = t.user_id
            WHERE t.created_at > $1 AND t.deleted_at IS NULL AND t.visible AND t.archetype = 'regular' AND t.category_id = ANY($2) AND t.user_id IS DISTINCT FROM $3
                AND (coalesce(a.trust_level, 0) > 0 OR EXISTS (SELECT FROM user_options o WHERE o.user_id = $3 AND o.include_tl0_in_digests))
                AND NOT EXISTS (SELECT FROM category_users c WHERE c.user_id = $3 AND c.category_id = t.category_id AND c.notification_level = 0)
                AND NOT EXISTS (SELECT FROM topic_users u WHERE u.user_id = $3 AND u.topic_id = t.id AND u.notification_level = 0)
                AND NOT EXISTS (SELECT FROM categories d WHERE d.topic_id = t.id) AND NOT coalesce(p.hidden, false)
            ORDER BY coalesce(x.yearly_score, 0) DESC, t.like_count DESC, t.id DESC
            LIMIT $4
            """, row => (Id: row.Int(0), Title: row.Text(1), Slug: row.Text(2), Posts: row.Int(3), Likes: row.Int(4), Cooked: row.Text(5)),
            [since, viewer.VisibleCategories, userId, settings.Int("digest_topics")], cancellation);
        if (topics.Count == 0)
            return null;
        var unread = await sql.ScalarAsync<int>("SELECT count(*)::int FROM notifications WHERE user_id = $1 AND NOT read", [userId], cancellation);
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"This is what happened on {settings.Text("title")} since your last visit on {since:yyyy-MM-dd}.\n\n");
        if (unread > 0)
            text.Append(CultureInfo.InvariantCulture, $"You have {unread} unread notifications.\n\n");
        foreach (var topic in topics)
        {
            var plain = Excerpt.PlainText(topic.Cooked);
            text.Append(CultureInfo.InvariantCulture, $"{topic.Title} ({topic.Posts} posts, {topic.Likes} likes)\n{(plain.Length > 200 ? plain[..200] + "…" : plain)}\n\n{baseUrl.Absolute($"/t/{topic.Slug}/{topic.Id}")}\n\n");
        }

        text.Append(CultureInfo.InvariantCulture, $"To stop these summaries:\n\n{stop}");
        return text.ToString();
    }
}
