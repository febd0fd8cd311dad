using System.Globalization;
using Forum.Badges;
using Forum.Database;
using Forum.Moderation;
using Forum.Posts;
using Forum.Settings;
using Forum.Users;

namespace Forum.TrustLevels;

/// <summary>Raises and lowers trust levels, with groups, log, badge and message.</summary>
sealed class Promotion(ForumDatabase database, SiteSettings settings, SystemMessages messages, TimeProvider time)
{
    const int Highest = 4;

    /// <summary>Looks whether a member of level 0 or 1 has earned the next one; cheap enough for every time they read.</summary>
    public async Task ReviewAsync(int userId, CancellationToken cancellation)
    {
        var now = time.GetUtcNow().UtcDateTime;
        var (level, reading) = await database.FindAsync("""
            SELECT u.trust_level, s.topics_entered, s.posts_read_count, s.time_read, s.days_visited, s.likes_given, s.likes_received, u.created_at
            FROM users u
            JOIN user_stats s ON s.user_id = u.id
            WHERE u.id = $1 AND u.trust_level < 2 AND u.manual_locked_trust_level IS NULL AND NOT u.staged
            """, row => (row.Int(0), (Reading?)new Reading(row.Int(1), row.Int(2), row.Int(3), row.Int(4), row.Int(5), row.Int(6), row.Time(7))), [userId], cancellation);
        if (reading is null)
            return;
        var earned = level switch
        {
            0 when EarlyRequirements.IsBasic(reading, settings.Current, now) => 1,
            1 when EarlyRequirements.IsMember(reading, int.MaxValue, settings.Current, now) &&
                EarlyRequirements.IsMember(reading, await TopicsAnsweredAsync(userId, cancellation), settings.Current, now) => 2,
            _ => level,
        };
        if (earned == level)
            return;
        await using var sql = await database.BeginAsync(cancellation);
        await ChangeAsync(sql, userId, earned, null, cancellation);
        await sql.CommitAsync(cancellation);
    }

    async Task<int> TopicsAnsweredAsync(int userId, CancellationToken cancellation) => await database.ScalarAsync<int>("""
        SELECT count(DISTINCT p.topic_id)::int
        FROM posts p
        JOIN topics t ON t.id = p.topic_id
        WHERE p.user_id = $1 AND p.post_number > 1 AND p.deleted_at IS NULL AND t.deleted_at IS NULL AND t.user_id <> $1 AND t.archetype <> 'private_message'
        """, [userId], cancellation);

    /// <param name="sql">The change's transaction.</param>
    /// <param name="userId">Whose level.</param>
    /// <param name="level">0 to 4.</param>
    /// <param name="actorId">Who changes it; null when the member has earned or lost it.</param>
    /// <param name="cancellation">Gives up.</param>
    public async Task ChangeAsync(ForumTransaction sql, int userId, int level, int? actorId, CancellationToken cancellation)
    {
        var now = time.GetUtcNow().UtcDateTime;
        var old = await sql.ScalarAsync<int>("SELECT trust_level FROM users WHERE id = $1 FOR UPDATE", [userId], cancellation);
        if (old == level)
            return;
        await sql.ExecuteAsync("UPDATE users SET trust_level = $2, updated_at = $3 WHERE id = $1", [userId, level, now], cancellation);
        await AutomaticGroups.RefreshAsync(sql, userId, now, cancellation);
        var entry = new StaffActionDetails { PreviousValue = Number(old), NewValue = Number(level), Details = $"old trust level: {old}\nnew trust level: {level}" };
        await StaffActions.LogAsync(sql, actorId is null ? StaffAction.AutoTrustLevelChange : StaffAction.ChangeTrustLevel, actorId, userId, now, cancellation, entry);
        await BadgeGranter.GrantTrustLevelsAsync(sql, [userId], now, cancellation);
        if (actorId is null && old == 0 && level == 1 && settings.Bool("send_tl1_welcome_message"))
        {
            await messages.SendAsync(sql, userId, "Thank you for spending time with us",
                "You have read a good part of what is here, so some limits of new members no longer apply to you: you can flag posts, send messages, and use more links, pictures and mentions.", cancellation);
        }
        else if (actorId is null && old == 1 && level == 2 && settings.Bool("send_tl2_promotion_message"))
        {
            await messages.SendAsync(sql, userId, "You are a full member now",
                "You have been here often and taken part, so your trust level is now 2. You can invite others, edit your posts for longer, and ignore members.", cancellation);
        }
    }

    /// <summary>Gives members who joined a group the level that the group grants.</summary>
    public async Task GrantByGroupAsync(ForumTransaction sql, int groupId, IReadOnlyList<int> userIds, CancellationToken cancellation)
    {
        if (userIds.Count == 0)
            return;
        var lower = await sql.ListAsync("""
            SELECT u.id, g.grant_trust_level
            FROM users u
            JOIN groups g ON g.id = $1
            WHERE u.id = ANY($2) AND g.grant_trust_level > u.trust_level AND u.manual_locked_trust_level IS NULL
            """, row => (Id: row.Int(0), Level: row.Int(1)), [groupId, userIds.ToArray()], cancellation);
        foreach (var (id, level) in lower)
            await ChangeAsync(sql, id, Math.Min(level, Highest), null, cancellation);
        await RefreshGroupLocksAsync(sql, userIds, cancellation);
    }

    /// <summary>What level each member's groups keep them at; members of none lose that.</summary>
    public static Task<int> RefreshGroupLocksAsync(SqlSession sql, IReadOnlyList<int> userIds, CancellationToken cancellation) => sql.ExecuteAsync("""
        UPDATE users u
        SET group_locked_trust_level = (SELECT max(g.grant_trust_level) FROM group_users gu JOIN groups g ON g.id = gu.group_id WHERE gu.user_id = u.id)
        WHERE u.id = ANY($1)
        """, [userIds.ToArray()], cancellation);

    static string Number(int level) => level.ToString(CultureInfo.InvariantCulture);
}
