using System.Text;
using System.Text.Encodings.Web;
using Forum.Web;

namespace Forum.SignOn.Saml;

/// <summary>/auth/saml, its callback, and the forum's own description.</summary>
/// <remarks>Source: the reference on authentication, section 8.</remarks>
static class SamlApi
{
    const string SubmitScript = "/auth/saml/submit.js";

    public static void MapSaml(this IEndpointRouteBuilder routes)
    {
        routes.MapPost("/auth/saml", StartAsync).AllowAnyone().OpenToVisitors().Named("users/omniauth_callbacks#request");
        routes.MapPost("/auth/saml/callback", CallbackAsync).AllowAnyone().OpenToVisitors().WithoutCsrf().Named("users/omniauth_callbacks#complete");
        routes.MapGet("/auth/saml/metadata", Metadata).AllowAnyone().OpenToVisitors().Named("users/omniauth_callbacks#metadata");
        routes.MapGet(SubmitScript, () => Results.Text("document.forms[0].submit();", "text/javascript")).AllowAnyone().OpenToVisitors().Named("static#show");
    }

    static IResult Metadata(SamlSignOn saml)
    {
        saml.CheckEnabled();
        return Results.Text(SamlRequest.Describe(saml.Settings), "application/xml", Encoding.UTF8);
    }

    static async Task<IResult> StartAsync(HttpContext context, Parameters given, SamlSignOn saml, CancellationToken cancellation)
    {
        saml.CheckEnabled();
        try
        {
            var (settings, request) = await saml.BeginAsync(context, SignOnCompletion.SafeOrigin(given.Text("origin")), cancellation);
            context.Response.Headers.CacheControl = "no-store";
            return settings.PostsRequests
                ? SelfSubmitting(context, settings.TargetUrl, [("SAMLRequest", Convert.ToBase64String(Encoding.UTF8.GetBytes(request)))])
                : Results.Redirect(SamlRequest.RedirectUrl(settings, request));
        }
        catch (SignOnException e)
        {
            return await SignOnApi.FailedAsync(context, e.Message, cancellation);
        }
    }

    /// <summary>
    /// The provider's page posts here, and such a post from another site comes without cookies. So the first is answered with
    /// a form that posts the same once more, from this site, and sets no cookie that would replace the real ones.
    /// </summary>
    static async Task<IResult> CallbackAsync(HttpContext context, Parameters given, SamlSignOn saml, CancellationToken cancellation)
    {
        saml.CheckEnabled();
        var answer = given.Required("SAMLResponse");
        if (given.Text("SameSite") is null)
        {
            return SelfSubmitting(context, saml.Settings.CallbackUrl, [("SAMLResponse", answer), ("SameSite", "1")]);
        }

        try
        {
            return await saml.CompleteAsync(context, answer, cancellation);
        }
        catch (SignOnException e)
        {
            return await SignOnApi.FailedAsync(context, e.Message, cancellation);
        }
    }

    static IResult SelfSubmitting(HttpContext context, string target, (string Name, string Value)[] fields)
    {
        var page = new StringBuilder("<!DOCTYPE html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>Logging in</title></head><body>");
        page.Append($"<form action=\"{HtmlEncoder.Default.Encode(target)}\" method=\"post\">");
        foreach (var (name, value) in fields)
        {
            page.Append($"<input type=\"hidden\" name=\"{name}\" value=\"{HtmlEncoder.Default.Encode(value)}\">");
        }

        page.Append("<noscript><p>One step is left.</p><input type=\"submit\" value=\"Continue\"></noscript></form>");
        page.Append($"<script src=\"{context.Request.PathBase}{SubmitScript}\"></script></body></html>");
        context.Response.Headers.ContentSecurityPolicy =
            $"default-src 'none'; script-src 'self'; form-action 'self' {new Uri(target).GetLeftPart(UriPartial.Authority)}; base-uri 'none'; frame-ancestors 'none'";
        context.Response.Headers.CacheControl = "no-store";
        return Results.Text(page.ToString(), "text/html", Encoding.UTF8);
    }
}
