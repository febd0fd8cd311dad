using System.Text.Json.Nodes;
using Forum.Configuration;
using Forum.Database;
using Forum.Sessions;
using Forum.Settings;
using Forum.Users;

namespace Forum.SignOn;

/// <summary>Turns someone whom a provider vouches for into a signed-in member, or into a visitor with a half-filled sign-up form.</summary>
/// <remarks>Source: the reference on authentication, sections 7 and 8.</remarks>
sealed class SignOnCompletion(
    AssociatedAccounts accounts, PendingSignUp pending, ForumDatabase database, UserCreation creation, UserAdministration administration, SignIn signIn, SiteSettings settings,
    GlobalSettings globals, TimeProvider time)
{
    /// <param name="origin">The forum's page that they came from; null for the front page.</param>
    public async Task<IResult> CompleteAsync(HttpContext context, ExternalIdentity identity, SignOnRules rules, string? origin, CancellationToken cancellation)
    {
        var known = await accounts.FindAsync(identity.Provider, identity.Uid, cancellation);
        var userId = known?.UserId;
        if (userId is null && rules.MatchByEmail && identity is { IsEmailVerified: true, Email: { } email })
        {
            userId = await accounts.FindByEmailAsync(email, cancellation);
        }

        userId ??= rules.CreatesAccounts && identity.IsEmailVerified ? await CreateAsync(identity, cancellation) : null;
        await accounts.SaveAsync(database, identity, userId, cancellation);
        if (userId is null)
        {
            return await AskForNameAsync(context, identity, cancellation);
        }

        if (rules.Synchronise is not null)
        {
            await rules.Synchronise(userId.Value, known?.Extra, cancellation);
        }

        await AdoptAddressAsync(userId.Value, identity, rules, cancellation);
        return await EnterAsync(context, userId.Value, origin, cancellation);
    }

    /// <summary>Only a path of this forum is gone back to.</summary>
    public static string? SafeOrigin(string? path) => path is { Length: > 1 and < 2000 } && path[0] == '/' && path[1] is not ('/' or '\\')
        && !path.StartsWith("/auth/", StringComparison.Ordinal) && !path.StartsWith("/session/", StringComparison.Ordinal) && !path.StartsWith("/login", StringComparison.Ordinal)
        && !path.Any(char.IsControl) ? path : null;

    async Task<IResult> EnterAsync(HttpContext context, int userId, string? origin, CancellationToken cancellation)
    {
        var user = (await signIn.FindAsync(userId, cancellation))!;
        if (signIn.Refusal(user) is { } refusal)
        {
            throw new SignOnException((string)refusal["error"]!);
        }

        await pending.ForgetAsync(context, cancellation);
        await signIn.CompleteAsync(context, user, oauth: true, null, cancellation);
        context.Response.Headers.CacheControl = "no-store";
        return Results.Redirect(globals.RelativeUrlRoot + (SafeOrigin(origin) ?? "/"));
    }

    /// <summary>The provider's word confirms the address of an account that waited for that, and replaces another address where the settings say so.</summary>
    async Task AdoptAddressAsync(int userId, ExternalIdentity identity, SignOnRules rules, CancellationToken cancellation)
    {
        if (identity is not { IsEmailVerified: true, Email: { } given })
        {
            return;
        }

        var email = Emails.Clean(given);
        var now = time.GetUtcNow().UtcDateTime;
        if (rules.OverridesEmail && await accounts.FindByEmailAsync(email, cancellation) is null)
        {
            await database.ExecuteAsync("""
                UPDATE user_emails
                SET email = $2, normalized_email = $3, updated_at = $4
                WHERE user_id = $1 AND "primary"
                """, [userId, email, Emails.Normalized(email), now], cancellation);
        }

        if (await database.ScalarAsync<bool>("""
            SELECT EXISTS (SELECT FROM user_emails WHERE user_id = $1 AND "primary" AND lower(email) = $2)
            """, [userId, email], cancellation))
        {
            await database.ExecuteAsync("UPDATE users SET staged = false WHERE id = $1 AND staged", [userId], cancellation);
            await administration.ActivateAsync(userId, cancellation);
        }
    }

    async Task<int?> CreateAsync(ExternalIdentity identity, CancellationToken cancellation)
    {
        if (!settings.Bool("allow_new_registrations") || identity.Email is not { } email)
        {
            return null;
        }

        var errors = new UserErrors();
        await creation.CheckEmailAsync(email, errors, cancellation);
        if (errors.Any)
        {
            return null;
        }

        var made = await creation.CreateAsync(new NewUser
        {
            Username = await UsernameStore.SuggestAsync(database, identity.Username ?? identity.Name ?? email, settings.Current, cancellation),
            Email = email,
            Name = identity.Name,
            IsPasswordOptional = true,
            IsActive = true,
        }, cancellation);
        return made?.Id ?? await accounts.FindByEmailAsync(email, cancellation);
    }

    /// <summary>The sign-up form shows what the provider said; the browser's scripts read it from the cookie, as Discourse's do.</summary>
    async Task<IResult> AskForNameAsync(HttpContext context, ExternalIdentity identity, CancellationToken cancellation)
    {
        if (!settings.Bool("allow_new_registrations") || settings.Bool("invite_only"))
        {
            throw new SignOnException("New account registrations are not allowed at this time, and you have no account yet.");
        }

        await pending.SetAsync(context, identity, cancellation);
        var data = new JsonObject
        {
            ["email"] = identity.Email,
            ["username"] = await UsernameStore.SuggestAsync(database, identity.Username ?? identity.Name ?? identity.Email, settings.Current, cancellation),
            ["name"] = identity.Name,
            ["auth_provider"] = identity.Provider,
            ["email_valid"] = identity.IsEmailVerified,
            ["can_edit_username"] = true,
            ["can_edit_name"] = true,
        };
        context.Response.Cookies.Append("authentication_data", data.ToJsonString(), new CookieOptions
        {
            Path = "/", SameSite = SameSiteMode.Lax, Secure = settings.Bool("force_https"), MaxAge = TimeSpan.FromMinutes(10),
        });
        return Results.Redirect(globals.RelativeUrlRoot + "/signup");
    }
}
