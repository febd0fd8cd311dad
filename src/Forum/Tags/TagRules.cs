using Forum.Categories;
using Forum.Database;
using Forum.Viewing;
using Forum.Web;

namespace Forum.Tags;

/// <summary>What groups of tags allow: tags for staff alone, tags of which a topic has one, tags that need another, and those that a category asks for.</summary>
static class TagRules
{
    sealed record Group(int Id, string Name, bool OnePerTopic, int? ParentId, string? ParentName, int[] TagIds, int[] UserGroups, int[] ReadOnlyGroups);

    static Task<List<Group>> GroupsAsync(SqlSession sql, int[] tagIds, CancellationToken cancellation) => sql.ListAsync("""
        SELECT g.id, g.name, coalesce(g.one_per_topic, false), p.id, p.name, ARRAY(SELECT m.tag_id FROM tag_group_memberships m WHERE m.tag_group_id = g.id),
            ARRAY(SELECT x.group_id FROM tag_group_permissions x WHERE x.tag_group_id = g.id AND x.permission_type = 1 ORDER BY 1),
            ARRAY(SELECT x.group_id FROM tag_group_permissions x WHERE x.tag_group_id = g.id AND x.permission_type = 3 ORDER BY 1)
        FROM tag_groups g
        LEFT JOIN tags p ON p.id = g.parent_tag_id
        WHERE EXISTS (SELECT FROM tag_group_memberships m WHERE m.tag_group_id = g.id AND m.tag_id = ANY($1))
        """, row => new Group(row.Int(0), row.Text(1), row.Bool(2), row.IntOrNull(3), row.TextOrNull(4), row.Ints(5), row.Ints(6), row.Ints(7)), [tagIds], cancellation);

    /// <summary>Ids of tags that the viewer may not even see: all their groups are for others.</summary>
    public static Task<List<int>> HiddenAsync(SqlSession sql, Viewer viewer, CancellationToken cancellation) => viewer.User.IsStaff ? Task.FromResult<List<int>>([]) : sql.ListAsync("""
        SELECT m.tag_id
        FROM tag_group_memberships m
        JOIN tag_group_permissions x ON x.tag_group_id = m.tag_group_id
        GROUP BY m.tag_id
        HAVING NOT bool_or(x.group_id = ANY($1))
        """, row => row.Int(0), [viewer.User.GroupIds.ToArray()], cancellation);

    /// <param name="sql">The change's transaction.</param>
    /// <param name="tags">What the topic shall have.</param>
    /// <param name="before">What it has: others' tags for staff stay.</param>
    /// <param name="category">Where it is; null for a message.</param>
    /// <param name="viewer">Who tags.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="RefusedException">422: one sentence for each rule that is broken.</exception>
    public static async Task CheckAsync(SqlSession sql, IReadOnlyList<Tag> tags, IReadOnlyCollection<int> before, Category? category, Viewer viewer, CancellationToken cancellation)
    {
        var problems = new List<string>();
        var ids = tags.Select(tag => tag.Id).ToHashSet();
        var names = tags.ToDictionary(tag => tag.Id, tag => tag.Name);
        var groups = ids.Count == 0 ? [] : await GroupsAsync(sql, [.. ids], cancellation);
        foreach (var group in groups)
        {
            var own = group.TagIds.Where(ids.Contains).ToArray();
            if (group.OnePerTopic && own.Length > 1)
                problems.Add($"A topic can have only one tag of \"{group.Name}\", not {string.Join(", ", own.Select(id => names[id]))}.");
            if (group.ParentId is { } parent && !ids.Contains(parent))
                problems.Add($"The tag \"{names[own[0]]}\" can be used only with the tag \"{group.ParentName}\".");
        }

        if (!viewer.User.IsStaff)
        {
            var mine = viewer.User.GroupIds;
            foreach (var id in ids.Where(id => !before.Contains(id)))
            {
                var of = groups.Where(group => group.TagIds.Contains(id) && group.UserGroups.Length + group.ReadOnlyGroups.Length > 0).ToArray();
                if (of.Length > 0 && !of.Any(group => group.UserGroups.Any(mine.Contains)))
                    problems.Add($"The tag \"{names[id]}\" may be used by staff only.");
            }
        }

        if (category is not null && !viewer.User.IsStaff)
            problems.AddRange(await RequiredAsync(sql, ids, category, cancellation));
        if (problems.Count > 0)
            throw Refused.Invalid([.. problems.Distinct()]);
    }

    static async Task<IEnumerable<string>> RequiredAsync(SqlSession sql, HashSet<int> ids, Category category, CancellationToken cancellation)
    {
        var required = await sql.ListAsync("""
            SELECT g.name, r.min_count, ARRAY(SELECT m.tag_id FROM tag_group_memberships m WHERE m.tag_group_id = g.id)
            FROM category_required_tag_groups r
            JOIN tag_groups g ON g.id = r.tag_group_id
            WHERE r.category_id = $1
            ORDER BY r."order"
            """, row => (Name: row.Text(0), Count: row.Int(1), Tags: row.Ints(2)), [(long)category.Id], cancellation);
        return required.Where(group => group.Tags.Count(ids.Contains) < group.Count).Select(group => group.Count == 1
            ? $"You must choose a tag of \"{group.Name}\"." : $"You must choose at least {group.Count} tags of \"{group.Name}\".");
    }
}
