using System.Security.Cryptography;
using System.Text;
using Forum.Database;
using Forum.Settings;
using Forum.Web;

namespace Forum.Users;

/// <summary>What a mailed link is for; the numbers are those of email_tokens.scope.</summary>
enum EmailTokenScope
{
    Signup = 1,
    PasswordReset = 2,
    EmailLogin = 3,
    EmailUpdate = 4,
}

/// <summary>Tokens in mailed links: 32 hexadecimal digits, stored as their SHA-256, good for some hours.</summary>
sealed class EmailTokens(SiteSettings settings, TimeProvider time)
{
    public static string Hash(string token) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(token)));

    /// <summary>A new token; older ones of its scope end.</summary>
    public async Task<string> AddAsync(SqlSession sql, int userId, string email, EmailTokenScope scope, CancellationToken cancellation) =>
        (await AddWithIdAsync(sql, userId, email, scope, cancellation)).Token;

    public async Task<(string Token, int Id)> AddWithIdAsync(SqlSession sql, int userId, string email, EmailTokenScope scope, CancellationToken cancellation)
    {
        var token = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
        var id = await sql.ScalarAsync<int>("""
            WITH expired AS (
                UPDATE email_tokens
                SET expired = true
                WHERE user_id = $1 AND scope = $4 AND NOT expired AND ($4 <> 4 OR email = $2)
            )
            INSERT INTO email_tokens (user_id, email, token_hash, scope, created_at, updated_at)
            VALUES ($1, $2, $3, $4, $5, $5)
            RETURNING id
            """, [userId, email, Hash(token), (int)scope, time.GetUtcNow().UtcDateTime], cancellation);
        return (token, id);
    }

    /// <summary>A token that can still be used.</summary>
    public Task<EmailToken?> FindAsync(SqlSession sql, string token, EmailTokenScope scope, CancellationToken cancellation) => sql.FindAsync("""
        SELECT t.id, t.user_id, t.email
        FROM email_tokens t
        JOIN users u ON u.id = t.user_id
        WHERE t.token_hash = $1 AND t.scope = $2 AND NOT t.expired AND NOT t.confirmed AND t.created_at > $3
        """, row => new EmailToken(row.Int(0), row.Int(1), row.Text(2)),
        [Hash(token), (int)scope, time.GetUtcNow().UtcDateTime.AddHours(-settings.Int("email_token_valid_hours"))], cancellation);

    /// <summary>Uses a token up.</summary>
    /// <exception cref="ChangedMeanwhileException">Another request used it since it was found.</exception>
    public async Task ConfirmAsync(SqlSession sql, int id, CancellationToken cancellation)
    {
        if (await sql.ExecuteAsync("""
            UPDATE email_tokens
            SET confirmed = true, updated_at = $2
            WHERE id = $1 AND NOT confirmed AND NOT expired
            """, [id, time.GetUtcNow().UtcDateTime], cancellation) == 0)
        {
            throw new ChangedMeanwhileException();
        }
    }
}

sealed record EmailToken(int Id, int UserId, string Email);
