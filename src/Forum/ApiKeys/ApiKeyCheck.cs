using System.Security.Cryptography;
using System.Text;
using Forum.Configuration;
using Forum.Database;
using Forum.RateLimits;
using Forum.Sessions;
using Forum.Web;

namespace Forum.ApiKeys;

/// <summary>Who a request with an Api-Key header is from, and whether the key's scopes allow it.</summary>
sealed class ApiKeyCheck(ForumDatabase database, RateLimiter limiter, GlobalSettings globals, TimeProvider time)
{
    static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    readonly int _perMinute = Math.Max(
        globals.Number("max_admin_api_reqs_per_minute", 60), globals.Number("max_admin_api_reqs_per_key_per_minute", 0));

    public static string Hash(string key) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)));

    /// <exception cref="RefusedException">403: the key, its user, its address or its scopes do not fit. 429: too many.</exception>
    public async Task<CurrentUser> CheckAsync(HttpContext context, Endpoint endpoint, string key, CancellationToken cancellation)
    {
        var headers = context.Request.Headers;
        var now = time.GetUtcNow().UtcDateTime;
        var userId = int.TryParse(headers["Api-User-Id"], out var id) ? id : (int?)null;
        var found = await database.FindAsync($"""
            SELECT {CurrentUser.Columns}, k.id, k.user_id IS NOT NULL,
                k.allowed_ips IS NULL OR cardinality(k.allowed_ips) = 0 OR $5::inet <<= ANY(k.allowed_ips),
                k.last_used_at, ARRAY(SELECT s.resource || ':' || s.action || ':' || coalesce(s.allowed_parameters::text, '') FROM api_key_scopes s WHERE s.api_key_id = k.id)
            FROM api_keys k
            JOIN users u ON u.id = coalesce(k.user_id, (
                SELECT x.id FROM users x
                WHERE x.username_lower = $2 OR x.id = $3
                   OR x.id = (SELECT r.user_id FROM single_sign_on_records r WHERE r.external_id = $4)
                LIMIT 1))
            WHERE k.key_hash = $1 AND k.revoked_at IS NULL AND u.active AND (u.suspended_till IS NULL OR u.suspended_till <= $6)
            """, row =>
            {
                var next = CurrentUser.ColumnCount;
                return new Found(CurrentUser.Read(row), row.Int(next), row.Bool(next + 1), row.Bool(next + 2), row.TimeOrNull(next + 3), row.Texts(next + 4));
            }, [Hash(key), headers["Api-Username"].ToString().ToLowerInvariant(), userId, headers["Api-User-External-Id"].ToString(), context.ClientIp(), now], cancellation);

        var name = headers["Api-Username"].ToString();
        if (found is null || !found.IsAddressAllowed
            || (found.IsBound && name.Length > 0 && !name.Equals(found.User.Username, StringComparison.OrdinalIgnoreCase)))
        {
            throw Refused.InvalidAccess("You are not permitted to view the requested resource. The API username or key is invalid.");
        }

        if (!ApiKeyScopes.Allow(found.Scopes, endpoint, context))
        {
            throw Refused.InvalidAccess("You are not permitted to view the requested resource. The API username or key is invalid.");
        }

        await limiter.PerformAsync("admin-api", _perMinute, Minute, cancellation, "admin_api_key_rate_limit");
        if (found.LastUsedAt is null || found.LastUsedAt < now - Minute)
        {
            await database.ExecuteAsync("""
                UPDATE api_keys
                SET last_used_at = $2
                WHERE id = $1
                """, [found.KeyId, now], cancellation);
        }

        return found.User with { Credential = Credential.ApiKey };
    }

    sealed record Found(CurrentUser User, int KeyId, bool IsBound, bool IsAddressAllowed, DateTime? LastUsedAt, IReadOnlyList<string> Scopes);
}
