namespace Forum.Web;

/// <summary>Programs that index the web, and small screens, by what they say they are.</summary>
static class Crawlers
{
    static readonly string[] Bots = ["rss", "bot", "spider", "crawler", "facebook", "archive", "wayback", "ping", "monitor", "lighthouse"];
    static readonly string[] Browsers = ["trident", "webkit", "gecko", "chrome", "safari", "msie", "opera", "goanna"];

    public static bool IsCrawler(HttpContext context)
    {
        var agent = context.Request.Headers.UserAgent.ToString();
        return context.Request.Headers["Discourse-Render"] == "crawler"
            || (Bots.Any(word => agent.Contains(word, StringComparison.OrdinalIgnoreCase))
                && (agent.Contains("compatible", StringComparison.OrdinalIgnoreCase) || !Browsers.Any(word => agent.Contains(word, StringComparison.OrdinalIgnoreCase))));
    }

    public static bool IsMobile(HttpContext context)
    {
        var agent = context.Request.Headers.UserAgent.ToString();
        return agent.Contains("Mobile", StringComparison.Ordinal) && !agent.Contains("iPad", StringComparison.Ordinal);
    }
}
