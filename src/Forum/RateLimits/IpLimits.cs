using System.Net;
using Forum.Configuration;
using Forum.Sessions;
using Forum.Web;

namespace Forum.RateLimits;

/// <summary>
/// How many requests one address, or one trusted member, may make: the charm's throttle levels none, permissive and strict
/// are these variables. Private addresses are free unless max_reqs_rate_limit_on_private.
/// </summary>
sealed partial class IpLimits(RateLimiter limiter, GlobalSettings globals, ILogger<IpLimits> logger)
{
    static readonly TimeSpan TenSeconds = TimeSpan.FromSeconds(10);
    static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);
    static readonly string[] Assets = ["/user_avatar/", "/letter_avatar", "/stylesheets/", "/uploads/", "/images/", "/assets/", "/javascripts/", "/favicon", "/svg-sprite/"];

    readonly string _mode = globals.Text("max_reqs_per_ip_mode", "block") ?? "block";
    readonly bool _onPrivate = globals.Flag("max_reqs_rate_limit_on_private", false);
    readonly int _perMinute = globals.Number("max_reqs_per_ip_per_minute", 200);
    readonly int _perTenSeconds = globals.Number("max_reqs_per_ip_per_10_seconds", 50);
    readonly int _assetsPerTenSeconds = globals.Number("max_asset_reqs_per_ip_per_10_seconds", 200);
    readonly int _trusted = globals.Number("skip_per_ip_rate_limit_trust_level", 1);
    readonly IPNetwork[] _exceptions =
    [
        .. (globals.Environment.GetValueOrDefault("DISCOURSE_MAX_REQS_PER_IP_EXCEPTIONS") ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .Select(text => IPNetwork.TryParse(text.Contains('/', StringComparison.Ordinal) ? text : text + (text.Contains(':', StringComparison.Ordinal) ? "/128" : "/32"), out var network) ? network : (IPNetwork?)null)
            .OfType<IPNetwork>(),
    ];

    /// <summary>Counts a request whose sender is known.</summary>
    /// <exception cref="TooManyRequestsException">There were too many, and the mode says to block.</exception>
    public async Task CheckAsync(HttpContext context, CurrentUser user, CancellationToken cancellation)
    {
        if (_mode == "none" || user.Credential is Credential.ApiKey)
        {
            return;
        }

        var ip = context.ClientIp();
        var address = IPAddress.Parse(ip);
        if ((ClientIps.IsPrivate(address) && !_onPrivate) || _exceptions.Any(network => network.Contains(address)))
        {
            return;
        }

        var isUser = !user.IsAnonymous && user.TrustLevel >= _trusted;
        var (who, prefix) = isUser ? ($"user:{user.Id}", "id") : ($"ip:{ip}", "ip");
        var path = context.Request.Path.Value ?? "";
        if (Assets.Any(asset => path.StartsWith(asset, StringComparison.Ordinal)))
        {
            await CountAsync($"requests-assets:{who}", _assetsPerTenSeconds, TenSeconds, $"{prefix}_assets_10_secs_limit", ip, cancellation);
            return;
        }

        await CountAsync($"requests-10:{who}", _perTenSeconds, TenSeconds, $"{prefix}_10_secs_limit", ip, cancellation);
        await CountAsync($"requests-60:{who}", _perMinute, Minute, $"{prefix}_60_secs_limit", ip, cancellation);
    }

    async Task CountAsync(string key, int most, TimeSpan period, string code, string ip, CancellationToken cancellation)
    {
        var wait = await limiter.WaitAsync(key, most, period, cancellation);
        if (wait == TimeSpan.Zero)
        {
            return;
        }

        if (_mode.Contains("warn", StringComparison.Ordinal))
        {
            LogExceeded(ip, code);
        }

        if (_mode.Contains("block", StringComparison.Ordinal))
        {
            throw new TooManyRequestsException(code, (int)Math.Ceiling(wait.TotalSeconds));
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Global rate limit exceeded for {Ip}: {Code}")]
    partial void LogExceeded(string ip, string code);
}

/// <summary>429 of the per-address limits; its answer is plain text.</summary>
sealed class TooManyRequestsException(string code, int seconds) : Exception($"too many requests: {code}")
{
    public string Code => code;

    public int Seconds => seconds;
}
