using System.Globalization;
using Forum.Configuration;

namespace Forum.RateLimits;

/// <summary>
/// What is given up first when requests queue in front of the server, by the time that the proxy wrote into X-Request-Start:
/// long polls, background requests, searches, and then the sign-in of members who open the same page again and again.
/// </summary>
/// <remarks>Source: the container contract, "Overload protections".</remarks>
sealed class Overload(RateLimiter limiter, GlobalSettings globals, TimeProvider time)
{
    static readonly TimeSpan TenSeconds = TimeSpan.FromSeconds(10);
    static readonly TimeSpan LongestBelieved = TimeSpan.FromMinutes(10);

    readonly double _background = Seconds(globals, "background_requests_max_queue_length", 0.5);
    readonly double _poll = Seconds(globals, "reject_message_bus_queue_seconds", 0.1);
    readonly double _search = Seconds(globals, "disable_search_queue_threshold", 1);
    readonly double _anonymous = Seconds(globals, "force_anonymous_min_queue_seconds", 1);
    readonly int _perTenSeconds = globals.Number("force_anonymous_min_per_10_seconds", 3);

    /// <summary>How long the request waited in the proxy, whose clock is ours or nearly; null when it does not say.</summary>
    public static TimeSpan? Queued(HttpRequest request, TimeProvider time)
    {
        var header = request.Headers["X-Request-Start"].ToString();
        return header.StartsWith("t=", StringComparison.Ordinal) && double.TryParse(header.AsSpan(2), CultureInfo.InvariantCulture, out var sent)
            && time.GetUtcNow().ToUnixTimeMilliseconds() / 1000d - sent is var waited && waited >= 0 && waited < LongestBelieved.TotalSeconds
            ? TimeSpan.FromSeconds(waited) : null;
    }

    /// <summary>Refuses what can wait.</summary>
    /// <exception cref="TooManyRequestsException">A background request, or a long poll, that waited too long.</exception>
    public void Check(HttpContext context)
    {
        if (Waited(context) is not { } waited)
        {
            return;
        }

        if (waited > _poll && context.Request.Path.StartsWithSegments("/message-bus"))
        {
            throw new TooManyRequestsException("queue_time", 5 + Random.Shared.Next(120));
        }

        if (waited > _background && context.Request.Headers["Discourse-Background"] == "true")
        {
            throw new TooManyRequestsException("queue_time", 30);
        }
    }

    public bool AllowsSearch(HttpContext context) => !(Waited(context) > _search);

    /// <summary>Whether a member's page is answered as a visitor's, which costs nothing.</summary>
    public async Task<bool> ForcesVisitorAsync(HttpContext context, CancellationToken cancellation) =>
        Waited(context) > _anonymous && HttpMethods.IsGet(context.Request.Method)
        && !await limiter.TryAsync($"force-anonymous:{context.Request.Path}", _perTenSeconds, TenSeconds, cancellation);

    double? Waited(HttpContext context) => context.Request.Headers.ContainsKey("X-Request-Start") ? Queued(context.Request, time)?.TotalSeconds : null;

    static double Seconds(GlobalSettings globals, string name, double absent) =>
        double.TryParse(globals.Text(name, null), CultureInfo.InvariantCulture, out var seconds) ? seconds : absent;
}
