using System.Globalization;
using Forum.Database;
using Forum.Web;

namespace Forum.Users;

/// <summary>Pictures that members uploaded. Those without one have a letter, drawn at /letter_avatar.</summary>
static class AvatarsApi
{
    public static void MapAvatars(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/user_avatar/{host}/{username}/{size:int}/{file}", ShowAsync).AllowAnyone().OpenToVisitors().Named("user_avatars#show");

    static async Task<IResult> ShowAsync(HttpContext context, string username, int size, string file, ForumDatabase database, CancellationToken cancellation)
    {
        var url = int.TryParse(file.Split('_', '.')[0], CultureInfo.InvariantCulture, out var upload)
            ? await database.ScalarAsync<string>("""
                SELECT url
                FROM uploads
                WHERE id = $1 AND url NOT LIKE '/images/%'
                """, [upload], cancellation)
            : null;
        context.Response.Headers.CacheControl = "public, max-age=86400";
        return Results.Redirect(url ?? string.Create(CultureInfo.InvariantCulture, $"/letter_avatar/{Uri.EscapeDataString(username)}/{size}/1.png"));
    }
}
