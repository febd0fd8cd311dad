using Forum.Database;
using Forum.Settings;

namespace Forum.Uploads;

/// <summary>Removes files that no post, profile, setting, draft or waiting post names, with the pictures that were made of them.</summary>
sealed partial class OrphanUploads(ForumDatabase database, FileStores files, SiteSettings settings, ILogger<OrphanUploads> logger)
{
    sealed record Candidate(int Id, string Sha1, string Url);

    public async Task RemoveAsync(DateTime now, CancellationToken cancellation)
    {
        var before = now.AddHours(-Math.Max(settings.Int("clean_orphan_uploads_grace_period_hours"), 1));
        var removed = 0;
        foreach (var upload in await CandidatesAsync(before, now, cancellation))
        {
            if (await IsWrittenAboutAsync(upload, cancellation))
            {
                continue;
            }

            var urls = await database.ListAsync("""
                WITH pictures AS (DELETE FROM optimized_images WHERE upload_id = $1 RETURNING url),
                    upload AS (DELETE FROM uploads WHERE id = $1 RETURNING url)
                SELECT url FROM pictures UNION ALL SELECT url FROM upload
                """, row => row.Text(0), [upload.Id], cancellation);
            foreach (var url in urls.Where(url => url.Length > 0))
            {
                await files.Of(url).DeleteAsync(url, cancellation);
            }

            removed++;
        }

        if (removed > 0)
        {
            LogRemoved(removed);
        }
    }

    Task<List<Candidate>> CandidatesAsync(DateTime before, DateTime now, CancellationToken cancellation) => database.ListAsync("""
        SELECT u.id, coalesce(u.sha1, ''), u.url
        FROM uploads u
        WHERE u.id > 0 AND u.created_at < $1 AND (u.retain_hours IS NULL OR u.created_at < $2 - make_interval(hours => u.retain_hours))
            AND NOT EXISTS (SELECT FROM upload_references r WHERE r.upload_id = u.id)
            AND NOT EXISTS (SELECT FROM users x WHERE x.uploaded_avatar_id = u.id)
            AND NOT EXISTS (SELECT FROM user_avatars x WHERE x.custom_upload_id = u.id OR x.gravatar_upload_id = u.id)
            AND NOT EXISTS (SELECT FROM user_profiles x WHERE x.profile_background_upload_id = u.id OR x.card_background_upload_id = u.id)
            AND NOT EXISTS (SELECT FROM categories x WHERE u.id IN (x.uploaded_logo_id, x.uploaded_background_id, x.uploaded_logo_dark_id, x.uploaded_background_dark_id))
            AND NOT EXISTS (SELECT FROM groups x WHERE x.flair_upload_id = u.id)
            AND NOT EXISTS (SELECT FROM badges x WHERE x.image_upload_id = u.id)
            AND NOT EXISTS (SELECT FROM custom_emojis x WHERE x.upload_id = u.id)
            AND NOT EXISTS (SELECT FROM posts x WHERE x.image_upload_id = u.id)
            AND NOT EXISTS (SELECT FROM site_settings x WHERE x.value = u.id::text AND x.data_type IN (17, 18))
        """, row => new Candidate(row.Int(0), row.Text(1), row.Text(2)), [before, now], cancellation);

    /// <summary>Texts that are not posts yet name a file by the short address that the composer writes, by its hash, or by its address.</summary>
    async Task<bool> IsWrittenAboutAsync(Candidate upload, CancellationToken cancellation)
    {
        string[] names = upload.Sha1.Length == 40 ? [upload.Url, upload.Sha1, Base62.FromSha1(upload.Sha1)] : [upload.Url];
        return await database.ScalarAsync<bool>("""
            SELECT EXISTS (SELECT FROM drafts d JOIN unnest($1::text[]) AS n (name) ON n.name <> '' AND strpos(d.data, n.name) > 0)
                OR EXISTS (SELECT FROM reviewables r JOIN unnest($1::text[]) AS n (name) ON n.name <> '' AND strpos(r.payload::text, n.name) > 0 WHERE r.status = 0)
            """, [names], cancellation);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Removed {Count} uploads that nothing used")]
    partial void LogRemoved(int count);
}
