using System.Diagnostics;
using System.Globalization;
using Forum.Configuration;
using Forum.Database;
using Forum.Logs;
using Forum.Metrics;
using Forum.RateLimits;
using Forum.Sessions;
using Forum.Settings;

namespace Forum.Web;

/// <summary>The outermost turn of a request: counts what it costs, says so in headers, metrics and production.log.</summary>
sealed class RequestMeter(RequestDelegate next, GlobalSettings globals, WebMetrics metrics, ApplicationRequests requests, ForumLogs logs, SiteSettings settings, TimeProvider time)
{
    readonly bool _details = globals.Flag("enable_performance_http_headers", false);

    public async Task InvokeAsync(HttpContext context)
    {
        var costs = RequestCosts.Begin();
        var start = Stopwatch.GetTimestamp();
        var request = new Request(context.Request.Method, context.Request.Path + context.Request.QueryString, Overload.Queued(context.Request, time));
        metrics.Begin();
        context.Response.OnStarting(() =>
        {
            var headers = context.Response.Headers;
            headers["X-Runtime"] = Seconds(Stopwatch.GetElapsedTime(start));
            headers["X-Discourse-Route"] = Route(context)?.ToString() ?? "exceptions/not_found";
            SecurityHeaders.Apply(context.Response, settings.Bool("content_security_policy"));
            if (_details)
            {
                headers["X-Sql-Calls"] = costs.SqlCalls.ToString(CultureInfo.InvariantCulture);
                headers["X-Sql-Time"] = Seconds(costs.SqlTime);
                headers["X-Redis-Calls"] = costs.RedisCalls.ToString(CultureInfo.InvariantCulture);
                headers["X-Redis-Time"] = Seconds(costs.RedisTime);
                if (request.Queued is { } queued)
                {
                    headers["X-Queue-Time"] = Seconds(queued);
                }
            }

            return Task.CompletedTask;
        });
        try
        {
            await next(context);
        }
        finally
        {
            Finish(context, request, costs, Stopwatch.GetElapsedTime(start));
        }
    }

    void Finish(HttpContext context, Request request, RequestCosts costs, TimeSpan took)
    {
        var route = Route(context);
        var user = context.User();
        var type = context.Response.ContentType ?? "";
        var cached = context.Response.Headers["X-Discourse-Cached"].ToString();
        var isPoll = route is { Controller: "message_bus" };
        var measured = new MeasuredRequest
        {
            Status = isPoll ? -1 : context.Response.StatusCode,
            Verb = request.Method is "GET" or "HEAD" or "PUT" or "POST" or "DELETE" ? request.Method : "OTHER",
            Api = user.Credential switch
            {
                Credential.ApiKey => "admin",
                Credential.UserApiKey => "user",
                _ => "web",
            },
            IsBackground = isPoll || context.Request.Headers.ContainsKey("Discourse-Background"),
            IsLoggedIn = !user.IsAnonymous,
            ContentType = type.StartsWith("application/json", StringComparison.Ordinal) ? "json" : type.StartsWith("text/html", StringComparison.Ordinal) ? "html" : "other",
            Controller = route?.Controller ?? "other",
            Action = route?.Action ?? "other",
            Total = took,
            Sql = costs.SqlTime,
            Redis = costs.RedisTime,
            Net = costs.NetTime,
            SqlCalls = costs.SqlCalls,
            IsCacheHit = cached == "true",
            IsCacheStore = cached == "store",
            PageView = PageView(context, user, type),
            Device = Crawlers.IsCrawler(context) ? "crawler" : Crawlers.IsMobile(context) ? "mobile" : "desktop",
            Queued = request.Queued,
        };
        metrics.End(measured);
        requests.Count(measured);
        if (cached != "true" && route is not { Controller: "forums", Action: "status" })
        {
            Log(context, request, route, costs, took, type);
        }
    }

    /// <summary>As Rails logs requests, so that existing dashboards and alerts go on working.</summary>
    void Log(HttpContext context, Request request, RouteAction? route, RequestCosts costs, TimeSpan took, string type)
    {
        var format = type.StartsWith("application/json", StringComparison.Ordinal) ? "JSON" : type.StartsWith("text/html", StringComparison.Ordinal) ? "HTML" : "*/*";
        var target = route is null ? "exceptions#not_found" : $"{route.Controller}#{route.Action}";
        logs.Production.Write(logs.Cut(string.Create(CultureInfo.InvariantCulture, $"""
            Started {request.Method} "{OneLine(request.Url)}" for {context.ClientIp()} at {ForumLogs.Stamp(time.GetUtcNow())}
            Processing by {target} as {format}
            Completed {context.Response.StatusCode} in {took.TotalMilliseconds:F0}ms (ActiveRecord: {costs.SqlTime.TotalMilliseconds:F1}ms | Queries: {costs.SqlCalls} | Redis: {costs.RedisTime.TotalMilliseconds:F1}ms)
            """)));
    }

    static string? PageView(HttpContext context, CurrentUser user, string type)
    {
        if (context.Response.StatusCode != 200 || !HttpMethods.IsGet(context.Request.Method)
            || !(type.StartsWith("text/html", StringComparison.Ordinal) || context.Request.Headers["Discourse-Track-View"] is [not null, ..]))
        {
            return null;
        }

        return Crawlers.IsCrawler(context) ? "crawler" : user.IsAnonymous ? "anon" : "logged_in";
    }

    static RouteAction? Route(HttpContext context) => context.GetEndpoint()?.Metadata.GetMetadata<RouteAction>();

    static string Seconds(TimeSpan span) => span.TotalSeconds.ToString("F6", CultureInfo.InvariantCulture);

    static string OneLine(string text) => text.ReplaceLineEndings("");

    sealed record Request(string Method, string Url, TimeSpan? Queued);
}
