using System.Globalization;

namespace Forum.Viewing;

/// <summary>Where a user's picture is; {size} stands for its width.</summary>
static class Avatars
{
    public static string Template(string username, int? uploadId, string host) => uploadId is { } id
        ? string.Create(CultureInfo.InvariantCulture, $"/user_avatar/{host}/{Uri.EscapeDataString(username.ToLowerInvariant())}/{{size}}/{id}_2.png")
        : $"/letter_avatar/{Uri.EscapeDataString(username.ToLowerInvariant())}/{{size}}/1.png";
}
