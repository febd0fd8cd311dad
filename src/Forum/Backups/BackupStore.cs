using System.Text.RegularExpressions;
using Amazon.S3;
using Amazon.S3.Model;
using Forum.Configuration;
using Forum.S3;
using S3Bucket = Forum.S3.S3Bucket;

namespace Forum.Backups;

/// <summary>An archive: discourse-DATE-vVERSION.tar.gz.</summary>
sealed record Backup(string Name, long Bytes, DateTime ModifiedAt);

/// <summary>Where archives are kept.</summary>
interface IBackupStore
{
    /// <summary>The newest first.</summary>
    Task<List<Backup>> ListAsync(CancellationToken cancellation);

    /// <summary>Takes a finished archive over; the file is gone from where it was.</summary>
    Task AddAsync(string file, string name, CancellationToken cancellation);

    Task DeleteAsync(string name, CancellationToken cancellation);

    /// <summary>How a browser gets it.</summary>
    Task<IResult> DownloadAsync(string name, CancellationToken cancellation);

    /// <summary>A copy in this container, to be restored.</summary>
    Task CopyToAsync(string name, string file, CancellationToken cancellation);
}

/// <summary>The store that backup_location names at this moment.</summary>
sealed partial class Backups(LocalBackups local, S3Buckets buckets)
{
    public IBackupStore Store => buckets.Backups is { } bucket ? new S3Backups(bucket) : local;

    /// <summary>The archive of that name, or null; a name with a path in it is none.</summary>
    public async Task<Backup?> FindAsync(string name, CancellationToken cancellation) =>
        Valid().IsMatch(name) ? (await Store.ListAsync(cancellation)).Find(backup => backup.Name == name) : null;

    [GeneratedRegex(@"^[A-Za-z0-9][A-Za-z0-9._-]*\.tar\.gz$")]
    private static partial Regex Valid();
}

/// <summary>Archives in public/backups/default of the container.</summary>
sealed class LocalBackups(GlobalSettings globals) : IBackupStore
{
    readonly string _folder = Path.Combine(globals.AppRoot, "public", "backups", "default");

    public Task<List<Backup>> ListAsync(CancellationToken cancellation) => Task.FromResult<List<Backup>>(!Directory.Exists(_folder) ? [] :
    [
        .. new DirectoryInfo(_folder).EnumerateFiles("*.tar.gz").OrderByDescending(file => file.LastWriteTimeUtc).ThenByDescending(file => file.Name, StringComparer.Ordinal)
            .Select(file => new Backup(file.Name, file.Length, file.LastWriteTimeUtc)),
    ]);

    public Task AddAsync(string file, string name, CancellationToken cancellation)
    {
        Directory.CreateDirectory(_folder);
        var unfinished = Path.Combine(_folder, $".{name}.part");
        // From another file system a move is a copy, which nobody may see half done.
        File.Move(file, unfinished, overwrite: true);
        File.Move(unfinished, Path.Combine(_folder, name), overwrite: true);
        return Task.CompletedTask;
    }

    public Task DeleteAsync(string name, CancellationToken cancellation)
    {
        File.Delete(Path.Combine(_folder, name));
        return Task.CompletedTask;
    }

    public Task<IResult> DownloadAsync(string name, CancellationToken cancellation) => Task.FromResult(Results.File(Path.Combine(_folder, name), "application/gzip", name));

    public Task CopyToAsync(string name, string file, CancellationToken cancellation)
    {
        File.Copy(Path.Combine(_folder, name), file, overwrite: true);
        return Task.CompletedTask;
    }
}

/// <summary>Archives in the operator's bucket for them, under default/.</summary>
sealed class S3Backups(S3Bucket bucket) : IBackupStore
{
    const string Prefix = "default/";
    static readonly TimeSpan DownloadTime = TimeSpan.FromMinutes(10);

    public async Task<List<Backup>> ListAsync(CancellationToken cancellation) =>
    [
        .. (await bucket.ListAsync(Prefix, cancellation)).Where(one => one.Key.EndsWith(".tar.gz", StringComparison.Ordinal)).OrderByDescending(one => one.Modified)
            .ThenByDescending(one => one.Key, StringComparer.Ordinal).Select(one => new Backup(one.Key[Prefix.Length..], one.Size, one.Modified)),
    ];

    public async Task AddAsync(string file, string name, CancellationToken cancellation)
    {
        await bucket.PutPrivateAsync(Prefix + name, file, cancellation);
        File.Delete(file);
    }

    public Task DeleteAsync(string name, CancellationToken cancellation) => bucket.DeleteAsync(Prefix + name, cancellation);

    public async Task<IResult> DownloadAsync(string name, CancellationToken cancellation) =>
        Results.Redirect(await bucket.SignAsync(new GetPreSignedUrlRequest { Key = bucket.Key(Prefix + name), Verb = HttpVerb.GET }, DownloadTime));

    public Task CopyToAsync(string name, string file, CancellationToken cancellation) => bucket.DownloadAsync(Prefix + name, file, cancellation);
}
