using Forum.Redis;
using Forum.Web;

namespace Forum.RateLimits;

/// <summary>So many times in such a period, counted in Redis for all units: a list of the last times per key. Without Redis nothing is limited.</summary>
sealed partial class RateLimiter(RedisClient redis, TimeProvider time, ILogger<RateLimiter> logger)
{
    const string Script = """
        local max, period, now = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
        if redis.call('LLEN', KEYS[1]) >= max then
            local oldest = tonumber(redis.call('LINDEX', KEYS[1], max - 1))
            if oldest and oldest > now - period then
                return oldest + period - now
            end
        end
        redis.call('LPUSH', KEYS[1], now)
        redis.call('LTRIM', KEYS[1], 0, max - 1)
        redis.call('PEXPIRE', KEYS[1], period)
        return 0
        """;

    /// <summary>Counts one, if there is room.</summary>
    /// <exception cref="RefusedException">429: there is none.</exception>
    public async Task PerformAsync(string key, int max, TimeSpan period, CancellationToken cancellation, string? code = null)
    {
        var wait = await WaitAsync(key, max, period, cancellation);
        if (wait > TimeSpan.Zero)
        {
            throw Refused.RateLimited(wait, code);
        }
    }

    public async Task<bool> TryAsync(string key, int max, TimeSpan period, CancellationToken cancellation) =>
        await WaitAsync(key, max, period, cancellation) == TimeSpan.Zero;

    /// <summary>How long until there is room; zero when this one was counted.</summary>
    public async Task<TimeSpan> WaitAsync(string key, int max, TimeSpan period, CancellationToken cancellation)
    {
        if (max <= 0)
        {
            return TimeSpan.Zero;
        }

        try
        {
            var reply = await redis.SendAsync(
                ["EVAL", Script, 1, RedisClient.Key("limit:" + key), max, (long)period.TotalMilliseconds, time.GetUtcNow().ToUnixTimeMilliseconds()], cancellation);
            return TimeSpan.FromMilliseconds(reply.AsNumber);
        }
        catch (Exception e) when (e is RedisUnavailableException or RedisErrorException)
        {
            LogSkipped(key, e.Message);
            return TimeSpan.Zero;
        }
    }

    /// <summary>Takes the last one back: it was found to be of another kind, or came to nothing.</summary>
    public async Task RollBackAsync(string key, CancellationToken cancellation)
    {
        try
        {
            await redis.SendAsync(["LPOP", RedisClient.Key("limit:" + key)], cancellation);
        }
        catch (Exception e) when (e is RedisUnavailableException or RedisErrorException)
        {
            LogSkipped(key, e.Message);
        }
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "Did not count {Key}: {Reason}")]
    partial void LogSkipped(string key, string reason);
}
