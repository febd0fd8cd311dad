using System.Globalization;
using Forum.Database;
using Forum.SecondFactors;
using Forum.Sessions;
using Forum.Settings;
using Forum.Users;
using Forum.Web;

namespace Forum.Pages;

/// <summary>What members change about themselves: a page of forms, each of which posts to the API.</summary>
static class PreferencesPage
{
    static readonly (string, string)[] MailLevels = [("0", "Always"), ("1", "When I am not here"), ("2", "Never")];

    public static void MapPreferencesPage(this IEndpointRouteBuilder app)
    {
        app.MapGet("/u/{username}/preferences/second-factor", SecondFactorAsync).RequireLogin().Named("users#preferences");
    }

    sealed record Known(string Email, string Name, string Bio, string Website, string Location, int MailLevel, int MessageMailLevel, bool HasDigests, bool IsHidden, int Factors);

    public static async Task<IResult> ShowAsync(HttpContext context, string username, CurrentUser current, ForumDatabase database, SiteSettings settings, CancellationToken cancellation)
    {
        var path = Own(context, username, current);
        var known = await database.FindAsync("""
            SELECT e.email, coalesce(u.name, ''), coalesce(p.bio_raw, ''), coalesce(p.website, ''), coalesce(p.location, ''), coalesce(o.email_level, 1), coalesce(o.email_messages_level, 0),
                coalesce(o.email_digests, false), coalesce(o.hide_profile_and_presence, false), (SELECT count(*) FROM user_second_factors f WHERE f.user_id = u.id AND f.method = 1 AND f.enabled)::int
            FROM users u
            JOIN user_emails e ON e.user_id = u.id AND e."primary"
            LEFT JOIN user_profiles p ON p.user_id = u.id
            LEFT JOIN user_options o ON o.user_id = u.id
            WHERE u.id = $1
            """, row => new Known(row.Text(0), row.Text(1), row.Text(2), row.Text(3), row.Text(4), row.Int(5), row.Int(6), row.Bool(7), row.Bool(8), row.Int(9)), [current.Id], cancellation)
            ?? throw Refused.NotFound();
        var here = path + "/preferences";
        List<SimpleForm> forms =
        [
            new(path, "PUT", here, "Save Profile",
            [
                new("name", "Name", Value: known.Name, Autocomplete: "name"), new("bio_raw", "About me, in Markdown", "textarea", known.Bio),
                new("website", "Website", Value: known.Website), new("location", "Location", Value: known.Location),
                new("hide_profile", "Who sees my profile", "select", known.IsHidden ? "true" : "false", Choices: [("false", "Everybody who sees the forum"), ("true", "Only me and the staff")]),
            ]),
            new(path, "PUT", here, "Save Mail",
            [
                new("email_level", "Mail me when I am quoted, replied to, mentioned or watch something", "select", Text(known.MailLevel), Choices: MailLevels),
                new("email_messages_level", "Mail me when somebody sends me a message", "select", Text(known.MessageMailLevel), Choices: MailLevels),
                new("email_digests", "Mail me what happened when I have not been here for a while", "select", known.HasDigests ? "true" : "false", Choices: [("true", "Yes"), ("false", "No")]),
            ]),
        ];
        if (settings.Bool("email_editable"))
            forms.Add(new(here + "/email", "PUT", here, "Change Email", [new("email", "Email. A link is sent to the new one.", "email", known.Email, Required: true, Autocomplete: "email")]));
        if (current.IsStaff || settings.Int("username_change_period") > 0)
            forms.Add(new(here + "/username", "PUT", "/my/preferences", "Change Username", [new("new_username", "Username", Value: current.Username, Required: true)]));
        if (settings.Bool("enable_local_logins"))
            forms.Add(new("/session/forgot_password", "POST", here, "Send a Link to Change my Password", [new("login", "", "hidden", known.Email)]));
        forms.Add(new(here + "/revoke-auth-token", "POST", "/login", "Log Out Everywhere", []));
        return await PagesApi.FormAsync(context, "Preferences", [.. forms], cancellation,
            intro: known.Factors == 0 ? "Your account has no second factor." : "Your account has a second factor.", links: [(here + "/second-factor", "Two-factor authentication"), (path, "My profile")]);
    }

    /// <summary>The password first; then, with no second factor, the key to put into an authenticator and the code that proves it is there.</summary>
    static async Task<IResult> SecondFactorAsync(
        HttpContext context, string username, CurrentUser current, ForumDatabase database, BrowserSession browser, SiteSettings settings, CancellationToken cancellation)
    {
        var path = Own(context, username, current);
        var here = path + "/preferences/second-factor";
        (string, string)[] links = [(path + "/preferences", "Preferences")];
        const string heading = "Two-factor authentication";
        if (!await TrustedSession.IsTrustedAsync(context, current, browser, cancellation))
            return await PagesApi.FormAsync(context, heading, [new("/u/confirm-session", "POST", here, "Confirm", [new("password", "Password", "password", Required: true, Autocomplete: "current-password")])],
                cancellation, intro: "Confirm that it is you.", links: links);
        if ((await SecondFactorStore.ListAsync(database, current.Id, cancellation)).Any(factor => factor.Method == SecondFactorMethod.Totp))
            return await PagesApi.FormAsync(context, heading, [new("/u/disable_second_factor", "PUT", here, "Turn Off", [])], cancellation,
                intro: "Two-factor authentication is on: a login asks for a code of your authenticator.", links: links);
        var (key, _) = await StagedTotp.StageAsync(context, current, browser, settings, cancellation);
        return await PagesApi.FormAsync(context, heading,
        [
            new("/u/enable_second_factor_totp", "POST", here, "Turn On",
            [
                new("name", "Name of the authenticator", Value: "Authenticator", Required: true),
                new("second_factor_token", "Code that it shows", Required: true, Autocomplete: "one-time-code"),
            ]),
        ], cancellation, intro: $"Put this key into your authenticator: {key}", links: links);
    }

    /// <summary>The member's own address; other members' preferences are not shown, not even to staff.</summary>
    static string Own(HttpContext context, string username, CurrentUser current) => !context.WantsJson()
        && Usernames.Lower(username) == Usernames.Lower(current.Username) ? "/u/" + Uri.EscapeDataString(Usernames.Lower(username)) : throw Refused.NotFound();

    static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
