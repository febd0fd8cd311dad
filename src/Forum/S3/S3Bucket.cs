using System.Net;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;

namespace Forum.S3;

/// <summary>A bucket: assets, uploads or backups. Keys are given without the bucket's folder.</summary>
sealed class S3Bucket : IDisposable
{
    const string Forever = "max-age=31556952, public, immutable";

    readonly AmazonS3Client _client;

    public S3Bucket(S3Settings settings)
    {
        Settings = settings;
        var configuration = new AmazonS3Config
        {
            ServiceURL = settings.Endpoint,
            AuthenticationRegion = settings.Region,
            ForcePathStyle = settings.ForcePathStyle,
            // Services other than Amazon's refuse the newer checksums.
            RequestChecksumCalculation = RequestChecksumCalculation.WHEN_REQUIRED,
            ResponseChecksumValidation = ResponseChecksumValidation.WHEN_REQUIRED,
        };
        _client = settings.AccessKeyId is null
            ? new AmazonS3Client(configuration)
            : new AmazonS3Client(new BasicAWSCredentials(settings.AccessKeyId, settings.SecretAccessKey), configuration);
    }

    public S3Settings Settings { get; }

    /// <summary>For what is signed and uploaded by others.</summary>
    public AmazonS3Client Client => _client;

    public string Key(string key) => Settings.Folder + key;

    public async Task<bool> ExistsAsync(string key, CancellationToken cancellation) => await FindAsync(key, cancellation) is not null;

    /// <summary>Size and time; null when there is no such object.</summary>
    public async Task<GetObjectMetadataResponse?> FindAsync(string key, CancellationToken cancellation)
    {
        try
        {
            return await _client.GetObjectMetadataAsync(Settings.Bucket, Key(key), cancellation);
        }
        catch (AmazonS3Exception e) when (e.StatusCode == HttpStatusCode.NotFound)
        {
            return null;
        }
    }

    /// <summary>A file that browsers load; its name changes with its content, so it is kept forever.</summary>
    public Task PutAssetAsync(string key, Stream content, CancellationToken cancellation)
    {
        var request = new PutObjectRequest { InputStream = content, ContentType = ContentType(key) };
        if (key.Contains(".br.", StringComparison.Ordinal) || key.Contains(".gz.", StringComparison.Ordinal))
        {
            request.Headers.ContentEncoding = key.Contains(".br.", StringComparison.Ordinal) ? "br" : "gzip";
        }

        return PutPublicAsync(request, key, cancellation);
    }

    /// <summary>An upload of a member; with a name it is offered for download instead of being shown.</summary>
    public async Task PutUploadAsync(string key, byte[] content, string contentType, string? downloadName, CancellationToken cancellation)
    {
        using var stream = new MemoryStream(content, writable: false);
        var request = new PutObjectRequest { InputStream = stream, ContentType = contentType };
        if (downloadName is not null)
        {
            request.Headers.ContentDisposition = $"attachment; filename*=UTF-8''{Uri.EscapeDataString(downloadName)}";
        }

        await PutPublicAsync(request, key, cancellation);
    }

    /// <summary>A file that nobody reads without the keys: a backup.</summary>
    public Task PutPrivateAsync(string key, string file, CancellationToken cancellation) =>
        _client.PutObjectAsync(new PutObjectRequest { BucketName = Settings.Bucket, Key = Key(key), FilePath = file, ContentType = "application/gzip", UseChunkEncoding = false }, cancellation);

    public async Task<byte[]?> ReadAsync(string key, CancellationToken cancellation)
    {
        try
        {
            using var answer = await _client.GetObjectAsync(Settings.Bucket, Key(key), cancellation);
            using var content = new MemoryStream();
            await answer.ResponseStream.CopyToAsync(content, cancellation);
            return content.ToArray();
        }
        catch (AmazonS3Exception e) when (e.StatusCode == HttpStatusCode.NotFound)
        {
            return null;
        }
    }

    public async Task DownloadAsync(string key, string file, CancellationToken cancellation)
    {
        using var answer = await _client.GetObjectAsync(Settings.Bucket, Key(key), cancellation);
        await answer.WriteResponseStreamToFileAsync(file, append: false, cancellation);
    }

    public Task DeleteAsync(string key, CancellationToken cancellation) => _client.DeleteObjectAsync(Settings.Bucket, Key(key), cancellation);

    /// <summary>All objects under a prefix, keys without the folder.</summary>
    public async Task<List<(string Key, long Size, DateTime Modified)>> ListAsync(string prefix, CancellationToken cancellation)
    {
        var found = new List<(string, long, DateTime)>();
        var request = new ListObjectsV2Request { BucketName = Settings.Bucket, Prefix = Key(prefix) };
        ListObjectsV2Response answer;
        do
        {
            answer = await _client.ListObjectsV2Async(request, cancellation);
            found.AddRange((answer.S3Objects ?? []).Select(one => (one.Key[Settings.Folder.Length..], one.Size ?? 0, (one.LastModified ?? default).ToUniversalTime())));
            request.ContinuationToken = answer.NextContinuationToken;
        }
        while (answer.IsTruncated == true);
        return found;
    }

    /// <summary>An address that lets anyone who has it do one thing for a while.</summary>
    public Task<string> SignAsync(GetPreSignedUrlRequest request, TimeSpan life)
    {
        request.BucketName = Settings.Bucket;
        request.Protocol = Settings.Endpoint.StartsWith("http://", StringComparison.Ordinal) ? Protocol.HTTP : Protocol.HTTPS;
#pragma warning disable RS0030 // The signature carries the machine's time; the service compares it with its own.
        request.Expires = DateTime.UtcNow + life;
#pragma warning restore RS0030
        return _client.GetPreSignedURLAsync(request);
    }

    /// <returns>"installed" or "already exists".</returns>
    public async Task<string> InstallCorsRulesAsync(CancellationToken cancellation)
    {
        try
        {
            if ((await _client.GetCORSConfigurationAsync(Settings.Bucket, cancellation)).Configuration?.Rules is { Count: > 0 })
            {
                return "already exists";
            }
        }
        catch (AmazonS3Exception e) when (e.StatusCode == HttpStatusCode.NotFound)
        {
            // There are none.
        }

        await _client.PutCORSConfigurationAsync(Settings.Bucket, new CORSConfiguration
        {
            Rules =
            [
                new CORSRule { AllowedOrigins = ["*"], AllowedMethods = ["GET", "HEAD"], AllowedHeaders = ["Authorization"], MaxAgeSeconds = 3000 },
                // Uploads that browsers send to the bucket themselves.
                new CORSRule { AllowedOrigins = ["*"], AllowedMethods = ["GET", "HEAD", "PUT"], AllowedHeaders = ["*"], ExposeHeaders = ["ETag"], MaxAgeSeconds = 3000 },
            ],
        }, cancellation);
        return "installed";
    }

    public void Dispose() => _client.Dispose();

    Task<PutObjectResponse> PutPublicAsync(PutObjectRequest request, string key, CancellationToken cancellation)
    {
        request.BucketName = Settings.Bucket;
        request.Key = Key(key);
        request.Headers.CacheControl = Forever;
        // Signed as one: services other than Amazon's keep the chunks' own signatures in the object.
        request.UseChunkEncoding = false;
        if (Settings.UseAcls)
        {
            request.CannedACL = S3CannedACL.PublicRead;
        }

        return _client.PutObjectAsync(request, cancellation);
    }

    static string ContentType(string key) => Path.GetExtension(key) switch
    {
        ".js" or ".mjs" => "text/javascript",
        ".css" => "text/css",
        ".json" or ".map" => "application/json",
        ".svg" => "image/svg+xml",
        ".png" => "image/png",
        ".ico" => "image/x-icon",
        ".woff2" => "font/woff2",
        _ => "application/octet-stream",
    };
}
