using System.Net;
using Forum.Configuration;
using Forum.Database;
using Forum.Redis;
using Forum.Sessions;
using Forum.Web;

namespace Forum.Metrics;

/// <summary>/metrics for Prometheus on a private network, and for admins; nobody else learns that it is there.</summary>
static class MetricsApi
{
    public const string ContentType = "text/plain; charset=utf-8";

    public static void MapMetrics(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/metrics", GetAsync).AllowAnyone().OpenToVisitors().Named("metrics#index");

    static async Task<IResult> GetAsync(
        HttpContext context, CurrentUser user, WebMetrics web, ProcessMetrics process, ForumDatabase database, RedisClient redis, GlobalSettings globals, CancellationToken cancellation)
    {
        if (!user.IsAdmin && !ClientIps.IsPrivate(IPAddress.Parse(context.ClientIp())) && !IsTrusted(context.ClientIp(), globals))
        {
            throw Refused.NotFound();
        }

        var text = new Exposition();
        web.Write(text);
        process.Write(text);
        await GlobalMetrics.WriteAsync(text, database, redis, globals, web.Active, cancellation);
        return Results.Text(text.ToString(), ContentType);
    }

    static bool IsTrusted(string ip, GlobalSettings globals) => globals.Text("prometheus_trusted_ip_allowlist_regex", null) is { } pattern
        && System.Text.RegularExpressions.Regex.IsMatch(ip, pattern, System.Text.RegularExpressions.RegexOptions.None, TimeSpan.FromSeconds(1));
}
