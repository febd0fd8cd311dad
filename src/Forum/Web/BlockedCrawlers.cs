using Forum.Settings;

namespace Forum.Web;

/// <summary>Turns away crawlers that the settings name, or all that they do not name: blocked_crawler_user_agents, allowed_crawler_user_agents.</summary>
sealed class BlockedCrawlers(RequestDelegate next, SiteSettings settings)
{
    public Task InvokeAsync(HttpContext context)
    {
        var request = context.Request;
        if (!HttpMethods.IsGet(request.Method) || context.IsXhr() || request.Path == "/robots.txt" || request.Path == "/srv/status"
            || request.Headers.ContainsKey("Api-Key") || request.Headers.ContainsKey("User-Api-Key") || !Crawlers.IsCrawler(context) || IsAllowed(request.Headers.UserAgent.ToString()))
        {
            return next(context);
        }

        context.Response.StatusCode = 403;
        context.Response.ContentType = "text/plain; charset=utf-8";
        return context.Response.WriteAsync("Crawler is not allowed!", context.RequestAborted);
    }

    bool IsAllowed(string agent)
    {
        var values = settings.Current;
        return values.List("allowed_crawler_user_agents") is { Count: > 0 } allowed
            ? allowed.Any(name => agent.Contains(name, StringComparison.OrdinalIgnoreCase))
            : !values.List("blocked_crawler_user_agents").Any(name => agent.Contains(name, StringComparison.OrdinalIgnoreCase));
    }
}
