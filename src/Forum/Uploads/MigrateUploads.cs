using Forum.Database;
using Forum.S3;

namespace Forum.Uploads;

/// <summary>Brings the files of a forum that kept them in its container into the bucket, and the addresses in posts with them. What is there already is not sent again, so it may be stopped and started.</summary>
sealed class MigrateUploads(ForumDatabase database, FileStores files)
{
    /// <returns>How many files were moved, and which are missing in the container.</returns>
    public async Task<(int Moved, List<string> Missing)> RunAsync(S3Bucket bucket, Action<string> say, CancellationToken cancellation)
    {
        var moved = 0;
        var missing = new List<string>();
        var uploads = await database.ListAsync("""
            SELECT id, url, original_filename, false
            FROM uploads
            WHERE url LIKE '/uploads/default/%'
            UNION ALL
            SELECT id, url, '', true
            FROM optimized_images
            WHERE url LIKE '/uploads/default/%'
            """, row => (Id: row.Int(0), Url: row.Text(1), Name: row.Text(2), IsOptimized: row.Bool(3)), [], cancellation);
        foreach (var upload in uploads)
        {
            if (await files.Local.ReadAsync(upload.Url, cancellation) is not { } content)
            {
                missing.Add(upload.Url);
                continue;
            }

            var key = upload.Url["/uploads/default/".Length..];
            var extension = Path.GetExtension(key).TrimStart('.').ToLowerInvariant();
            if (!await bucket.ExistsAsync(key, cancellation))
            {
                await bucket.PutUploadAsync(key, content, FileTypes.ContentType(extension), FileTypes.IsShown(extension) || upload.Name.Length == 0 ? null : upload.Name, cancellation);
            }

            var url = bucket.Settings.BaseUrl + "/" + key;
            await MoveAsync(upload.Id, upload.IsOptimized, upload.Url, url, cancellation);
            say($"{upload.Url} -> {url}");
            moved++;
        }

        return (moved, missing);
    }

    async Task MoveAsync(int id, bool isOptimized, string from, string to, CancellationToken cancellation)
    {
        await using var work = await database.BeginAsync(cancellation);
        await (isOptimized
            ? work.ExecuteAsync("UPDATE optimized_images SET url = $2 WHERE id = $1", [id, to], cancellation)
            : work.ExecuteAsync("UPDATE uploads SET url = $2, updated_at = now() WHERE id = $1", [id, to], cancellation));
        // The posts that show an upload are known by its references, so no text of the whole forum is searched.
        await work.ExecuteAsync("""
            UPDATE posts
            SET cooked = replace(cooked, $2, $3), raw = replace(raw, $2, $3)
            WHERE id IN (
                SELECT r.target_id
                FROM upload_references r
                WHERE r.target_type = 'Post' AND r.upload_id = CASE WHEN $4 THEN (SELECT o.upload_id FROM optimized_images o WHERE o.id = $1) ELSE $1 END)
            """, [id, from, files.Public(to), isOptimized], cancellation);
        await work.CommitAsync(cancellation);
    }
}
