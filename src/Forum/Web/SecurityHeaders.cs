namespace Forum.Web;

/// <summary>What every answer tells the browser not to do.</summary>
static class SecurityHeaders
{
    /// <summary>Nothing but this site's own files runs or is loaded; pictures, sound and frames may come from elsewhere. Nothing is inline: the style sheet knows the alignments of tables in posts.</summary>
    const string ContentPolicy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' https: http: data:; media-src 'self' https: http:; font-src 'self'; connect-src 'self'; " +
        "form-action 'self'; frame-src https:; frame-ancestors 'self'; base-uri 'none'; manifest-src 'self'; object-src 'none'";

    /// <summary>Lets the page's forms lead elsewhere: browsers count where a form's answer redirects to as its target.</summary>
    /// <param name="places">Sources as the policy has them: an origin, or a scheme with its colon.</param>
    public static void AllowForms(HttpResponse response, IEnumerable<string> places) =>
        response.Headers.ContentSecurityPolicy = ContentPolicy.Replace("form-action 'self'", $"form-action {string.Join(' ', ["'self'", .. places])}", StringComparison.Ordinal);

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
