using Forum.Configuration;

namespace Forum.S3;

/// <summary>The bucket for uploads and assets, as the operator set it.</summary>
sealed record S3Settings
{
    public required string Bucket { get; init; }

    /// <summary>Put before each key; empty or ending in a slash. From a bucket given as name/folder.</summary>
    public string Folder { get; init; } = "";

    public required string Region { get; init; }

    public string? AccessKeyId { get; init; }

    public string? SecretAccessKey { get; init; }

    public string Endpoint { get; init; } = "https://s3.amazonaws.com";

    public bool ForcePathStyle { get; init; }

    public bool InstallCorsRule { get; init; }

    public string? CdnUrl { get; init; }

    /// <summary>Null unless bucket, region and keys (or an IAM profile) are set.</summary>
    public static S3Settings? From(GlobalSettings globals)
    {
        if (globals.Text("s3_bucket", null) is not { } bucket || globals.Text("s3_region", null) is not { } region
            || !(globals.Flag("s3_use_iam_profile", false) || (globals.Text("s3_access_key_id", null) is not null && globals.Text("s3_secret_access_key", null) is not null)))
        {
            return null;
        }

        var slash = bucket.IndexOf('/', StringComparison.Ordinal);
        return new S3Settings
        {
            Bucket = slash < 0 ? bucket : bucket[..slash],
            Folder = slash < 0 ? "" : bucket[(slash + 1)..].Trim('/') + "/",
            Region = region,
            AccessKeyId = globals.Text("s3_access_key_id", null),
            SecretAccessKey = globals.Text("s3_secret_access_key", null),
            Endpoint = globals.Text("s3_endpoint", null) ?? "https://s3.amazonaws.com",
            ForcePathStyle = globals.Flag("s3_force_path_style", false),
            InstallCorsRule = globals.Flag("s3_install_cors_rule", true),
            CdnUrl = globals.Text("s3_cdn_url", null),
        };
    }
}
