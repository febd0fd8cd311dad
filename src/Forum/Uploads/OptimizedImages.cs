using System.Globalization;
using System.Security.Cryptography;
using Forum.Database;

namespace Forum.Uploads;

/// <summary>Squares and thumbnails of uploads, made once and kept beside them, as rows of optimized_images.</summary>
sealed class OptimizedImages(ForumDatabase database, FileStores files, TimeProvider time)
{
    const int Version = 2;

    /// <summary>Sizes that are made; another is answered with the next larger, so that nobody fills the disk with sizes.</summary>
    static readonly int[] Sides = [24, 32, 48, 64, 96, 144, 240, 288, 480];

    /// <returns>The address of the square; null when there is no such upload, or it is no picture that can be read.</returns>
    public async Task<string?> SquareAsync(int uploadId, int side, CancellationToken cancellation)
    {
        side = Sides.FirstOrDefault(one => one >= side, Sides[^1]);
        if (await database.ScalarAsync<string>("""
            SELECT url
            FROM optimized_images
            WHERE upload_id = $1 AND width = $2 AND height = $2
            """, [uploadId, side], cancellation) is { } made)
        {
            return made;
        }

        var upload = await database.FindAsync(
            "SELECT url, sha1 FROM uploads WHERE id = $1 AND url NOT LIKE '/images/%'", row => (Url: row.Text(0), Sha1: row.TextOrNull(1)), [uploadId], cancellation);
        if (upload.Url is not { Length: > 0 } || upload.Sha1 is not { Length: 40 } sha1 || await files.Of(upload.Url).ReadAsync(upload.Url, cancellation) is not { } content
            || Pictures.Square(content, side) is not { } square)
        {
            return null;
        }

        return await KeepAsync(uploadId, sha1, square, "png", side, side, cancellation);
    }

    /// <summary>The picture as a post shows it, where that is smaller than it is; null when it cannot be read.</summary>
    public async Task<string?> ThumbnailAsync(int uploadId, string sha1, byte[] content, string extension, int width, int height, CancellationToken cancellation) =>
        Pictures.Scaled(content, width, height) is { } smaller ? await KeepAsync(uploadId, sha1, smaller, extension, width, height, cancellation) : null;

    async Task<string> KeepAsync(int uploadId, string sha1, byte[] picture, string extension, int width, int height, CancellationToken cancellation)
    {
        var path = UploadStore.PathOf(uploadId, sha1, extension).Replace("original/", "optimized/", StringComparison.Ordinal);
        path = path[..^(extension.Length + 1)] + string.Create(CultureInfo.InvariantCulture, $"_{Version}_{width}x{height}.{extension}");
        var url = await files.Current.PutAsync(path, picture, FileTypes.ContentType(extension), null, cancellation);
#pragma warning disable CA5350 // The column's own kind of name.
        var name = Convert.ToHexStringLower(SHA1.HashData(picture));
#pragma warning restore CA5350
        await database.ExecuteAsync("""
            INSERT INTO optimized_images (sha1, extension, width, height, upload_id, url, filesize, version, created_at, updated_at)
            VALUES ($1, '.' || $8, $2, $9, $3, $4, $5, $6, $7, $7)
            ON CONFLICT DO NOTHING
            """, [name, width, uploadId, url, picture.Length, Version, time.GetUtcNow().UtcDateTime, extension, height], cancellation);
        return url;
    }
}
