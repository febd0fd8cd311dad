using System.Globalization;
using Forum.Uploads;
using Forum.Web;

namespace Forum.Users;

/// <summary>Pictures that members uploaded. Those without one have a letter, drawn at /letter_avatar.</summary>
static class AvatarsApi
{
    public static void MapAvatars(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/user_avatar/{host}/{username}/{size:int}/{file}", ShowAsync).AllowAnyone().OpenToVisitors().Named("user_avatars#show");

    static async Task<IResult> ShowAsync(
        HttpContext context, string username, int size, string file, OptimizedImages images, FileStores files, CancellationToken cancellation)
    {
        var url = int.TryParse(file.Split('_', '.')[0], CultureInfo.InvariantCulture, out var upload) ? await images.SquareAsync(upload, size, cancellation) : null;
        context.Response.Headers.CacheControl = "public, max-age=31536000, immutable";
        return url is null ? Results.Redirect(string.Create(CultureInfo.InvariantCulture, $"/letter_avatar/{Uri.EscapeDataString(username)}/{size}/1.png"))
            : files.Local.Find(url) is not { } local ? Results.Redirect(files.Public(url))
            : File.Exists(local) ? Results.File(local, FileTypes.ContentType(Path.GetExtension(local).TrimStart('.'))) : throw Refused.NotFound();
    }
}
