using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Forum.Database;
using Forum.Jobs;
using Forum.Moderation;
using Forum.Sessions;
using Forum.Settings;

namespace Forum.Users;

/// <summary>Takes a member's identity away and leaves what they wrote.</summary>
sealed class Anonymization(ForumDatabase database, AuthTokens tokens, JobQueue queue, SiteSettings settings, TimeProvider time)
{
    /// <returns>The new name.</returns>
    public async Task<string> AnonymizeAsync(int userId, int actorId, CancellationToken cancellation)
    {
        var now = time.GetUtcNow().UtcDateTime;
        await using var work = await database.BeginAsync(cancellation);
        var old = await work.FindAsync("""
            SELECT u.username, e.email
            FROM users u
            LEFT JOIN user_emails e ON e.user_id = u.id AND e."primary"
            WHERE u.id = $1
            """, row => (Username: row.Text(0), Email: row.TextOrNull(1)), [userId], cancellation);
        var name = await FreeNameAsync(work, cancellation);
        await work.ExecuteAsync("""
            UPDATE users
            SET username = $2, username_lower = $2, name = NULL, date_of_birth = NULL, title = NULL, uploaded_avatar_id = NULL, ip_address = NULL,
                registration_ip_address = NULL, primary_group_id = NULL, flair_group_id = NULL, password_hash = NULL, salt = NULL,
                admin = false, moderator = false, updated_at = $3
            WHERE id = $1
            """, [userId, name, now], cancellation);
        await work.ExecuteAsync("DELETE FROM user_passwords WHERE user_id = $1", [userId], cancellation);
        await work.ExecuteAsync("DELETE FROM user_emails WHERE user_id = $1 AND NOT \"primary\"", [userId], cancellation);
        await work.ExecuteAsync("""
            UPDATE user_emails
            SET email = $2, normalized_email = $2, updated_at = $3
            WHERE user_id = $1
            """, [userId, name + "@anonymized.invalid", now], cancellation);
        await work.ExecuteAsync("""
            UPDATE user_profiles
            SET location = NULL, website = NULL, bio_raw = NULL, bio_cooked = NULL, profile_background_upload_id = NULL, card_background_upload_id = NULL
            WHERE user_id = $1
            """, [userId], cancellation);
        await work.ExecuteAsync("""
            UPDATE user_options
            SET mailing_list_mode = false, email_digests = false, email_level = 2, email_messages_level = 2
            WHERE user_id = $1
            """, [userId], cancellation);
        await work.ExecuteAsync("""
            WITH a AS (DELETE FROM user_avatars WHERE user_id = $1),
                b AS (DELETE FROM user_associated_accounts WHERE user_id = $1),
                c AS (DELETE FROM single_sign_on_records WHERE user_id = $1),
                d AS (DELETE FROM api_keys WHERE user_id = $1),
                e AS (DELETE FROM user_api_keys WHERE user_id = $1),
                f AS (DELETE FROM email_tokens WHERE user_id = $1),
                g AS (DELETE FROM user_custom_fields WHERE user_id = $1 AND name LIKE 'user\_field\_%'),
                h AS (DELETE FROM user_second_factors WHERE user_id = $1)
            DELETE FROM push_subscriptions
            WHERE user_id = $1
            """, [userId], cancellation);
        await work.ExecuteAsync("""
            UPDATE user_search_data
            SET search_data = to_tsvector('simple', $2), raw_data = $2
            WHERE user_id = $1
            """, [userId, name], cancellation);
        await AutomaticGroups.RefreshAsync(work, userId, now, cancellation);
        await tokens.DeleteAllAsync(work, userId, null, cancellation);
        await StaffActions.LogAsync(work, StaffAction.AnonymizeUser, actorId, userId, now, cancellation, new StaffActionDetails
        {
            Details = settings.Bool("log_personal_messages_views") ? old.Email : null,
            PreviousValue = old.Username,
            NewValue = name,
        });
        await queue.EnqueueAsync(work, UpdateUsername.JobName, new JsonObject
        {
            ["user_id"] = userId,
            ["old_username"] = old.Username,
            ["new_username"] = name,
        }, cancellation);
        await work.CommitAsync(cancellation);
        return name;
    }

    static async Task<string> FreeNameAsync(SqlSession sql, CancellationToken cancellation)
    {
        while (true)
        {
            var name = "anon" + RandomNumberGenerator.GetInt32(10_000_000, 1_000_000_000).ToString(CultureInfo.InvariantCulture);
            if (!await UsernameStore.IsTakenAsync(sql, name, null, cancellation))
            {
                return name;
            }
        }
    }
}
