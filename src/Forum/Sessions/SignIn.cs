using System.Text.Json.Nodes;
using Forum.Configuration;
using Forum.Database;
using Forum.SecondFactors;
using Forum.Settings;
using Forum.Users;
using Forum.Web;

namespace Forum.Sessions;

/// <summary>Someone who may sign in, or a reason why not.</summary>
sealed record SignInUser(int Id, string Username, string? Email, bool IsActive, bool IsApproved, bool IsAdmin, DateTime? SuspendedTill, bool IsEmailConfirmed);

/// <summary>Signs a member in: checks, cookie, and what a first sign-in brings.</summary>
sealed class SignIn(
    ForumDatabase database, AuthTokens tokens, SecondFactorStore secondFactors, SiteSettings settings, GlobalSettings globals, UserAdministration administration,
    TimeProvider time)
{
    public Task<SignInUser?> FindAsync(string login, CancellationToken cancellation)
    {
        login = login.Trim().TrimStart('@');
        return database.FindAsync("""
            SELECT u.id, u.username, e.email, u.active, u.approved, u.admin, u.suspended_till,
                NOT EXISTS (SELECT FROM email_tokens t WHERE t.user_id = u.id AND t.email = e.email)
                OR EXISTS (SELECT FROM email_tokens t WHERE t.user_id = u.id AND t.email = e.email AND t.confirmed)
                OR EXISTS (SELECT FROM single_sign_on_records r WHERE r.user_id = u.id)
            FROM users u
            LEFT JOIN user_emails e ON e.user_id = u.id AND e."primary"
            WHERE u.id > 0 AND NOT u.staged AND (u.username_lower = $1
                OR u.id = (SELECT m.user_id FROM user_emails m WHERE lower(m.email) = $2 LIMIT 1))
            LIMIT 1
            """, Read, [Usernames.Lower(login), login.ToLowerInvariant()], cancellation);
    }

    public Task<SignInUser?> FindAsync(int userId, CancellationToken cancellation) => database.FindAsync("""
        SELECT u.id, u.username, e.email, u.active, u.approved, u.admin, u.suspended_till, true
        FROM users u
        LEFT JOIN user_emails e ON e.user_id = u.id AND e."primary"
        WHERE u.id = $1
        """, Read, [userId], cancellation);

    /// <summary>Why this member may not sign in; null when they may.</summary>
    public JsonObject? Refusal(SignInUser user)
    {
        if (!user.IsActive || !user.IsEmailConfirmed)
        {
            return new JsonObject
            {
                ["error"] = "You can't log in yet. We previously sent an activation email to you. Please follow the instructions in the email to activate your account.",
                ["reason"] = "not_activated",
                ["sent_to_email"] = user.Email,
                ["current_email"] = user.Email,
            };
        }

        if (settings.Bool("must_approve_users") && !user.IsApproved && !user.IsAdmin)
        {
            return new JsonObject
            {
                ["error"] = "Your account hasn't been approved yet. You will be notified by email when you are ready to log in.",
                ["reason"] = "not_approved",
            };
        }

        return user.SuspendedTill > time.GetUtcNow().UtcDateTime
            ? new JsonObject { ["error"] = "You can't log in. Your account is suspended.", ["reason"] = "suspended" }
            : null;
    }

    /// <summary>Checks the second factor of a member who has one.</summary>
    /// <returns>What to answer when it is missing or wrong; null when all is well.</returns>
    public async Task<JsonObject?> CheckSecondFactorAsync(int userId, Parameters parameters, CancellationToken cancellation)
    {
        var factors = await SecondFactorStore.ListAsync(database, userId, cancellation);
        if (!factors.Any(factor => factor.Method == SecondFactorMethod.Totp))
        {
            return null;
        }

        var code = parameters.Text("second_factor_token") ?? "";
        var method = (SecondFactorMethod)(parameters.Int("second_factor_method") ?? 1);
        if (code.Length > 0 && method is SecondFactorMethod.Totp or SecondFactorMethod.BackupCode
            && await secondFactors.UseAsync(database, factors, code, method, cancellation))
        {
            return null;
        }

        var answer = SecondFactorStore.Describe(factors);
        answer["failed"] = "FAILED";
        answer["ok"] = false;
        answer["error"] = "Invalid authentication code. Each code can only be used once.";
        answer["reason"] = method is SecondFactorMethod.Totp or SecondFactorMethod.BackupCode ? "invalid_second_factor" : "invalid_second_factor_method";
        return answer;
    }

    /// <summary>Gives the browser its cookie.</summary>
    public async Task CompleteAsync(HttpContext context, SignInUser user, bool oauth, string? timezone, CancellationToken cancellation)
    {
        if (user.Email is not null && !user.IsAdmin && globals.DeveloperEmails.Contains(user.Email.ToLowerInvariant()))
        {
            await administration.GrantAdminAsync(user.Id, -1, cancellation);
        }

        var token = await tokens.AddAsync(user.Id, context.Request.Headers.UserAgent, context.ClientIp(), oauth, cancellation);
        var cookie = globals.Environment.GetValueOrDefault("DISCOURSE_TOKEN_COOKIE") is { Length: > 0 } name ? name : "_t";
        context.Response.Cookies.Append(cookie, token, tokens.Cookie());
        if (timezone is { Length: > 0 and < 64 })
        {
            await database.ExecuteAsync("UPDATE user_options SET timezone = $2 WHERE user_id = $1 AND timezone IS DISTINCT FROM $2", [user.Id, timezone], cancellation);
        }

        if (user.IsAdmin && settings.Bool("has_login_hint"))
        {
            await settings.SetAsync("has_login_hint", "false", cancellation);
        }
    }

    static SignInUser Read(Npgsql.NpgsqlDataReader row) =>
        new(row.Int(0), row.Text(1), row.TextOrNull(2), row.Bool(3), row.Bool(4), row.Bool(5), row.TimeOrNull(6), row.Bool(7));
}
