using Forum.Database;
using Forum.Settings;
using Forum.Uploads;

namespace Forum.Jobs;

/// <summary>Once a day: throws away what nobody needs any more, as upstream's daily jobs do.</summary>
sealed class CleanUp(ForumDatabase database, SiteSettings settings, OrphanUploads uploads, TimeProvider time) : IScheduledJob
{
    public string Name => "clean_up";

    public TimeSpan Every => TimeSpan.FromDays(1);

    public async Task RunAsync(CancellationToken cancellation)
    {
        var now = time.GetUtcNow().UtcDateTime;
        await DraftsAsync(now, cancellation);
        await TokensAsync(now, cancellation);
        await NotificationsAsync(cancellation);
        await LogsAsync(now, cancellation);
        await PeopleAsync(now, cancellation);
        if (settings.Bool("clean_up_uploads"))
            await uploads.RemoveAsync(now, cancellation);
        await PostScoresAsync(now, cancellation);
    }

    Task<int> DraftsAsync(DateTime now, CancellationToken cancellation) => database.ExecuteAsync("""
        WITH gone AS (DELETE FROM drafts WHERE updated_at < $1 RETURNING user_id)
        UPDATE user_stats s
        SET draft_count = (SELECT count(*) FROM drafts d WHERE d.user_id = s.user_id AND d.updated_at >= $1)
        WHERE s.user_id IN (SELECT user_id FROM gone)
        """, [now.AddDays(-settings.Int("delete_drafts_older_than_n_days"))], cancellation);

    async Task TokensAsync(DateTime now, CancellationToken cancellation)
    {
        await database.ExecuteAsync("DELETE FROM user_auth_tokens WHERE rotated_at < $1", [now.AddHours(-settings.Int("maximum_session_age"))], cancellation);
        await database.ExecuteAsync("DELETE FROM user_auth_token_logs WHERE created_at < $1", [now.AddDays(-60)], cancellation);
        await database.ExecuteAsync("DELETE FROM email_tokens WHERE NOT confirmed AND created_at < $1", [now.AddDays(-60)], cancellation);
        await database.ExecuteAsync("DELETE FROM unsubscribe_keys WHERE created_at < $1", [now.AddMonths(-2)], cancellation);
        await database.ExecuteAsync("""
            UPDATE api_keys SET revoked_at = $2, updated_at = $2
            WHERE revoked_at IS NULL AND coalesce(last_used_at, created_at) < $1
            """, [now.AddDays(-settings.Int("revoke_api_keys_unused_days")), now], cancellation);
        await database.ExecuteAsync("UPDATE invites SET deleted_at = $2 WHERE deleted_at IS NULL AND expires_at < $1 AND redemption_count = 0", [now.AddMonths(-6), now], cancellation);
    }

    /// <summary>The newest so many of each member stay.</summary>
    Task<int> NotificationsAsync(CancellationToken cancellation) => database.ExecuteAsync("""
        DELETE FROM notifications n
        USING (
            SELECT u.id AS user_id, (SELECT o.id FROM notifications o WHERE o.user_id = u.id ORDER BY o.id DESC OFFSET $1 LIMIT 1) AS last
            FROM users u
            WHERE (SELECT count(*) FROM notifications c WHERE c.user_id = u.id) > $1
        ) x
        WHERE n.user_id = x.user_id AND n.id <= x.last
        """, [settings.Int("max_notifications_per_user")], cancellation);

    async Task LogsAsync(DateTime now, CancellationToken cancellation)
    {
        var mails = now.AddDays(-settings.Int("delete_email_logs_after_days"));
        await database.ExecuteAsync("DELETE FROM email_logs WHERE created_at < $1", [mails], cancellation);
        await database.ExecuteAsync("DELETE FROM skipped_email_logs WHERE created_at < $1", [mails], cancellation);
        await database.ExecuteAsync("DELETE FROM search_logs WHERE created_at < $1", [now.AddYears(-1)], cancellation);
        await database.ExecuteAsync("DELETE FROM forum_jobs WHERE dead_at < $1", [now.AddMonths(-6)], cancellation);
        await database.ExecuteAsync("DELETE FROM ignored_users WHERE expiring_at < $1", [now], cancellation);
        await database.ExecuteAsync("DELETE FROM user_statuses WHERE ends_at < $1", [now], cancellation);
        await database.ExecuteAsync("UPDATE topics SET pinned_at = NULL, pinned_until = NULL, pinned_globally = false WHERE pinned_at IS NOT NULL AND pinned_until < $1", [now], cancellation);
    }

    /// <summary>Accounts whose address was never confirmed, and that left nothing.</summary>
    Task<int> PeopleAsync(DateTime now, CancellationToken cancellation)
    {
        var days = settings.Int("purge_unactivated_users_grace_period_days");
        return days < 1 ? Task.FromResult(0) : database.ExecuteAsync("""
            WITH gone AS (
                DELETE FROM users u
                WHERE NOT u.active AND NOT u.staged AND NOT u.admin AND NOT coalesce(u.moderator, false) AND u.id > 0 AND u.created_at < $1 AND u.last_seen_at IS NULL
                    AND NOT EXISTS (SELECT FROM posts p WHERE p.user_id = u.id) AND NOT EXISTS (SELECT FROM topic_allowed_users a WHERE a.user_id = u.id)
                    AND NOT EXISTS (SELECT FROM email_tokens t WHERE t.user_id = u.id AND t.confirmed)
                RETURNING u.id
            ), a AS (DELETE FROM user_emails WHERE user_id IN (SELECT id FROM gone)), b AS (DELETE FROM user_stats WHERE user_id IN (SELECT id FROM gone)),
                c AS (DELETE FROM user_options WHERE user_id IN (SELECT id FROM gone)), d AS (DELETE FROM user_profiles WHERE user_id IN (SELECT id FROM gone)),
                e AS (DELETE FROM user_search_data WHERE user_id IN (SELECT id FROM gone)), f AS (DELETE FROM email_tokens WHERE user_id IN (SELECT id FROM gone)),
                g AS (DELETE FROM user_passwords WHERE user_id IN (SELECT id FROM gone)), i AS (DELETE FROM reviewables WHERE target_type = 'User' AND target_id IN (SELECT id FROM gone)),
                j AS (DELETE FROM group_users WHERE user_id IN (SELECT id FROM gone) RETURNING group_id)
            UPDATE groups g SET user_count = greatest(0, g.user_count - x.left)
            FROM (SELECT group_id, count(*) AS left FROM j GROUP BY group_id) x
            WHERE x.group_id = g.id
            """, [now.AddDays(-days)], cancellation);
    }

    /// <summary>Scores of posts written or changed lately, and where they stand in their topics: a summary is made of them.</summary>
    Task<int> PostScoresAsync(DateTime now, CancellationToken cancellation) => database.ExecuteAsync("""
        WITH active AS (SELECT id FROM topics WHERE bumped_at > $1 AND deleted_at IS NULL),
        ranked AS (
            SELECT p.id, p.reply_count * 5 + p.like_score * 15 + p.incoming_link_count * 5 + p.bookmark_count * 2 + p.reads * 0.2 AS score,
                percent_rank() OVER (PARTITION BY p.topic_id ORDER BY p.reply_count * 5 + p.like_score * 15 + p.incoming_link_count * 5 + p.bookmark_count * 2 + p.reads * 0.2 DESC) AS rank
            FROM posts p
            JOIN active a ON a.id = p.topic_id
            WHERE p.deleted_at IS NULL
        )
        UPDATE posts p
        SET score = r.score, percent_rank = r.rank
        FROM ranked r
        WHERE r.id = p.id AND (p.score IS DISTINCT FROM r.score OR p.percent_rank IS DISTINCT FROM r.rank)
        """, [now.AddDays(-7)], cancellation);
}
