using System.Collections.Frozen;
using Forum.Configuration;
using Forum.Database;
using Forum.RateLimits;
using Forum.Sessions;
using Forum.Settings;
using Forum.Web;

namespace Forum.ApiKeys;

/// <summary>Who a request with a User-Api-Key header is from: an app that a member let act for them, within its scopes.</summary>
sealed class UserApiKeyCheck(ForumDatabase database, RateLimiter limiter, SiteSettings settings, GlobalSettings globals, TimeProvider time)
{
    static readonly FrozenDictionary<string, string[]> Named = new Dictionary<string, string[]>
    {
        ["message_bus"] = ["message_bus/poll"],
        ["push"] = [],
        ["notifications"] = ["notifications/index", "notifications/mark_read", "notifications/totals"],
        ["session_info"] = ["session/current", "users/topic_tracking_state", "message_bus/poll"],
        ["one_time_password"] = ["user_api_keys/create_otp"],
        ["bookmarks_calendar"] = ["users/bookmarks"],
        ["user_status"] = ["user_status/get", "user_status/set", "user_status/clear"],
    }.ToFrozenDictionary();

    readonly int _perMinute = globals.Number("max_user_api_reqs_per_minute", 20);
    readonly int _perDay = globals.Number("max_user_api_reqs_per_day", 2880);

    /// <exception cref="RefusedException">403: the key or its scopes do not fit. 429: too many.</exception>
    public async Task<CurrentUser> CheckAsync(HttpContext context, Endpoint endpoint, string key, CancellationToken cancellation)
    {
        var now = time.GetUtcNow().UtcDateTime;
        var found = await database.FindAsync($"""
            SELECT {CurrentUser.Columns}, k.id, ARRAY(SELECT s.name FROM user_api_key_scopes s WHERE s.user_api_key_id = k.id)
            FROM user_api_keys k
            JOIN users u ON u.id = k.user_id
            WHERE k.key_hash = $1 AND k.revoked_at IS NULL AND u.active AND (u.suspended_till IS NULL OR u.suspended_till <= $2)
            """, row => (User: CurrentUser.Read(row), Id: row.Int(CurrentUser.ColumnCount), Scopes: row.Texts(CurrentUser.ColumnCount + 1)),
            [ApiKeyCheck.Hash(key), now], cancellation);
        if (found.User is null || !Allows(found.Scopes, endpoint, context))
        {
            throw Refused.InvalidAccess();
        }

        await limiter.PerformAsync($"user-api-minute:{found.Id}", _perMinute, TimeSpan.FromMinutes(1), cancellation, "user_api_key_limiter_60_secs");
        await limiter.PerformAsync($"user-api-day:{found.Id}", _perDay, TimeSpan.FromDays(1), cancellation, "user_api_key_limiter_1_day");
        await database.ExecuteAsync("""
            UPDATE user_api_keys
            SET last_used_at = $2
            WHERE id = $1 AND last_used_at < $3
            """, [found.Id, now, now.AddMinutes(-1)], cancellation);
        return found.User with { Credential = Credential.UserApiKey };
    }

    bool Allows(IReadOnlyList<string> scopes, Endpoint endpoint, HttpContext context)
    {
        var allowed = settings.List("allow_user_api_key_scopes");
        var action = endpoint.Metadata.GetMetadata<RouteAction>()?.ToString();
        if (action == "user_api_keys/revoke")
        {
            // An application may always give its own key back.
            return true;
        }

        return scopes.Where(allowed.Contains).Any(scope => scope switch
        {
            "write" => true,
            "read" => HttpMethods.IsGet(context.Request.Method) || HttpMethods.IsHead(context.Request.Method),
            _ => Named.TryGetValue(scope, out var actions) && actions.Contains(action),
        });
    }
}
