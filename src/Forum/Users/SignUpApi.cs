using System.Text.Encodings.Web;
using System.Text.Json.Nodes;
using Forum.Configuration;
using Forum.Database;
using Forum.RateLimits;
using Forum.Sessions;
using Forum.Settings;
using Forum.SignOn;
using Forum.Web;

namespace Forum.Users;

/// <summary>Becoming a member: sign-up, names that are free, activation by mail.</summary>
static class SignUpApi
{
    public static void MapSignUp(this IEndpointRouteBuilder routes)
    {
        var users = routes.MapGroup("/u").AllowAnyone().OpenToVisitors();
        users.MapPost("", CreateAsync).Named("users#create");
        users.MapGet("/check_username", CheckUsernameAsync).Named("users#check_username");
        users.MapGet("/check_email", CheckEmailAsync).Named("users#check_email");
        users.MapGet("/is_local_username", IsLocalUsernameAsync).Named("users#is_local_username");
        users.MapPut("/activate-account/{token}", ActivateAsync).Named("users#perform_account_activation");
        users.MapPost("/action/send_activation_email", SendActivationAsync).Named("users#send_activation_email");
        users.MapPut("/update-activation-email", UpdateActivationEmailAsync).Named("users#update_activation_email");
    }

    static async Task<IResult> CreateAsync(
        HttpContext context, Parameters parameters, CurrentUser current, UserCreation creation, UserAdministration administration, AccountMail mail, ForumDatabase database,
        BrowserSession browser, SignIn signIn, PendingSignUp pending, AssociatedAccounts accounts, RateLimiter limiter, SiteSettings settings, GlobalSettings globals,
        CancellationToken cancellation)
    {
        var byStaff = current.IsAdmin;
        var identity = byStaff ? null : await pending.FindAsync(context, cancellation);
        if (!byStaff)
        {
            await CheckOpenAsync(context, parameters, identity is not null, browser, limiter, settings, cancellation);
        }

        var isVouchedFor = identity is { IsEmailVerified: true, Email: not null };
        var email = Emails.Clean(isVouchedFor ? identity!.Email! : parameters.Required("email"));
        var user = new NewUser
        {
            Username = parameters.Required("username").Trim(),
            Email = email,
            Name = parameters.Text("name")?.Trim(),
            Password = identity is null ? parameters.Text("password") ?? "" : null,
            IsPasswordOptional = identity is not null,
            IsActive = (byStaff && parameters.Flag("active")) || isVouchedFor,
            IsApproved = byStaff && (parameters.Flag("approved") || parameters.Flag("active")),
            Ip = byStaff ? null : context.ClientIp(),
            Locale = settings.Bool("allow_user_locale") ? parameters.Text("locale") : null,
            Timezone = parameters.Text("timezone"),
            Fields = Fields(parameters),
        };
        var errors = await creation.CheckAsync(user, cancellation);
        if (!byStaff && settings.Bool("hide_email_address_taken") && errors.Fields is { Count: 1 } fields && fields.TryGetValue("email", out var only)
            && only is ["has already been taken"])
        {
            // Looks like a success, so that nobody learns who is a member.
            return Success(false, $"You're almost done! We sent an activation mail to <b>{HtmlEncoder.Default.Encode(email)}</b>. Please follow the instructions in the mail to activate your account.", null);
        }

        if (errors.Any)
        {
            return Failure(errors, user, globals);
        }

        if (await creation.CreateAsync(user, cancellation) is not { } made)
        {
            errors.Add("username", "must be unique");
            return Failure(errors, user, globals);
        }

        if (identity is not null)
        {
            await accounts.SaveAsync(database, identity, made.Id, cancellation);
            await pending.ForgetAsync(context, cancellation);
            context.Response.Cookies.Delete("authentication_data", new CookieOptions { Path = "/" });
        }

        if (user.IsActive)
        {
            await administration.ActivateAsync(made.Id, cancellation);
            if (isVouchedFor && await signIn.FindAsync(made.Id, cancellation) is { } member && signIn.Refusal(member) is null)
            {
                await signIn.CompleteAsync(context, member, oauth: true, parameters.Text("timezone"), cancellation);
            }

            return Success(true, "Your account is activated and ready to use.", made.Id);
        }

        await mail.SignupAsync(database, made.Id, email, made.Token, cancellation);
        if (!byStaff)
        {
            await browser.SetAsync(context, "activate_user", made.Id.ToString(System.Globalization.CultureInfo.InvariantCulture), cancellation);
        }

        var message = settings.Bool("must_approve_users")
            ? $"You're almost done! We sent an activation mail to <b>{HtmlEncoder.Default.Encode(email)}</b>. A staff member must approve your account after that."
            : $"You're almost done! We sent an activation mail to <b>{HtmlEncoder.Default.Encode(email)}</b>. Please follow the instructions in the mail to activate your account.";
        return Success(false, message, settings.Bool("hide_email_address_taken") && !byStaff ? null : made.Id);
    }

    static async Task CheckOpenAsync(
        HttpContext context, Parameters parameters, bool isKnownElsewhere, BrowserSession browser, RateLimiter limiter, SiteSettings settings, CancellationToken cancellation)
    {
        if (!settings.Bool("allow_new_registrations") || settings.Bool("invite_only") || (!settings.Bool("enable_local_logins") && !isKnownElsewhere))
        {
            throw Refused.InvalidAccess("New account registrations are not allowed at this time.");
        }

        if (settings.Text("invite_code") is { Length: > 0 } code && !code.Equals(parameters.Text("invite_code")?.Trim(), StringComparison.OrdinalIgnoreCase))
        {
            throw Refused.Invalid("The invite code was incorrect.");
        }

        var value = await browser.TakeAsync(context, "honeypot", cancellation);
        var challenge = await browser.TakeAsync(context, "challenge", cancellation);
        if (value is null || challenge is null || parameters.Text("password_confirmation") != value || parameters.Text("challenge") != Reversed(challenge))
        {
            throw new RefusedException(403, "invalid_access", "Your account could not be created. Please reload the page and try again.");
        }

        await limiter.PerformAsync($"signup-hr-{context.ClientIp()}", Math.Max(3, settings.Int("max_new_accounts_per_registration_ip") * 3), TimeSpan.FromHours(1), cancellation);
    }

    static async Task<IResult> CheckUsernameAsync(
        Parameters parameters, ForumDatabase database, SiteSettings settings, CurrentUser current, CancellationToken cancellation)
    {
        var email = parameters.Text("email");
        var username = parameters.Text("username")?.Trim();
        if (username is null && email is not null)
        {
            return Replies.Json(new JsonObject { ["suggestion"] = await UsernameStore.SuggestAsync(database, email, settings.Current, cancellation) });
        }

        username ??= parameters.Required("username");
        if (Usernames.Problems(username, settings.Current) is { Count: > 0 } problems)
        {
            return Replies.Json(new JsonObject { ["errors"] = new JsonArray([.. problems.Select(problem => (JsonNode?)$"Username {problem}")]) });
        }

        var isOwn = !current.IsAnonymous && current.Username.Equals(username, StringComparison.OrdinalIgnoreCase);
        if (!isOwn && (Usernames.IsReserved(username, settings.Current) || await UsernameStore.IsTakenAsync(database, username, parameters.Int("for_user_id"), cancellation)))
        {
            return Replies.Json(new JsonObject { ["available"] = false, ["suggestion"] = await UsernameStore.SuggestAsync(database, username, settings.Current, cancellation) });
        }

        return Replies.Json(new JsonObject { ["available"] = true });
    }

    static async Task<IResult> CheckEmailAsync(Parameters parameters, UserCreation creation, SiteSettings settings, CancellationToken cancellation)
    {
        var errors = new UserErrors();
        await creation.CheckEmailAsync(parameters.Required("email"), errors, cancellation);
        if (settings.Bool("hide_email_address_taken") && errors.Fields.TryGetValue("email", out var list) && list is ["has already been taken"])
        {
            return Replies.Success();
        }

        return errors.Any
            ? Replies.Json(new JsonObject { ["failed"] = "FAILED", ["errors"] = new JsonArray([.. errors.Sentences.Select(error => (JsonNode?)error)]) })
            : Replies.Success();
    }

    static async Task<IResult> IsLocalUsernameAsync(Parameters parameters, ForumDatabase database, CancellationToken cancellation)
    {
        var names = (parameters.List("usernames") ?? [parameters.Required("username")]).Take(50).Select(Usernames.Lower).ToArray();
        var users = await database.ListAsync("""
            SELECT username_lower
            FROM users
            WHERE username_lower = ANY($1) AND NOT staged
            """, row => (JsonNode?)row.Text(0), [names], cancellation);
        return Replies.Json(new JsonObject { ["valid"] = new JsonArray([.. users]), ["valid_groups"] = new JsonArray(), ["mentionable_groups"] = new JsonArray(), ["cannot_see"] = new JsonObject() });
    }

    static async Task<IResult> ActivateAsync(
        HttpContext context, string token, Parameters parameters, ForumDatabase database, EmailTokens emailTokens, UserAdministration administration, SignIn signIn,
        BrowserSession browser, CancellationToken cancellation)
    {
        var value = await browser.TakeAsync(context, "honeypot", cancellation);
        var challenge = await browser.TakeAsync(context, "challenge", cancellation);
        if (value is null || challenge is null || parameters.Text("password_confirmation") != value || parameters.Text("challenge") != Reversed(challenge))
        {
            throw Refused.InvalidAccess();
        }

        if (await emailTokens.FindAsync(database, token, EmailTokenScope.Signup, cancellation) is not { } found)
        {
            throw Refused.Invalid("The link to activate your account is not valid. Maybe it has been used already.");
        }

        await using (var work = await database.BeginAsync(cancellation))
        {
            await emailTokens.ConfirmAsync(work, found.Id, cancellation);
            await administration.ActivateAsync(work, found.UserId, cancellation);
            await work.CommitAsync(cancellation);
        }

        var user = (await signIn.FindAsync(found.UserId, cancellation))!;
        if (signIn.Refusal(user) is { } refusal)
        {
            return Replies.Json(new JsonObject { ["success"] = true, ["needs_approval"] = (string?)refusal["reason"] == "not_approved" });
        }

        await signIn.CompleteAsync(context, user, oauth: false, null, cancellation);
        return Replies.Json(new JsonObject { ["success"] = true, ["redirect_to"] = "/" });
    }

    static async Task<IResult> SendActivationAsync(
        HttpContext context, Parameters parameters, CurrentUser current, ForumDatabase database, EmailTokens emailTokens, AccountMail mail, SignIn signIn, BrowserSession browser,
        RateLimiter limiter, PasswordWork passwords, CancellationToken cancellation)
    {
        if (!current.IsStaff)
        {
            await limiter.PerformAsync($"activate-hr-{context.ClientIp()}", 30, TimeSpan.FromHours(1), cancellation);
            await limiter.PerformAsync($"activate-min-{context.ClientIp()}", 6, TimeSpan.FromMinutes(1), cancellation);
        }

        var user = await signIn.FindAsync(parameters.Required("username"), cancellation) ?? throw Refused.NotFound();
        if (!current.IsStaff && await browser.GetAsync(context, "activate_user", cancellation) != user.Id.ToString(System.Globalization.CultureInfo.InvariantCulture))
        {
            var stored = await PasswordStore.FindAsync(database, user.Id, cancellation);
            if (stored is null || parameters.Text("password") is not { Length: > 0 and <= 200 } password || !await passwords.MatchesAsync(stored.Hash, password, cancellation))
            {
                throw Refused.InvalidAccess();
            }
        }

        if (user is { IsActive: true, IsEmailConfirmed: true })
        {
            throw Refused.Invalid("Your account is already activated.");
        }

        await using var work = await database.BeginAsync(cancellation);
        var token = await emailTokens.AddAsync(work, user.Id, user.Email!, EmailTokenScope.Signup, cancellation);
        await mail.SignupAsync(work, user.Id, user.Email!, token, cancellation);
        await work.CommitAsync(cancellation);
        return Replies.Success();
    }

    static async Task<IResult> UpdateActivationEmailAsync(
        HttpContext context, Parameters parameters, ForumDatabase database, EmailTokens emailTokens, AccountMail mail, BrowserSession browser, UserCreation creation, SignIn signIn,
        RateLimiter limiter, TimeProvider time, CancellationToken cancellation)
    {
        await limiter.PerformAsync($"activate-edit-email-hr-{context.ClientIp()}", 5, TimeSpan.FromHours(1), cancellation);
        if (!int.TryParse(await browser.GetAsync(context, "activate_user", cancellation), out var id)
            || await signIn.FindAsync(id, cancellation) is not { IsActive: false } user)
        {
            throw Refused.InvalidAccess();
        }

        var email = Emails.Clean(parameters.Required("email"));
        var errors = new UserErrors();
        await creation.CheckEmailAsync(email, errors, cancellation);
        if (errors.Any)
        {
            throw Refused.Invalid([.. errors.Sentences]);
        }

        await using var work = await database.BeginAsync(cancellation);
        await work.ExecuteAsync("""
            UPDATE user_emails
            SET email = $2, normalized_email = $3, updated_at = $4
            WHERE user_id = $1 AND "primary"
            """, [user.Id, email, Emails.Normalized(email), time.GetUtcNow().UtcDateTime], cancellation);
        var token = await emailTokens.AddAsync(work, user.Id, email, EmailTokenScope.Signup, cancellation);
        await mail.SignupAsync(work, user.Id, email, token, cancellation);
        await work.CommitAsync(cancellation);
        return Replies.Success();
    }

    static Dictionary<int, string> Fields(Parameters parameters) => parameters.Node("user_fields") is JsonObject fields
        ? fields.Where(field => int.TryParse(field.Key, out _) && field.Value is JsonValue)
            .ToDictionary(field => int.Parse(field.Key, System.Globalization.CultureInfo.InvariantCulture), field => field.Value!.ToString()[..Math.Min(2048, field.Value!.ToString().Length)])
        : [];

    static string Reversed(string text) => string.Concat(text.Reverse());

    static IResult Success(bool active, string message, int? id)
    {
        var body = new JsonObject { ["success"] = true, ["active"] = active, ["message"] = message };
        if (id is not null)
        {
            body["user_id"] = id;
        }

        return Replies.Json(body);
    }

    static IResult Failure(UserErrors errors, NewUser user, GlobalSettings globals)
    {
        var fields = new JsonObject();
        foreach (var (field, texts) in errors.Fields)
        {
            fields[field] = new JsonArray([.. texts.Select(text => (JsonNode?)text)]);
        }

        return Replies.Json(new JsonObject
        {
            ["success"] = false,
            ["message"] = string.Join("\n", errors.Sentences),
            ["errors"] = fields,
            ["values"] = new JsonObject { ["name"] = user.Name, ["username"] = user.Username, ["email"] = user.Email },
            ["is_developer"] = globals.DeveloperEmails.Contains(user.Email),
        });
    }
}
