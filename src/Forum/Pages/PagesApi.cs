using System.Globalization;
using Forum.Categories;
using Forum.Database;
using Forum.Posts;
using Forum.Sessions;
using Forum.Settings;
using Forum.SignOn;
using Forum.SignOn.Connect;
using Forum.SignOn.Saml;
using Forum.Topics;
using Forum.Users;
using Forum.Viewing;
using Forum.Web;

namespace Forum.Pages;

/// <summary>Pages that are only pages: forms, and the site's own files.</summary>
static class PagesApi
{
    public static void MapPages(this IEndpointRouteBuilder app)
    {
        app.MapGet("/login", LoginAsync).AllowAnyone().OpenToVisitors().Named("static#show");
        app.MapGet("/signup", SignUpAsync).AllowAnyone().OpenToVisitors().Named("static#show");
        app.MapGet("/password-reset", ForgottenAsync).AllowAnyone().OpenToVisitors().Named("static#show");
        app.MapGet("/u/activate-account/{token}", MailLinkPages.ActivateAsync).AllowAnyone().OpenToVisitors().Named("users#activate_account");
        app.MapOwnPages();
        app.MapPostPages();
        app.MapAdminPages();
        app.MapGet("/new-topic", NewTopicAsync).RequireLogin().Named("new_topic#index");
        app.MapGet("/new-message", NewMessageAsync).RequireLogin().Named("new_topic#index");
        app.MapGet("/new-category", NewCategoryAsync).RequireLogin().Named("categories#index");
        app.MapGet("/posts/{id:int}/edit", EditAsync).RequireLogin().Named("posts#edit");
        app.MapGet("/404", NotFoundPage).AllowAnyone().OpenToVisitors().Named("exceptions#not_found");
        app.MapGet("/404-body", NotFoundPage).AllowAnyone().OpenToVisitors().Named("exceptions#not_found_body");
        app.MapGet("/stylesheets/{name}", SiteFiles.Style).AllowAnyone().OpenToVisitors().Named("stylesheets#show");
        app.MapGet("/assets/{name}", SiteFiles.Script).AllowAnyone().OpenToVisitors().Named("static#show");
    }

    public static async Task<IResult> FormAsync(HttpContext context, string heading, SimpleForm[] forms, CancellationToken cancellation, string? intro = null, (string, string)[]? links = null)
    {
        var viewer = await context.RequestServices.GetRequiredService<Viewers>().OfAsync(context, cancellation);
        var frame = await context.RequestServices.GetRequiredService<PageRenderer>().FrameAsync(context, viewer, heading, withForm: true, cancellation) with { NoIndex = true };
        return PageRenderer.Page<FormView>(frame, new() { ["Heading"] = heading, ["FormsOf"] = forms, ["Intro"] = intro, ["Links"] = links ?? [] });
    }

    /// <summary>Passwords, and a button for each site that may know the visitor. With DiscourseConnect there is only the other site.</summary>
    static async Task<IResult> LoginAsync(HttpContext context, Parameters given, SiteSettings settings, SamlSignOn saml, CancellationToken cancellation)
    {
        if (settings.Bool("enable_discourse_connect"))
            return Results.Redirect(context.Request.PathBase + "/session/sso");
        var providers = SignOnApi.Enabled(settings.Current, saml.IsSetByVariable).ToArray();
        // force_saml_login: visitors see the provider at once, and an administrator gets in by /u/admin-login or ?local=true.
        var isForced = providers.Contains("saml") && settings.Bool("saml_full_screen_login") && !given.Flag("local");
        List<SimpleForm> forms = isForced ? [SignOnApi.Form("saml")] : [.. providers.Select(provider => SignOnApi.Form(provider))];
        if (!isForced && settings.Bool("enable_local_logins"))
            forms.Insert(0, new("/session", "POST", Destination(context), "Log In",
            [
                new("login", "Email or username", Required: true, Autocomplete: "username"),
                new("password", "Password", "password", Required: true, Autocomplete: "current-password"),
            ]));
        (string, string)[] links = isForced ? [("/login?local=true", "Log in with a password")] : [("/password-reset", "I forgot my password"), ("/signup", "Create an account")];
        return await SignOnApi.WithWayOutAsync(context, settings.Current, FormAsync(context, "Log In", [.. forms], cancellation, links: links));
    }

    /// <summary>Where a login leads: to the question of a client site or an application that waits, or to the front page.</summary>
    static string Destination(HttpContext context)
    {
        if (context.Request.Cookies.ContainsKey(ConnectProvider.Cookie))
            return "/session/sso_provider";
        if (context.Request.Cookies["destination_url"] is not { Length: < 4096 } asked || !asked.StartsWith("/user-api-key/", StringComparison.Ordinal))
            return "/";
        context.Response.Cookies.Delete("destination_url", new CookieOptions { Path = "/" });
        return asked;
    }

    static async Task<IResult> SignUpAsync(HttpContext context, BrowserSession browser, PendingSignUp pending, ForumDatabase database, SiteSettings settings, CancellationToken cancellation)
    {
        var (value, challenge) = await browser.HoneypotAsync(context, cancellation);
        List<FormField> secrets = [new("password_confirmation", "", "hidden", value), new("challenge", "", "hidden", string.Concat(challenge.Reverse()))];
        if (await pending.FindAsync(context, cancellation) is { } known)
        {
            var name = await UsernameStore.SuggestAsync(database, known.Username ?? known.Name ?? known.Email, settings.Current, cancellation);
            return await FormAsync(context, "Create your account",
            [
                new("/u", "POST", "/", "Sign Up",
                [
                    new("email", "Email", known is { IsEmailVerified: true, Email: not null } ? "hidden" : "email", known.Email ?? "", Required: true, Autocomplete: "email"),
                    new("username", "Username", Value: name, Required: true, Autocomplete: "username"),
                    new("name", "Name", Value: known.Name ?? "", Autocomplete: "name"),
                    .. secrets,
                ]),
            ], cancellation, intro: $"{SignOnApi.Title(known.Provider)} knows you as {known.Email ?? known.Name ?? known.Uid}. Choose a name here.");
        }

        return await FormAsync(context, "Create your account",
        [
            new("/u", "POST", "/login", "Sign Up",
            [
                new("email", "Email", "email", Required: true, Autocomplete: "email"),
                new("username", "Username", Required: true, Autocomplete: "username"),
                new("name", "Name", Autocomplete: "name"),
                new("password", "Password", "password", Required: true, Autocomplete: "new-password"),
                .. secrets,
            ]),
        ], cancellation, intro: "You will get a mail with a link that activates your account.", links: [("/login", "I have an account")]);
    }

    static Task<IResult> ForgottenAsync(HttpContext context, CancellationToken cancellation) => FormAsync(context, "Forgotten password",
        [new("/session/forgot_password", "POST", "/login", "Reset Password", [new("login", "Email or username", Required: true, Autocomplete: "username")])], cancellation);

    static async Task<IResult> NewTopicAsync(HttpContext context, Parameters given, Viewers viewers, CancellationToken cancellation)
    {
        var viewer = await viewers.OfAsync(context, cancellation);
        var choices = Choices(viewer).ToArray();
        var chosen = given.Int("category_id") ?? (int.TryParse(viewer.Settings.Text("default_composer_category"), CultureInfo.InvariantCulture, out var preset) ? preset : 0);
        return await FormAsync(context, "New Topic",
        [
            new("/posts", "POST", "post", "Create Topic",
            [
                new("title", "Title", Value: given.Text("title") ?? "", Required: true),
                new("category", "Category", "select", chosen.ToString(CultureInfo.InvariantCulture), Choices: choices),
                new("tags", "Tags, separated by commas", Value: given.Text("tags") ?? ""),
                new("raw", "Text, in Markdown", "textarea", given.Text("body") ?? viewer.Categories.Find(chosen)?.TopicTemplate ?? "", Required: true),
            ]),
        ], cancellation);
    }

    static IEnumerable<(string, string)> Choices(Viewer viewer) => viewer.Categories.All.Where(category => TopicPermissions.CanCreateIn(viewer, category))
        .Select(category => (category.Id.ToString(CultureInfo.InvariantCulture), string.Join(" / ", viewer.Categories.PathTo(category).Select(part => part.Name))));

    static Task<IResult> NewMessageAsync(HttpContext context, Parameters given, CancellationToken cancellation) => FormAsync(context, "New Message",
    [
        new("/posts", "POST", "post", "Send Message",
        [
            new("archetype", "", "hidden", "private_message"),
            new("target_recipients", "To: users and groups, separated by commas", Value: given.Text("username") ?? "", Required: true),
            new("title", "Title", Value: given.Text("title") ?? "", Required: true),
            new("raw", "Text, in Markdown", "textarea", given.Text("body") ?? "", Required: true),
        ]),
    ], cancellation);

    static async Task<IResult> NewCategoryAsync(HttpContext context, Viewers viewers, CancellationToken cancellation)
    {
        var viewer = await viewers.OfAsync(context, cancellation);
        if (!CategoryJson.CanEdit(viewer))
            throw Refused.NotFound();
        (string, string)[] parents = [("", "(none)"), .. viewer.Categories.All.Where(category => category.ParentId is null).Select(category => (category.Id.ToString(CultureInfo.InvariantCulture), category.Name))];
        return await FormAsync(context, "New Category",
        [
            new("/categories", "POST", "category", "Create Category",
            [
                new("name", "Name", Required: true), new("slug", "Slug, in addresses"), new("parent_category_id", "Parent", "select", "", Choices: parents),
                new("color", "Color, six hexadecimal digits", Value: "0088CC"), new("text_color", "Text color", Value: "FFFFFF"),
            ]),
        ], cancellation);
    }

    static async Task<IResult> EditAsync(HttpContext context, int id, Viewers viewers, PostStore posts, TopicStore topics, CancellationToken cancellation)
    {
        var viewer = await viewers.OfAsync(context, cancellation);
        var post = await posts.FindAsync(id, cancellation) ?? throw Refused.NotFound();
        var topic = await topics.FindAsync(post.TopicId, viewer.User.Id, cancellation) ?? throw Refused.NotFound();
        if (!PostPermissions.CanEdit(viewer, topic, post))
            throw Refused.NotFound();
        List<SimpleForm> forms =
        [
            new($"/posts/{id}", "PUT", "post", "Save Edit",
            [
                new("post[raw]", "Text, in Markdown", "textarea", post.Raw, Required: true),
                new("post[edit_reason]", "Reason for the edit"),
            ]),
        ];
        if (post.PostNumber == 1 && TopicPermissions.CanEdit(viewer, topic))
        {
            List<FormField> fields = [new("title", "Title", Value: topic.Title, Required: true)];
            if (!topic.IsMessage)
            {
                fields.Add(new("category_id", "Category", "select", topic.CategoryId?.ToString(CultureInfo.InvariantCulture) ?? "", Choices: [.. Choices(viewer)]));
                fields.Add(new("tags", "Tags, separated by commas", Value: string.Join(", ", topic.Tags.Select(tag => tag.Name))));
            }

            forms.Add(new($"/t/-/{topic.Id}", "PUT", topic.Url, "Save Topic", fields));
        }

        return await FormAsync(context, "Edit", [.. forms], cancellation, links: [(topic.Url, "Back to the topic")]);
    }

    static IResult NotFoundPage() => throw Refused.NotFound();
}
