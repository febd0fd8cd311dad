using System.Text.Json.Nodes;
using Forum.Pages;
using Forum.Settings;
using Forum.SignOn.Connect;
using Forum.SignOn.Oidc;
using Forum.SignOn.Saml;
using Forum.Web;

namespace Forum.SignOn;

/// <summary>Signing in somewhere else: OpenID Connect, SAML and DiscourseConnect. /auth/PROVIDER starts, /auth/PROVIDER/callback ends.</summary>
static class SignOnApi
{
    public static void AddSignOn(this IServiceCollection services)
    {
        services.AddSingleton<AssociatedAccounts>();
        services.AddSingleton<PendingSignUp>();
        services.AddSingleton<SignOnCompletion>();
        services.AddSingleton<GroupSync>();
        services.AddSingleton<OidcClient>();
        services.AddSingleton<SamlSignOn>();
        services.AddSingleton<SamlRights>();
        services.AddSingleton<ConnectConsumer>();
    }

    public static void MapSignOn(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/auth/failure", FailureAsync).AllowAnyone().OpenToVisitors().Named("users/omniauth_callbacks#failure");
        routes.MapGet("/auth/{provider}", AskAsync).AllowAnyone().OpenToVisitors().Named("users/omniauth_callbacks#confirm_request");
        routes.MapOidc();
        routes.MapSaml();
        routes.MapConnect();
        routes.MapAccountLinks();
    }

    /// <summary>auth_providers of site.json: what the login page offers besides passwords.</summary>
    public static JsonArray Providers(SettingValues settings, bool samlByVariable) => [.. Enabled(settings, samlByVariable).Select(name => (JsonNode)new JsonObject
    {
        ["name"] = name,
        ["custom_url"] = null,
        ["pretty_name_override"] = null,
        ["title_override"] = null,
        ["frame_width"] = 800,
        ["frame_height"] = 600,
        ["can_connect"] = name == "oidc" && settings.Bool("openid_connect_allow_association_change"),
        ["can_revoke"] = AccountLinksApi.CanRevoke(name, settings),
        ["icon"] = name == "oidc" ? "fab-openid" : "user",
    })];

    public static IEnumerable<string> Enabled(SettingValues settings, bool samlByVariable)
    {
        if (settings.Bool("openid_connect_enabled") && settings.Text("openid_connect_discovery_document").Length > 0)
        {
            yield return "oidc";
        }

        if (settings.Bool("saml_enabled") || samlByVariable)
        {
            yield return "saml";
        }
    }

    /// <summary>The name that people know a provider by.</summary>
    public static string Title(string provider) => provider == "saml" ? "SAML" : "OpenID Connect";

    /// <summary>The way out of the forum is a form that its visitor submits: a link on another site must sign nobody in.</summary>
    static async Task<IResult> AskAsync(HttpContext context, string provider, Parameters given, SiteSettings settings, SamlSignOn saml, CancellationToken cancellation)
    {
        if (!Enabled(settings.Current, saml.IsSetByVariable).Contains(provider))
        {
            throw Refused.NotFound();
        }

        return await WithWayOutAsync(context, settings.Current, PagesApi.FormAsync(
            context, $"Log in with {Title(provider)}", [Form(provider, given.Text("origin"))], cancellation, intro: "You will be sent to the site that knows you, and back here."));
    }

    /// <summary>The button of a provider.</summary>
    public static SimpleForm Form(string provider, string? origin = null) =>
        new($"/auth/{provider}", "POST", "/", $"Log in with {Title(provider)}", [new("origin", "", "hidden", SignOnCompletion.SafeOrigin(origin) ?? "")]);

    /// <summary>A form's redirect to the provider counts as the form's target in a browser's eyes, so the page's policy names it.</summary>
    public static async Task<IResult> WithWayOutAsync(HttpContext context, SettingValues settings, Task<IResult> page)
    {
        var result = await page;
        var places = new[] { settings.Text("saml_target_url"), settings.Text("openid_connect_discovery_document") }
            .Select(address => Uri.TryCreate(address, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" ? uri.GetLeftPart(UriPartial.Authority) : null).OfType<string>();
        SecurityHeaders.AllowForms(context.Response, ["https:", .. places]);
        return result;
    }

    static Task<IResult> FailureAsync(HttpContext context, Parameters given, CancellationToken cancellation) =>
        FailedAsync(context, given.Text("message") is "access_denied" ? "The other site refused, or you cancelled." : "Sorry, there was an error authorizing your account. Please try again.", cancellation);

    public static Task<IResult> FailedAsync(HttpContext context, string reason, CancellationToken cancellation) =>
        PagesApi.FormAsync(context, "You could not be logged in", [], cancellation, intro: reason, links: [("/login", "Log In")]);
}
