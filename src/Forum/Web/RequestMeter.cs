using System.Diagnostics;
using System.Globalization;
using Forum.Configuration;
using Forum.Database;

namespace Forum.Web;

/// <summary>The outermost turn of a request: counts what it costs and says so in headers.</summary>
sealed class RequestMeter(RequestDelegate next, GlobalSettings globals)
{
    readonly bool _details = globals.Flag("enable_performance_http_headers", false);

    public Task InvokeAsync(HttpContext context)
    {
        var costs = RequestCosts.Begin();
        var start = Stopwatch.GetTimestamp();
        context.Response.OnStarting(() =>
        {
            var headers = context.Response.Headers;
            headers["X-Runtime"] = Seconds(Stopwatch.GetElapsedTime(start));
            headers["X-Discourse-Route"] = context.GetEndpoint()?.Metadata.GetMetadata<RouteAction>()?.ToString() ?? "exceptions/not_found";
            if (_details)
            {
                headers["X-Sql-Calls"] = costs.SqlCalls.ToString(CultureInfo.InvariantCulture);
                headers["X-Sql-Time"] = Seconds(costs.SqlTime);
                headers["X-Redis-Calls"] = costs.RedisCalls.ToString(CultureInfo.InvariantCulture);
                headers["X-Redis-Time"] = Seconds(costs.RedisTime);
            }

            return Task.CompletedTask;
        });
        return next(context);
    }

    static string Seconds(TimeSpan time) => time.TotalSeconds.ToString("F6", CultureInfo.InvariantCulture);
}
