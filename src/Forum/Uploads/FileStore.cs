using Forum.Configuration;
using Forum.S3;

namespace Forum.Uploads;

/// <summary>Where the bytes of uploads are.</summary>
interface IFileStore
{
    /// <summary>Keeps a file under a path such as original/1X/SHA1.png.</summary>
    /// <returns>What goes into uploads.url.</returns>
    Task<string> PutAsync(string path, byte[] content, string contentType, string? downloadName, CancellationToken cancellation);

    /// <summary>The file behind a value of uploads.url; null when it is not there, or not in this store.</summary>
    Task<byte[]?> ReadAsync(string url, CancellationToken cancellation);

    Task DeleteAsync(string url, CancellationToken cancellation);
}

/// <summary>Uploads in public/uploads/default of the container.</summary>
sealed class LocalFiles(GlobalSettings globals) : IFileStore
{
    const string Prefix = "/uploads/default/";

    readonly string _root = Path.GetFullPath(Path.Combine(globals.AppRoot, "public", "uploads")) + Path.DirectorySeparatorChar;

    public async Task<string> PutAsync(string path, byte[] content, string contentType, string? downloadName, CancellationToken cancellation)
    {
        var file = Find(Prefix + path) ?? throw new InvalidOperationException($"\"{path}\" is no path of an upload");
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        await File.WriteAllBytesAsync(file, content, cancellation);
        return Prefix + path;
    }

    public async Task<byte[]?> ReadAsync(string url, CancellationToken cancellation) =>
        Find(url) is { } file && File.Exists(file) ? await File.ReadAllBytesAsync(file, cancellation) : null;

    public Task DeleteAsync(string url, CancellationToken cancellation)
    {
        if (Find(url) is { } file && File.Exists(file))
        {
            File.Delete(file);
        }

        return Task.CompletedTask;
    }

    /// <summary>The file of an address below /uploads; null for any other, also one that climbs out.</summary>
    public string? Find(string url)
    {
        var file = Path.GetFullPath(Path.Combine(globals.AppRoot, "public", url.TrimStart('/')));
        return url.StartsWith("/uploads/", StringComparison.Ordinal) && file.StartsWith(_root, StringComparison.Ordinal) ? file : null;
    }
}

/// <summary>Uploads in the operator's bucket.</summary>
sealed class S3Files(S3Bucket bucket) : IFileStore
{
    public async Task<string> PutAsync(string path, byte[] content, string contentType, string? downloadName, CancellationToken cancellation)
    {
        await bucket.PutUploadAsync(path, content, contentType, downloadName, cancellation);
        return bucket.Settings.BaseUrl + "/" + path;
    }

    public async Task<byte[]?> ReadAsync(string url, CancellationToken cancellation) =>
        bucket.Settings.KeyOf(url) is { } key ? await bucket.ReadAsync(key, cancellation) : null;

    public async Task DeleteAsync(string url, CancellationToken cancellation)
    {
        if (bucket.Settings.KeyOf(url) is { } key)
        {
            await bucket.DeleteAsync(key, cancellation);
        }
    }
}

/// <summary>The store that new uploads go to, and the one that an old upload is in: a forum that moved to S3 has both.</summary>
sealed class FileStores(LocalFiles local, S3Buckets buckets)
{
    public IFileStore Current => buckets.Uploads is { } bucket ? new S3Files(bucket) : local;

    public LocalFiles Local => local;

    public IFileStore Of(string url) => url.StartsWith("/uploads/", StringComparison.Ordinal) || buckets.Uploads is not { } bucket ? local : new S3Files(bucket);

    /// <summary>What browsers load: through the content delivery network, if one stands before the bucket.</summary>
    public string Public(string url) => buckets.Uploads?.Settings is { CdnUrl: { Length: > 0 } cdn } settings && url.StartsWith(settings.BaseUrl + "/", StringComparison.Ordinal)
        ? cdn.TrimEnd('/') + "/" + settings.Folder + url[(settings.BaseUrl.Length + 1)..]
        : url;
}
