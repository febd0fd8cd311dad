using Forum.Database;

namespace Forum.Users;

/// <summary>
/// Where passwords are kept: columns of users up to v3.3, the table user_passwords later. A row there counts first; when
/// that table is in use it is written too.
/// </summary>
static class PasswordStore
{
    public static Task<StoredPassword?> FindAsync(SqlSession sql, int userId, CancellationToken cancellation) => sql.FindAsync("""
        SELECT coalesce(p.password_hash, u.password_hash), coalesce(p.password_salt, u.salt), coalesce(p.password_algorithm, u.password_algorithm), p.password_expired_at
        FROM users u
        LEFT JOIN user_passwords p ON p.user_id = u.id
        WHERE u.id = $1
        ORDER BY p.password_expired_at DESC NULLS FIRST
        LIMIT 1
        """, row => row.IsDBNull(0) || row.IsDBNull(1) || row.IsDBNull(2)
            ? null
            : new StoredPassword(new PasswordHash(row.Text(0), row.Text(1), row.Text(2)), row.TimeOrNull(3)), [userId], cancellation);

    public static async Task SetAsync(SqlSession sql, int userId, PasswordHash hash, DateTime now, CancellationToken cancellation)
    {
        await sql.ExecuteAsync("""
            UPDATE users
            SET password_hash = $2, salt = $3, password_algorithm = $4, updated_at = $5
            WHERE id = $1
            """, [userId, hash.Hash, hash.Salt, hash.Algorithm, now], cancellation);
        await sql.ExecuteAsync("""
            WITH changed AS (
                UPDATE user_passwords
                SET password_hash = $2, password_salt = $3, password_algorithm = $4, password_expired_at = NULL, updated_at = $5
                WHERE user_id = $1 AND password_expired_at IS NULL
                RETURNING id
            )
            INSERT INTO user_passwords (user_id, password_hash, password_salt, password_algorithm, created_at, updated_at)
            SELECT $1, $2, $3, $4, $5, $5
            WHERE EXISTS (SELECT FROM user_passwords) AND NOT EXISTS (SELECT FROM changed)
            """, [userId, hash.Hash, hash.Salt, hash.Algorithm, now], cancellation);
    }
}

/// <param name="Hash">The password.</param>
/// <param name="ExpiredAt">Since when it may not be used; null while it may.</param>
sealed record StoredPassword(PasswordHash Hash, DateTime? ExpiredAt);
