using System.Security.Cryptography;
using Forum.Database;
using Forum.Settings;

namespace Forum.Sessions;

/// <summary>A browser's sign-in: rows of user_auth_tokens, as Discourse keeps them.</summary>
/// <remarks>Source: the reference on authentication, "Auth token cookie _t".</remarks>
sealed class AuthTokens(ForumDatabase database, SecretKey secret, SiteSettings settings, TimeProvider time)
{
    const int MostSessions = 60;
    static readonly TimeSpan RotateSeenAfter = TimeSpan.FromMinutes(10);
    static readonly TimeSpan RotateUnseenAfter = TimeSpan.FromMinutes(1);

    public static string NewToken() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));

    /// <summary>Signs a user in; the result goes into the cookie.</summary>
    public async Task<string> AddAsync(int userId, string? userAgent, string? ip, bool oauth, CancellationToken cancellation)
    {
        var token = NewToken();
        var hash = await secret.HashTokenAsync(token, cancellation);
        await database.ExecuteAsync("""
            WITH old AS (
                DELETE FROM user_auth_tokens
                WHERE user_id = $1 AND id IN (
                    SELECT id FROM user_auth_tokens WHERE user_id = $1 ORDER BY rotated_at DESC OFFSET $7)
            ), made AS (
                INSERT INTO user_auth_tokens (user_id, auth_token, prev_auth_token, user_agent, client_ip, rotated_at, created_at, updated_at, authenticated_with_oauth)
                VALUES ($1, $2, $2, $3, $4::inet, $5, $5, $5, $6)
                RETURNING id
            )
            INSERT INTO user_auth_token_logs (action, user_auth_token_id, user_id, client_ip, user_agent, auth_token, created_at)
            SELECT 'generate', id, $1, $4::inet, $3, $2, $5
            FROM made
            """, [userId, hash, Short(userAgent), ip, time.GetUtcNow().UtcDateTime, oauth, MostSessions - 1], cancellation);
        return token;
    }

    /// <summary>Who a cookie is from; null when it is not valid, or the user may not be signed in.</summary>
    public async Task<SignedIn?> FindAsync(string token, CancellationToken cancellation)
    {
        if (token.Length != 32)
        {
            return null;
        }

        var now = time.GetUtcNow().UtcDateTime;
        var hash = await secret.HashTokenAsync(token, cancellation);
        return await database.FindAsync($"""
            SELECT {CurrentUser.Columns}, t.id, t.auth_token = $1, t.auth_token_seen, t.rotated_at
            FROM user_auth_tokens t
            JOIN users u ON u.id = t.user_id
            WHERE (t.auth_token = $1 OR t.prev_auth_token = $1) AND t.rotated_at > $2 AND u.active
              AND (u.suspended_till IS NULL OR u.suspended_till <= $3)
            LIMIT 1
            """, row =>
            {
                var user = CurrentUser.Read(row);
                var next = CurrentUser.ColumnCount;
                return new SignedIn(
                    user with { Credential = Credential.Cookie, AuthTokenId = row.Int(next) },
                    hash, row.Bool(next + 1), row.Bool(next + 2), row.Time(next + 3));
            }, [hash, now.AddHours(-settings.Int("maximum_session_age")), now], cancellation);
    }

    /// <summary>Notes that the browser has the token, and gives it a new one when the old one has been in use long enough.</summary>
    /// <returns>The new token for the cookie, or null to leave it.</returns>
    public async Task<string?> ProgressAsync(SignedIn session, string? userAgent, string? ip, CancellationToken cancellation)
    {
        var now = time.GetUtcNow().UtcDateTime;
        var id = session.User.AuthTokenId!.Value;
        if (session.IsNewest && !session.IsSeen)
        {
            await database.ExecuteAsync("""
                UPDATE user_auth_tokens
                SET auth_token_seen = true, seen_at = $2
                WHERE id = $1 AND auth_token = $3
                """, [id, now, session.Hash], cancellation);
            return null;
        }

        if (!session.IsNewest)
        {
            // The browser never got the new token: offer it again.
            if (session.IsSeen && session.RotatedAt < now - RotateUnseenAfter)
            {
                await database.ExecuteAsync("""
                    UPDATE user_auth_tokens
                    SET auth_token_seen = false
                    WHERE id = $1 AND prev_auth_token = $2
                    """, [id, session.Hash], cancellation);
            }
            else if (session.IsSeen || session.RotatedAt > now - RotateUnseenAfter)
            {
                return null;
            }
        }
        else if (session.RotatedAt > now - RotateSeenAfter)
        {
            return null;
        }

        var token = NewToken();
        var hash = await secret.HashTokenAsync(token, cancellation);
        var rotated = await database.ExecuteAsync("""
            WITH rotated AS (
                UPDATE user_auth_tokens
                SET prev_auth_token = CASE WHEN auth_token_seen THEN auth_token ELSE prev_auth_token END,
                    auth_token = $2, auth_token_seen = false, seen_at = NULL, rotated_at = $3, updated_at = $3, user_agent = $4, client_ip = $5::inet
                WHERE id = $1 AND (auth_token_seen OR rotated_at < $6)
                RETURNING id, user_id
            )
            INSERT INTO user_auth_token_logs (action, user_auth_token_id, user_id, client_ip, user_agent, auth_token, created_at)
            SELECT 'rotate', id, user_id, $5::inet, $4, $2, $3
            FROM rotated
            """, [id, hash, now, Short(userAgent), ip, now.AddSeconds(-30)], cancellation);
        return rotated > 0 ? token : null;
    }

    /// <summary>Ends one session.</summary>
    public Task DeleteAsync(int userId, int id, CancellationToken cancellation) => database.ExecuteAsync("""
        WITH gone AS (
            DELETE FROM user_auth_tokens
            WHERE user_id = $1 AND id = $2
            RETURNING id, user_agent, client_ip, auth_token
        )
        INSERT INTO user_auth_token_logs (action, user_auth_token_id, user_id, client_ip, user_agent, auth_token, created_at)
        SELECT 'destroy', id, $1, client_ip, user_agent, auth_token, $3
        FROM gone
        """, [userId, id, time.GetUtcNow().UtcDateTime], cancellation);

    /// <summary>Ends all sessions of a user, but for one that is kept.</summary>
    public Task DeleteAllAsync(SqlSession sql, int userId, int? keep, CancellationToken cancellation) => sql.ExecuteAsync("""
        WITH gone AS (
            DELETE FROM user_auth_tokens
            WHERE user_id = $1 AND ($2::int IS NULL OR id <> $2::int)
            RETURNING id, user_agent, client_ip, auth_token
        )
        INSERT INTO user_auth_token_logs (action, user_auth_token_id, user_id, client_ip, user_agent, auth_token, created_at)
        SELECT 'destroy', id, $1, client_ip, user_agent, auth_token, $3
        FROM gone
        """, [userId, keep, time.GetUtcNow().UtcDateTime], cancellation);

    /// <summary>How long the cookie lives; null: as long as the browser is open.</summary>
    public CookieOptions Cookie() => new()
    {
        HttpOnly = true,
        Path = "/",
        Secure = settings.Bool("force_https"),
        SameSite = Enum.TryParse<SameSiteMode>(settings.Text("same_site_cookies"), ignoreCase: true, out var mode) ? mode : SameSiteMode.Lax,
        Expires = settings.Bool("persistent_sessions") ? time.GetUtcNow().AddHours(settings.Int("maximum_session_age")) : null,
    };

    static string? Short(string? text) => text is { Length: > 500 } ? text[..500] : text;
}

/// <summary>A valid sign-in as it was found.</summary>
/// <param name="User">Who it is.</param>
/// <param name="Hash">The stored form of the cookie's token.</param>
/// <param name="IsNewest">The browser has the newest token, not the one before.</param>
/// <param name="IsSeen">The newest token has come back from the browser.</param>
/// <param name="RotatedAt">When the newest was made.</param>
sealed record SignedIn(CurrentUser User, string Hash, bool IsNewest, bool IsSeen, DateTime RotatedAt);
