using System.Text.RegularExpressions;
using Forum.Categories;
using Forum.Database;
using Forum.Topics;
using Forum.Viewing;
using Forum.Web;

namespace Forum.Tags;

sealed record Tag(int Id, string Name, int PublicTopicCount, int StaffTopicCount, int PmTopicCount, int? TargetTagId, string? Description);

/// <summary>Tags by name, made as needed, and put on topics.</summary>
static partial class TagStore
{
    public static string Clean(string name, Viewer viewer)
    {
        var text = Forbidden().Replace(Spaces().Replace(name.Trim(), "-"), "").Trim('-');
        text = viewer.Settings.Bool("force_lowercase_tags") ? text.ToLowerInvariant() : text;
        var most = viewer.Settings.Int("max_tag_length");
        return text.Length > most ? text[..most] : text;
    }

    public static async Task<List<Tag>> FindAsync(SqlSession sql, IEnumerable<string> names, CancellationToken cancellation)
    {
        var wanted = names.Select(name => name.ToLowerInvariant()).Distinct().ToArray();
        if (wanted.Length == 0)
            return [];
        return await sql.ListAsync("""
            SELECT s.id, s.name, s.public_topic_count, s.staff_topic_count, s.pm_topic_count, s.target_tag_id, s.description
            FROM tags t
            JOIN tags s ON s.id = coalesce(t.target_tag_id, t.id)
            WHERE lower(t.name) = ANY($1)
            """, row => new Tag(row.Int(0), row.Text(1), row.Int(2), row.Int(3), row.Int(4), row.IntOrNull(5), row.TextOrNull(6)), [wanted], cancellation);
    }

    /// <summary>The tags of these names; those that are missing are made if the user may.</summary>
    /// <exception cref="RefusedException">422: too many, unknown and not to be made, or not allowed in the category.</exception>
    public static async Task<List<Tag>> ResolveAsync(SqlSession sql, IReadOnlyList<string> names, Category? category, Viewer viewer, CancellationToken cancellation, IReadOnlyCollection<int>? before = null)
    {
        var clean = names.Select(name => Clean(name, viewer)).Where(name => name.Length > 0).Distinct(StringComparer.OrdinalIgnoreCase).ToList();
        if (category is not null && clean.Count < category.MinimumRequiredTags && !viewer.User.IsStaff)
            throw Refused.Invalid($"You must choose at least {category.MinimumRequiredTags} tags.");
        if (clean.Count == 0)
        {
            await TagRules.CheckAsync(sql, [], before ?? [], category, viewer, cancellation);
            return [];
        }

        if (!viewer.Settings.Bool("tagging_enabled") || !(viewer.User.IsStaff || viewer.User.IsInAny(viewer.Settings.Ids("tag_topic_allowed_groups"))))
            throw Refused.Invalid("You are not allowed to tag topics.");
        var most = viewer.Settings.Int("max_tags_per_topic");
        if (clean.Count > most)
            throw Refused.Invalid($"A topic can have at most {most} tags.");
        var found = await FindAsync(sql, clean, cancellation);
        if (category is not null)
            await CheckAllowedAsync(sql, category, found, cancellation);
        var known = (await sql.ListAsync("SELECT lower(name) FROM tags WHERE lower(name) = ANY($1)", row => row.Text(0),
            [clean.Select(name => name.ToLowerInvariant()).ToArray()], cancellation)).ToHashSet();
        foreach (var name in clean.Where(name => !known.Contains(name.ToLowerInvariant())))
        {
            if (!viewer.User.IsStaff && !viewer.User.IsInAny(viewer.Settings.Ids("create_tag_allowed_groups")))
                throw Refused.Invalid($"The tag \"{name}\" is not known, and you are not allowed to create tags.");
            found.Add(await AddAsync(sql, name, viewer.Now, cancellation));
        }

        found = [.. found.DistinctBy(tag => tag.Id)];
        await TagRules.CheckAsync(sql, found, before ?? [], category, viewer, cancellation);
        return found;
    }

    /// <summary>Removes a tag and its synonyms with all that names them.</summary>
    public static async Task DeleteAsync(SqlSession sql, int id, CancellationToken cancellation)
    {
        await sql.ExecuteAsync("SELECT FROM tags WHERE id = $1 OR target_tag_id = $1 ORDER BY id FOR UPDATE", [id], cancellation);
        await sql.ExecuteAsync("DELETE FROM topic_tags WHERE tag_id = $1", [id], cancellation);
        await sql.ExecuteAsync("DELETE FROM tag_users WHERE tag_id = $1", [id], cancellation);
        await sql.ExecuteAsync("DELETE FROM category_tags WHERE tag_id = $1", [id], cancellation);
        await sql.ExecuteAsync("DELETE FROM tag_group_memberships WHERE tag_id = $1", [id], cancellation);
        await sql.ExecuteAsync("DELETE FROM tag_search_data WHERE tag_id = $1", [id], cancellation);
        await sql.ExecuteAsync("DELETE FROM tags WHERE id = $1 OR target_tag_id = $1", [id], cancellation);
    }

    static async Task CheckAllowedAsync(SqlSession sql, Category category, List<Tag> tags, CancellationToken cancellation)
    {
        var allowed = await sql.ListAsync("""
            SELECT tag_id FROM category_tags WHERE category_id = $1
            UNION
            SELECT m.tag_id FROM category_tag_groups g JOIN tag_group_memberships m ON m.tag_group_id = g.tag_group_id WHERE g.category_id = $1
            """, row => row.Int(0), [category.Id], cancellation);
        if (allowed.Count == 0 || category.AllowGlobalTags)
            return;
        if (tags.FirstOrDefault(tag => !allowed.Contains(tag.Id)) is { } refused)
            throw Refused.Invalid($"The tag \"{refused.Name}\" cannot be used in this category.");
    }

    public static async Task<Tag> AddAsync(SqlSession sql, string name, DateTime now, CancellationToken cancellation)
    {
        var id = await sql.ScalarAsync<int>("""
            INSERT INTO tags (name, created_at, updated_at)
            VALUES ($1, $2, $2)
            ON CONFLICT DO NOTHING
            RETURNING id
            """, [name, now], cancellation);
        if (id == 0)
            id = await sql.ScalarAsync<int>("SELECT id FROM tags WHERE lower(name) = lower($1)", [name], cancellation);
        else
            await sql.ExecuteAsync("""
                INSERT INTO tag_search_data (tag_id, search_data, raw_data, locale, version)
                VALUES ($1, setweight(to_tsvector('simple', lower($2)), 'A'), lower($2), 'en', 3)
                ON CONFLICT (tag_id) DO NOTHING
                """, [id, name], cancellation);
        return new Tag(id, name, 0, 0, 0, null, null);
    }

    /// <summary>Makes the topic have exactly these tags, and counts anew.</summary>
    public static async Task SetAsync(SqlSession sql, int topicId, IReadOnlyList<Tag> tags, DateTime now, CancellationToken cancellation)
    {
        var before = await sql.ListAsync("SELECT tag_id FROM topic_tags WHERE topic_id = $1", row => row.Int(0), [topicId], cancellation);
        var there = await LockAsync(sql, [.. before, .. tags.Select(tag => tag.Id)], cancellation);
        var ids = tags.Select(tag => tag.Id).Where(there.Contains).ToArray();
        var changed = await sql.ListAsync("""
            WITH gone AS (DELETE FROM topic_tags WHERE topic_id = $1 AND tag_id <> ALL($2) RETURNING tag_id),
                added AS (
                    INSERT INTO topic_tags (topic_id, tag_id, created_at, updated_at)
                    SELECT $1, n.id, $3, $3
                    FROM unnest($2::int[]) AS n (id)
                    WHERE NOT EXISTS (SELECT FROM topic_tags o WHERE o.topic_id = $1 AND o.tag_id = n.id)
                    RETURNING tag_id)
            SELECT tag_id FROM gone UNION SELECT tag_id FROM added
            """, row => row.Int(0), [topicId, ids, now], cancellation);
        await CountAsync(sql, [.. changed], cancellation);
    }

    /// <summary>Holds tags until the transaction ends.</summary>
    /// <returns>Those that are still there.</returns>
    static Task<List<int>> LockAsync(SqlSession sql, int[] tagIds, CancellationToken cancellation) =>
        sql.ListAsync("SELECT id FROM tags WHERE id = ANY($1) ORDER BY id FOR NO KEY UPDATE", row => row.Int(0), [tagIds], cancellation);

    /// <summary>Counts how many topics tags are on: public ones, all, and messages.</summary>
    public static async Task CountAsync(SqlSession sql, int[] tagIds, CancellationToken cancellation)
    {
        if (tagIds.Length == 0)
            return;
        await LockAsync(sql, tagIds, cancellation);
        await sql.ExecuteAsync("""
            UPDATE tags g
            SET public_topic_count = c.public, staff_topic_count = c.staff, pm_topic_count = c.messages
            FROM (
                SELECT w.id,
                    count(t.id) FILTER (WHERE t.archetype <> 'private_message' AND t.visible AND NOT coalesce(c.read_restricted, false)) AS public,
                    count(t.id) FILTER (WHERE t.archetype <> 'private_message') AS staff,
                    count(t.id) FILTER (WHERE t.archetype = 'private_message') AS messages
                FROM unnest($1::int[]) AS w (id)
                LEFT JOIN topic_tags tt ON tt.tag_id = w.id
                LEFT JOIN topics t ON t.id = tt.topic_id AND t.deleted_at IS NULL
                LEFT JOIN categories c ON c.id = t.category_id
                GROUP BY w.id
            ) c
            WHERE c.id = g.id
            """, [tagIds], cancellation);
    }

    public static Task CountOfTopicAsync(SqlSession sql, Topic topic, CancellationToken cancellation) =>
        CountAsync(sql, [.. topic.Tags.Select(tag => tag.Id)], cancellation);

    [GeneratedRegex(@"[/?#\[\]@!$&'()*+,;=.%\\`^""|{}<>:]", RegexOptions.CultureInvariant)]
    private static partial Regex Forbidden();

    [GeneratedRegex(@"\s+", RegexOptions.CultureInvariant)]
    private static partial Regex Spaces();
}
