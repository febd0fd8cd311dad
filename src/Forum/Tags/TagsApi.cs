using System.Text.Json.Nodes;
using Forum.Database;
using Forum.Pages;
using Forum.Sessions;
using Forum.Viewing;
using Forum.Web;

namespace Forum.Tags;

static class TagsApi
{
    public static void MapTags(this IEndpointRouteBuilder app)
    {
        app.MapGet("/tags", ListAsync).AllowAnyone().Named("tags#index");
        app.MapGet("/tags/list", ListAsync).AllowAnyone().Named("tags#list");
        app.MapGet("/tags/filter/search", SearchAsync).AllowAnyone().Named("tags#search");
        app.MapGet("/tag/{name}/info", InfoAsync).AllowAnyone().Named("tags#info");
        app.MapGet("/tags/{name}", (HttpContext context, string name) => Results.Redirect($"/tag/{Uri.EscapeDataString(name)}{(context.WantsJson() ? ".json" : "")}", permanent: true)).AllowAnyone().Named("tags#show");
        app.MapGet("/tag/{name}/notifications", LevelAsync).RequireLogin().Named("tags#notifications");
        app.MapPut("/tag/{name}/notifications", SetLevelAsync).RequireLogin().Named("tags#update_notifications");
        app.MapPut("/tag/{name}", UpdateAsync).RequireStaff().Named("tags#update");
        app.MapDelete("/tag/{name}", DeleteAsync).RequireStaff().Named("tags#destroy");
        app.MapGet("/tag_groups", GroupsAsync).RequireStaff().Named("tag_groups#index");
        app.MapPost("/tag_groups", CreateGroupAsync).RequireStaff().Named("tag_groups#create");
        app.MapGet("/tag_groups/{id:int}", ShowGroupAsync).RequireStaff().Named("tag_groups#show");
        app.MapPut("/tag_groups/{id:int}", UpdateGroupAsync).RequireStaff().Named("tag_groups#update");
        app.MapDelete("/tag_groups/{id:int}", DeleteGroupAsync).RequireStaff().Named("tag_groups#destroy");
    }

    static async Task<IResult> ListAsync(HttpContext context, Viewers viewers, ForumDatabase database, PageRenderer html, CancellationToken cancellation)
    {
        var viewer = await viewers.OfAsync(context, cancellation);
        var tags = await database.ListAsync("""
            SELECT id, name, public_topic_count, staff_topic_count, pm_topic_count, target_tag_id, description
            FROM tags
            WHERE target_tag_id IS NULL AND ($1 OR public_topic_count > 0)
            ORDER BY public_topic_count DESC, name
            LIMIT 2000
            """, row => new Tag(row.Int(0), row.Text(1), row.Int(2), row.Int(3), row.Int(4), row.IntOrNull(5), row.TextOrNull(6)), [viewer.User.IsStaff], cancellation);
        if (!context.WantsJson())
        {
            var list = string.Concat(tags.Select(tag => $"<li><a class=\"discourse-tag\" href=\"/tag/{Uri.EscapeDataString(tag.Name)}\">{Markdown.HtmlText.Escape(tag.Name)}</a> × {tag.PublicTopicCount}</li>"));
            return PageRenderer.Page<MessageView>(await html.FrameAsync(context, viewer, "Tags", false, cancellation), new() { ["Heading"] = "Tags", ["Html"] = $"<ul>{list}</ul>" });
        }

        return Replies.Json(new JsonObject
        {
            ["tags"] = tags.Select(tag => (JsonNode?)Item(tag, viewer.User)).ToJsonArray(),
            ["extras"] = new JsonObject { ["categories"] = new JsonArray() },
        });
    }

    static JsonObject Item(Tag tag, CurrentUser user) => new()
    {
        ["id"] = tag.Id,
        ["text"] = tag.Name,
        ["name"] = tag.Name,
        ["slug"] = tag.Name,
        ["description"] = tag.Description,
        ["count"] = user.IsStaff ? tag.StaffTopicCount : tag.PublicTopicCount,
        ["pm_only"] = tag.PublicTopicCount == 0 && tag.PmTopicCount > 0,
        ["pm_count"] = user.IsStaff ? tag.PmTopicCount : 0,
        ["target_tag"] = null,
    };

    static async Task<IResult> SearchAsync(HttpContext context, Parameters given, Viewers viewers, ForumDatabase database, CancellationToken cancellation)
    {
        var viewer = await viewers.OfAsync(context, cancellation);
        var limit = given.Int("limit") ?? viewer.Settings.Int("max_tag_search_results");
        if (limit is < 1 or > 100)
            throw Refused.InvalidParameters("limit");
        var term = TagStore.Clean(given.Text("q") ?? "", viewer).ToLowerInvariant();
        var tags = await database.ListAsync("""
            SELECT id, name, public_topic_count, staff_topic_count, pm_topic_count, target_tag_id, description
            FROM tags
            WHERE strpos(lower(name), $1) > 0 AND lower(name) <> ALL($3)
            ORDER BY lower(name) = $1 DESC, strpos(lower(name), $1), public_topic_count DESC, name
            LIMIT $2
            """, row => new Tag(row.Int(0), row.Text(1), row.Int(2), row.Int(3), row.Int(4), row.IntOrNull(5), row.TextOrNull(6)),
            [term, limit, (given.List("selected_tags") ?? []).Select(tag => tag.ToLowerInvariant()).ToArray()], cancellation);
        return Replies.Json(new JsonObject { ["results"] = tags.Select(tag => (JsonNode?)Item(tag, viewer.User)).ToJsonArray() });
    }

    static async Task<Tag> FindAsync(ForumDatabase database, string name, CancellationToken cancellation) =>
        (await TagStore.FindAsync(database, [name], cancellation)).FirstOrDefault() ?? throw Refused.NotFound();

    static async Task<IResult> InfoAsync(HttpContext context, string name, Viewers viewers, ForumDatabase database, CancellationToken cancellation)
    {
        var viewer = await viewers.OfAsync(context, cancellation);
        var tag = await FindAsync(database, name, cancellation);
        var synonyms = await database.ListAsync("SELECT id, name FROM tags WHERE target_tag_id = $1 ORDER BY name", row => (JsonNode?)new JsonObject { ["id"] = row.Int(0), ["text"] = row.Text(1), ["name"] = row.Text(1) }, [tag.Id], cancellation);
        var groups = await database.ListAsync("SELECT g.name FROM tag_group_memberships m JOIN tag_groups g ON g.id = m.tag_group_id WHERE m.tag_id = $1 ORDER BY g.name", row => row.Text(0), [tag.Id], cancellation);
        return Replies.Json(new JsonObject
        {
            ["tag_info"] = new JsonObject
            {
                ["id"] = tag.Id,
                ["name"] = tag.Name,
                ["topic_count"] = viewer.User.IsStaff ? tag.StaffTopicCount : tag.PublicTopicCount,
                ["staff"] = false,
                ["description"] = tag.Description,
                ["synonyms"] = synonyms.ToJsonArray(),
                ["tag_group_names"] = groups.ToJsonArray(),
                ["category_restricted"] = false,
                ["category_ids"] = new JsonArray(),
            },
            ["categories"] = new JsonArray(),
        });
    }

    static async Task<IResult> LevelAsync(string name, CurrentUser user, ForumDatabase database, CancellationToken cancellation)
    {
        var tag = await FindAsync(database, name, cancellation);
        var level = await database.ScalarAsync<int?>("SELECT notification_level FROM tag_users WHERE tag_id = $1 AND user_id = $2", [tag.Id, user.Id], cancellation) ?? 1;
        return Replies.Json(new JsonObject { ["tag_notification"] = new JsonObject { ["id"] = tag.Name, ["name"] = tag.Name, ["notification_level"] = level } });
    }

    static async Task<IResult> SetLevelAsync(string name, CurrentUser user, Parameters given, ForumDatabase database, TimeProvider time, CancellationToken cancellation)
    {
        var tag = await FindAsync(database, name, cancellation);
        var level = given.Nested("tag_notification").Int("notification_level") ?? given.RequiredInt("notification_level");
        if (level is < 0 or > 4)
            throw Refused.InvalidParameters("notification_level");
        await using var sql = await database.BeginAsync(cancellation);
        await sql.ExecuteAsync("SELECT FROM user_options WHERE user_id = $1 FOR NO KEY UPDATE", [user.Id], cancellation);
        await sql.ExecuteAsync("DELETE FROM tag_users WHERE tag_id = $1 AND user_id = $2", [tag.Id, user.Id], cancellation);
        await sql.ExecuteAsync("INSERT INTO tag_users (tag_id, user_id, notification_level, created_at, updated_at) VALUES ($1, $2, $3, $4, $4)",
            [tag.Id, user.Id, level, time.GetUtcNow().UtcDateTime], cancellation);
        await sql.CommitAsync(cancellation);
        return Replies.Success();
    }

    static async Task<IResult> UpdateAsync(HttpContext context, string name, Parameters given, Viewers viewers, ForumDatabase database, CancellationToken cancellation)
    {
        var viewer = await viewers.OfAsync(context, cancellation);
        var tag = await FindAsync(database, name, cancellation);
        var wanted = given.Nested("tag");
        var renamed = wanted.Text("id") ?? wanted.Text("name");
        var clean = renamed is null ? tag.Name : TagStore.Clean(renamed, viewer);
        if (clean.Length == 0)
            throw Refused.Invalid("Name can't be blank");
        await database.ExecuteAsync("UPDATE tags SET name = $2, description = CASE WHEN $3 THEN nullif($4, '') ELSE description END, updated_at = $5 WHERE id = $1",
            [tag.Id, clean, wanted.Has("description"), wanted.Text("description"), viewer.Now], cancellation);
        return Replies.Json(new JsonObject { ["tag"] = new JsonObject { ["id"] = clean, ["name"] = clean, ["description"] = wanted.Text("description") ?? tag.Description } });
    }

    static async Task<IResult> DeleteAsync(string name, ForumDatabase database, CancellationToken cancellation)
    {
        var tag = await FindAsync(database, name, cancellation);
        await using var sql = await database.BeginAsync(cancellation);
        await TagStore.DeleteAsync(sql, tag.Id, cancellation);
        await sql.CommitAsync(cancellation);
        return Replies.Success();
    }

    static async Task<List<JsonNode?>> LoadGroupsAsync(SqlSession sql, int? id, CancellationToken cancellation)
    {
        var groups = await sql.ListAsync("""
            SELECT g.id, g.name, coalesce(g.one_per_topic, false), p.id, p.name,
                ARRAY(SELECT t.id || ':' || t.name FROM tag_group_memberships m JOIN tags t ON t.id = m.tag_id WHERE m.tag_group_id = g.id ORDER BY t.name),
                ARRAY(SELECT coalesce(r.name, '') || ':' || x.permission_type FROM tag_group_permissions x LEFT JOIN groups r ON r.id = x.group_id WHERE x.tag_group_id = g.id)
            FROM tag_groups g
            LEFT JOIN tags p ON p.id = g.parent_tag_id
            WHERE $1::int IS NULL OR g.id = $1
            ORDER BY g.name
            """, row =>
        {
            var permissions = new JsonObject();
            foreach (var pair in row.Texts(6))
            {
                var at = pair.LastIndexOf(':');
                permissions[pair[..at]] = int.Parse(pair.AsSpan(at + 1), System.Globalization.CultureInfo.InvariantCulture);
            }

            if (permissions.Count == 0)
                permissions["everyone"] = 1;
            return (JsonNode?)new JsonObject
            {
                ["id"] = row.Int(0),
                ["name"] = row.Text(1),
                ["tags"] = row.Texts(5).Select(pair => (JsonNode?)Named(pair)).ToJsonArray(),
                ["parent_tag"] = row.IntOrNull(3) is { } parent ? new JsonArray(Named($"{parent}:{row.Text(4)}")) : new JsonArray(),
                ["one_per_topic"] = row.Bool(2),
                ["permissions"] = permissions,
            };
        }, [id], cancellation);
        return groups;
    }

    static JsonObject Named(string pair)
    {
        var at = pair.IndexOf(':', StringComparison.Ordinal);
        return new JsonObject { ["id"] = int.Parse(pair.AsSpan(0, at), System.Globalization.CultureInfo.InvariantCulture), ["name"] = pair[(at + 1)..], ["slug"] = pair[(at + 1)..] };
    }

    static async Task<IResult> GroupsAsync(ForumDatabase database, CancellationToken cancellation) =>
        Replies.Json(new JsonObject { ["tag_groups"] = (await LoadGroupsAsync(database, null, cancellation)).ToJsonArray() });

    static async Task<JsonNode> OneGroupAsync(SqlSession sql, int id, CancellationToken cancellation) =>
        (await LoadGroupsAsync(sql, id, cancellation)).FirstOrDefault() ?? throw Refused.NotFound();

    static async Task<IResult> ShowGroupAsync(int id, ForumDatabase database, CancellationToken cancellation) =>
        Replies.Json(new JsonObject { ["tag_group"] = await OneGroupAsync(database, id, cancellation) });

    static async Task<IResult> CreateGroupAsync(HttpContext context, Parameters given, Viewers viewers, ForumDatabase database, CancellationToken cancellation)
    {
        var viewer = await viewers.OfAsync(context, cancellation);
        var wanted = given.Has("tag_group") ? given.Nested("tag_group") : given;
        var name = wanted.Required("name").Trim();
        await using var sql = await database.BeginAsync(cancellation);
        if (await sql.ScalarAsync<bool>("SELECT EXISTS (SELECT FROM tag_groups WHERE lower(name) = lower($1))", [name], cancellation))
            throw Refused.Invalid("Name has already been taken");
        var id = await sql.ScalarAsync<int>("INSERT INTO tag_groups (name, one_per_topic, created_at, updated_at) VALUES ($1, false, $2, $2) RETURNING id", [name, viewer.Now], cancellation);
        await ApplyAsync(sql, id, wanted, viewer, cancellation);
        var json = await OneGroupAsync(sql, id, cancellation);
        await sql.CommitAsync(cancellation);
        return Replies.Json(new JsonObject { ["tag_group"] = json });
    }

    static async Task<IResult> UpdateGroupAsync(HttpContext context, int id, Parameters given, Viewers viewers, ForumDatabase database, CancellationToken cancellation)
    {
        var viewer = await viewers.OfAsync(context, cancellation);
        var wanted = given.Has("tag_group") ? given.Nested("tag_group") : given;
        await using var sql = await database.BeginAsync(cancellation);
        await OneGroupAsync(sql, id, cancellation);
        if (wanted.Text("name")?.Trim() is { Length: > 0 } name)
            await sql.ExecuteAsync("UPDATE tag_groups SET name = $2, updated_at = $3 WHERE id = $1", [id, name, viewer.Now], cancellation);
        await ApplyAsync(sql, id, wanted, viewer, cancellation);
        var json = await OneGroupAsync(sql, id, cancellation);
        await sql.CommitAsync(cancellation);
        return Replies.Json(new JsonObject { ["success"] = "OK", ["tag_group"] = json });
    }

    static async Task ApplyAsync(SqlSession sql, int id, Parameters wanted, Viewer viewer, CancellationToken cancellation)
    {
        if (wanted.Bool("one_per_topic") is { } one)
            await sql.ExecuteAsync("UPDATE tag_groups SET one_per_topic = $2 WHERE id = $1", [id, one], cancellation);
        if ((wanted.List("parent_tag_name") ?? wanted.List("parent_tag")) is [var parent, ..])
        {
            var tag = (await TagStore.FindAsync(sql, [parent], cancellation)).FirstOrDefault() ?? await TagStore.AddAsync(sql, TagStore.Clean(parent, viewer), viewer.Now, cancellation);
            await sql.ExecuteAsync("UPDATE tag_groups SET parent_tag_id = $2 WHERE id = $1", [id, tag.Id], cancellation);
        }

        if ((wanted.List("tag_names") ?? wanted.List("tags")) is { } names)
        {
            var clean = names.Select(name => TagStore.Clean(name, viewer)).Where(name => name.Length > 0).ToArray();
            var tags = await TagStore.FindAsync(sql, clean, cancellation);
            foreach (var name in clean.Where(name => tags.All(tag => !tag.Name.Equals(name, StringComparison.OrdinalIgnoreCase))))
                tags.Add(await TagStore.AddAsync(sql, name, viewer.Now, cancellation));
            await sql.ExecuteAsync("DELETE FROM tag_group_memberships WHERE tag_group_id = $1", [id], cancellation);
            await sql.ExecuteAsync("""
                INSERT INTO tag_group_memberships (tag_id, tag_group_id, created_at, updated_at)
                SELECT t.id, $1, $3, $3 FROM unnest($2::int[]) AS t (id)
                """, [id, tags.Select(tag => tag.Id).Distinct().ToArray(), viewer.Now], cancellation);
        }

        var permissions = wanted.Node("permissions") as JsonObject ?? new JsonObject { ["everyone"] = 1 };
        await sql.ExecuteAsync("DELETE FROM tag_group_permissions WHERE tag_group_id = $1", [(long)id], cancellation);
        await sql.ExecuteAsync("""
            INSERT INTO tag_group_permissions (tag_group_id, group_id, permission_type, created_at, updated_at)
            SELECT $1, g.id, p.level, $4, $4
            FROM unnest($2::text[], $3::int[]) AS p (name, level)
            JOIN groups g ON lower(g.name) = lower(p.name) OR g.id::text = p.name
            """, [(long)id, permissions.Select(pair => pair.Key).ToArray(), permissions.Select(pair => pair.Value?.ToString() == "3" ? 3 : 1).ToArray(), viewer.Now], cancellation);
    }

    static async Task<IResult> DeleteGroupAsync(int id, ForumDatabase database, CancellationToken cancellation)
    {
        await OneGroupAsync(database, id, cancellation);
        await database.ExecuteAsync("DELETE FROM tag_group_memberships WHERE tag_group_id = $1", [id], cancellation);
        await database.ExecuteAsync("DELETE FROM tag_group_permissions WHERE tag_group_id = $1", [(long)id], cancellation);
        await database.ExecuteAsync("DELETE FROM tag_groups WHERE id = $1", [id], cancellation);
        return Replies.Success();
    }
}
