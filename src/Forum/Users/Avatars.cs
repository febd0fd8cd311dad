using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Forum.Configuration;

namespace Forum.Users;

/// <summary>Where a member's picture is; {size} is for the client to fill in.</summary>
static class Avatars
{
    /// <summary>Colours of letter avatars; a name always gets the same.</summary>
    static readonly string[] Colors =
    [
        "c6cbef", "c89de8", "e47774", "e68a8a", "e9a9a0", "ebca7b", "f0a9c3", "f4b2a3", "f6c823", "f9ae9b", "35a633", "3bc9b3", "4af34b", "4bbf6b",
        "53a042", "5f8ce5", "5fc9e3", "65b6d1", "6a8cbe", "6bbea6", "73ab61", "7993f5", "7ab992", "7bcc69", "7cd644", "7ea924", "8491ac", "848f3c",
        "858c3d", "8797cc", "898d66", "8dc957", "90ced1", "90db22", "91b2a8", "94ad74", "95e7e8", "977dfe", "9d8465", "9dc877", "9f8e46", "9fc29f",
    ];

    public static string Template(string username, int? uploadId, GlobalSettings globals) => uploadId is { } id
        ? string.Create(CultureInfo.InvariantCulture, $"{globals.RelativeUrlRoot}/user_avatar/{globals.Hostname}/{username.ToLowerInvariant()}/{{size}}/{id}_2.png")
        : $"{globals.RelativeUrlRoot}/letter_avatar_proxy/v4/letter/{Uri.EscapeDataString(username[..1].ToLowerInvariant())}/{Color(username)}/{{size}}.png";

    static string Color(string username) =>
        Colors[SHA256.HashData(Encoding.UTF8.GetBytes(username.ToLowerInvariant()))[0] % Colors.Length];
}
