using Forum.Configuration;

namespace Forum.Users;

/// <summary>Where a member's picture is, below the forum's own path; {size} is for the client to fill in.</summary>
static class Avatars
{
    public static string Template(string username, int? uploadId, GlobalSettings globals) =>
        globals.RelativeUrlRoot + Viewing.Avatars.Template(username, uploadId, globals.Hostname);
}
