using Ops.Relations.Databags;

namespace Ops.Relations.S3;

/// <summary>A bucket of S3-compatible storage and the keys to it.</summary>
/// <param name="Bucket">Name of the bucket.</param>
/// <param name="AccessKey">Access key.</param>
/// <param name="SecretKey">Secret key; printed as <c>***</c>.</param>
public sealed record S3Bucket(string Bucket, string AccessKey, string SecretKey)
{
    /// <summary>URL of the storage; null means Amazon's.</summary>
    public string? Endpoint { get; init; }

    /// <summary>Region; null means the storage's default.</summary>
    public string? Region { get; init; }

    /// <summary>Folder in the bucket that is ours; null means the whole bucket.</summary>
    public string? Path { get; init; }

    /// <summary>True when the bucket is the first part of the path, false (default) when it is part of the host name.</summary>
    public bool IsPathStyle { get; init; }

    /// <inheritdoc/>
    public override string ToString() => $"s3://{AccessKey}:***@{Endpoint ?? "s3.amazonaws.com"}/{Bucket}";

    /// <summary>Reads a provider's application databag.</summary>
    /// <param name="bag">The databag.</param>
    /// <param name="secret">The content of the secret with the given URI, or null if it is unknown or not granted yet.</param>
    public static Reading<S3Bucket> Read(
        IReadOnlyDictionary<string, string> bag, Func<string, IReadOnlyDictionary<string, string>?> secret)
    {
        var keys = bag.Find("secret-extra") is { } uri ? secret(uri) ?? bag : bag;
        if (bag.Find("bucket") is not { } bucket)
        {
            return Reading.Missing<S3Bucket>("\"bucket\" is missing");
        }

        if (keys.Find("access-key") is not { } access || keys.Find("secret-key") is not { } secretKey)
        {
            return Reading.Missing<S3Bucket>("\"access-key\" or \"secret-key\" is missing");
        }

        if (bag.Find("endpoint") is { } endpoint && !DatabagValue.IsHttpUrl(endpoint))
        {
            return Reading.Faulty<S3Bucket>($"\"endpoint\" is {DatabagValue.Quoted(endpoint)}, not an http URL");
        }

        return ((string[])[bucket, access, secretKey, bag.Find("region") ?? "", bag.Find("path") ?? ""]).All(DatabagValue.IsOneLine)
            ? Reading.Of<S3Bucket>(new(bucket, access, secretKey)
            {
                Endpoint = bag.Find("endpoint"),
                Region = bag.Find("region"),
                Path = bag.Find("path"),
                IsPathStyle = bag.Find("s3-uri-style") == "path",
            })
            : Reading.Faulty<S3Bucket>("a value contains control characters");
    }
}
