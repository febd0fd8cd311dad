using Forum.Configuration;
using Forum.Settings;

namespace Forum.S3;

/// <summary>A bucket as the operator set it.</summary>
sealed record S3Settings
{
    const string Amazon = "https://s3.amazonaws.com";

    public required string Bucket { get; init; }

    /// <summary>Put before each key; empty or ending in a slash. From a bucket given as name/folder.</summary>
    public string Folder { get; init; } = "";

    public required string Region { get; init; }

    public string? AccessKeyId { get; init; }

    public string? SecretAccessKey { get; init; }

    public string Endpoint { get; init; } = Amazon;

    public bool ForcePathStyle { get; init; }

    public bool InstallCorsRule { get; init; }

    /// <summary>Objects are made readable one by one; off when the bucket's policy says who reads.</summary>
    public bool UseAcls { get; init; } = true;

    public string? CdnUrl { get; init; }

    /// <summary>The start of what uploads.url holds, without a scheme: //bucket.endpoint, or //endpoint/bucket with path style.</summary>
    public string BaseUrl
    {
        get
        {
            var endpoint = new Uri(Endpoint).Authority;
            return Endpoint.TrimEnd('/') == Amazon && !ForcePathStyle ? $"//{Bucket}.s3.dualstack.{Region}.amazonaws.com"
                : ForcePathStyle ? $"//{endpoint}/{Bucket}" : $"//{Bucket}.{endpoint}";
        }
    }

    /// <summary>The key (without folder) of an address in this bucket; null for any other.</summary>
    public string? KeyOf(string url) => url.StartsWith(BaseUrl + "/", StringComparison.Ordinal) ? url[(BaseUrl.Length + 1)..] : null;

    /// <summary>The bucket of uploads and assets, from variables. Null unless bucket, region and keys (or an IAM profile) are set.</summary>
    public static S3Settings? From(GlobalSettings globals) => From(globals, globals.Text("s3_bucket", null), name => globals.Text(name, null));

    /// <summary>The bucket of uploads: the operator's, or the one that an administrator set in the site's settings.</summary>
    public static S3Settings? ForUploads(GlobalSettings globals, SettingValues settings)
    {
        var found = From(globals) ?? (settings.Bool("enable_s3_uploads") ? From(globals, settings.Text("s3_upload_bucket"), settings.Text) : null);
        return found is null ? null : found with { UseAcls = settings.Bool("s3_use_acls") };
    }

    /// <summary>The bucket of backups; null when they stay in the container.</summary>
    public static S3Settings? ForBackups(GlobalSettings globals, SettingValues settings) =>
        settings.Text("backup_location") == "s3" ? From(globals, settings.Text("s3_backup_bucket"), settings.Text) : null;

    static S3Settings? From(GlobalSettings globals, string? bucket, Func<string, string?> text)
    {
        var (region, id, secret) = (Value("s3_region"), Value("s3_access_key_id"), Value("s3_secret_access_key"));
        if (string.IsNullOrEmpty(bucket) || region is null || !(Value("s3_use_iam_profile") == "true" || (id is not null && secret is not null)))
        {
            return null;
        }

        var slash = bucket.IndexOf('/', StringComparison.Ordinal);
        return new S3Settings
        {
            Bucket = slash < 0 ? bucket : bucket[..slash],
            Folder = slash < 0 ? "" : bucket[(slash + 1)..].Trim('/') + "/",
            Region = region,
            AccessKeyId = id,
            SecretAccessKey = secret,
            Endpoint = (Value("s3_endpoint") ?? Amazon).TrimEnd('/'),
            ForcePathStyle = globals.Flag("s3_force_path_style", false),
            InstallCorsRule = globals.Flag("s3_install_cors_rule", true),
            CdnUrl = Value("s3_cdn_url"),
        };

        string? Value(string name) => text(name) is { Length: > 0 } value ? value : null;
    }
}

/// <summary>The buckets that are set at this moment; each is opened once.</summary>
sealed class S3Buckets(GlobalSettings globals, SiteSettings settings) : IDisposable
{
    readonly System.Collections.Concurrent.ConcurrentDictionary<S3Settings, S3Bucket> _open = new();

    /// <summary>Null: uploads are in the container.</summary>
    public S3Bucket? Uploads => Open(S3Settings.ForUploads(globals, settings.Current));

    /// <summary>Null: backups are in the container.</summary>
    public S3Bucket? Backups => Open(S3Settings.ForBackups(globals, settings.Current));

    public void Dispose()
    {
        foreach (var bucket in _open.Values)
        {
            bucket.Dispose();
        }
    }

    S3Bucket? Open(S3Settings? wanted) => wanted is null ? null : _open.GetOrAdd(wanted, found => new S3Bucket(found));
}
