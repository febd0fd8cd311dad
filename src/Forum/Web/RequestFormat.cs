namespace Forum.Web;

/// <summary>Whether the client wants JSON: it asked for a path that ends in .json, said so in Accept, or is a script of the page.</summary>
sealed class RequestFormat(RequestDelegate next)
{
    const string Suffix = ".json";

    /// <summary>Refuses what upstream refuses, a GET with a body: it could poison caches on the way. Takes the suffix off before routing, so that each route is written once.</summary>
    public Task InvokeAsync(HttpContext context)
    {
        if ((HttpMethods.IsGet(context.Request.Method) || HttpMethods.IsHead(context.Request.Method))
            && (context.Request.ContentLength > 0 || context.Request.Headers.TransferEncoding.Count > 0))
        {
            throw new RefusedException(413, null, "A GET request may have no body.");
        }

        var path = context.Request.Path.Value ?? "/";
        if (path.EndsWith(Suffix, StringComparison.Ordinal) && path.Length > Suffix.Length + 1)
        {
            context.Items[typeof(RequestFormat)] = true;
            context.Request.Path = path = path[..^Suffix.Length];
        }

        // /users is the old name of /u, which clients still use.
        if (path.StartsWith("/users", StringComparison.Ordinal) && (path.Length == 6 || path[6] == '/'))
        {
            context.Request.Path = "/u" + path[6..];
        }

        return next(context);
    }
}

static class RequestFormats
{
    public static bool WantsJson(this HttpContext context)
    {
        if (context.Items.ContainsKey(typeof(RequestFormat)))
        {
            return true;
        }

        var headers = context.Request.Headers;
        var accept = headers.Accept.ToString();
        return accept.StartsWith("application/json", StringComparison.OrdinalIgnoreCase)
            || (accept.Contains("application/json", StringComparison.OrdinalIgnoreCase) && !accept.Contains("text/html", StringComparison.OrdinalIgnoreCase))
            || (context.IsXhr() && !accept.Contains("text/html", StringComparison.OrdinalIgnoreCase))
            || headers.ContainsKey("Api-Key") || headers.ContainsKey("User-Api-Key");
    }

    /// <summary>The client asked for a page by name; one that takes anything gets what it always got.</summary>
    public static bool WantsHtml(this HttpContext context) =>
        !context.WantsJson() && context.Request.Headers.Accept.ToString().Contains("text/html", StringComparison.OrdinalIgnoreCase);

    public static bool IsXhr(this HttpContext context) =>
        string.Equals(context.Request.Headers.XRequestedWith.ToString(), "XMLHttpRequest", StringComparison.OrdinalIgnoreCase);
}
