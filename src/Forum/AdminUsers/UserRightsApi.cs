using Forum.Database;
using Forum.Moderation;
using Forum.Sessions;
using Forum.TrustLevels;
using Forum.Users;
using Forum.Web;

namespace Forum.AdminUsers;

/// <summary>What a member may do: trust level, primary group, the rights of moderators and admins.</summary>
static class UserRightsApi
{
    public static void MapUserRights(this IEndpointRouteBuilder routes)
    {
        var users = routes.MapGroup("/admin/users").RequireStaff();
        users.MapPut("/{id:int}/trust_level", TrustLevelAsync).Named("admin/users#trust_level");
        users.MapPut("/{id:int}/trust_level_lock", TrustLevelLockAsync).Named("admin/users#trust_level_lock");
        users.MapPut("/{id:int}/primary_group", PrimaryGroupAsync).Named("admin/users#primary_group");

        var admin = routes.MapGroup("/admin/users").RequireAdmin();
        admin.MapPut("/{id:int}/grant_admin", GrantAdminAsync).Named("admin/users#grant_admin");
        admin.MapPut("/{id:int}/revoke_admin", RevokeAdminAsync).Named("admin/users#revoke_admin");
        admin.MapPut("/{id:int}/grant_moderation", GrantModerationAsync).Named("admin/users#grant_moderation");
        admin.MapPut("/{id:int}/revoke_moderation", RevokeModerationAsync).Named("admin/users#revoke_moderation");
        admin.MapPut("/{id:int}/disable_second_factor", DisableSecondFactorAsync).Named("admin/users#disable_second_factor");
    }

    static async Task<IResult> GrantAdminAsync(int id, CurrentUser current, ForumDatabase database, UserAdministration administration, CancellationToken cancellation)
    {
        await AdminTarget.GetAsync(database, id, cancellation);
        await administration.GrantAdminAsync(id, current.Id, cancellation);
        return Replies.Success();
    }

    static async Task<IResult> RevokeAdminAsync(int id, CurrentUser current, ForumDatabase database, UserAdministration administration, CancellationToken cancellation)
    {
        await AdminTarget.GetAsync(database, id, cancellation);
        if (id == current.Id || id <= 0)
        {
            throw Refused.InvalidAccess();
        }

        await administration.RevokeAdminAsync(id, current.Id, cancellation);
        return Replies.Success();
    }

    static async Task<IResult> GrantModerationAsync(int id, CurrentUser current, ForumDatabase database, UserAdministration administration, CancellationToken cancellation)
    {
        await AdminTarget.GetAsync(database, id, cancellation);
        await administration.GrantModerationAsync(id, current.Id, cancellation);
        return Replies.Success();
    }

    static async Task<IResult> RevokeModerationAsync(int id, CurrentUser current, ForumDatabase database, UserAdministration administration, CancellationToken cancellation)
    {
        await AdminTarget.GetAsync(database, id, cancellation);
        await administration.RevokeModerationAsync(id, current.Id, cancellation);
        return Replies.Success();
    }

    static async Task<IResult> TrustLevelAsync(int id, Parameters parameters, CurrentUser current, ForumDatabase database, AdminUserJson json, Promotion promotion, CancellationToken cancellation)
    {
        var level = parameters.RequiredInt("level");
        if (level is < 0 or > 4)
        {
            throw Refused.InvalidParameters("level");
        }

        await AdminTarget.GetAsync(database, id, cancellation);
        await using var work = await database.BeginAsync(cancellation);
        await promotion.ChangeAsync(work, id, level, current.Id, cancellation);
        await work.CommitAsync(cancellation);
        return Replies.Json(await json.CreateAsync(id, current, cancellation));
    }

    static async Task<IResult> TrustLevelLockAsync(int id, Parameters parameters, CurrentUser current, ForumDatabase database, AdminUserJson json, TimeProvider time, CancellationToken cancellation)
    {
        var isLocked = parameters.Bool("locked") ?? throw Refused.InvalidParameters("locked");
        await AdminTarget.GetAsync(database, id, cancellation);
        await database.ExecuteAsync("UPDATE users SET manual_locked_trust_level = CASE WHEN $2 THEN trust_level END WHERE id = $1", [id, isLocked], cancellation);
        await StaffActions.LogAsync(database, isLocked ? StaffAction.LockTrustLevel : StaffAction.UnlockTrustLevel, current.Id, id, time.GetUtcNow().UtcDateTime, cancellation);
        return Replies.Json(await json.CreateAsync(id, current, cancellation));
    }

    static async Task<IResult> PrimaryGroupAsync(int id, Parameters parameters, ForumDatabase database, CancellationToken cancellation)
    {
        var group = parameters.Int("primary_group_id");
        await AdminTarget.GetAsync(database, id, cancellation);
        if (group is not null && !await database.ScalarAsync<bool>("SELECT EXISTS (SELECT FROM group_users WHERE user_id = $1 AND group_id = $2)", [id, group], cancellation))
        {
            throw Refused.InvalidParameters("primary_group_id");
        }

        await database.ExecuteAsync("UPDATE users SET primary_group_id = $2 WHERE id = $1", [id, group], cancellation);
        return Results.StatusCode(200);
    }

    static async Task<IResult> DisableSecondFactorAsync(int id, ForumDatabase database, CancellationToken cancellation)
    {
        if (await database.ExecuteAsync("DELETE FROM user_second_factors WHERE user_id = $1", [id], cancellation) == 0)
        {
            throw Refused.InvalidParameters("id");
        }

        return Replies.Success();
    }
}
