using Forum.Sessions;

namespace Forum.Categories;

/// <summary>Who may see and use a category. Pure: a user and a category in, an answer out.</summary>
static class CategoryPermissions
{
    /// <summary>The best permission that the user has; null when the category is hidden from them.</summary>
    /// <remarks>Without rows everyone has full permission. Anonymous visitors have what group 0, everyone, has.</remarks>
    public static CategoryPermission? Of(CurrentUser user, Category category)
    {
        if (category.Groups.Count == 0)
            return CategoryPermission.Full;
        if (user.IsAdmin)
            return CategoryPermission.Full;
        CategoryPermission? best = null;
        foreach (var (group, permission) in category.Groups)
        {
            if (user.GroupIds.Contains(group) && (best is null || permission < best))
                best = permission;
        }

        return best;
    }

    public static bool CanSee(CurrentUser user, Category category) => Of(user, category) is not null;

    public static bool CanReply(CurrentUser user, Category category) =>
        !user.IsAnonymous && Of(user, category) is CategoryPermission.Full or CategoryPermission.Reply;

    public static bool CanCreateTopic(CurrentUser user, Category category) =>
        !user.IsAnonymous && Of(user, category) is CategoryPermission.Full;

    /// <summary>Whether the user may change, create and delete categories.</summary>
    public static bool CanManage(CurrentUser user, bool moderatorsManage) => user.IsAdmin || (user.IsModerator && moderatorsManage);
}
