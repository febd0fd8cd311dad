using System.Text;
using System.Text.Encodings.Web;
using Forum.Configuration;
using Forum.Database;
using Forum.Sessions;
using Forum.Settings;
using Forum.Users;
using Forum.Web;

namespace Forum.Installation;

/// <summary>The first admin's registration: for the addresses in DISCOURSE_DEVELOPER_EMAILS, while has_login_hint is true.</summary>
static class FinishInstallationApi
{
    public static void MapFinishInstallation(this IEndpointRouteBuilder routes)
    {
        var pages = routes.MapGroup("/finish-installation").AllowAnyone().OpenToVisitors();
        pages.MapGet("", Index).Named("finish_installation#index");
        pages.MapGet("/register", RegisterAsync).Named("finish_installation#register");
        pages.MapPost("/register", CreateAsync).Named("finish_installation#register");
        pages.MapGet("/confirm-email", ConfirmEmailAsync).Named("finish_installation#confirm_email");
        pages.MapPut("/resend-email", ResendAsync).Named("finish_installation#resend_email");
        pages.MapPost("/resend-email", ResendAsync).Named("finish_installation#resend_email");
    }

    static IResult Index(SiteSettings settings)
    {
        CheckOpen(settings);
        return Page("Congratulations, you installed the forum!", "<p>Register an admin account to get started.</p><p><a href=\"/finish-installation/register\">Register</a></p>");
    }

    static async Task<IResult> RegisterAsync(HttpContext context, SiteSettings settings, GlobalSettings globals, BrowserSession browser, CancellationToken cancellation)
    {
        CheckOpen(settings);
        return await FormAsync(context, [], null, globals, browser, cancellation);
    }

    static async Task<IResult> CreateAsync(
        HttpContext context, Parameters parameters, SiteSettings settings, GlobalSettings globals, BrowserSession browser, UserCreation creation, SignIn signIn, AccountMail mail,
        EmailTokens emailTokens, ForumDatabase database, CancellationToken cancellation)
    {
        CheckOpen(settings);
        var email = Emails.Clean(parameters.Required("email"));
        if (!globals.DeveloperEmails.Contains(email))
        {
            throw Refused.InvalidParameters("email");
        }

        if (await signIn.FindAsync(email, cancellation) is { } existing)
        {
            var again = await emailTokens.AddAsync(database, existing.Id, email, EmailTokenScope.Signup, cancellation);
            await mail.SignupAsync(database, existing.Id, email, again, cancellation);
            await browser.SetAsync(context, "registered_email", email, cancellation);
            return Results.Redirect("/finish-installation/confirm-email");
        }

        var user = new NewUser
        {
            Username = parameters.Required("username").Trim(),
            Email = email,
            Password = parameters.Text("password") ?? "",
            TrustLevel = 1,
            Ip = context.ClientIp(),
        };
        var errors = await creation.CheckAsync(user, cancellation);
        if (errors.Any || await creation.CreateAsync(user, cancellation) is not { } made)
        {
            return await FormAsync(context, [.. errors.Sentences], user.Username, globals, browser, cancellation);
        }

        await mail.SignupAsync(database, made.Id, email, made.Token, cancellation);
        await browser.SetAsync(context, "registered_email", email, cancellation);
        return Results.Redirect("/finish-installation/confirm-email");
    }

    static async Task<IResult> ConfirmEmailAsync(HttpContext context, SiteSettings settings, BrowserSession browser, CancellationToken cancellation)
    {
        CheckOpen(settings);
        var email = HtmlEncoder.Default.Encode(await browser.GetAsync(context, "registered_email", cancellation) ?? "your address");
        var token = await browser.CsrfTokenAsync(context, cancellation);
        return Page("Confirm your email", $"""
            <p>We sent an activation mail to <b>{email}</b>. Please follow the instructions in the mail to activate your account.</p>
            <form action="/finish-installation/resend-email" method="post"><input type="hidden" name="authenticity_token" value="{token}">
            <button type="submit">Send the mail again</button></form>
            """);
    }

    static async Task<IResult> ResendAsync(
        HttpContext context, SiteSettings settings, BrowserSession browser, SignIn signIn, AccountMail mail, EmailTokens emailTokens, ForumDatabase database, CancellationToken cancellation)
    {
        CheckOpen(settings);
        if (await browser.GetAsync(context, "registered_email", cancellation) is { } email && await signIn.FindAsync(email, cancellation) is { } user)
        {
            await mail.SignupAsync(database, user.Id, email, await emailTokens.AddAsync(database, user.Id, email, EmailTokenScope.Signup, cancellation), cancellation);
        }

        return Page("Sent again", "<p>We sent the activation mail again; it may take a few minutes to arrive.</p>");
    }

    static async Task<IResult> FormAsync(
        HttpContext context, string[] errors, string? username, GlobalSettings globals, BrowserSession browser, CancellationToken cancellation)
    {
        if (globals.DeveloperEmails.Count == 0)
        {
            return Page("Register an admin account", "<p>No allowed emails were specified in the configuration (DISCOURSE_DEVELOPER_EMAILS).</p>");
        }

        var options = string.Concat(globals.DeveloperEmails.Select(email => $"<option value=\"{HtmlEncoder.Default.Encode(email)}\">{HtmlEncoder.Default.Encode(email)}</option>"));
        var list = new StringBuilder();
        foreach (var error in errors)
        {
            list.Append("<li>").Append(HtmlEncoder.Default.Encode(error)).Append("</li>");
        }

        return Page("Register an admin account", $"""
            {(list.Length > 0 ? $"<ul class=\"errors\">{list}</ul>" : "")}
            <form action="/finish-installation/register" method="post">
            <input type="hidden" name="authenticity_token" value="{await browser.CsrfTokenAsync(context, cancellation)}">
            <p><label for="email">Email</label> <select id="email" name="email">{options}</select></p>
            <p><label for="username">Username</label> <input id="username" name="username" required autocomplete="username" value="{HtmlEncoder.Default.Encode(username ?? "")}"></p>
            <p><label for="password">Password</label> <input id="password" name="password" type="password" required autocomplete="new-password"></p>
            <p><button type="submit">Register</button></p>
            </form>
            """);
    }

    static void CheckOpen(SiteSettings settings)
    {
        if (!settings.Bool("has_login_hint"))
        {
            throw Refused.InvalidAccess();
        }
    }

    static IResult Page(string title, string body) => Results.Content(
        $"<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><title>{title}</title></head>\n<body class=\"finish-installation-page\"><main><h1>{title}</h1>\n{body}\n</main></body></html>\n",
        "text/html; charset=utf-8");
}
