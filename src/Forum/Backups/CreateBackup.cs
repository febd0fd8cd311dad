using System.Formats.Tar;
using System.Globalization;
using System.IO.Compression;
using System.Text.Json.Nodes;
using Forum.Configuration;
using Forum.Database;
using Forum.Jobs;
using Forum.Settings;

namespace Forum.Backups;

/// <summary>Writes database and uploads into one archive: dump.pgdump, as pg_restore takes it, and uploads/. Older archives than maximum_backups go.</summary>
sealed class CreateBackup(Backups backups, PostgresPrograms postgres, GlobalSettings globals, SiteSettings settings, TimeProvider time) : IJob
{
    public const string JobName = "create_backup";

    public string Name => JobName;

    public Task RunAsync(JsonObject arguments, CancellationToken cancellation) => RunAsync((bool?)arguments["with_uploads"] == true, cancellation);

    /// <returns>The archive's name.</returns>
    public async Task<string> RunAsync(bool withUploads, CancellationToken cancellation)
    {
        var folder = Path.Combine(globals.AppRoot, "tmp", "backups");
        Directory.CreateDirectory(folder);
        var work = Directory.CreateDirectory(Path.Combine(folder, Guid.NewGuid().ToString("N"))).FullName;
        try
        {
            var stamp = time.GetUtcNow().ToString("yyyy-MM-dd-HHmmss", CultureInfo.InvariantCulture);
            var name = $"discourse-{stamp}-v{ForumVersion.Current}.tar.gz";
            var dump = Path.Combine(work, Archive.Dump);
            await postgres.DumpAsync(dump, cancellation);
            var archive = Path.Combine(work, name);
            await WriteAsync(archive, dump, withUploads, cancellation);
            await backups.Store.AddAsync(archive, name, cancellation);
            foreach (var old in (await backups.Store.ListAsync(cancellation)).Skip(Math.Max(1, settings.Int("maximum_backups"))))
            {
                await backups.Store.DeleteAsync(old.Name, cancellation);
            }

            return name;
        }
        finally
        {
            Directory.Delete(work, recursive: true);
        }
    }

    async Task WriteAsync(string archive, string dump, bool withUploads, CancellationToken cancellation)
    {
        await using var file = File.Create(archive);
        await using var zip = new GZipStream(file, CompressionLevel.Fastest);
        await using var tar = new TarWriter(zip);
        await tar.WriteEntryAsync(dump, Archive.Dump, cancellation);
        var uploads = Path.Combine(globals.AppRoot, "public", "uploads", "default");
        if (!withUploads || !Directory.Exists(uploads))
        {
            return;
        }

        foreach (var upload in Directory.EnumerateFiles(uploads, "*", SearchOption.AllDirectories))
        {
            await tar.WriteEntryAsync(upload, Archive.Uploads + Path.GetRelativePath(uploads, upload), cancellation);
        }
    }
}

/// <summary>Makes a backup by itself every backup_frequency days, at backup_time_of_day.</summary>
sealed class ScheduleBackups(ForumDatabase database, Backups backups, JobQueue queue, SiteSettings settings, TimeProvider time) : IScheduledJob
{
    public string Name => "schedule_backup";

    public TimeSpan Every => TimeSpan.FromMinutes(30);

    public async Task RunAsync(CancellationToken cancellation)
    {
        if (!settings.Bool("enable_backups") || !settings.Bool("automatic_backups_enabled") || settings.Int("backup_frequency") < 1)
        {
            return;
        }

        var now = time.GetUtcNow().UtcDateTime;
        var newest = (await backups.Store.ListAsync(cancellation)).FirstOrDefault()?.ModifiedAt;
        var at = TimeSpan.TryParseExact(settings.Text("backup_time_of_day"), @"h\:mm", CultureInfo.InvariantCulture, out var given) ? given : TimeSpan.FromHours(3.5);
        if (IsDue(now, newest, settings.Int("backup_frequency"), at)
            && !await database.ScalarAsync<bool>("SELECT EXISTS (SELECT FROM forum_jobs WHERE name = $1 AND dead_at IS NULL)", [CreateBackup.JobName], cancellation))
        {
            await queue.EnqueueAsync(database, CreateBackup.JobName, new JsonObject { ["with_uploads"] = settings.Bool("backup_with_uploads") }, cancellation);
        }
    }

    /// <summary>Whether the time of day has come and the newest archive is of another day, long enough ago.</summary>
    public static bool IsDue(DateTime now, DateTime? newest, int days, TimeSpan at) =>
        now.TimeOfDay >= at && (newest is null || (now.Date - newest.Value.Date).TotalDays >= days);
}
