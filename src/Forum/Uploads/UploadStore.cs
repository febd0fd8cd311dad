using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Forum.Database;
using Forum.Markdown.Finishing;
using Forum.Viewing;
using Forum.Web;

namespace Forum.Uploads;

sealed record Upload(int Id, string Url, string OriginalFilename, long Filesize, int? Width, int? Height, string Extension, string Sha1)
{
    public string ShortUrl => $"upload://{Base62.FromSha1(Sha1)}.{Extension}";

    public string ShortPath => $"/uploads/short-url/{Base62.FromSha1(Sha1)}.{Extension}";

    public JsonObject Json()
    {
        var (width, height) = Width is { } w && Height is { } h ? Images.Fit(w, h) : (0, 0);
        return new JsonObject
        {
            ["id"] = Id,
            ["url"] = Url,
            ["original_filename"] = OriginalFilename,
            ["filesize"] = Filesize,
            ["width"] = Width ?? 0,
            ["height"] = Height ?? 0,
            ["thumbnail_width"] = width,
            ["thumbnail_height"] = height,
            ["extension"] = Extension,
            ["short_url"] = ShortUrl,
            ["short_path"] = ShortPath,
            ["retain_hours"] = null,
            ["human_filesize"] = Filesize < 1024 ? string.Create(CultureInfo.InvariantCulture, $"{Filesize} Bytes") : string.Create(CultureInfo.InvariantCulture, $"{Filesize / 1024.0:0.#} KB"),
            ["dominant_color"] = null,
        };
    }
}

/// <summary>Files of members, under names made of their content.</summary>
sealed class UploadStore(ForumDatabase database, FileStores files, OptimizedImages optimized)
{
    /// <summary>As the API shows it, with the address that browsers load.</summary>
    public JsonObject Json(Upload upload) => (upload with { Url = files.Public(upload.Url) }).Json();

    public async Task<Upload> AddAsync(string name, byte[] content, string type, Viewer viewer, CancellationToken cancellation)
    {
        var extension = Path.GetExtension(name).TrimStart('.').ToLowerInvariant();
        (content, extension, var size) = Check(name, content, extension, viewer);
        CheckSize(extension, content.Length, viewer);
        if (type == "avatar" && size is null)
            throw Refused.Invalid("Sorry, the picture could not be read.");
#pragma warning disable CA5350 // Existing databases name uploads by this hash; it is no secret.
        var sha1 = Convert.ToHexStringLower(SHA1.HashData(content));
#pragma warning restore CA5350
        if (await FindAsync(sha1, cancellation) is { } before)
        {
            await OwnAsync(before.Id, viewer, cancellation);
            return before;
        }

        var id = await database.ScalarAsync<int>("""
            INSERT INTO uploads (user_id, original_filename, filesize, width, height, url, sha1, extension, thumbnail_width, thumbnail_height, created_at, updated_at)
            VALUES ($1, $2, $3, $4, $5, '', $6, $7, $8, $9, $10, $10)
            RETURNING id
            """,
            [
                viewer.User.Id, Path.GetFileName(name), (long)content.Length, size?.Width, size?.Height, sha1, extension,
                size is { } s ? Images.Fit(s.Width, s.Height).Width : null, size is { } z ? Images.Fit(z.Width, z.Height).Height : null, viewer.Now,
            ], cancellation);
        var url = await files.Current.PutAsync(
            PathOf(id, sha1, extension), content, FileTypes.ContentType(extension), FileTypes.IsShown(extension) ? null : Path.GetFileName(name), cancellation);
        await database.ExecuteAsync("UPDATE uploads SET url = $2 WHERE id = $1", [id, url], cancellation);
        await OwnAsync(id, viewer, cancellation);
        if (size is { } full && viewer.Settings.Bool("create_thumbnails") && Images.Fit(full.Width, full.Height) is var shown && shown != full)
            await optimized.ThumbnailAsync(id, sha1, content, extension, shown.Width, shown.Height, cancellation);
        return new Upload(id, url, Path.GetFileName(name), content.Length, size?.Width, size?.Height, extension, sha1);
    }

    Task<int> OwnAsync(int id, Viewer viewer, CancellationToken cancellation) =>
        database.ExecuteAsync("INSERT INTO user_uploads (upload_id, user_id, created_at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING", [id, viewer.User.Id, viewer.Now], cancellation);

    /// <exception cref="RefusedException">422: such files are not taken from this member.</exception>
    public static void CheckName(string name, Viewer viewer)
    {
        var extension = Path.GetExtension(name).TrimStart('.').ToLowerInvariant();
        var allowed = viewer.Settings.List("authorized_extensions").Concat(viewer.User.IsStaff ? viewer.Settings.List("authorized_extensions_for_staff") : []).Select(one => one.TrimStart('.').ToLowerInvariant()).ToHashSet();
        if (name.Length is 0 or > 255 || (!allowed.Contains("*") && !allowed.Contains(extension)))
            throw Refused.Invalid($"Sorry, the file you are trying to upload is not authorized (authorized extensions: {string.Join(", ", allowed)}).");
    }

    /// <exception cref="RefusedException">422: the file is larger than the settings allow.</exception>
    public static void CheckSize(string extension, long bytes, Viewer viewer)
    {
        var most = 1024L * viewer.Settings.Int(FileTypes.IsPicture(extension) ? "max_image_size_kb" : "max_attachment_size_kb");
        if (bytes > most)
            throw Refused.Invalid($"Sorry, the file you are trying to upload is too big (maximum size is {most / 1024} KB).");
    }

    static (byte[] Content, string Extension, (int Width, int Height)? Size) Check(string name, byte[] content, string extension, Viewer viewer)
    {
        CheckName(name, viewer);
        if (extension == "svg")
        {
            var clean = SvgCleaner.Clean(Encoding.UTF8.GetString(content)) ?? throw Refused.Invalid("Sorry, the picture could not be read.");
            return (Encoding.UTF8.GetBytes(clean), "svg", null);
        }

        if (!FileTypes.IsPicture(extension))
            return (content, extension, null);
        if (ImageSize.Read(content) is { } picture)
        {
            if (picture.Width is < 1 or > 30_000 || picture.Height is < 1 or > 30_000 || (long)picture.Width * picture.Height > 1_000_000L * viewer.Settings.Int("max_image_megapixels"))
                throw Refused.Invalid("Sorry, the picture is too large.");
            if (viewer.Settings.Bool("strip_image_metadata"))
                (content, picture) = Cleaned(content, picture);
            return (content, picture.Extension == "jpg" && extension == "jpeg" ? "jpeg" : picture.Extension, (picture.Width, picture.Height));
        }

        return extension is "heic" or "heif" or "avif" && content.AsSpan().Length > 12 && content.AsSpan(4, 4).SequenceEqual("ftyp"u8)
            ? (content, extension, null) : throw Refused.Invalid("Sorry, the picture could not be read.");
    }

    /// <summary>The picture turned upright, without what its camera wrote into it.</summary>
    static (byte[] Content, (string Extension, int Width, int Height) Picture) Cleaned(byte[] content, (string Extension, int Width, int Height) picture)
    {
        if (picture.Extension == "jpg" && Metadata.Orientation(content) is > 1 and var orientation && Pictures.Upright(content, orientation) is { } upright)
            return (upright, orientation >= 5 ? (picture.Extension, picture.Height, picture.Width) : picture);
        return (Metadata.Strip(content, picture.Extension), picture);
    }

    /// <summary>original/NX/…: one more folder for every sixteenfold of a thousand ids.</summary>
    public static string PathOf(int id, string sha1, string extension)
    {
        var depth = Math.Max(0, (int)Math.Ceiling(Math.Log(id / 1000.0, 16)));
        var folders = string.Concat(sha1.Take(depth).Select(c => $"{c}/"));
        return string.Create(CultureInfo.InvariantCulture, $"original/{depth + 1}X/{folders}{sha1}.{extension}");
    }

    public Task<Upload?> FindAsync(string sha1, CancellationToken cancellation) => database.FindAsync("""
        SELECT id, url, original_filename, filesize, width, height, coalesce(extension, ''), sha1
        FROM uploads
        WHERE sha1 = $1
        """, row => (Upload?)new Upload(row.Int(0), row.Text(1), row.Text(2), row.Long(3), row.IntOrNull(4), row.IntOrNull(5), row.Text(6), row.Text(7)), [sha1], cancellation);
}
