using System.Text.Json.Nodes;
using Forum.Database;
using Forum.RateLimits;
using Forum.Sessions;
using Forum.Settings;
using Forum.Users;
using Forum.Web;

namespace Forum.SecondFactors;

/// <summary>A member's own second factors: set up, listed and removed in a session that was confirmed by password.</summary>
static class SecondFactorsApi
{
    public static void MapSecondFactors(this IEndpointRouteBuilder routes)
    {
        var users = routes.MapGroup("/u").RequireLogin();
        users.MapGet("/trusted-session", TrustedAsync).Named("users#trusted_session");
        users.MapPost("/confirm-session", ConfirmSessionAsync).Named("users#confirm_session");
        users.MapPost("/second_factors", SecondFactorsAsync).Named("users#list_second_factors");
        users.MapPost("/create_second_factor_totp", CreateTotpAsync).Named("users#create_second_factor_totp");
        users.MapPost("/enable_second_factor_totp", EnableTotpAsync).Named("users#enable_second_factor_totp");
        users.MapPut("/second_factor", UpdateSecondFactorAsync).Named("users#update_second_factor");
        users.MapPut("/disable_second_factor", DisableSecondFactorAsync).Named("users#disable_second_factor");
        users.MapPut("/second_factors_backup", BackupCodesAsync).Named("users#create_second_factor_backup");
    }

    static async Task<IResult> TrustedAsync(HttpContext context, CurrentUser current, BrowserSession browser, CancellationToken cancellation) =>
        await TrustedSession.IsTrustedAsync(context, current, browser, cancellation) ? Replies.Success() : Replies.Failed();

    static async Task<IResult> ConfirmSessionAsync(
        HttpContext context, Parameters parameters, CurrentUser current, ForumDatabase database, PasswordWork passwords, BrowserSession browser, RateLimiter limiter, TimeProvider time, CancellationToken cancellation)
    {
        await limiter.PerformAsync($"login-min-{context.ClientIp()}", 6, TimeSpan.FromMinutes(1), cancellation);
        var stored = await PasswordStore.FindAsync(database, current.Id, cancellation);
        if (stored is null || parameters.Text("password") is not { Length: > 0 and <= 200 } password || !await passwords.MatchesAsync(stored.Hash, password, cancellation))
        {
            return Replies.Json(new JsonObject { ["error"] = "Incorrect password" });
        }

        await TrustedSession.ConfirmAsync(context, current, browser, cancellation);
        return Replies.Success();
    }

    static async Task<IResult> SecondFactorsAsync(
        HttpContext context, Parameters parameters, CurrentUser current, ForumDatabase database, PasswordWork passwords, BrowserSession browser, TimeProvider time, CancellationToken cancellation)
    {
        if (parameters.Has("password"))
        {
            var stored = await PasswordStore.FindAsync(database, current.Id, cancellation);
            if (stored is null || !await passwords.MatchesAsync(stored.Hash, parameters.Text("password") ?? "", cancellation))
            {
                return Replies.Json(new JsonObject { ["error"] = "Incorrect password" });
            }

            await TrustedSession.ConfirmAsync(context, current, browser, cancellation);
        }
        else if (!await TrustedSession.IsTrustedAsync(context, current, browser, cancellation))
        {
            return Replies.Json(new JsonObject { ["unconfirmed_session"] = true });
        }

        var factors = await SecondFactorStore.ListAsync(database, current.Id, cancellation);
        return Replies.Json(new JsonObject
        {
            ["success"] = "OK",
            ["totps"] = new JsonArray([.. factors.Where(factor => factor.Method == SecondFactorMethod.Totp).Select(factor => (JsonNode)new JsonObject { ["id"] = factor.Id, ["name"] = factor.Name, ["method"] = 1 })]),
            ["security_keys"] = new JsonArray(),
        });
    }

    static async Task<IResult> CreateTotpAsync(HttpContext context, CurrentUser current, BrowserSession browser, SiteSettings settings, CancellationToken cancellation)
    {
        await TrustedSession.RequireAsync(context, current, browser, cancellation);
        var (key, address) = await StagedTotp.StageAsync(context, current, browser, settings, cancellation);
        return Replies.Json(new JsonObject { ["key"] = key, ["qr"] = address });
    }

    static async Task<IResult> EnableTotpAsync(
        HttpContext context, Parameters parameters, CurrentUser current, ForumDatabase database, BrowserSession browser, RateLimiter limiter, TimeProvider time, CancellationToken cancellation)
    {
        await TrustedSession.RequireAsync(context, current, browser, cancellation);
        await limiter.PerformAsync($"second-factor-min-{current.Id}", 6, TimeSpan.FromMinutes(1), cancellation);
        var code = parameters.Text("second_factor_token") ?? "";
        var name = parameters.Text("name") is { Length: > 0 and <= 300 } given ? given : null;
        if (code.Length == 0 || name is null)
        {
            return Replies.Json(new JsonObject { ["error"] = code.Length == 0 ? "You need to provide a code from your authenticator app." : "You need to provide a name for your authenticator." });
        }

        var now = time.GetUtcNow().UtcDateTime;
        if (await StagedTotp.FindAsync(context, browser, cancellation) is not { } secret || Totp.Match(secret, code, now, null) is not { } step)
        {
            return Replies.Json(new JsonObject { ["error"] = "Invalid authentication code. Each code can only be used once." });
        }

        await StagedTotp.DropAsync(context, browser, cancellation);
        await database.ExecuteAsync("""
            INSERT INTO user_second_factors (user_id, method, data, enabled, last_used, name, created_at, updated_at)
            VALUES ($1, 1, $2, true, $3, $4, $5, $5)
            """, [current.Id, secret, step, name, now], cancellation);
        return Replies.Success();
    }

    static async Task<IResult> UpdateSecondFactorAsync(HttpContext context, Parameters parameters, CurrentUser current, ForumDatabase database, BrowserSession browser, TimeProvider time, CancellationToken cancellation)
    {
        await TrustedSession.RequireAsync(context, current, browser, cancellation);
        var isDisabled = parameters.Flag("disable") || parameters.Bool("enable") == false;
        var target = parameters.Int("second_factor_target") ?? parameters.Int("second_factor_method") ?? throw Refused.Missing("second_factor_target");
        if (target == 2)
        {
            await database.ExecuteAsync("DELETE FROM user_second_factors WHERE user_id = $1 AND method = 2", [current.Id], cancellation);
            return Replies.Success();
        }

        var changed = await database.ExecuteAsync("""
            UPDATE user_second_factors
            SET name = coalesce($3, name), enabled = enabled AND NOT $4, updated_at = $5
            WHERE user_id = $1 AND id = $2 AND method = 1
            """, [current.Id, parameters.Int("id") ?? throw Refused.Missing("id"), parameters.Text("name"), isDisabled, time.GetUtcNow().UtcDateTime], cancellation);
        return changed == 0 ? throw Refused.InvalidParameters("id") : Replies.Success();
    }

    static async Task<IResult> DisableSecondFactorAsync(HttpContext context, CurrentUser current, ForumDatabase database, BrowserSession browser, CancellationToken cancellation)
    {
        await TrustedSession.RequireAsync(context, current, browser, cancellation);
        await database.ExecuteAsync("DELETE FROM user_second_factors WHERE user_id = $1", [current.Id], cancellation);
        return Replies.Success();
    }

    static async Task<IResult> BackupCodesAsync(HttpContext context, CurrentUser current, ForumDatabase database, BrowserSession browser, TimeProvider time, CancellationToken cancellation)
    {
        await TrustedSession.RequireAsync(context, current, browser, cancellation);
        var codes = BackupCodes.Create();
        var stored = await Task.Run(() => codes.Select(BackupCodes.Store).ToArray(), cancellation);
        var now = time.GetUtcNow().UtcDateTime;
        await using var work = await database.BeginAsync(cancellation);
        await work.ExecuteAsync("DELETE FROM user_second_factors WHERE user_id = $1 AND method = 2", [current.Id], cancellation);
        await work.ExecuteAsync("""
            INSERT INTO user_second_factors (user_id, method, data, enabled, created_at, updated_at)
            SELECT $1, 2, code, true, $3, $3
            FROM unnest($2) AS code
            """, [current.Id, stored, now], cancellation);
        await work.CommitAsync(cancellation);
        return Replies.Json(new JsonObject { ["backup_codes"] = new JsonArray([.. codes.Select(code => (JsonNode?)code)]) });
    }
}
