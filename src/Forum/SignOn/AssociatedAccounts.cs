using System.Text.Json.Nodes;
using Forum.Database;

namespace Forum.SignOn;

/// <summary>A person at a provider, as user_associated_accounts knows them.</summary>
/// <param name="Id">The row.</param>
/// <param name="UserId">The member; null until they have an account.</param>
/// <param name="Extra">What the provider said the time before.</param>
sealed record AssociatedAccount(long Id, int? UserId, JsonObject? Extra);

/// <summary>Which member is whom at which provider.</summary>
sealed class AssociatedAccounts(ForumDatabase database, TimeProvider time)
{
    public Task<AssociatedAccount?> FindAsync(string provider, string uid, CancellationToken cancellation) => database.FindAsync("""
        SELECT a.id, u.id, a.extra::text
        FROM user_associated_accounts a
        LEFT JOIN users u ON u.id = a.user_id
        WHERE a.provider_name = $1 AND a.provider_uid = $2
        """, row => (AssociatedAccount?)new AssociatedAccount(row.GetInt64(0), row.IntOrNull(1), JsonNode.Parse(row.Text(2)) as JsonObject), [provider, uid], cancellation);

    /// <summary>Notes what the provider said this time, and the member if there is one; a member's older link to the same provider ends.</summary>
    public async Task SaveAsync(SqlSession sql, ExternalIdentity identity, int? userId, CancellationToken cancellation)
    {
        if (userId is not null)
        {
            await sql.ExecuteAsync("""
                DELETE FROM user_associated_accounts
                WHERE provider_name = $1 AND user_id = $2 AND provider_uid <> $3
                """, [identity.Provider, userId, identity.Uid], cancellation);
        }

        await sql.ExecuteAsync("""
            INSERT INTO user_associated_accounts (provider_name, provider_uid, user_id, last_used, info, credentials, extra, created_at, updated_at)
            VALUES ($1, $2, $3, $6, $4::jsonb, '{}', $5::jsonb, $6, $6)
            ON CONFLICT (provider_name, provider_uid)
            DO UPDATE SET user_id = $3, last_used = $6, info = $4::jsonb, extra = $5::jsonb, updated_at = $6
            """, [identity.Provider, identity.Uid, userId, identity.Info.ToJsonString(), identity.Extra.ToJsonString(), time.GetUtcNow().UtcDateTime], cancellation);
    }

    public Task<int?> FindByEmailAsync(string email, CancellationToken cancellation) => database.ScalarAsync<int?>("""
        SELECT m.user_id
        FROM user_emails m
        JOIN users u ON u.id = m.user_id
        WHERE lower(m.email) = $1 AND u.id > 0
        LIMIT 1
        """, [Users.Emails.Clean(email)], cancellation);
}
