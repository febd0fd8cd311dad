using System.Globalization;
using Forum.Configuration;
using Forum.Pages;
using Forum.S3;
using Forum.Settings;
using Forum.Uploads;

namespace Forum.Rake;

/// <summary>s3:upload_assets copies what browsers load into the bucket that they load it from; uploads:migrate_to_s3 moves members' files there.</summary>
static class S3Tasks
{
    const string NotConfigured = "ERROR: Ensure S3 is configured in config/discourse.conf or environment vars";

    public static async Task<int> UploadAssetsAsync(RakeContext context, CancellationToken cancellation)
    {
        if (S3Settings.From(context.Globals) is not { } settings)
        {
            await context.Errors.WriteLineAsync(NotConfigured);
            return 1;
        }

        using var bucket = new S3Bucket(settings);
        await context.Output.WriteLineAsync("Installing CORS rules...");
        await context.Output.WriteLineAsync(settings.InstallCorsRule ? $"Assets rules status: {await bucket.InstallCorsRulesAsync(cancellation)}." : "skipping");
        var force = context.Globals.Environment.GetValueOrDefault("FORCE_S3_UPLOADS") is { Length: > 0 };
        foreach (var (key, open) in Assets(context.Globals))
        {
            if (!force && await bucket.ExistsAsync(key, cancellation))
            {
                await context.Output.WriteLineAsync($"Skipping: {key}");
                continue;
            }

            await context.Output.WriteLineAsync($"Uploading: {key}");
            await using var content = open();
            await bucket.PutAssetAsync(key, content, cancellation);
        }

        return 0;
    }

    /// <summary>The program's own style sheet and script, and what an operator put into public/assets.</summary>
    static IEnumerable<(string Key, Func<Stream> Open)> Assets(GlobalSettings globals)
    {
        foreach (var (path, content) in SiteFiles.All)
        {
            yield return (path.TrimStart('/').StartsWith("assets/", StringComparison.Ordinal) ? path.TrimStart('/') : "assets" + path, () => new MemoryStream(content, writable: false));
        }

        var folder = Path.Combine(globals.AppRoot, "public", "assets");
        foreach (var file in Directory.Exists(folder) ? Directory.GetFiles(folder, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal) : Enumerable.Empty<string>())
        {
            yield return ("assets/" + Path.GetRelativePath(folder, file).Replace('\\', '/'), () => File.OpenRead(file));
        }
    }

    public static async Task<int> MigrateUploadsAsync(RakeContext context, CancellationToken cancellation)
    {
        await context.Get<SiteSettings>().LoadAsync(cancellation);
        if (context.Get<S3Buckets>().Uploads is not { } bucket)
        {
            await context.Errors.WriteLineAsync(NotConfigured);
            return 1;
        }

        await context.Output.WriteLineAsync($"Migrating uploads to S3 for '{context.Globals.Text("db_name", "discourse")}'...");
        var (moved, missing) = await new MigrateUploads(context.Get<Database.ForumDatabase>(), context.Get<FileStores>()).RunAsync(bucket, context.Output.WriteLine, cancellation);
        await context.Output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{moved} files moved"));
        foreach (var url in missing)
        {
            await context.Errors.WriteLineAsync($"cannot move {url}: the file is not in {context.Globals.AppRoot}/public; restore it, or delete the upload, and run the task again");
        }

        return missing.Count > 0 ? 1 : 0;
    }
}
