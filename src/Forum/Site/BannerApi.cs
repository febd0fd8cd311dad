using System.Text.Json.Nodes;
using Forum.Database;
using Forum.Markdown;
using Forum.Viewing;
using Forum.Web;

namespace Forum.Site;

/// <summary>The topic that is shown above all pages, and the emoji that there are.</summary>
static class BannerApi
{
    public static void MapBanner(this IEndpointRouteBuilder app)
    {
        app.MapGet("/site/banner", BannerAsync).AllowAnyone().Named("site#banner");
        app.MapGet("/site/emoji", () => Replies.Json(Emojis())).AllowAnyone().Named("site#emoji");
        app.MapGet("/emojis", () => Replies.Json(Emojis())).AllowAnyone().Named("emojis#index");
    }

    /// <summary>{} when there is none that the reader may see.</summary>
    static async Task<IResult> BannerAsync(HttpContext context, Viewers viewers, ForumDatabase database, CancellationToken cancellation)
    {
        var viewer = await viewers.OfAsync(context, cancellation);
        var banner = await database.FindAsync("""
            SELECT t.id, coalesce(t.slug, 'topic'), p.cooked
            FROM topics t
            JOIN posts p ON p.topic_id = t.id AND p.post_number = 1 AND p.deleted_at IS NULL
            WHERE t.archetype = 'banner' AND t.deleted_at IS NULL AND t.category_id = ANY($1)
            LIMIT 1
            """, row => new JsonObject { ["html"] = row.Text(2), ["url"] = $"/t/{row.Text(1)}/{row.Int(0)}", ["key"] = row.Int(0) }, [viewer.VisibleCategories], cancellation);
        return Replies.Json(banner ?? []);
    }

    /// <summary>By group; ours are all in one.</summary>
    static JsonObject Emojis() => new()
    {
        ["default"] = new JsonArray([.. Emoji.ByName.Keys.Order(StringComparer.Ordinal).Select(name => (JsonNode)new JsonObject
        {
            ["name"] = name,
            ["tonable"] = false,
            ["url"] = $"/images/emoji/twitter/{name}.png",
            ["group"] = "default",
            ["search_aliases"] = new JsonArray(),
        })]),
    };
}
