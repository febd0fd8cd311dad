namespace Forum.Rake;

/// <summary>s3:upload_assets: copies what browsers load into the bucket that they load it from.</summary>
static class S3Tasks
{
    public static async Task<int> UploadAssetsAsync(RakeContext context, CancellationToken cancellation)
    {
        if (S3.S3Settings.From(context.Globals) is not { } settings)
        {
            await context.Errors.WriteLineAsync("ERROR: Ensure S3 is configured in config/discourse.conf or environment vars");
            return 1;
        }

        using var bucket = new S3.S3Bucket(settings);
        await context.Output.WriteLineAsync("Installing CORS rules...");
        await context.Output.WriteLineAsync(settings.InstallCorsRule ? $"Assets rules status: {await bucket.InstallCorsRulesAsync(cancellation)}." : "skipping");
        var folder = Path.Combine(context.Globals.AppRoot, "public", "assets");
        if (!Directory.Exists(folder))
        {
            return 0;
        }

        var force = context.Globals.Environment.GetValueOrDefault("FORCE_S3_UPLOADS") is { Length: > 0 };
        foreach (var file in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            var key = "assets/" + Path.GetRelativePath(folder, file).Replace('\\', '/');
            if (!force && await bucket.ExistsAsync(key, cancellation))
            {
                await context.Output.WriteLineAsync($"Skipping: {key}");
                continue;
            }

            await context.Output.WriteLineAsync($"Uploading: {key}");
            await bucket.PutAssetAsync(key, file, cancellation);
        }

        return 0;
    }
}
