using Forum.Database;
using Forum.Jobs;

namespace Forum.Badges;

/// <summary>Finds who has earned the badges that come with the forum: often for what happened lately, once a day for all time.</summary>
/// <remarks>The figures are those of upstream's badges: lib/badge_queries.rb.</remarks>
sealed class BadgeGrants(ForumDatabase database, TimeProvider time, string name, TimeSpan every, TimeSpan? window) : IScheduledJob
{
    public string Name => name;

    public TimeSpan Every => every;

    public static IEnumerable<BadgeGrants> All(ForumDatabase database, TimeProvider time) =>
    [
        new(database, time, "update_badges", TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(30)),
        new(database, time, "badge_grant", TimeSpan.FromDays(1), null),
    ];

    public async Task RunAsync(CancellationToken cancellation)
    {
        var now = time.GetUtcNow().UtcDateTime;
        var since = await SinceAsync(window is { } lately ? now - lately : DateTime.UnixEpoch, cancellation);
        await GrantAsync(await FirstsAsync(since, cancellation), now, cancellation);
        await GrantAsync(await LikedAsync(since, cancellation), now, cancellation);
        if (window is not null)
            return;
        await GrantAsync(await OverTimeAsync(now, cancellation), now, cancellation);
        await TrustLevelsAsync(now, cancellation);
    }

    async Task GrantAsync(List<EarnedBadge> earned, DateTime now, CancellationToken cancellation)
    {
        await using var sql = await database.BeginAsync(cancellation);
        await BadgeGranter.GrantAsync(sql, earned, now, cancellation);
        await sql.CommitAsync(cancellation);
    }

    /// <summary>Where the window begins, also as the newest ids before it: these tables have no index by time, and their ids grow with it.</summary>
    sealed record Since(DateTime At, int Action, int Revision);

    async Task<Since> SinceAsync(DateTime at, CancellationToken cancellation) => (await database.FindAsync("""
        SELECT (SELECT id FROM post_actions WHERE created_at < $1 ORDER BY id DESC LIMIT 1), (SELECT id FROM post_revisions WHERE created_at < $1 ORDER BY id DESC LIMIT 1)
        """, row => new Since(at, row.IntOrNull(0) ?? 0, row.IntOrNull(1) ?? 0), [at], cancellation))!;

    static EarnedBadge Read(Npgsql.NpgsqlDataReader row) => new(row.Int(0), row.Int(1), row.IntOrNull(2));

    /// <summary>Things done or had for the first time: liked 5 and 11, edited 10, flagged 13, linked 14, quoted 15, mentioned 40, emoji 41, onebox 42, wiki 48, guidelines 16, profile 9.</summary>
    Task<List<EarnedBadge>> FirstsAsync(Since since, CancellationToken cancellation) => database.PlannedEachTime.ListAsync("""
        WITH recent AS (
            SELECT p.id, p.user_id, p.topic_id, p.self_edits, p.cooked LIKE '%class="mention"%' AS mentions, p.cooked LIKE '%class="emoji%' AS has_emoji, p.cooked LIKE '%class="onebox%' AS has_onebox
            FROM posts p
            JOIN topics t ON t.id = p.topic_id AND t.deleted_at IS NULL AND t.archetype <> 'private_message' AND t.visible
            WHERE p.created_at >= $1 AND p.deleted_at IS NULL AND p.post_type = 1 AND NOT p.hidden AND p.user_id > 0
        ), actions AS (
            SELECT user_id, post_id, post_action_type_id FROM post_actions WHERE id > $2 AND created_at >= $1 AND deleted_at IS NULL
        ), revisions AS (
            SELECT post_id, user_id, hidden FROM post_revisions WHERE id > $3 AND created_at >= $1 AND user_id > 0
        ), likes AS (
            SELECT a.user_id, a.post_id, p.user_id AS author
            FROM actions a
            JOIN posts p ON p.id = a.post_id AND p.deleted_at IS NULL
            JOIN topics t ON t.id = p.topic_id AND t.deleted_at IS NULL AND t.archetype <> 'private_message'
            WHERE a.post_action_type_id = 2
        )
        SELECT 5, author, min(post_id) FROM likes WHERE author > 0 GROUP BY author
        UNION ALL SELECT 11, user_id, min(post_id) FROM likes GROUP BY user_id
        UNION ALL SELECT 13, user_id, min(post_id) FROM actions WHERE post_action_type_id IN (3, 4, 7, 8, 10) AND user_id > 0 GROUP BY user_id
        UNION ALL SELECT 10, e.user_id, min(e.id) FROM (SELECT user_id, id FROM recent WHERE self_edits > 0
            UNION ALL SELECT p.user_id, p.id FROM revisions r JOIN posts p ON p.id = r.post_id AND p.user_id = r.user_id WHERE p.self_edits > 0 AND p.deleted_at IS NULL) e GROUP BY e.user_id
        UNION ALL SELECT 48, r.user_id, min(p.id) FROM revisions r JOIN posts p ON p.id = r.post_id WHERE p.wiki AND NOT r.hidden GROUP BY r.user_id
        UNION ALL SELECT 14, r.user_id, min(r.id) FROM recent r JOIN topic_links l ON l.post_id = r.id AND l.internal AND NOT coalesce(l.reflection, false) AND NOT l.quote
            AND l.link_topic_id IS NOT NULL AND l.link_topic_id <> r.topic_id GROUP BY r.user_id
        UNION ALL SELECT 15, r.user_id, min(r.id) FROM recent r JOIN quoted_posts q ON q.post_id = r.id GROUP BY r.user_id
        UNION ALL SELECT 40, r.user_id, min(r.id) FROM recent r WHERE r.mentions GROUP BY r.user_id
        UNION ALL SELECT 41, r.user_id, min(r.id) FROM recent r WHERE r.has_emoji GROUP BY r.user_id
        UNION ALL SELECT 42, r.user_id, min(r.id) FROM recent r WHERE r.has_onebox GROUP BY r.user_id
        UNION ALL SELECT 16, s.user_id, NULL FROM user_stats s WHERE s.read_faq >= $1
        UNION ALL SELECT 9, u.id, NULL FROM users u JOIN user_profiles p ON p.user_id = u.id WHERE length(p.bio_raw) > 10 AND u.uploaded_avatar_id IS NOT NULL AND u.updated_at >= $1
        """, Read, [since.At, since.Action, since.Revision], cancellation);

    /// <summary>Posts with 10, 25 and 50 likes: 6, 7, 8; topics 18, 19, 20. Of posts that were liked lately, or of all.</summary>
    Task<List<EarnedBadge>> LikedAsync(Since since, CancellationToken cancellation) => database.PlannedEachTime.ListAsync("""
        SELECT CASE WHEN p.post_number = 1 THEN k.topic ELSE k.post END, p.user_id, p.id
        FROM posts p
        JOIN topics t ON t.id = p.topic_id AND t.deleted_at IS NULL AND t.archetype <> 'private_message' AND t.visible
        JOIN (VALUES (6, 18, 10), (7, 19, 25), (8, 20, 50)) AS k (post, topic, likes) ON p.like_count >= k.likes
        WHERE p.deleted_at IS NULL AND p.user_id > 0 AND p.like_count >= 10
            AND ($2 OR p.id = ANY(ARRAY(SELECT a.post_id FROM post_actions a WHERE a.id > $1 AND a.post_action_type_id = 2)))
        """, Read, [since.Action, window is null], cancellation);

    /// <summary>What takes long: a year here 24, invitations 25-27, clicked links 28-30, likes had and given 31-39, days in a row 45-47, shares 12 and 21-23, reading 17.</summary>
    Task<List<EarnedBadge>> OverTimeAsync(DateTime now, CancellationToken cancellation) => database.ListAsync("""
        WITH liked AS (
            SELECT p.user_id, count(*) FILTER (WHERE p.like_count >= 1) AS one, count(*) FILTER (WHERE p.like_count >= 2) AS two, count(*) FILTER (WHERE p.like_count >= 5) AS five
            FROM posts p WHERE p.like_count > 0 AND p.deleted_at IS NULL AND p.user_id > 0 GROUP BY p.user_id
        ), invited AS (
            SELECT i.invited_by_id AS user_id, count(*) AS all, count(*) FILTER (WHERE u.trust_level >= 1) AS basic, count(*) FILTER (WHERE u.trust_level >= 2) AS member
            FROM invited_users iu JOIN invites i ON i.id = iu.invite_id JOIN users u ON u.id = iu.user_id AND u.active
            WHERE iu.redeemed_at IS NOT NULL AND i.invited_by_id > 0 GROUP BY i.invited_by_id
        ), streaks AS (
            SELECT user_id, max(days) AS days
            FROM (SELECT user_id, count(*) AS days
                FROM (SELECT user_id, visited_at - (row_number() OVER (PARTITION BY user_id ORDER BY visited_at))::int AS run FROM user_visits) v GROUP BY user_id, run) s
            GROUP BY user_id
        ), generous AS (
            SELECT user_id, count(*) AS days FROM given_daily_likes WHERE limit_reached GROUP BY user_id
        ), shared AS (
            SELECT l.user_id, l.post_id, count(DISTINCT l.ip_address) AS people
            FROM incoming_links l JOIN posts p ON p.id = l.post_id AND p.deleted_at IS NULL WHERE l.user_id > 0 GROUP BY l.user_id, l.post_id
        )
        SELECT 24, u.id, NULL::int FROM users u
            WHERE u.id > 0 AND u.active AND u.created_at < $1 - interval '1 year' AND EXISTS (SELECT FROM posts p WHERE p.user_id = u.id AND p.created_at > $1 - interval '1 year' AND p.deleted_at IS NULL)
                AND NOT EXISTS (SELECT FROM user_badges g WHERE g.user_id = u.id AND g.badge_id = 24)
        UNION ALL SELECT k.badge, i.user_id, NULL FROM invited i JOIN (VALUES (25), (26), (27)) AS k (badge) ON CASE k.badge WHEN 25 THEN i.all >= 1 WHEN 26 THEN i.basic >= 3 ELSE i.member >= 5 END
        UNION ALL SELECT k.badge, l.user_id, l.post_id FROM topic_links l JOIN (VALUES (28, 50), (29, 300), (30, 1000)) AS k (badge, clicks) ON l.clicks >= k.clicks
            WHERE NOT l.internal AND NOT coalesce(l.reflection, false) AND l.user_id > 0
        UNION ALL SELECT k.badge, l.user_id, NULL FROM liked l JOIN (VALUES (36), (37), (31)) AS k (badge) ON CASE k.badge WHEN 36 THEN l.one >= 20 WHEN 37 THEN l.two >= 100 ELSE l.five >= 300 END
        UNION ALL SELECT k.badge, s.user_id, NULL FROM user_stats s JOIN liked l ON l.user_id = s.user_id
            JOIN (VALUES (38, 20, 10), (32, 100, 100), (39, 500, 1000)) AS k (badge, had, given) ON l.one >= k.had AND s.likes_given >= k.given
        UNION ALL SELECT k.badge, g.user_id, NULL FROM generous g JOIN (VALUES (33, 1), (34, 5), (35, 20)) AS k (badge, days) ON g.days >= k.days
        UNION ALL SELECT k.badge, s.user_id, NULL FROM streaks s JOIN (VALUES (45, 10), (46, 100), (47, 365)) AS k (badge, days) ON s.days >= k.days
        UNION ALL SELECT 12, s.user_id, min(s.post_id) FROM shared s GROUP BY s.user_id
        UNION ALL SELECT k.badge, s.user_id, s.post_id FROM shared s JOIN (VALUES (21, 25), (22, 300), (23, 1000)) AS k (badge, people) ON s.people >= k.people
        UNION ALL SELECT 17, x.user_id, NULL FROM (
            SELECT pt.user_id FROM topics t JOIN post_timings pt ON pt.topic_id = t.id
            WHERE t.posts_count > 100 AND t.deleted_at IS NULL AND t.archetype <> 'private_message' GROUP BY pt.user_id, pt.topic_id, t.posts_count HAVING count(*) >= t.posts_count) x
        """, Read, [now], cancellation);

    /// <summary>Puts right what a level that was changed in the database left behind.</summary>
    async Task TrustLevelsAsync(DateTime now, CancellationToken cancellation)
    {
        var wrong = await database.ListAsync("""
            SELECT u.id
            FROM users u
            WHERE u.id > 0 AND u.active
                AND (SELECT count(*) FROM user_badges g JOIN badges b ON b.id = g.badge_id AND b.enabled WHERE g.user_id = u.id AND g.badge_id BETWEEN 1 AND 4)
                    <> (SELECT count(*) FROM badges b WHERE b.enabled AND b.id BETWEEN 1 AND u.trust_level)
            """, row => row.Int(0), [], cancellation);
        if (wrong.Count == 0)
            return;
        await using var sql = await database.BeginAsync(cancellation);
        await BadgeGranter.GrantTrustLevelsAsync(sql, [.. wrong], now, cancellation);
        await sql.CommitAsync(cancellation);
    }
}
