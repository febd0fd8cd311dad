using System.Globalization;
using System.Text.Json.Nodes;
using Forum.Configuration;
using Forum.Database;
using Forum.Moderation;
using Forum.Sessions;
using Forum.Viewing;
using Forum.Web;

namespace Forum.AdminUsers;

/// <summary>Suspends and silences members, and lets them back in.</summary>
static class PenaltiesApi
{
    public static void MapPenalties(this IEndpointRouteBuilder routes)
    {
        var users = routes.MapGroup("/admin/users").RequireStaff();
        users.MapPut("/{id:int}/suspend", SuspendAsync).Named("admin/users#suspend");
        users.MapPut("/{id:int}/unsuspend", UnsuspendAsync).Named("admin/users#unsuspend");
        users.MapPut("/{id:int}/silence", SilenceAsync).Named("admin/users#silence");
        users.MapPut("/{id:int}/unsilence", UnsilenceAsync).Named("admin/users#unsilence");
    }

    static async Task<IResult> SuspendAsync(
        int id, Parameters parameters, CurrentUser current, ForumDatabase database, AuthTokens tokens, GlobalSettings globals, TimeProvider time, CancellationToken cancellation)
    {
        var target = await AdminTarget.GetAsync(database, id, cancellation);
        if (target.IsAdmin || target.IsModerator || id <= 0)
        {
            throw Refused.InvalidAccess();
        }

        var reason = parameters.Required("reason");
        var until = Until(parameters, "suspend_until");
        var now = time.GetUtcNow().UtcDateTime;
        if (target.SuspendedTill > now)
        {
            throw new RefusedException(409, null, $"User {target.Username} was already suspended.");
        }

        await using var work = await database.BeginAsync(cancellation);
        await work.ExecuteAsync("UPDATE users SET suspended_till = $2, suspended_at = $3, updated_at = $3 WHERE id = $1", [id, until, now], cancellation);
        await tokens.DeleteAllAsync(work, id, null, cancellation);
        await StaffActions.LogAsync(work, StaffAction.SuspendUser, current.Id, id, now, cancellation, new StaffActionDetails { Details = Full(reason, parameters), Context = reason });
        await work.CommitAsync(cancellation);
        return Replies.Json(new JsonObject
        {
            ["suspension"] = new JsonObject
            {
                ["suspend_reason"] = reason,
                ["full_suspend_reason"] = Full(reason, parameters),
                ["suspended_till"] = Replies.Time(until),
                ["suspended_at"] = Replies.Time(now),
                ["suspended_by"] = By(current, globals),
            },
        });
    }

    static async Task<IResult> UnsuspendAsync(int id, CurrentUser current, ForumDatabase database, TimeProvider time, CancellationToken cancellation)
    {
        await AdminTarget.GetAsync(database, id, cancellation);
        await database.ExecuteAsync("UPDATE users SET suspended_till = NULL, suspended_at = NULL WHERE id = $1", [id], cancellation);
        await StaffActions.LogAsync(database, StaffAction.UnsuspendUser, current.Id, id, time.GetUtcNow().UtcDateTime, cancellation);
        return Replies.Json(new JsonObject { ["suspension"] = new JsonObject { ["suspended_till"] = null, ["suspended_at"] = null } });
    }

    static async Task<IResult> SilenceAsync(
        int id, Parameters parameters, CurrentUser current, ForumDatabase database, GlobalSettings globals, TimeProvider time, CancellationToken cancellation)
    {
        var target = await AdminTarget.GetAsync(database, id, cancellation);
        if (target.IsAdmin || target.IsModerator || id <= 0)
        {
            throw Refused.InvalidAccess();
        }

        var reason = parameters.Text("reason") ?? "";
        var now = time.GetUtcNow().UtcDateTime;
        if (target.SilencedTill > now)
        {
            throw new RefusedException(409, null, $"User {target.Username} was already silenced.");
        }

        var until = parameters.Text("silenced_till") is { Length: > 0 } ? Until(parameters, "silenced_till") : now.AddYears(1000);
        await database.ExecuteAsync("UPDATE users SET silenced_till = $2, updated_at = $3 WHERE id = $1", [id, until, now], cancellation);
        await StaffActions.LogAsync(database, StaffAction.SilenceUser, current.Id, id, now, cancellation, new StaffActionDetails { Details = Full(reason, parameters), Context = reason });
        return Replies.Json(new JsonObject
        {
            ["silence"] = new JsonObject
            {
                ["silenced"] = true,
                ["silence_reason"] = reason,
                ["full_silence_reason"] = Full(reason, parameters),
                ["silenced_till"] = Replies.Time(until),
                ["silenced_at"] = Replies.Time(now),
                ["silenced_by"] = By(current, globals),
            },
        });
    }

    static async Task<IResult> UnsilenceAsync(int id, CurrentUser current, ForumDatabase database, TimeProvider time, CancellationToken cancellation)
    {
        await AdminTarget.GetAsync(database, id, cancellation);
        await database.ExecuteAsync("UPDATE users SET silenced_till = NULL WHERE id = $1", [id], cancellation);
        await StaffActions.LogAsync(database, StaffAction.UnsilenceUser, current.Id, id, time.GetUtcNow().UtcDateTime, cancellation);
        return Replies.Json(new JsonObject { ["unsilence"] = new JsonObject { ["silenced"] = false, ["silence_reason"] = null, ["silenced_till"] = null, ["silenced_at"] = null } });
    }

    static DateTime Until(Parameters parameters, string name) =>
        DateTime.TryParse(parameters.Required(name), CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal | DateTimeStyles.AssumeUniversal, out var until)
            ? until : throw Refused.InvalidParameters(name);

    static string Full(string reason, Parameters parameters) => parameters.Text("message") is { Length: > 0 } message ? $"{reason}\n\n{message}" : reason;

    static JsonObject By(CurrentUser user, GlobalSettings globals) => new()
    {
        ["id"] = user.Id,
        ["username"] = user.Username,
        ["name"] = user.Name ?? "",
        ["avatar_template"] = Avatars.Template(user.Username, user.UploadedAvatarId, globals),
    };
}
