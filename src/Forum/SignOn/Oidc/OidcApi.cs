using System.Text.Json.Nodes;
using Forum.Configuration;
using Forum.Sessions;
using Forum.Settings;
using Forum.Web;

namespace Forum.SignOn.Oidc;

/// <summary>/auth/oidc and /auth/oidc/callback: OpenID Connect's authorization code flow with state, nonce and, if set, PKCE.</summary>
/// <remarks>Source: OpenID Connect Core 1.0; RFC 7636; the reference on authentication, section 7.</remarks>
static class OidcApi
{
    public static void MapOidc(this IEndpointRouteBuilder routes)
    {
        routes.MapPost("/auth/oidc", StartAsync).AllowAnyone().OpenToVisitors().Named("users/omniauth_callbacks#request");
        routes.MapGet("/auth/oidc/callback", CallbackAsync).AllowAnyone().OpenToVisitors().Named("users/omniauth_callbacks#complete");
    }

    static async Task<IResult> StartAsync(
        HttpContext context, Parameters given, OidcClient client, BrowserSession browser, SiteSettings settings, CancellationToken cancellation)
    {
        if (!SignOnApi.Enabled(settings.Current, false).Contains("oidc"))
        {
            throw Refused.NotFound();
        }

        var attempt = new OidcAttempt(AuthTokens.NewToken(), AuthTokens.NewToken(), AuthTokens.NewToken() + AuthTokens.NewToken(), SignOnCompletion.SafeOrigin(given.Text("origin")));
        try
        {
            var target = await client.AuthorizeUrlAsync(attempt, cancellation);
            await browser.SetAsync(context, "oidc:" + attempt.State, new JsonObject
            {
                ["nonce"] = attempt.Nonce, ["verifier"] = attempt.Verifier, ["origin"] = attempt.Origin,
            }.ToJsonString(), cancellation);
            context.Response.Headers.CacheControl = "no-store";
            return Results.Redirect(target);
        }
        catch (SignOnException e)
        {
            return await SignOnApi.FailedAsync(context, e.Message, cancellation);
        }
    }

    static async Task<IResult> CallbackAsync(
        HttpContext context, Parameters given, OidcClient client, BrowserSession browser, SignOnCompletion completion, SiteSettings settings, GlobalSettings globals,
        CancellationToken cancellation)
    {
        if (!SignOnApi.Enabled(settings.Current, false).Contains("oidc"))
        {
            throw Refused.NotFound();
        }

        try
        {
            // The state ties the answer to the browser that asked, and works once.
            if (given.Text("state") is not { Length: 32 } state || await browser.TakeAsync(context, "oidc:" + state, cancellation) is not { } kept)
            {
                throw new SignOnException("The login has expired, or was not started in this browser. Please try again.");
            }

            if (given.Text("error") is { } error)
            {
                return ErrorRedirect(settings, error, given.Text("error_description")) is { } target
                    ? Results.Redirect(target)
                    : Results.Redirect($"{globals.RelativeUrlRoot}/auth/failure?message={Uri.EscapeDataString(error)}&strategy=oidc");
            }

            var stored = JsonNode.Parse(kept)!;
            var attempt = new OidcAttempt(state, (string)stored["nonce"]!, (string)stored["verifier"]!, (string?)stored["origin"]);
            var identity = await client.IdentityAsync(given.Text("code") ?? "", attempt, cancellation);
            return await completion.CompleteAsync(
                context, identity,
                new SignOnRules(settings.Bool("openid_connect_match_by_email"), settings.Bool("auth_skip_create_confirm"), settings.Bool("openid_connect_overrides_email")),
                attempt.Origin, cancellation);
        }
        catch (SignOnException e)
        {
            return await SignOnApi.FailedAsync(context, e.Message, cancellation);
        }
    }

    /// <summary>openid_connect_error_redirects: "text of the error|address" pairs, of which the first that matches says where to go.</summary>
    static string? ErrorRedirect(SiteSettings settings, string error, string? description)
    {
        foreach (var pair in settings.Text("openid_connect_error_redirects").Split(['|', '\n'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Chunk(2))
        {
            if (pair is [var text, var target] && $"{error} {description}".Contains(text, StringComparison.OrdinalIgnoreCase) && Uri.TryCreate(target, UriKind.Absolute, out _))
            {
                return target;
            }
        }

        return null;
    }
}

/// <summary>One way to the provider and back.</summary>
/// <param name="State">Comes back in the callback's address.</param>
/// <param name="Nonce">Comes back inside the signed token.</param>
/// <param name="Verifier">PKCE's secret: only who asked can use the code.</param>
/// <param name="Origin">The forum's page where it began.</param>
sealed record OidcAttempt(string State, string Nonce, string Verifier, string? Origin);
