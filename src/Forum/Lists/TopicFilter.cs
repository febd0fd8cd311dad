using System.Globalization;
using Forum.Categories;
using Forum.Database;
using Forum.Tags;
using Forum.Viewing;

namespace Forum.Lists;

/// <summary>The language of /filter: words such as category:x tag:a,b status:open likes-min:3 order:views, all of which hold.</summary>
static class TopicFilter
{
    public static async Task<TopicListQuery> ApplyAsync(string text, TopicListQuery query, Viewer viewer, SqlSession sql, CancellationToken cancellation)
    {
        foreach (var word in text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Take(50))
        {
            var not = word[0] == '-';
            var parts = word.TrimStart('-', '=').Split(':', 2);
            if (parts.Length < 2 || parts[1].Length == 0)
            {
                query = query with { TitleContains = query.TitleContains is { } before ? before + " " + word : word };
                continue;
            }

            query = await OneAsync(parts[0].ToLowerInvariant(), parts[1], not, word.StartsWith('='), query, viewer, sql, cancellation);
        }

        return query;
    }

    static async Task<TopicListQuery> OneAsync(string name, string value, bool not, bool exact, TopicListQuery query, Viewer viewer, SqlSession sql, CancellationToken cancellation)
    {
        int? number = int.TryParse(value, CultureInfo.InvariantCulture, out var given) ? given : null;
        switch (name)
        {
            case "category" or "categories":
                var named = value.Split(',').Select(slug => viewer.Categories.FindBySlug(slug)).OfType<Category>()
                    .SelectMany(category => exact ? [category] : viewer.Categories.Subtree(category)).Select(category => category.Id).ToArray();
                return query with { Categories = not ? [.. query.Categories.Except(named)] : [.. query.Categories.Intersect(named)] };
            case "tag" or "tags":
                var all = value.Contains('+', StringComparison.Ordinal);
                var names = value.Split(',', '+');
                var tags = (await TagStore.FindAsync(sql, names, cancellation)).Select(tag => tag.Id).ToArray();
                if (not)
                    return query with { NotTags = [.. query.NotTags, .. tags] };
                if (tags.Length == 0 || (all && tags.Length < names.Length))
                    return query with { Categories = [] };
                return all ? query with { AllTags = [.. query.AllTags, .. tags] } : query with { AnyTags = tags };
            case "status":
                return query with { Status = value };
            case "in":
                return viewer.User.IsAnonymous ? query with { Categories = [] } : query with { In = value == "bookmarked" ? value : value, HideMuted = value != "muted" };
            case "created-by":
                var id = value is "me" or "@me" ? viewer.User.Id
                    : await sql.ScalarAsync<int>("SELECT id FROM users WHERE username_lower = $1", [value.TrimStart('@').ToLowerInvariant()], cancellation);
                return query with { CreatedBy = id };
            case "likes-min":
                return query with { MinLikes = number };
            case "likes-max":
                return query with { MaxLikes = number };
            case "posts-min":
                return query with { MinPosts = number };
            case "posts-max":
                return query with { MaxPosts = number };
            case "views-min":
                return query with { MinViews = number };
            case "views-max":
                return query with { MaxViews = number };
            case "created-before":
                return query with { CreatedBefore = Date(value, viewer.Now) };
            case "created-after":
                return query with { CreatedAfter = Date(value, viewer.Now) };
            case "activity-before" or "latest-post-before":
                return query with { BumpedBefore = Date(value, viewer.Now) };
            case "activity-after" or "latest-post-after":
                return query with { BumpedAfter = Date(value, viewer.Now) };
            case "order":
                var ascending = value.EndsWith("-asc", StringComparison.Ordinal);
                var order = value.Replace("-asc", "", StringComparison.Ordinal).Replace("-op", "", StringComparison.Ordinal);
                return query with { Order = order is "created" or "views" or "posts" or "likes" or "posters" or "title" or "category" ? order : "activity", Ascending = ascending };
            default:
                return query;
        }
    }

    static DateTime? Date(string text, DateTime now) =>
        int.TryParse(text, CultureInfo.InvariantCulture, out var days) && days is >= 0 and < 100_000 ? now.AddDays(-days)
            : DateTime.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal | DateTimeStyles.AssumeUniversal, out var date) ? date : null;
}
