using Forum.Database;
using Forum.Jobs;
using Forum.Markdown;
using Forum.Settings;
using Forum.Web;

namespace Forum.Mail;

/// <summary>Mails members what they were notified of, if they want it, were not here meanwhile, and have not read it.</summary>
/// <remarks>Two of them run: messages go out at once, the rest after email_time_window_mins, when most have seen it on the forum.</remarks>
sealed class NotificationMail(ForumDatabase database, Mailer mailer, Unsubscribing unsubscribing, SiteSettings settings, BaseUrl baseUrl, TimeProvider time, string name, bool ofMessages)
    : IScheduledJob
{
    /// <summary>The name of the kind of mail, by notification type: mentioned, replied, quoted, message, invited, posted, linked, group mentioned, first post.</summary>
    static readonly Dictionary<int, (string Mail, string What)> Kinds = new()
    {
        [1] = ("user_mentioned", "mentioned you in"), [2] = ("user_replied", "replied to you in"), [3] = ("user_quoted", "quoted you in"), [6] = ("user_private_message", "sent you a message:"),
        [7] = ("user_invited_to_private_message", "invited you to a message:"), [9] = ("user_posted", "posted in"), [11] = ("user_linked", "linked to your post in"),
        [15] = ("group_mentioned", "mentioned your group in"), [17] = ("user_watching_first_post", "started a topic:"),
    };

    static readonly int[] Messages = [6, 7];
    static readonly TimeSpan MessageDelay = TimeSpan.FromSeconds(20);
    const int MostAtOnce = 500;

    public string Name => name;

    public TimeSpan Every => TimeSpan.FromSeconds(ofMessages ? 10 : 60);

    public static IEnumerable<NotificationMail> All(IServiceProvider services) => new[] { ("mail_of_messages", true), ("mail_of_notifications", false) }.Select(kind => new NotificationMail(
        services.GetRequiredService<ForumDatabase>(), services.GetRequiredService<Mailer>(), services.GetRequiredService<Unsubscribing>(), services.GetRequiredService<SiteSettings>(),
        services.GetRequiredService<BaseUrl>(), services.GetRequiredService<TimeProvider>(), kind.Item1, kind.Item2));

    sealed record Row(long Id, int Type, int UserId, string Email, int TopicId, int PostId, int PostNumber, string Title, string Slug, string Author, string Cooked, bool Wanted);

    public async Task RunAsync(CancellationToken cancellation)
    {
        var now = time.GetUtcNow().UtcDateTime;
        var delay = ofMessages ? MessageDelay : TimeSpan.FromMinutes(settings.Int("email_time_window_mins"));
        await using var sql = await database.BeginAsync(cancellation);
        var cursor = await sql.ScalarAsync<long>("SELECT value FROM forum_cursors WHERE name = $1 FOR UPDATE", [name], cancellation);
        var end = await sql.ScalarAsync<long>("""
            SELECT coalesce(max(id), $1)
            FROM (SELECT id FROM notifications WHERE id > $1 AND created_at <= $2 ORDER BY id LIMIT $3) n
            """, [cursor, now - delay, MostAtOnce], cancellation);
        if (end == cursor)
            return;
        int[] types = ofMessages ? Messages : [.. Kinds.Keys.Except(Messages)];
        foreach (var row in await ListAsync(sql, cursor, end, types, now - delay, cancellation))
        {
            if (row.Wanted)
                await SendAsync(sql, row, now, cancellation);
        }

        await sql.ExecuteAsync("UPDATE forum_cursors SET value = $2 WHERE name = $1", [name, end], cancellation);
        await sql.CommitAsync(cancellation);
    }

    /// <summary>Levels: 0 always, 1 when away, 2 never. A message has a level of its own.</summary>
    static Task<List<Row>> ListAsync(SqlSession sql, long after, long upTo, int[] types, DateTime away, CancellationToken cancellation) => sql.ListAsync("""
        SELECT n.id::bigint, n.notification_type, u.id, e.email, t.id, p.id, p.post_number, t.title, coalesce(t.slug, 'topic'), coalesce(a.username, 'system'), p.cooked,
            CASE CASE WHEN t.archetype = 'private_message' THEN o.email_messages_level ELSE o.email_level END
                WHEN 0 THEN true WHEN 1 THEN u.last_seen_at IS NULL OR u.last_seen_at < $4 ELSE false END
        FROM notifications n
        JOIN users u ON u.id = n.user_id AND u.active AND NOT u.staged AND (u.suspended_till IS NULL OR u.suspended_till < now())
        JOIN user_options o ON o.user_id = u.id
        JOIN user_emails e ON e.user_id = u.id AND e."primary"
        JOIN topics t ON t.id = n.topic_id AND t.deleted_at IS NULL
        JOIN posts p ON p.topic_id = t.id AND p.post_number = coalesce(n.post_number, 1) AND p.deleted_at IS NULL AND NOT p.hidden AND NOT p.user_deleted
        LEFT JOIN users a ON a.id = p.user_id
        WHERE n.id > $1 AND n.id <= $2 AND n.notification_type = ANY($3) AND NOT n.read AND p.user_id IS DISTINCT FROM u.id
            AND NOT EXISTS (SELECT FROM email_logs l WHERE l.user_id = u.id AND l.post_id = p.id)
        ORDER BY n.id
        """, row => new Row(row.Long(0), row.Int(1), row.Int(2), row.Text(3), row.Int(4), row.Int(5), row.Int(6), row.Text(7), row.Text(8), row.Text(9), row.Text(10), row.BoolOrNull(11) ?? false),
        [after, upTo, types, away], cancellation);

    async Task SendAsync(ForumTransaction sql, Row row, DateTime now, CancellationToken cancellation)
    {
        var (kind, what) = Kinds[row.Type];
        var url = baseUrl.Absolute($"/t/{row.Slug}/{row.TopicId}/{row.PostNumber}");
        var stop = await unsubscribing.LinkAsync(sql, row.UserId, "topic", row.TopicId, now, cancellation);
        var body = settings.Bool("private_email") ? "" : Excerpt.PlainText(row.Cooked) + "\n\n";
        await mailer.EnqueueAsync(sql, new MailMessage(row.Email, kind, row.UserId, row.PostNumber > 1 ? "Re: " + row.Title : row.Title,
            $"{row.Author} {what} {row.Title}\n\n{body}{url}\n\nYou get this because of your notification settings. To stop mails about this topic:\n\n{stop}", stop), cancellation);
    }
}
