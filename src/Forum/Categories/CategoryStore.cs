using Forum.Database;

namespace Forum.Categories;

/// <summary>Categories as the database has them.</summary>
sealed class CategoryStore(ForumDatabase database)
{
    public async Task<CategoryTree> LoadAsync(CancellationToken cancellation) => new(await database.ListAsync($"""
        SELECT {Category.Columns}
        FROM categories c
        ORDER BY c.position NULLS LAST, c.name_lower, c.id
        """, Category.Read, [], cancellation));

    /// <summary>How the user is notified of each category that they chose something for.</summary>
    public async Task<Dictionary<int, int>> NotificationLevelsAsync(int userId, CancellationToken cancellation) =>
        (await database.ListAsync("""
            SELECT category_id, notification_level
            FROM category_users
            WHERE user_id = $1
            """, row => (row.Int(0), row.Int(1)), [userId], cancellation)).ToDictionary(pair => pair.Item1, pair => pair.Item2);
}
