using Forum.Database;
using Forum.Moderation;

namespace Forum.Users;

/// <summary>Removes an account and, softly, what it posted.</summary>
sealed class UserDeletion(ForumDatabase database, TimeProvider time)
{
    public async Task DeleteAsync(int id, int actorId, bool blockEmail, bool blockIp, string? context, CancellationToken cancellation)
    {
        var now = time.GetUtcNow().UtcDateTime;
        await using var work = await database.BeginAsync(cancellation);
        var user = await work.FindAsync("""
            SELECT u.username, e.email, host(u.ip_address)
            FROM users u
            LEFT JOIN user_emails e ON e.user_id = u.id AND e."primary"
            WHERE u.id = $1
            """, row => (Username: row.Text(0), Email: row.TextOrNull(1), Ip: row.TextOrNull(2)), [id], cancellation);
        if (blockEmail && user.Email is not null)
        {
            await work.ExecuteAsync("""
                INSERT INTO screened_emails (email, action_type, created_at, updated_at)
                VALUES ($1, 1, $2, $2)
                ON CONFLICT (email) DO UPDATE SET action_type = 1
                """, [user.Email, now], cancellation);
        }

        if (blockIp && user.Ip is not null)
        {
            await work.ExecuteAsync("""
                INSERT INTO screened_ip_addresses (ip_address, action_type, created_at, updated_at)
                VALUES ($1::inet, 1, $2, $2)
                ON CONFLICT (ip_address) DO NOTHING
                """, [user.Ip, now], cancellation);
        }

        var traces = await TracesOfUser.FindAsync(work, id, cancellation);
        await work.ExecuteAsync("""
            UPDATE topics
            SET deleted_at = $2, deleted_by_id = $3
            WHERE user_id = $1 AND deleted_at IS NULL
            """, [id, now, actorId], cancellation);
        await work.ExecuteAsync("""
            UPDATE posts
            SET deleted_at = coalesce(deleted_at, $2), deleted_by_id = coalesce(deleted_by_id, $3), user_id = NULL
            WHERE user_id = $1
            """, [id, now, actorId], cancellation);
        await work.ExecuteAsync("UPDATE topics SET user_id = NULL WHERE user_id = $1", [id], cancellation);
        await work.ExecuteAsync("""
            UPDATE groups
            SET user_count = greatest(0, user_count - 1)
            WHERE id IN (SELECT group_id FROM group_users WHERE user_id = $1)
            """, [id], cancellation);
        await work.ExecuteAsync("""
            WITH a AS (DELETE FROM group_users WHERE user_id = $1), b AS (DELETE FROM user_emails WHERE user_id = $1),
                c AS (DELETE FROM user_stats WHERE user_id = $1), d AS (DELETE FROM user_options WHERE user_id = $1),
                e AS (DELETE FROM user_profiles WHERE user_id = $1), f AS (DELETE FROM user_auth_tokens WHERE user_id = $1),
                g AS (DELETE FROM email_tokens WHERE user_id = $1), h AS (DELETE FROM user_search_data WHERE user_id = $1),
                i AS (DELETE FROM topic_users WHERE user_id = $1), j AS (DELETE FROM notifications WHERE user_id = $1),
                k AS (DELETE FROM user_actions WHERE user_id = $1 OR acting_user_id = $1), l AS (DELETE FROM drafts WHERE user_id = $1),
                m AS (DELETE FROM draft_sequences WHERE user_id = $1), n AS (DELETE FROM user_visits WHERE user_id = $1),
                o AS (DELETE FROM directory_items WHERE user_id = $1), p AS (DELETE FROM api_keys WHERE user_id = $1),
                q AS (DELETE FROM user_api_keys WHERE user_id = $1), r AS (DELETE FROM user_avatars WHERE user_id = $1),
                s AS (DELETE FROM user_custom_fields WHERE user_id = $1), t AS (DELETE FROM category_users WHERE user_id = $1),
                u AS (DELETE FROM tag_users WHERE user_id = $1), v AS (DELETE FROM bookmarks WHERE user_id = $1),
                w AS (DELETE FROM user_badges WHERE user_id = $1), x AS (DELETE FROM user_second_factors WHERE user_id = $1),
                y AS (DELETE FROM user_passwords WHERE user_id = $1), z AS (DELETE FROM user_associated_accounts WHERE user_id = $1)
            DELETE FROM single_sign_on_records
            WHERE user_id = $1
            """, [id], cancellation);
        await work.ExecuteAsync("DELETE FROM user_security_keys WHERE user_id = $1", [id], cancellation);
        await work.ExecuteAsync("DELETE FROM poll_votes WHERE user_id = $1", [id], cancellation);
        await work.ExecuteAsync("DELETE FROM post_actions WHERE user_id = $1 AND post_action_type_id = 2", [id], cancellation);
        await work.ExecuteAsync("DELETE FROM users WHERE id = $1", [id], cancellation);
        await traces.RecountAsync(work, cancellation);
        await StaffActions.LogAsync(work, StaffAction.DeleteUser, actorId, null, now, cancellation, new StaffActionDetails
        {
            Details = $"id: {id}\nusername: {user.Username}",
            Context = context,
        });
        await work.CommitAsync(cancellation);
    }
}
