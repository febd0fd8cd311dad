using System.Text.Json.Nodes;
using Forum.Database;
using Forum.Sessions;
using Forum.Users;
using Forum.Web;

namespace Forum.Groups;

/// <summary>Groups for admins: /admin/groups.</summary>
static class AdminGroupsApi
{
    public static void MapAdminGroups(this IEndpointRouteBuilder routes)
    {
        var groups = routes.MapGroup("/admin/groups").RequireAdmin();
        groups.MapPost("", CreateAsync).Named("admin/groups#create");
        groups.MapDelete("/{id:int}", DeleteAsync).Named("admin/groups#destroy");
        groups.MapPut("/{id:int}/owners", AddOwnersAsync).Named("groups#add_owners");
        groups.MapDelete("/{id:int}/owners", RemoveOwnersAsync).Named("admin/groups#remove_owner");
        groups.MapPut("/{id:int}/primary", PrimaryAsync).Named("admin/groups#set_as_primary");
    }

    static async Task<IResult> CreateAsync(Parameters parameters, CurrentUser current, ForumDatabase database, GroupEditing editing, GroupMembers groups, CancellationToken cancellation)
    {
        if (!parameters.Has("group"))
        {
            throw Refused.Missing("group");
        }

        var given = parameters.Nested("group");
        var id = await editing.AddAsync(given, current, cancellation);
        if (given.List("owner_usernames") is { Count: > 0 } owners)
        {
            await groups.MakeOwnersAsync(id, await IdsAsync(database, owners, cancellation), current.Id, cancellation);
        }

        if (given.List("usernames") is { Count: > 0 } members)
        {
            await using var work = await database.BeginAsync(cancellation);
            await groups.AddAsync(work, id, await IdsAsync(database, members, cancellation), current.Id, cancellation);
            await work.CommitAsync(cancellation);
        }

        var group = (await GroupStore.FindAsync(database, id, current, cancellation))!;
        var body = group.Json(current, withMembership: false);
        body.Remove("display_name");
        body["can_edit_group"] = true;
        return Replies.Json(new JsonObject { ["basic_group"] = body });
    }

    static async Task<IResult> DeleteAsync(int id, CurrentUser current, ForumDatabase database, CancellationToken cancellation)
    {
        var group = await GroupStore.FindAsync(database, id, current, cancellation) ?? throw Refused.NotFound();
        if (group.IsAutomatic)
        {
            throw Refused.Invalid("Automatic groups can't be deleted.");
        }

        await database.ExecuteAsync("""
            WITH a AS (DELETE FROM group_users WHERE group_id = $1), b AS (DELETE FROM category_groups WHERE group_id = $1),
                c AS (DELETE FROM group_requests WHERE group_id = $1), d AS (DELETE FROM topic_allowed_groups WHERE group_id = $1),
                e AS (UPDATE users SET primary_group_id = NULL WHERE primary_group_id = $1), f AS (DELETE FROM group_histories WHERE group_id = $1)
            DELETE FROM groups
            WHERE id = $1
            """, [id], cancellation);
        await database.ExecuteAsync("UPDATE users SET flair_group_id = NULL WHERE flair_group_id = $1", [id], cancellation);
        return Replies.Success();
    }

    static async Task<IResult> AddOwnersAsync(int id, Parameters parameters, CurrentUser current, ForumDatabase database, GroupMembers groups, CancellationToken cancellation)
    {
        var group = await GroupStore.FindAsync(database, id, current, cancellation) ?? throw Refused.NotFound();
        var given = parameters.Has("group") ? parameters.Nested("group") : parameters;
        var users = await GroupMembersApi.FindUsersAsync(database, given, cancellation);
        await groups.MakeOwnersAsync(group.Id, [.. users.Select(user => user.Id)], current.Id, cancellation);
        return Replies.Json(new JsonObject { ["success"] = "OK", ["usernames"] = new JsonArray([.. users.Select(user => (JsonNode?)user.Username)]) });
    }

    static async Task<IResult> RemoveOwnersAsync(int id, Parameters parameters, ForumDatabase database, CancellationToken cancellation)
    {
        var given = parameters.Has("group") ? parameters.Nested("group") : parameters;
        var users = await GroupMembersApi.FindUsersAsync(database, given, cancellation);
        await database.ExecuteAsync(
            "UPDATE group_users SET owner = false WHERE group_id = $1 AND user_id = ANY($2)", [id, users.Select(user => user.Id).ToArray()], cancellation);
        return Replies.Success();
    }

    static async Task<IResult> PrimaryAsync(int id, Parameters parameters, ForumDatabase database, CancellationToken cancellation)
    {
        await database.ExecuteAsync("""
            UPDATE users
            SET primary_group_id = CASE WHEN $2 THEN $1::int END
            WHERE id IN (SELECT user_id FROM group_users WHERE group_id = $1) AND (NOT $2 OR primary_group_id IS NULL)
            """, [id, parameters.Flag("primary")], cancellation);
        return Results.StatusCode(200);
    }

    static async Task<int[]> IdsAsync(ForumDatabase database, IReadOnlyList<string> names, CancellationToken cancellation) => [.. await database.ListAsync(
        "SELECT id FROM users WHERE username_lower = ANY($1)", row => row.GetInt32(0), [names.Select(Usernames.Lower).ToArray()], cancellation)];
}
