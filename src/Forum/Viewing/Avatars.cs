using System.Globalization;
using Forum.Configuration;

namespace Forum.Viewing;

/// <summary>Where a user's picture is; {size} stands for its width.</summary>
static class Avatars
{
    /// <param name="username">As it is shown.</param>
    /// <param name="uploadId">Their own picture; null for one made of their first letter.</param>
    /// <param name="host">The forum's.</param>
    public static string Template(string username, int? uploadId, string host) => uploadId is { } id
        ? string.Create(CultureInfo.InvariantCulture, $"/user_avatar/{host}/{Uri.EscapeDataString(username.ToLowerInvariant())}/{{size}}/{id}_2.png")
        : $"/letter_avatar/{Uri.EscapeDataString(username.ToLowerInvariant())}/{{size}}/1.png";

    /// <summary>As the other, from the root of the host on which the forum may be below a path.</summary>
    public static string Template(string username, int? uploadId, GlobalSettings globals) => globals.RelativeUrlRoot + Template(username, uploadId, globals.Hostname);
}
