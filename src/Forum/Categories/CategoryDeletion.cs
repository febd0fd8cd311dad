using Forum.Database;
using Forum.Moderation;
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
        await StaffActions.LogAsync(transaction, StaffAction.DeleteCategory, viewer.User.Id, null, viewer.Now, cancellation,
            new StaffActionDetails { Details = $"name: {category.Name}", Context = $"/c/{category.UrlSlug}/{category.Id}", CategoryId = category.Id });
        await transaction.CommitAsync(cancellation);
    }
}
