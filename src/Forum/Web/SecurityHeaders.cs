namespace Forum.Web;

/// <summary>What every answer tells the browser not to do.</summary>
static class SecurityHeaders
{
    /// <summary>Scripts only from here, no plugins, no framing by others. Styles may be inline: tables in posts carry their alignment so.</summary>
    const string ContentPolicy =
        "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' http: https: data:; media-src 'self' http: https:; " +
        "frame-src https:; connect-src 'self'; object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'self'; manifest-src 'self'; worker-src 'self'";

    public static void Apply(HttpResponse response, bool withPolicy)
    {
        var headers = response.Headers;
        headers.XFrameOptions = "SAMEORIGIN";
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "strict-origin-when-cross-origin";
        headers.XXSSProtection = "0";
        headers["X-Download-Options"] = "noopen";
        headers["X-Permitted-Cross-Domain-Policies"] = "none";
        if (headers.CacheControl.Count == 0)
        {
            headers.CacheControl = "no-cache, no-store";
        }

        if (response.ContentType?.StartsWith("text/html", StringComparison.Ordinal) == true)
        {
            headers["Cross-Origin-Opener-Policy"] = "same-origin-allow-popups";
            headers.Vary = "Accept, Accept-Encoding";
            if (withPolicy && headers.ContentSecurityPolicy.Count == 0)
            {
                headers.ContentSecurityPolicy = ContentPolicy;
            }
        }
    }
}
