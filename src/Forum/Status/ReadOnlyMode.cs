using Forum.Redis;
using Forum.Web;

namespace Forum.Status;

/// <summary>While an admin has switched it on, everything can be read and nothing written. All units share it through Redis, under upstream's keys.</summary>
sealed class ReadOnlyMode(RedisClient redis, TimeProvider time)
{
    static readonly TimeSpan Fresh = TimeSpan.FromSeconds(1);

    volatile bool _isOn;
    long _readAt = long.MinValue;

    /// <summary>The command whose answer is above 0 while the mode is on.</summary>
    public static RedisArgument[] Ask() => ["EXISTS", RedisClient.Key("readonly_mode"), RedisClient.Key("readonly_mode:user")];

    /// <summary>As it was at most a second ago. Without Redis, as it was last known.</summary>
    public async ValueTask<bool> IsOnAsync(CancellationToken cancellation)
    {
        var before = Interlocked.Read(ref _readAt);
        if (before != long.MinValue && time.GetElapsedTime(before) < Fresh)
        {
            return _isOn;
        }

        Interlocked.Exchange(ref _readAt, time.GetTimestamp());
        try
        {
            _isOn = (await redis.SendAsync(Ask(), cancellation)).AsNumber > 0;
        }
        catch (Exception e) when (e is RedisUnavailableException or RedisErrorException)
        {
            // What was known stays; who needs Redis says so.
        }

        return _isOn;
    }

    /// <exception cref="RedisUnavailableException">Nobody would learn of it.</exception>
    public async Task SetAsync(bool isOn, CancellationToken cancellation)
    {
        var key = RedisClient.Key("readonly_mode:user");
        await redis.SendAsync(isOn ? ["SET", key, "1"] : ["DEL", key], cancellation);
        _isOn = isOn;
        Interlocked.Exchange(ref _readAt, time.GetTimestamp());
    }
}

/// <summary>Says with each answer that the site is read-only, and refuses what would write. Backups go on: they are how the mode is ended.</summary>
sealed class ReadOnlyGuard(RequestDelegate next, ReadOnlyMode mode)
{
    public async Task InvokeAsync(HttpContext context)
    {
        if (await mode.IsOnAsync(context.RequestAborted))
        {
            context.Response.Headers["Discourse-Readonly"] = "true";
            var path = context.Request.Path;
            var method = context.Request.Method;
            if (!HttpMethods.IsGet(method) && !HttpMethods.IsHead(method) && !HttpMethods.IsOptions(method)
                && !path.StartsWithSegments("/admin/backups", StringComparison.Ordinal) && !path.StartsWithSegments("/message-bus", StringComparison.Ordinal))
            {
                throw Refused.ReadOnly();
            }
        }

        await next(context);
    }
}
