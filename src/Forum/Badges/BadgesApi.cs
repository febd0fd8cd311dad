using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Forum.Configuration;
using Forum.Database;
using Forum.Moderation;
using Forum.Pages;
using Forum.Sessions;
using Forum.Users;
using Forum.Viewing;
using Forum.Web;
using Npgsql;

namespace Forum.Badges;

/// <summary>Badges: what there are, who has them, and granting them: /badges, /user-badges, /user_badges, /admin/badges.</summary>
static partial class BadgesApi
{
    public static void MapBadges(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/badges", ListAsync).ShownBy<BadgesView>("Badges").AllowAnyone().Named("badges#index");
        routes.MapGet("/badges/{id:int}", ShowAsync).ShownBy<BadgeView>("Badge").AllowAnyone().Named("badges#show");
        routes.MapGet("/badges/{id:int}/{slug}", ShowAsync).ShownBy<BadgeView>("Badge").AllowAnyone().Named("badges#show");
        routes.MapGet("/user-badges/{username}", OfUserAsync).AllowAnyone().Named("user_badges#username");
        routes.MapGet("/user_badges", GrantsAsync).AllowAnyone().Named("user_badges#index");
        routes.MapPost("/user_badges", GrantAsync).RequireStaff().Named("user_badges#create");
        routes.MapDelete("/user_badges/{id:int}", RevokeAsync).RequireStaff().Named("user_badges#destroy");
        var admin = routes.MapGroup("/admin/badges").RequireAdmin();
        admin.MapGet("", AdminListAsync).Named("admin/badges#index");
        admin.MapPost("", CreateAsync).Named("admin/badges#create");
        admin.MapPut("/{id:int}", UpdateAsync).Named("admin/badges#update");
        admin.MapDelete("/{id:int}", DeleteAsync).Named("admin/badges#destroy");
    }

    const string Columns = """
        b.id, b.name, coalesce(b.description, ''), b.grant_count, b.allow_title, b.multiple_grant, b.icon, coalesce(b.listable, true), b.enabled, b.badge_grouping_id, b.system,
        coalesce(b.long_description, ''), b.query, b.trigger, coalesce(b.target_posts, false), b.auto_revoke, b.show_posts, b.image_upload_id, b.badge_type_id
        """;

    static JsonObject Read(NpgsqlDataReader row, bool forAdmins)
    {
        var body = new JsonObject
        {
            ["id"] = row.Int(0),
            ["name"] = row.Text(1),
            ["description"] = BadgeDescriptions.Of(row.Int(0), row.Text(2)),
            ["grant_count"] = row.Int(3),
            ["allow_title"] = row.Bool(4),
            ["multiple_grant"] = row.Bool(5),
            ["icon"] = row.TextOrNull(6) ?? "certificate",
            ["image_url"] = null,
            ["listable"] = row.Bool(7),
            ["enabled"] = row.Bool(8),
            ["badge_grouping_id"] = row.Int(9),
            ["system"] = row.Bool(10),
            ["slug"] = Slug(row.Text(1)),
            ["manually_grantable"] = row.IsDBNull(12) && !row.Bool(10),
            ["badge_type_id"] = row.Int(18),
        };
        if (forAdmins)
        {
            body["long_description"] = row.Text(11);
            body["query"] = row.TextOrNull(12);
            body["trigger"] = row.IntOrNull(13);
            body["target_posts"] = row.Bool(14);
            body["auto_revoke"] = row.Bool(15);
            body["show_posts"] = row.Bool(16);
            body["image_upload_id"] = row.IntOrNull(17);
            body["show_in_post_header"] = false;
        }

        return body;
    }

    static async Task<IResult> ListAsync(CurrentUser current, ForumDatabase database, CancellationToken cancellation)
    {
        var badges = await database.ListAsync($"""
            SELECT {Columns}, EXISTS (SELECT FROM user_badges g WHERE g.badge_id = b.id AND g.user_id = $1)
            FROM badges b
            WHERE b.enabled AND b.listable
            ORDER BY b.badge_grouping_id, b.badge_type_id DESC, b.name
            """, JsonNode (row) =>
            {
                var badge = Read(row, forAdmins: false);
                badge["has_badge"] = row.Bool(19);
                return badge;
            }, [current.Id], cancellation);
        return Replies.Json(new JsonObject { ["badges"] = new JsonArray([.. badges]), ["badge_types"] = await TypesAsync(database, cancellation), ["badge_groupings"] = await GroupingsAsync(database, cancellation) });
    }

    static async Task<IResult> ShowAsync(int id, ForumDatabase database, CancellationToken cancellation) => Replies.Json(new JsonObject
    {
        ["badge_types"] = await TypesAsync(database, cancellation),
        ["badge"] = await FindAsync(database, id, forAdmins: false, cancellation),
    });

    static async Task<IResult> OfUserAsync(string username, CurrentUser current, ForumDatabase database, GlobalSettings globals, CancellationToken cancellation)
    {
        var id = await UserLookup.GetAsync(database, username, current, cancellation);
        return Replies.Json(await ListGrantsAsync(database, ofUser: true, id, current, globals, cancellation));
    }

    static async Task<IResult> GrantsAsync(Parameters parameters, CurrentUser current, ForumDatabase database, GlobalSettings globals, CancellationToken cancellation) =>
        Replies.Json(new JsonObject { ["user_badge_info"] = await ListGrantsAsync(database, ofUser: false, parameters.RequiredInt("badge_id"), current, globals, cancellation) });

    static async Task<JsonObject> ListGrantsAsync(ForumDatabase database, bool ofUser, int id, CurrentUser current, GlobalSettings globals, CancellationToken cancellation)
    {
        var grants = await database.ListAsync("""
            SELECT g.id, g.granted_at, b.badge_grouping_id, g.is_favorite, g.badge_id, g.granted_by_id, g.user_id, g.post_id
            FROM user_badges g
            JOIN badges b ON b.id = g.badge_id
            WHERE CASE WHEN $2 THEN g.user_id = $1 ELSE g.badge_id = $1 END AND b.enabled
            ORDER BY g.granted_at DESC, g.id DESC
            LIMIT 200
            """, row => new JsonObject
            {
                ["id"] = row.Int(0),
                ["granted_at"] = Replies.Time(row.Time(1)),
                ["grouping_position"] = row.Int(2),
                ["is_favorite"] = row.BoolOrNull(3),
                ["can_favorite"] = row.Int(6) == current.Id,
                ["badge_id"] = row.Int(4),
                ["granted_by_id"] = row.Int(5),
            }, [id, ofUser], cancellation);
        var ids = grants.Select(grant => (int)grant["badge_id"]!).Distinct().ToArray();
        var granters = grants.Select(grant => (int)grant["granted_by_id"]!).Distinct().ToArray();
        var badges = await database.ListAsync($"""
            SELECT {Columns}
            FROM badges b
            WHERE b.id = ANY($1)
            ORDER BY b.id
            """, JsonNode (row) => Read(row, forAdmins: false), [ids], cancellation);
        var users = await database.ListAsync("""
            SELECT u.id, u.username, u.name, u.uploaded_avatar_id, u.admin, coalesce(u.moderator, false), u.trust_level
            FROM users u
            WHERE u.id = ANY($1)
            """, JsonNode (row) => new JsonObject
            {
                ["id"] = row.Int(0),
                ["username"] = row.Text(1),
                ["name"] = row.TextOrNull(2) ?? "",
                ["avatar_template"] = Avatars.Template(row.Text(1), row.IntOrNull(3), globals),
                ["flair_name"] = null,
                ["admin"] = row.Bool(4),
                ["moderator"] = row.Bool(5),
                ["trust_level"] = row.Int(6),
            }, [granters], cancellation);
        return new JsonObject
        {
            ["badges"] = new JsonArray([.. badges]),
            ["badge_types"] = await TypesAsync(database, cancellation),
            ["granted_bies"] = new JsonArray([.. users]),
            ["user_badges"] = new JsonArray([.. grants]),
        };
    }

    static async Task<IResult> GrantAsync(
        Parameters parameters, CurrentUser current, ForumDatabase database, GlobalSettings globals, TimeProvider time, CancellationToken cancellation)
    {
        var id = await UserLookup.GetAsync(database, parameters.Required("username"), current, cancellation);
        var badge = parameters.RequiredInt("badge_id");
        var now = time.GetUtcNow().UtcDateTime;
        await using var work = await database.BeginAsync(cancellation);
        var multiple = await work.ScalarAsync<bool?>("SELECT multiple_grant FROM badges WHERE id = $1 AND enabled FOR UPDATE", [badge], cancellation) ?? throw Refused.NotFound();
        var made = await work.ExecuteAsync("""
            INSERT INTO user_badges (badge_id, user_id, granted_at, granted_by_id, seq, created_at)
            SELECT $1, $2, $3, $4, coalesce((SELECT max(seq) + 1 FROM user_badges WHERE badge_id = $1 AND user_id = $2), 0), $3
            WHERE $5 OR NOT EXISTS (SELECT FROM user_badges WHERE badge_id = $1 AND user_id = $2)
            """, [badge, id, now, current.Id, multiple], cancellation);
        if (made > 0)
        {
            await BadgeGranter.RecountAsync(work, [badge], [id], cancellation);
            await StaffActions.LogAsync(work, StaffAction.GrantBadge, current.Id, id, now, cancellation);
        }

        await work.CommitAsync(cancellation);
        return Replies.Json(await ListGrantsAsync(database, ofUser: true, id, current, globals, cancellation));
    }

    static async Task<IResult> RevokeAsync(int id, CurrentUser current, ForumDatabase database, TimeProvider time, CancellationToken cancellation)
    {
        await using var work = await database.BeginAsync(cancellation);
        var gone = await work.FindAsync("DELETE FROM user_badges WHERE id = $1 RETURNING badge_id, user_id", row => new { Badge = row.GetInt32(0), User = row.GetInt32(1) }, [id], cancellation)
            ?? throw Refused.NotFound();
        await BadgeGranter.RecountAsync(work, [gone.Badge], [gone.User], cancellation);
        await StaffActions.LogAsync(work, StaffAction.RevokeBadge, current.Id, gone.User, time.GetUtcNow().UtcDateTime, cancellation);
        await work.CommitAsync(cancellation);
        return Replies.Success();
    }

    static async Task<IResult> AdminListAsync(ForumDatabase database, CancellationToken cancellation)
    {
        var badges = await database.ListAsync($"""
            SELECT {Columns}
            FROM badges b
            ORDER BY b.enabled DESC, b.badge_grouping_id, b.badge_type_id, b.name
            """, row => Read(row, forAdmins: true), [], cancellation);
        var types = await TypesAsync(database, cancellation);
        var groupings = await GroupingsAsync(database, cancellation);
        return Replies.Json(new JsonObject
        {
            ["badges"] = new JsonArray([.. badges]),
            ["badge_types"] = types,
            ["badge_groupings"] = groupings,
            ["admin_badges"] = new JsonObject
            {
                ["protected_system_fields"] = new JsonArray("name", "badge_type_id", "multiple_grant", "target_posts", "show_posts", "query", "trigger", "auto_revoke", "listable"),
                ["triggers"] = new JsonObject { ["user_change"] = 8, ["none"] = 0, ["post_revision"] = 2, ["trust_level_change"] = 4, ["post_action"] = 1 },
                ["badge_ids"] = new JsonArray([.. badges.Select(badge => badge["id"]!.DeepClone())]),
                ["badge_grouping_ids"] = new JsonArray([.. groupings.Select(grouping => grouping!["id"]!.DeepClone())]),
                ["badge_type_ids"] = new JsonArray([.. types.Select(type => type!["id"]!.DeepClone())]),
            },
        });
    }

    static async Task<IResult> CreateAsync(Parameters parameters, ForumDatabase database, TimeProvider time, CancellationToken cancellation)
    {
        var name = parameters.Required("name");
        var type = parameters.RequiredInt("badge_type_id");
        await CheckAsync(database, name, null, cancellation);
        var id = await database.ScalarAsync<int>("""
            INSERT INTO badges (name, badge_type_id, description, long_description, allow_title, multiple_grant, icon, listable, target_posts, enabled, auto_revoke,
                badge_grouping_id, show_posts, created_at, updated_at)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $14)
            RETURNING id
            """,
            [
                name, type, parameters.Text("description"), parameters.Text("long_description"), parameters.Flag("allow_title"), parameters.Flag("multiple_grant"),
                parameters.Text("icon") ?? "certificate", parameters.Bool("listable") ?? true, parameters.Flag("target_posts"), parameters.Bool("enabled") ?? true,
                parameters.Bool("auto_revoke") ?? true, parameters.Int("badge_grouping_id") ?? 5, parameters.Flag("show_posts"), time.GetUtcNow().UtcDateTime,
            ], cancellation);
        return await AnswerAsync(database, id, cancellation);
    }

    static async Task<IResult> UpdateAsync(int id, Parameters parameters, ForumDatabase database, TimeProvider time, CancellationToken cancellation)
    {
        var isSystem = await database.ScalarAsync<bool?>("SELECT system FROM badges WHERE id = $1", [id], cancellation) ?? throw Refused.NotFound();
        if (!isSystem && parameters.Text("name") is { } name)
        {
            await CheckAsync(database, name, id, cancellation);
        }

        await database.ExecuteAsync("""
            UPDATE badges
            SET name = CASE WHEN $2 THEN name ELSE coalesce($3, name) END, badge_type_id = CASE WHEN $2 THEN badge_type_id ELSE coalesce($4::int, badge_type_id) END,
                description = coalesce($5, description), long_description = coalesce($6, long_description), allow_title = coalesce($7::bool, allow_title),
                multiple_grant = CASE WHEN $2 THEN multiple_grant ELSE coalesce($8::bool, multiple_grant) END, icon = coalesce($9, icon),
                listable = CASE WHEN $2 THEN listable ELSE coalesce($10::bool, listable) END, enabled = coalesce($11::bool, enabled),
                badge_grouping_id = coalesce($12::int, badge_grouping_id), show_posts = CASE WHEN $2 THEN show_posts ELSE coalesce($13::bool, show_posts) END, updated_at = $14
            WHERE id = $1
            """,
            [
                id, isSystem, parameters.Text("name"), parameters.Int("badge_type_id"), parameters.Text("description"), parameters.Text("long_description"), parameters.Bool("allow_title"),
                parameters.Bool("multiple_grant"), parameters.Text("icon"), parameters.Bool("listable"), parameters.Bool("enabled"), parameters.Int("badge_grouping_id"),
                parameters.Bool("show_posts"), time.GetUtcNow().UtcDateTime,
            ], cancellation);
        return await AnswerAsync(database, id, cancellation);
    }

    static async Task<IResult> DeleteAsync(int id, ForumDatabase database, CancellationToken cancellation)
    {
        await using var work = await database.BeginAsync(cancellation);
        await work.ExecuteAsync("DELETE FROM user_badges WHERE badge_id = $1", [id], cancellation);
        if (await work.ExecuteAsync("DELETE FROM badges WHERE id = $1 AND NOT system", [id], cancellation) == 0)
        {
            throw Refused.NotFound();
        }

        await work.CommitAsync(cancellation);
        return Results.StatusCode(200);
    }

    static async Task<IResult> AnswerAsync(ForumDatabase database, int id, CancellationToken cancellation) => Replies.Json(new JsonObject
    {
        ["badge_types"] = await TypesAsync(database, cancellation),
        ["badge"] = await FindAsync(database, id, forAdmins: true, cancellation),
    });

    static async Task<JsonObject> FindAsync(ForumDatabase database, int id, bool forAdmins, CancellationToken cancellation) => await database.FindAsync($"""
        SELECT {Columns}
        FROM badges b
        WHERE b.id = $1
        """, row => Read(row, forAdmins), [id], cancellation) ?? throw Refused.NotFound();

    static async Task CheckAsync(ForumDatabase database, string name, int? exceptId, CancellationToken cancellation)
    {
        if (name.Length > 100)
        {
            throw Refused.Invalid("Name is too long (maximum is 100 characters)");
        }

        if (await database.ScalarAsync<bool>("SELECT EXISTS (SELECT FROM badges WHERE name = $1 AND ($2::int IS NULL OR id <> $2::int))", [name, exceptId], cancellation))
        {
            throw Refused.Invalid("Name has already been taken");
        }
    }

    static async Task<JsonArray> TypesAsync(ForumDatabase database, CancellationToken cancellation) => new([.. await database.ListAsync(
        "SELECT id, name FROM badge_types ORDER BY id", JsonNode (row) => new JsonObject { ["id"] = row.Int(0), ["name"] = row.Text(1), ["sort_order"] = 10 - row.Int(0) }, [], cancellation)]);

    static async Task<JsonArray> GroupingsAsync(ForumDatabase database, CancellationToken cancellation) => new([.. await database.ListAsync(
        "SELECT id, name, description, position FROM badge_groupings ORDER BY position",
        JsonNode (row) => new JsonObject { ["id"] = row.Int(0), ["name"] = row.Text(1), ["description"] = row.TextOrNull(2), ["position"] = row.Int(3), ["system"] = row.Int(0) <= 5 }, [], cancellation)]);

    public static string Slug(string name) => NotWord().Replace(name.ToLowerInvariant(), "-").Trim('-') is { Length: > 0 } slug ? slug : "-";

    [GeneratedRegex("[^a-z0-9]+")]
    private static partial Regex NotWord();
}
