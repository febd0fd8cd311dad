using System.Globalization;
using Forum.Sessions;

namespace Forum.Categories;

/// <summary>All categories at one moment. There are few of them, and every list and page asks for many.</summary>
sealed class CategoryTree(IReadOnlyList<Category> all)
{
    readonly Dictionary<int, Category> _byId = all.ToDictionary(category => category.Id);
    readonly ILookup<int?, Category> _children = all.ToLookup(category => category.ParentId);

    /// <summary>By position, then name.</summary>
    public IReadOnlyList<Category> All => all;

    public Category? Find(int? id) => id is { } number ? _byId.GetValueOrDefault(number) : null;

    public IEnumerable<Category> ChildrenOf(int? id) => _children[id];

    /// <summary>The category and all below it.</summary>
    public IEnumerable<Category> Subtree(Category category)
    {
        yield return category;
        foreach (var child in _children[category.Id])
        {
            foreach (var below in Subtree(child))
                yield return below;
        }
    }

    /// <summary>From the topmost down to the category itself.</summary>
    public IReadOnlyList<Category> PathTo(Category category)
    {
        var path = new List<Category> { category };
        while (path.Count < 10 && Find(path[0].ParentId) is { } parent)
            path.Insert(0, parent);
        return path;
    }

    public string UrlOf(Category category) =>
        string.Create(CultureInfo.InvariantCulture, $"/c/{string.Join('/', PathTo(category).Select(part => part.UrlSlug))}/{category.Id}");

    /// <summary>By "slug" or "parent:child", as hashtags and search name it.</summary>
    public Category? FindBySlug(string path)
    {
        var parts = path.ToLowerInvariant().Split([':', '/']);
        return All.Where(category => category.Slug.Equals(parts[^1], StringComparison.OrdinalIgnoreCase) || category.UrlSlug == parts[^1])
            .Where(category => parts.Length == 1 || Find(category.ParentId)?.Slug.Equals(parts[^2], StringComparison.OrdinalIgnoreCase) == true)
            .OrderBy(category => category.ParentId is null ? 0 : 1).FirstOrDefault();
    }

    public int[] VisibleTo(CurrentUser user) => [.. All.Where(category => CategoryPermissions.CanSee(user, category)).Select(category => category.Id)];

    public bool CanSee(CurrentUser user, int? id) => Find(id) is { } category && CategoryPermissions.CanSee(user, category);
}
