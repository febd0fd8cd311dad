using System.Globalization;
using System.Text.Json.Nodes;
using Forum.Database;
using Forum.Viewing;
using Forum.Web;

namespace Forum.Categories;

/// <summary>What a category asks of its topics: approval, tags, and that old ones come up again.</summary>
static class CategoryRules
{
    public static async Task ApplyAsync(SqlSession sql, int id, Parameters given, Viewer viewer, CancellationToken cancellation)
    {
        await ApplySettingsAsync(sql, id, given.Nested("category_setting_attributes"), viewer, cancellation);
        if (given.List("allowed_tags") is { } tags)
        {
            await sql.ExecuteAsync("DELETE FROM category_tags WHERE category_id = $1", [id], cancellation);
            await sql.ExecuteAsync("""
                INSERT INTO category_tags (category_id, tag_id, created_at, updated_at)
                SELECT $1, t.id, $3, $3 FROM tags t WHERE lower(t.name) = ANY($2)
                """, [id, tags.Select(tag => tag.ToLowerInvariant()).ToArray(), viewer.Now], cancellation);
        }

        if (given.List("allowed_tag_groups") is { } groups)
        {
            await sql.ExecuteAsync("DELETE FROM category_tag_groups WHERE category_id = $1", [id], cancellation);
            await sql.ExecuteAsync("""
                INSERT INTO category_tag_groups (category_id, tag_group_id, created_at, updated_at)
                SELECT $1, g.id, $3, $3 FROM tag_groups g WHERE g.name = ANY($2)
                """, [id, groups.ToArray(), viewer.Now], cancellation);
        }

        if (given.Has("required_tag_groups"))
            await RequireAsync(sql, id, given.Node("required_tag_groups"), viewer, cancellation);
    }

    static Task<int> ApplySettingsAsync(SqlSession sql, int id, Parameters given, Viewer viewer, CancellationToken cancellation)
    {
        if (given.Int("num_auto_bump_daily") is < 0 || given.Int("auto_bump_cooldown_days") is < 1)
            throw Refused.InvalidParameters("category_setting_attributes");
        return sql.ExecuteAsync("""
            UPDATE category_settings
            SET require_topic_approval = coalesce($2, require_topic_approval), require_reply_approval = coalesce($3, require_reply_approval),
                num_auto_bump_daily = coalesce($4, num_auto_bump_daily), auto_bump_cooldown_days = coalesce($5, auto_bump_cooldown_days), updated_at = $6
            WHERE category_id = $1 AND ($2::bool IS NOT NULL OR $3::bool IS NOT NULL OR $4::int IS NOT NULL OR $5::int IS NOT NULL)
            """,
            [
                (long)id, given.Bool("require_topic_approval"), given.Bool("require_reply_approval"), given.Int("num_auto_bump_daily"), given.Int("auto_bump_cooldown_days"), viewer.Now,
            ], cancellation);
    }

    /// <summary>A list of {"name": a tag group's, "min_count": how many of its tags}.</summary>
    static async Task RequireAsync(SqlSession sql, int id, JsonNode? wanted, Viewer viewer, CancellationToken cancellation)
    {
        var groups = (wanted switch { JsonArray list => list, JsonObject indexed => indexed.Select(pair => pair.Value), _ => Enumerable.Empty<JsonNode?>() }).OfType<JsonObject>().ToArray();
        await sql.ExecuteAsync("DELETE FROM category_required_tag_groups WHERE category_id = $1", [(long)id], cancellation);
        await sql.ExecuteAsync("""
            INSERT INTO category_required_tag_groups (category_id, tag_group_id, min_count, "order", created_at, updated_at)
            SELECT $1, g.id, w.count, w.at, $4, $4
            FROM unnest($2::text[], $3::int[]) WITH ORDINALITY AS w (name, count, at)
            JOIN tag_groups g ON lower(g.name) = lower(w.name)
            """,
            [
                (long)id, groups.Select(group => group["name"]?.ToString() ?? "").ToArray(),
                groups.Select(group => int.TryParse(group["min_count"]?.ToString(), CultureInfo.InvariantCulture, out var count) && count > 0 ? count : 1).ToArray(), viewer.Now,
            ], cancellation);
    }
}
