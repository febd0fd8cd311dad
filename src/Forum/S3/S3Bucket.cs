using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;

namespace Forum.S3;

/// <summary>The operator's bucket.</summary>
sealed class S3Bucket : IDisposable
{
    readonly S3Settings _settings;
    readonly AmazonS3Client _client;

    public S3Bucket(S3Settings settings)
    {
        _settings = settings;
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

    public async Task<bool> ExistsAsync(string key, CancellationToken cancellation)
    {
        try
        {
            await _client.GetObjectMetadataAsync(_settings.Bucket, _settings.Folder + key, cancellation);
            return true;
        }
        catch (AmazonS3Exception e) when (e.StatusCode == System.Net.HttpStatusCode.NotFound)
        {
            return false;
        }
    }

    /// <summary>A file that browsers load; its name changes with its content, so it is kept forever.</summary>
    public async Task PutAssetAsync(string key, string file, CancellationToken cancellation)
    {
        var request = new PutObjectRequest
        {
            BucketName = _settings.Bucket,
            Key = _settings.Folder + key,
            FilePath = file,
            ContentType = ContentType(key),
            CannedACL = S3CannedACL.PublicRead,
        };
        request.Headers.CacheControl = "max-age=31556952, public, immutable";
        if (key.Contains(".br.", StringComparison.Ordinal) || key.Contains(".gz.", StringComparison.Ordinal))
        {
            request.Headers.ContentEncoding = key.Contains(".br.", StringComparison.Ordinal) ? "br" : "gzip";
        }

        await _client.PutObjectAsync(request, cancellation);
    }

    /// <returns>"installed" or "already exists".</returns>
    public async Task<string> InstallCorsRulesAsync(CancellationToken cancellation)
    {
        try
        {
            if ((await _client.GetCORSConfigurationAsync(_settings.Bucket, cancellation)).Configuration?.Rules is { Count: > 0 })
            {
                return "already exists";
            }
        }
        catch (AmazonS3Exception e) when (e.StatusCode == System.Net.HttpStatusCode.NotFound)
        {
            // There are none.
        }

        await _client.PutCORSConfigurationAsync(_settings.Bucket, new CORSConfiguration
        {
            Rules = [new CORSRule { AllowedOrigins = ["*"], AllowedMethods = ["GET", "HEAD"], AllowedHeaders = ["Authorization"], MaxAgeSeconds = 3000 }],
        }, cancellation);
        return "installed";
    }

    public void Dispose() => _client.Dispose();

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
