using System.Collections.Frozen;
using Forum.Configuration;
using Forum.RateLimits;
using Forum.Sessions;
using Forum.Settings;
using Forum.Web;

namespace Forum.PageCache;

/// <summary>Serves visitors from <see cref="AnonymousPages"/>, and notices what changes them.</summary>
/// <remarks>Source: the container contract, "Anonymous cache": the first request of a minute is not kept, the second is, later ones are hits.</remarks>
sealed class AnonymousCache(RequestDelegate next, AnonymousPages pages, IpLimits limits, SiteSettings settings, GlobalSettings globals, TimeProvider time)
{
    const string Header = "X-Discourse-Cached";
    const int LongestQuery = 256;
    const int LargestBody = 2 * 1024 * 1024;

    static readonly FrozenSet<string> Kept = new[]
    {
        "list/latest", "list/top", "list/hot", "list/category_default", "list/category_latest", "list/category_none_latest", "list/category_top", "categories/index",
        "categories/categories_and_latest", "topics/show", "tags/index", "tags/show", "about/index", "directory_items/index", "site/site", "badges/index",
    }.ToFrozenSet();

    /// <summary>Writes that no visitor sees.</summary>
    static readonly FrozenSet<string> Unseen = new[]
    {
        "message_bus/poll", "topics/timings", "session/create", "session/destroy", "session/forgot_password", "drafts/create", "drafts/destroy", "presence/update",
        "notifications/mark_read", "pageview/track", "csp_reports/create", "user_api_keys/create", "admin/api/create",
    }.ToFrozenSet();

    readonly int _threshold = Math.Max(1, globals.Number("anon_cache_store_threshold", 2));
    readonly bool _isOff = globals.Environment.GetValueOrDefault("DISCOURSE_DISABLE_ANON_CACHE") is { Length: > 0 };

    public async Task InvokeAsync(HttpContext context)
    {
        var action = context.GetEndpoint()?.Metadata.GetMetadata<RouteAction>()?.ToString();
        var method = context.Request.Method;
        if (!HttpMethods.IsGet(method))
        {
            await next(context);
            if (!HttpMethods.IsHead(method) && !HttpMethods.IsOptions(method) && context.Response.StatusCode < 400 && action is not null && !Unseen.Contains(action))
            {
                await pages.ChangedAsync(CancellationToken.None);
            }

            return;
        }

        if (_isOff || action is null || !Kept.Contains(action) || !IsVisitor(context) || settings.Bool("login_required"))
        {
            await next(context);
            return;
        }

        await limits.CheckAsync(context, CurrentUser.Anonymous, context.RequestAborted);
        context.Items[typeof(IpLimits)] = true;
        var key = Key(context);
        if (pages.Find(key) is { } page)
        {
            await WriteAsync(context, page, "true");
            return;
        }

        if (pages.Ask(key) < _threshold)
        {
            context.Response.Headers[Header] = "skip";
            await next(context);
            return;
        }

        var isMaker = false;
        var made = await pages.FillAsync(key, () =>
        {
            isMaker = true;
            return MakeAsync(context);
        });
        if (isMaker)
        {
            return;
        }

        if (made is not null)
        {
            await WriteAsync(context, made, "true");
        }
        else
        {
            await next(context);
        }
    }

    /// <summary>Lets the app answer this request, and keeps the answer if it is one for everybody.</summary>
    async Task<CachedPage?> MakeAsync(HttpContext context)
    {
        context.Response.Headers[Header] = "store";
        var real = context.Response.Body;
        using var copy = new MemoryStream();
        context.Response.Body = copy;
        try
        {
            await next(context);
            // What was written through the body's pipe is in its buffer still.
            await context.Response.BodyWriter.FlushAsync(context.RequestAborted);
        }
        finally
        {
            context.Response.Body = real;
        }

        var response = context.Response;
        var body = copy.ToArray();
        var isKept = response is { StatusCode: 200, ContentType.Length: > 0 } && body.Length <= LargestBody && !response.Headers.ContainsKey("Set-Cookie")
            // It holds a form with this visitor's own token.
            && !context.Items.ContainsKey(typeof(BrowserSession));
        if (!isKept)
        {
            response.Headers[Header] = "skip";
        }

        if (!HttpMethods.IsHead(context.Request.Method) && body.Length > 0)
        {
            response.ContentLength = body.Length;
            await response.Body.WriteAsync(body, context.RequestAborted);
        }

        return isKept ? new CachedPage(response.ContentType!, body, time.GetUtcNow() + CachedPage.Life) : null;
    }

    static async Task WriteAsync(HttpContext context, CachedPage page, string state)
    {
        var (request, response) = (context.Request.Headers, context.Response);
        response.ContentType = page.ContentType;
        response.Headers[Header] = state;
        response.Headers.CacheControl = "no-cache, no-store";
        response.Headers.ETag = page.ETag;
        response.Headers.Append("Vary", "Accept, Accept-Encoding");
        if (request.IfNoneMatch.Count > 0 && request.IfNoneMatch.ToString().Contains(page.ETag, StringComparison.Ordinal))
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }

        var body = page.Body;
        if (request.AcceptEncoding.Count > 0 && TakesGzip(request.AcceptEncoding.ToString()) && page.Gzip is { } gzip)
        {
            response.Headers.ContentEncoding = "gzip";
            body = gzip;
        }

        response.ContentLength = body.Length;
        await response.Body.WriteAsync(body, context.RequestAborted);
    }

    /// <summary>Whether Accept-Encoding names gzip, and not with the quality 0.</summary>
    static bool TakesGzip(string accepted) => accepted.Split(',', StringSplitOptions.TrimEntries)
        .Any(coding => coding.StartsWith("gzip", StringComparison.OrdinalIgnoreCase) && coding[4..].Replace(" ", "", StringComparison.Ordinal) is "" or [';', 'q', '=', _, ..] and not (";q=0" or ";q=0.0" or ";q=0.00" or ";q=0.000"));

    bool IsVisitor(HttpContext context)
    {
        var request = context.Request;
        return !request.Cookies.ContainsKey(globals.Environment.GetValueOrDefault("DISCOURSE_TOKEN_COOKIE") is { Length: > 0 } name ? name : "_t")
            && !request.Cookies.ContainsKey("_bypass_cache") && !request.Headers.ContainsKey("Api-Key") && !request.Headers.ContainsKey("User-Api-Key")
            && request.QueryString.Value is not { Length: > LongestQuery };
    }

    static string Key(HttpContext context) => string.Concat(
        context.WantsJson() ? "j" : "h", Crawlers.IsCrawler(context) ? "c" : Crawlers.IsMobile(context) ? "m" : "d", context.Request.Path.Value, context.Request.QueryString.Value);
}
