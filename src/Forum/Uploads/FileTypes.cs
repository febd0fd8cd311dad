using System.Collections.Frozen;

namespace Forum.Uploads;

/// <summary>How uploads are served: pictures and media are shown, all else is downloaded.</summary>
static class FileTypes
{
    static readonly FrozenDictionary<string, string> Types = new Dictionary<string, string>
    {
        ["png"] = "image/png", ["jpg"] = "image/jpeg", ["jpeg"] = "image/jpeg", ["gif"] = "image/gif", ["webp"] = "image/webp", ["avif"] = "image/avif", ["heic"] = "image/heic",
        ["heif"] = "image/heif", ["svg"] = "image/svg+xml", ["mp4"] = "video/mp4", ["webm"] = "video/webm", ["mp3"] = "audio/mpeg", ["ogg"] = "audio/ogg", ["pdf"] = "application/pdf",
    }.ToFrozenDictionary();

    static readonly FrozenSet<string> Shown = new[] { "png", "jpg", "jpeg", "gif", "webp", "avif", "svg", "mp4", "webm", "mp3", "ogg" }.ToFrozenSet();

    static readonly FrozenSet<string> Pictures = new[] { "png", "jpg", "jpeg", "gif", "webp", "heic", "heif", "avif", "svg" }.ToFrozenSet();

    /// <param name="extension">In lower case, without the dot.</param>
    public static string ContentType(string extension) => Types.GetValueOrDefault(extension, "application/octet-stream");

    public static bool IsShown(string extension) => Shown.Contains(extension);

    public static bool IsPicture(string extension) => Pictures.Contains(extension);
}
