using Forum.Database;
using Forum.Viewing;
using Forum.Web;

namespace Forum.Categories;

/// <summary>Deletes a category that holds nothing but its own definition.</summary>
sealed class CategoryDeletion(ForumDatabase database)
{
    public static bool IsDeletable(Category category, Viewer viewer) =>
        category.TopicCount == 0 && !viewer.Categories.ChildrenOf(category.Id).Any() && category.Id != viewer.Settings.Int("uncategorized_category_id");

    public async Task DeleteAsync(Category category, Viewer viewer, CancellationToken cancellation)
    {
        if (!IsDeletable(category, viewer))
            throw Refused.Invalid("The category has topics or subcategories, or is the one for uncategorized topics.");
        await using var transaction = await database.BeginAsync(cancellation);
        await transaction.ExecuteAsync("UPDATE topics SET deleted_at = $2, deleted_by_id = $3 WHERE id = $1", [category.TopicId ?? 0, viewer.Now, viewer.User.Id], cancellation);
        await transaction.ExecuteAsync("UPDATE posts SET deleted_at = $2, deleted_by_id = $3 WHERE topic_id = $1 AND deleted_at IS NULL", [category.TopicId ?? 0, viewer.Now, viewer.User.Id], cancellation);
        await transaction.ExecuteAsync("DELETE FROM category_groups WHERE category_id = $1", [category.Id], cancellation);
        await transaction.ExecuteAsync("DELETE FROM category_settings WHERE category_id = $1", [(long)category.Id], cancellation);
        await transaction.ExecuteAsync("DELETE FROM category_users WHERE category_id = $1", [category.Id], cancellation);
        await transaction.ExecuteAsync("DELETE FROM category_search_data WHERE category_id = $1", [category.Id], cancellation);
        await transaction.ExecuteAsync("DELETE FROM categories WHERE id = $1", [category.Id], cancellation);
        await transaction.ExecuteAsync("""
            INSERT INTO user_histories (action, acting_user_id, category_id, context, details, created_at, updated_at, admin_only)
            VALUES (27, $1, $2, $3, $4, $5, $5, false)
            """, [viewer.User.Id, category.Id, $"/c/{category.UrlSlug}/{category.Id}", $"name: {category.Name}", viewer.Now], cancellation);
        await transaction.CommitAsync(cancellation);
    }
}
