using System.Text.Json.Nodes;
using Forum.Database;
using Forum.Pages;
using Forum.Viewing;
using Forum.Web;

namespace Forum.Categories;

static class CategoriesApi
{
    public static void MapCategories(this IEndpointRouteBuilder app)
    {
        app.MapGet("/categories", ListAsync).AllowAnyone().Named("categories#index");
        app.MapPost("/categories", CreateAsync).RequireLogin().Named("categories#create");
        app.MapPut("/categories/{id:int}", UpdateAsync).RequireLogin().Named("categories#update");
        app.MapDelete("/categories/{id}", DeleteAsync).RequireLogin().Named("categories#destroy");
        app.MapGet("/c/{id:int}/show", ShowAsync).AllowAnyone().Named("categories#show");
        app.MapGet("/c/{slug}/find_by_slug", FindBySlugAsync).AllowAnyone().Named("categories#find_by_slug");
        app.MapGet("/categories/find", FindAsync).AllowAnyone().Named("categories#find");
        app.MapGet("/c/{id:int}/visible_groups", GroupsAsync).AllowAnyone().Named("categories#visible_groups");
        app.MapPost("/category/{id:int}/notifications", NotifyAsync).RequireLogin().Named("categories#set_notifications");
        app.MapPost("/categories/reorder", ReorderAsync).RequireLogin().Named("categories#reorder");
    }

    static Task<Viewer> ViewerAsync(HttpContext context, CancellationToken cancellation) => context.RequestServices.GetRequiredService<Viewers>().OfAsync(context, cancellation);

    static async Task<IResult> ListAsync(HttpContext context, Parameters given, CategoryStore store, PageRenderer html, CancellationToken cancellation)
    {
        var viewer = await ViewerAsync(context, cancellation);
        if (!context.WantsJson())
            return PageRenderer.Page<CategoriesView>(await html.FrameAsync(context, viewer, "Categories", withForm: false, cancellation), []);
        var levels = viewer.User.IsAnonymous ? [] : await store.NotificationLevelsAsync(viewer.User.Id, cancellation);
        var parent = given.Int("parent_category_id");
        var shown = viewer.Categories.All.Where(category => category.ParentId == parent && CategoryPermissions.CanSee(viewer.User, category));
        return Replies.Json(new JsonObject
        {
            ["category_list"] = new JsonObject
            {
                ["can_create_category"] = CategoryJson.CanEdit(viewer),
                ["can_create_topic"] = Topics.TopicPermissions.CanCreate(viewer),
                ["categories"] = shown.Select(category => (JsonNode?)CategoryJson.ListItem(category, viewer, levels, given.Flag("include_subcategories"))).ToJsonArray(),
            },
        });
    }

    static async Task<IResult> CreateAsync(HttpContext context, Parameters given, CategoryEditor editor, CancellationToken cancellation)
    {
        var viewer = await ManagerAsync(context, cancellation);
        var id = await editor.CreateAsync(given, viewer, cancellation);
        return Replies.Json(new JsonObject { ["category"] = await editor.ShowAsync(id, viewer, cancellation) });
    }

    static async Task<Viewer> ManagerAsync(HttpContext context, CancellationToken cancellation)
    {
        var viewer = await ViewerAsync(context, cancellation);
        return CategoryJson.CanEdit(viewer) ? viewer : throw Refused.InvalidAccess();
    }

    static async Task<IResult> UpdateAsync(HttpContext context, int id, Parameters given, CategoryEditor editor, CancellationToken cancellation)
    {
        var viewer = await ManagerAsync(context, cancellation);
        await editor.UpdateAsync(viewer.Categories.Find(id) ?? throw Refused.NotFound(), given, viewer, cancellation);
        return Replies.Json(new JsonObject { ["success"] = "OK", ["category"] = await editor.ShowAsync(id, viewer, cancellation) });
    }

    static async Task<IResult> DeleteAsync(HttpContext context, string id, CategoryDeletion deletion, CancellationToken cancellation)
    {
        var viewer = await ManagerAsync(context, cancellation);
        var category = int.TryParse(id, System.Globalization.CultureInfo.InvariantCulture, out var number) ? viewer.Categories.Find(number) : viewer.Categories.FindBySlug(id);
        await deletion.DeleteAsync(category ?? throw Refused.NotFound(), viewer, cancellation);
        return Replies.Success();
    }

    static async Task<IResult> ShowAsync(HttpContext context, int id, CategoryEditor editor, CancellationToken cancellation) =>
        Replies.Json(new JsonObject { ["category"] = await editor.ShowAsync(id, await ViewerAsync(context, cancellation), cancellation) });

    static async Task<IResult> FindBySlugAsync(HttpContext context, string slug, CategoryEditor editor, CancellationToken cancellation)
    {
        var viewer = await ViewerAsync(context, cancellation);
        var category = viewer.Categories.FindBySlug(slug) ?? throw Refused.NotFound();
        return Replies.Json(new JsonObject { ["category"] = await editor.ShowAsync(category.Id, viewer, cancellation) });
    }

    static async Task<IResult> FindAsync(HttpContext context, Parameters given, CategoryStore store, CancellationToken cancellation)
    {
        var viewer = await ViewerAsync(context, cancellation);
        var levels = viewer.User.IsAnonymous ? [] : await store.NotificationLevelsAsync(viewer.User.Id, cancellation);
        return Replies.Json(new JsonObject
        {
            ["categories"] = (given.Ints("ids") ?? []).Select(id => viewer.Categories.Find(id)).OfType<Category>().Where(category => CategoryPermissions.CanSee(viewer.User, category))
                .Select(category => (JsonNode?)CategoryJson.SiteItem(category, viewer, levels)).ToJsonArray(),
        });
    }

    static async Task<IResult> GroupsAsync(HttpContext context, int id, ForumDatabase database, CancellationToken cancellation)
    {
        var viewer = await ViewerAsync(context, cancellation);
        var category = viewer.Categories.Find(id) ?? throw Refused.NotFound();
        if (!CategoryPermissions.CanSee(viewer.User, category))
            throw Refused.NotFound();
        var names = await database.ListAsync("SELECT name FROM groups WHERE id = ANY($1) ORDER BY name", row => row.Text(0), [category.Groups.Keys.ToArray()], cancellation);
        return Replies.Json(new JsonObject { ["groups"] = names.ToJsonArray() });
    }

    static async Task<IResult> NotifyAsync(HttpContext context, int id, Parameters given, ForumDatabase database, CancellationToken cancellation)
    {
        var viewer = await ViewerAsync(context, cancellation);
        var level = given.RequiredInt("notification_level");
        if (level is < 0 or > 4)
            throw Refused.InvalidParameters("notification_level");
        if (!viewer.Categories.CanSee(viewer.User, id))
            throw Refused.NotFound();
        await using var sql = await database.BeginAsync(cancellation);
        await sql.ExecuteAsync("SELECT FROM user_options WHERE user_id = $1 FOR NO KEY UPDATE", [viewer.User.Id], cancellation);
        await sql.ExecuteAsync("DELETE FROM category_users WHERE user_id = $1 AND category_id = $2", [viewer.User.Id, id], cancellation);
        await sql.ExecuteAsync("INSERT INTO category_users (user_id, category_id, notification_level) VALUES ($1, $2, $3)", [viewer.User.Id, id, level], cancellation);
        await sql.CommitAsync(cancellation);
        return Replies.Success();
    }

    static async Task<IResult> ReorderAsync(HttpContext context, Parameters given, ForumDatabase database, CancellationToken cancellation)
    {
        await ManagerAsync(context, cancellation);
        var order = PlacesOf(given.Required("mapping")) ?? throw Refused.InvalidParameters("mapping");
        foreach (var (id, position) in order)
        {
            await database.ExecuteAsync("UPDATE categories SET position = $2 WHERE id = $1", [id, position], cancellation);
        }

        return Replies.Success();
    }

    /// <summary>Positions by category id, written as a JSON object; null when it is none.</summary>
    static Dictionary<int, int>? PlacesOf(string mapping)
    {
        try
        {
            return JsonNode.Parse(mapping) is JsonObject map
                ? map.ToDictionary(pair => int.Parse(pair.Key, System.Globalization.CultureInfo.InvariantCulture), pair => int.Parse(pair.Value?.ToString() ?? "", System.Globalization.CultureInfo.InvariantCulture))
                : null;
        }
        catch (Exception e) when (e is System.Text.Json.JsonException or FormatException or OverflowException or ArgumentException)
        {
            return null;
        }
    }
}
