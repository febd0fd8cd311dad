using System.Collections.Frozen;
using Forum.Configuration;
using Forum.Settings;

namespace Forum.Web;

/// <summary>Lets scripts of other sites call the API, if the operator names the sites: enable_cors, cors_origin and the setting cors_origins.</summary>
/// <remarks>Source: the container contract; Fetch, section 3.2 (CORS protocol).</remarks>
sealed class Cors(RequestDelegate next, GlobalSettings globals, SiteSettings settings)
{
    const string AllowedHeaders =
        "Content-Type, Cache-Control, X-Requested-With, X-CSRF-Token, Discourse-Present, User-Api-Key, User-Api-Client-Id, Authorization";

    readonly bool _isOn = globals.Flag("enable_cors", false);
    readonly FrozenSet<string> _origins =
        (globals.Text("cors_origin", null) ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    public Task InvokeAsync(HttpContext context)
    {
        var origin = context.Request.Headers.Origin.ToString();
        if (!_isOn || origin.Length == 0)
        {
            return next(context);
        }

        Allow(context.Response.Headers, origin);
        if (HttpMethods.IsOptions(context.Request.Method) && context.Request.Headers.AccessControlRequestMethod.Count > 0)
        {
            context.Response.StatusCode = 200;
            return Task.CompletedTask;
        }

        return next(context);
    }

    void Allow(IHeaderDictionary headers, string origin)
    {
        var isNamed = _origins.Contains(origin) || settings.List("cors_origins").Contains(origin, StringComparer.OrdinalIgnoreCase);
        if (!isNamed && !_origins.Contains("*"))
        {
            return;
        }

        headers.AccessControlAllowOrigin = isNamed ? origin : "*";
        if (isNamed)
        {
            // Browsers send cookies only to who is named: for everybody they would give members' pages away.
            headers.AccessControlAllowCredentials = "true";
            headers.Append("Vary", "Origin");
        }

        headers.AccessControlAllowHeaders = AllowedHeaders;
        headers.AccessControlAllowMethods = "POST, PUT, GET, OPTIONS, DELETE";
        headers.AccessControlMaxAge = "7200";
    }
}
