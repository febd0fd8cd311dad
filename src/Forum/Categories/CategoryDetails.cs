using Forum.Database;

namespace Forum.Categories;

sealed record NamedGroup(int Id, string Name);

sealed record RequiredTagGroup(string Name, int MinCount);

/// <summary>What only the page of one category shows.</summary>
sealed record CategoryDetails
{
    public IReadOnlyList<NamedGroup> Groups { get; init; } = [];

    public IReadOnlyList<string> AllowedTags { get; init; } = [];

    public IReadOnlyList<string> AllowedTagGroups { get; init; } = [];

    public IReadOnlyList<RequiredTagGroup> RequiredTagGroups { get; init; } = [];

    public int? NotificationLevel { get; init; }

    public int AutoBumpCooldownDays { get; init; } = 1;

    public int NumAutoBumpDaily { get; init; }

    public bool RequireReplyApproval { get; init; }

    public bool RequireTopicApproval { get; init; }

    public static async Task<CategoryDetails> LoadAsync(SqlSession sql, int categoryId, int userId, CancellationToken cancellation)
    {
        var groups = await sql.ListAsync("""
            SELECT id, name
            FROM groups
            ORDER BY name
            """, row => new NamedGroup(row.Int(0), row.Text(1)), [], cancellation);
        var required = await sql.ListAsync("""
            SELECT g.name, r.min_count
            FROM category_required_tag_groups r
            JOIN tag_groups g ON g.id = r.tag_group_id
            WHERE r.category_id = $1
            ORDER BY r."order"
            """, row => new RequiredTagGroup(row.Text(0), row.Int(1)), [categoryId], cancellation);
        var details = await sql.FindAsync("""
            SELECT ARRAY(SELECT t.name FROM category_tags ct JOIN tags t ON t.id = ct.tag_id WHERE ct.category_id = $1 ORDER BY t.name),
                ARRAY(SELECT g.name FROM category_tag_groups cg JOIN tag_groups g ON g.id = cg.tag_group_id WHERE cg.category_id = $1 ORDER BY g.name),
                (SELECT notification_level FROM category_users WHERE category_id = $1 AND user_id = $2 LIMIT 1),
                s.auto_bump_cooldown_days, s.num_auto_bump_daily, s.require_reply_approval, s.require_topic_approval
            FROM (SELECT 1) one
            LEFT JOIN category_settings s ON s.category_id = $1
            """, row => new CategoryDetails
        {
            AllowedTags = row.Texts(0),
            AllowedTagGroups = row.Texts(1),
            NotificationLevel = row.IntOrNull(2),
            AutoBumpCooldownDays = row.IntOrNull(3) ?? 1,
            NumAutoBumpDaily = row.IntOrNull(4) ?? 0,
            RequireReplyApproval = row.BoolOrNull(5) ?? false,
            RequireTopicApproval = row.BoolOrNull(6) ?? false,
        }, [categoryId, userId], cancellation) ?? new CategoryDetails();
        return details with { Groups = groups, RequiredTagGroups = required };
    }
}
