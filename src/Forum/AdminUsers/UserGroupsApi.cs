using Forum.Database;
using Forum.Groups;
using Forum.Moderation;
using Forum.Sessions;
using Forum.Web;

namespace Forum.AdminUsers;

/// <summary>Puts members into groups from their own page, and lets several in at once.</summary>
static class UserGroupsApi
{
    const int Most = 100;

    public static void MapUserGroups(this IEndpointRouteBuilder routes)
    {
        var admin = routes.MapGroup("/admin/users").RequireAdmin();
        admin.MapPost("/{id:int}/groups", AddAsync).Named("admin/users#add_group");
        admin.MapDelete("/{id:int}/groups/{groupId:int}", RemoveAsync).Named("admin/users#remove_group");
        routes.MapPut("/admin/users/approve-bulk", ApproveAsync).RequireStaff().Named("admin/users#approve_bulk");
    }

    static async Task<IResult> AddAsync(int id, Parameters given, CurrentUser current, ForumDatabase database, GroupMembers members, CancellationToken cancellation)
    {
        await AdminTarget.GetAsync(database, id, cancellation);
        var group = await MadeByPeopleAsync(database, given.RequiredInt("group_id"), current, cancellation);
        await using var work = await database.BeginAsync(cancellation);
        await members.AddAsync(work, group.Id, [id], current.Id, cancellation);
        await work.CommitAsync(cancellation);
        return Results.StatusCode(200);
    }

    static async Task<IResult> RemoveAsync(int id, int groupId, CurrentUser current, ForumDatabase database, GroupMembers members, CancellationToken cancellation)
    {
        await AdminTarget.GetAsync(database, id, cancellation);
        var group = await MadeByPeopleAsync(database, groupId, current, cancellation);
        await using var work = await database.BeginAsync(cancellation);
        var removed = await members.RemoveAsync(work, group.Id, [id], current.Id, cancellation);
        await work.CommitAsync(cancellation);
        return removed.Count > 0 ? Results.StatusCode(200) : throw Refused.InvalidParameters("group_id");
    }

    static async Task<Group> MadeByPeopleAsync(ForumDatabase database, int id, CurrentUser current, CancellationToken cancellation)
    {
        var group = await GroupStore.FindAsync(database, id, current, cancellation) ?? throw Refused.NotFound();
        return group.IsAutomatic ? throw Refused.Invalid("Members of automatic groups can't be chosen.") : group;
    }

    static async Task<IResult> ApproveAsync(Parameters given, CurrentUser current, ForumDatabase database, UserReview review, TimeProvider time, CancellationToken cancellation)
    {
        var ids = (given.Ints("users") ?? throw Refused.Missing("users")).Distinct().ToArray();
        if (ids.Length > Most)
        {
            throw Refused.InvalidParameters("users");
        }

        var waiting = await database.ListAsync("SELECT id FROM users WHERE id = ANY($1) AND NOT approved", row => row.GetInt32(0), [ids], cancellation);
        await using var work = await database.BeginAsync(cancellation);
        foreach (var id in waiting)
        {
            await review.ApproveAsync(work, id, current.Id, sendMail: true, time.GetUtcNow().UtcDateTime, cancellation);
        }

        await work.CommitAsync(cancellation);
        return Replies.Success();
    }
}
