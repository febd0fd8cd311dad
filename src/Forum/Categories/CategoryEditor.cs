using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Forum.Database;
using Forum.Moderation;
using Forum.Posts;
using Forum.Topics;
using Forum.Viewing;
using Forum.Web;

namespace Forum.Categories;

/// <summary>Creates and changes categories.</summary>
sealed partial class CategoryEditor(ForumDatabase database, CategoryStore store, PostCreation creation, Viewers viewers)
{
    /// <returns>The id.</returns>
    public async Task<int> CreateAsync(Parameters given, Viewer viewer, CancellationToken cancellation)
    {
        var name = given.Required("name").Trim();
        var parent = given.Int("parent_category_id");
        CheckName(name, null, parent, viewer);
        await using var sql = await database.BeginAsync(cancellation);
        var id = await sql.ScalarAsync<int>("""
            INSERT INTO categories (name, name_lower, slug, color, text_color, user_id, parent_category_id, position, created_at, updated_at)
            VALUES ($1, lower($1), $2, '0088CC', 'FFFFFF', $3, $4, (SELECT coalesce(max(position), 0) + 1 FROM categories), $5, $5)
            RETURNING id
            """, [name, SlugOf(given, name, null, viewer), viewer.User.Id, parent, viewer.Now], cancellation);
        await sql.ExecuteAsync("INSERT INTO category_settings (category_id, created_at, updated_at) VALUES ($1, $2, $2)", [(long)id, viewer.Now], cancellation);
        await ApplyAsync(sql, id, given, viewer, cancellation);
        await IndexAsync(sql, id, cancellation);
        await DefineAsync(sql, id, name, cancellation);
        await LogAsync(sql, StaffAction.CreateCategory, id, name, viewer, cancellation);
        await sql.CommitAsync(cancellation);
        return id;
    }

    /// <summary>Each category has a topic that says what it is for; its first paragraph is the description.</summary>
    async Task DefineAsync(ForumTransaction sql, int id, string name, CancellationToken cancellation)
    {
        var system = await viewers.SystemAsync(cancellation);
        var category = await sql.FindAsync($"SELECT {Category.Columns} FROM categories c WHERE c.id = $1", Category.Read, [id], cancellation);
        var post = await creation.CreateAsync(sql, new NewPost
        {
            Title = $"About the {name} category",
            Raw = "Replace this first paragraph with a short description of the category: what belongs here, and how it differs from the others.",
            CategoryId = id,
            SkipValidations = true,
            Silent = true,
        }, system with { Categories = new CategoryTree([.. system.Categories.All, category!]) }, cancellation);
        await sql.ExecuteAsync("UPDATE categories SET topic_id = $2, topic_count = 0, latest_topic_id = NULL, latest_post_id = NULL WHERE id = $1", [id, post.TopicId], cancellation);
        await sql.ExecuteAsync("UPDATE topics SET pinned_at = created_at WHERE id = $1", [post.TopicId], cancellation);
    }

    public async Task UpdateAsync(Category category, Parameters given, Viewer viewer, CancellationToken cancellation)
    {
        var name = given.Text("name")?.Trim() is { Length: > 0 } asked ? asked : category.Name;
        CheckName(name, category, given.Has("parent_category_id") ? given.Int("parent_category_id") : category.ParentId, viewer);
        await using var sql = await database.BeginAsync(cancellation);
        await sql.ExecuteAsync("""
            UPDATE categories
            SET name = $2, name_lower = lower($2), slug = $3, parent_category_id = $4, updated_at = $5
            WHERE id = $1
            """,
            [
                category.Id, name, given.Has("slug") ? SlugOf(given, name, category, viewer) : category.Slug,
                given.Has("parent_category_id") ? given.Int("parent_category_id") : category.ParentId, viewer.Now,
            ], cancellation);
        await ApplyAsync(sql, category.Id, given, viewer, cancellation);
        await IndexAsync(sql, category.Id, cancellation);
        if (name != category.Name && category.TopicId is { } topic)
        {
            var title = $"About the {name} category";
            await sql.ExecuteAsync("UPDATE topics SET title = $2, fancy_title = $3, slug = $4 WHERE id = $1 AND title = $5",
                [topic, title, Titles.Fancy(title), Titles.Slug(title, viewer.Settings.Text("slug_generation_method")), $"About the {category.Name} category"], cancellation);
        }

        await LogAsync(sql, StaffAction.ChangeCategorySettings, category.Id, name, viewer, cancellation);
        await sql.CommitAsync(cancellation);
    }

    static void CheckName(string name, Category? own, int? parent, Viewer viewer)
    {
        if (name.Length is 0 or > 50)
            throw Refused.Invalid(name.Length == 0 ? "Category Name can't be blank" : "Category Name is too long (maximum is 50 characters)");
        if (parent is { } id && viewer.Categories.Find(id) is not { } above)
            throw Refused.Invalid("Parent category is not known");
        else if (parent is { } parentId && (viewer.Categories.PathTo(viewer.Categories.Find(parentId)!).Count + 1 > viewer.Settings.Int("max_category_nesting") ||
            (own is not null && viewer.Categories.Subtree(own).Any(below => below.Id == parentId))))
            throw Refused.Invalid("Parent category would nest too deeply");
        if (viewer.Categories.ChildrenOf(parent).Any(sibling => sibling.Id != own?.Id && sibling.Name.Equals(name, StringComparison.OrdinalIgnoreCase)))
            throw Refused.Invalid("Category Name has already been taken");
    }

    static string SlugOf(Parameters given, string name, Category? own, Viewer viewer)
    {
        var asked = given.Text("slug");
        var slug = Titles.Slug(asked is { Length: > 0 } ? asked : name, viewer.Settings.Text("slug_generation_method"));
        if (slug is "topic" or "-" && !name.Contains("topic", StringComparison.OrdinalIgnoreCase))
            slug = "";
        if (slug.Length > 0 && viewer.Categories.All.Any(other => other.Id != own?.Id && other.Slug == slug && other.ParentId == given.Int("parent_category_id")))
            return asked is { Length: > 0 } ? throw Refused.Invalid("Slug is already in use") : $"{slug}-{viewer.Categories.All.Count + 1}";
        return slug;
    }

    /// <summary>All that may be given besides name, slug and place. What is absent stays.</summary>
    static async Task ApplyAsync(SqlSession sql, int id, Parameters given, Viewer viewer, CancellationToken cancellation)
    {
        string? Color(string name) => given.Text(name) is { Length: > 0 } text
            ? Hex().IsMatch(text.TrimStart('#')) ? text.TrimStart('#').ToUpperInvariant() : throw Refused.Invalid("Color is not six hexadecimal digits")
            : null;
        await sql.ExecuteAsync("""
            UPDATE categories
            SET color = coalesce($2, color), text_color = coalesce($3, text_color), allow_badges = coalesce($4, allow_badges), search_priority = coalesce($5, search_priority),
                topic_template = CASE WHEN $6 THEN nullif($7, '') ELSE topic_template END, sort_order = CASE WHEN $8 THEN nullif($9, '') ELSE sort_order END,
                sort_ascending = coalesce($10, sort_ascending), show_subcategory_list = coalesce($11, show_subcategory_list), num_featured_topics = coalesce($12, num_featured_topics),
                default_view = coalesce(nullif($13, ''), default_view), subcategory_list_style = coalesce(nullif($14, ''), subcategory_list_style),
                default_top_period = coalesce(nullif($15, ''), default_top_period), default_list_filter = coalesce(nullif($16, ''), default_list_filter),
                minimum_required_tags = coalesce($17, minimum_required_tags), all_topics_wiki = coalesce($18, all_topics_wiki), position = coalesce($19, position),
                read_only_banner = CASE WHEN $20 THEN nullif($21, '') ELSE read_only_banner END, email_in = CASE WHEN $22 THEN nullif($23, '') ELSE email_in END,
                email_in_allow_strangers = coalesce($24, email_in_allow_strangers), mailinglist_mirror = coalesce($25, mailinglist_mirror),
                topic_featured_link_allowed = coalesce($26, topic_featured_link_allowed), allow_unlimited_owner_edits_on_first_post = coalesce($27, allow_unlimited_owner_edits_on_first_post),
                default_slow_mode_seconds = CASE WHEN $28 THEN $29 ELSE default_slow_mode_seconds END, navigate_to_first_post_after_read = coalesce($30, navigate_to_first_post_after_read),
                allow_global_tags = coalesce($31, allow_global_tags), auto_close_hours = CASE WHEN $32 THEN $33 ELSE auto_close_hours END,
                auto_close_based_on_last_post = coalesce($34, auto_close_based_on_last_post)
            WHERE id = $1
            """,
            [
                id, Color("color"), Color("text_color"), given.Bool("allow_badges"), given.Int("search_priority"), given.Has("topic_template"), given.Text("topic_template"),
                given.Has("sort_order"), given.Text("sort_order"), given.Bool("sort_ascending"), given.Bool("show_subcategory_list"), given.Int("num_featured_topics"),
                given.Text("default_view"), given.Text("subcategory_list_style"), given.Text("default_top_period"), given.Text("default_list_filter"),
                given.Int("minimum_required_tags"), given.Bool("all_topics_wiki"), given.Int("position"), given.Has("read_only_banner"), given.Text("read_only_banner"),
                given.Has("email_in"), given.Text("email_in"), given.Bool("email_in_allow_strangers"), given.Bool("mailinglist_mirror"),
                given.Bool("topic_featured_link_allowed") ?? given.Bool("topic_featured_links_allowed"), given.Bool("allow_unlimited_owner_edits_on_first_post"),
                given.Has("default_slow_mode_seconds"), given.Int("default_slow_mode_seconds"), given.Bool("navigate_to_first_post_after_read"), given.Bool("allow_global_tags"),
                given.Has("auto_close_hours"), given.Text("auto_close_hours") is { Length: > 0 } hours && double.TryParse(hours, CultureInfo.InvariantCulture, out var number) ? number : null,
                given.Bool("auto_close_based_on_last_post"),
            ], cancellation);
        await CategoryRules.ApplyAsync(sql, id, given, viewer, cancellation);
        if (given.Node("permissions") is JsonObject permissions)
            await PermitAsync(sql, id, permissions, viewer, cancellation);
    }

    /// <summary>Names of groups to 1, 2 or 3. Everyone with full permission is the same as no rows.</summary>
    static async Task PermitAsync(SqlSession sql, int id, JsonObject permissions, Viewer viewer, CancellationToken cancellation)
    {
        var names = permissions.Select(pair => pair.Key.ToLowerInvariant()).ToArray();
        var levels = permissions.Select(pair => pair.Value?.ToString() switch
        {
            "1" or "full" => 1,
            "2" or "create_post" => 2,
            "3" or "readonly" => 3,
            _ => throw Refused.InvalidParameters("permissions"),
        }).ToArray();
        await sql.ExecuteAsync("DELETE FROM category_groups WHERE category_id = $1", [id], cancellation);
        await sql.ExecuteAsync("""
            INSERT INTO category_groups (category_id, group_id, permission_type, created_at, updated_at)
            SELECT $1, g.id, p.level, $4, $4
            FROM unnest($2::text[], $3::int[]) AS p (name, level)
            JOIN groups g ON lower(g.name) = p.name OR g.id::text = p.name
            WHERE NOT (cardinality($2) = 1 AND g.id = 0 AND p.level = 1)
            """, [id, names, levels, viewer.Now], cancellation);
        await sql.ExecuteAsync("""
            UPDATE categories
            SET read_restricted = EXISTS (SELECT FROM category_groups WHERE category_id = $1) AND NOT EXISTS (SELECT FROM category_groups WHERE category_id = $1 AND group_id = 0)
            WHERE id = $1
            """, [id], cancellation);
    }

    static async Task IndexAsync(SqlSession sql, int id, CancellationToken cancellation) => await sql.ExecuteAsync("""
        INSERT INTO category_search_data (category_id, search_data, raw_data, locale, version)
        SELECT id, setweight(to_tsvector('english', name), 'A'), name, 'en', 3 FROM categories WHERE id = $1
        ON CONFLICT (category_id) DO UPDATE SET search_data = EXCLUDED.search_data, raw_data = EXCLUDED.raw_data
        """, [id], cancellation);

    static Task LogAsync(SqlSession sql, StaffAction action, int id, string name, Viewer viewer, CancellationToken cancellation) =>
        StaffActions.LogAsync(sql, action, viewer.User.Id, null, viewer.Now, cancellation, new StaffActionDetails { Details = $"name: {name}", Context = $"/c/{id}", CategoryId = id });

    public async Task<JsonObject> ShowAsync(int id, Viewer viewer, CancellationToken cancellation)
    {
        var fresh = viewer with { Categories = await store.LoadAsync(cancellation) };
        var category = fresh.Categories.Find(id) ?? throw Refused.NotFound();
        if (!CategoryPermissions.CanSee(fresh.User, category))
            throw Refused.InvalidAccess();
        return CategoryJson.Show(category, fresh, await CategoryDetails.LoadAsync(database, id, viewer.User.Id, cancellation));
    }

    [GeneratedRegex("^[0-9a-fA-F]{6}$", RegexOptions.CultureInvariant)]
    private static partial Regex Hex();
}
