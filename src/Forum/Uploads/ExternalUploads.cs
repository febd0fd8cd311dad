using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Amazon.S3;
using Amazon.S3.Model;
using Forum.Database;
using Forum.RateLimits;
using Forum.S3;
using Forum.Viewing;
using Forum.Web;
using S3Bucket = Forum.S3.S3Bucket;

namespace Forum.Uploads;

/// <summary>
/// Uploads that the client sends to the bucket itself: the forum signs an address, the client puts the file there under temp/,
/// and says when it is done; only then is the file looked at and made an upload.
/// </summary>
/// <remarks>Source: Discourse's published API, "Uploads".</remarks>
static class ExternalUploads
{
    const long LargestLooked = 100 * 1024 * 1024;
    const int MostParts = 10_000;
    static readonly TimeSpan Life = TimeSpan.FromMinutes(10);

    public static void MapExternalUploads(this IEndpointRouteBuilder app)
    {
        var uploads = app.MapGroup("/uploads").RequireLogin();
        uploads.MapPost("/generate-presigned-put", SignPutAsync).Named("uploads#generate_presigned_put");
        uploads.MapPost("/complete-external-upload", CompleteAsync).Named("uploads#complete_external_upload");
        uploads.MapPost("/create-multipart", CreateMultipartAsync).Named("uploads#create_multipart");
        uploads.MapPost("/batch-presign-multipart-parts", SignPartsAsync).Named("uploads#batch_presign_multipart_parts");
        uploads.MapPost("/abort-multipart", AbortAsync).Named("uploads#abort_multipart");
        uploads.MapPost("/complete-multipart", CompleteMultipartAsync).Named("uploads#complete_multipart");
    }

    static async Task<IResult> SignPutAsync(
        HttpContext context, Parameters given, Viewers viewers, S3Buckets buckets, ForumDatabase database, RateLimiter limiter, CancellationToken cancellation)
    {
        var (bucket, viewer) = await BeginAsync(context, viewers, buckets, limiter, cancellation);
        var (stub, type) = Stub(given, viewer, given.Text("type") ?? given.Text("upload_type") ?? throw Refused.Missing("type"));
        var headers = new Dictionary<string, string>();
        if (bucket.Settings.UseAcls)
        {
            headers["x-amz-acl"] = "private";
        }

        if (given.Nested("metadata").Text("sha1-checksum") is { Length: 40 } checksum)
        {
            headers["x-amz-meta-sha1-checksum"] = checksum;
        }

        var request = new GetPreSignedUrlRequest { Key = bucket.Key(stub.Key), Verb = HttpVerb.PUT };
        foreach (var (name, value) in headers)
        {
            request.Headers[name] = value;
        }

        var url = await bucket.SignAsync(request, Life);
        await AddAsync(database, stub, type, null, viewer, cancellation);
        return Replies.Json(new JsonObject
        {
            ["url"] = url,
            ["key"] = stub.Key,
            ["unique_identifier"] = stub.Identifier.ToString(),
            ["signed_headers"] = new JsonObject([.. headers.Select(pair => KeyValuePair.Create(pair.Key, (JsonNode?)pair.Value))]),
        });
    }

    static async Task<IResult> CreateMultipartAsync(
        HttpContext context, Parameters given, Viewers viewers, S3Buckets buckets, ForumDatabase database, RateLimiter limiter, CancellationToken cancellation)
    {
        var (bucket, viewer) = await BeginAsync(context, viewers, buckets, limiter, cancellation);
        var (stub, type) = Stub(given, viewer, given.Text("upload_type") ?? given.Text("type") ?? throw Refused.Missing("upload_type"));
        var begun = new InitiateMultipartUploadRequest
        {
            BucketName = bucket.Settings.Bucket, Key = bucket.Key(stub.Key), ContentType = FileTypes.ContentType(Path.GetExtension(stub.Name).TrimStart('.').ToLowerInvariant()),
        };
        if (bucket.Settings.UseAcls)
        {
            begun.CannedACL = S3CannedACL.Private;
        }

        if (given.Nested("metadata").Text("sha1-checksum") is { Length: 40 } checksum)
        {
            begun.Metadata["sha1-checksum"] = checksum;
        }

        var answer = await bucket.Client.InitiateMultipartUploadAsync(begun, cancellation);
        await AddAsync(database, stub, type, answer.UploadId, viewer, cancellation);
        return Replies.Json(new JsonObject
        {
            ["external_upload_identifier"] = answer.UploadId, ["key"] = stub.Key, ["unique_identifier"] = stub.Identifier.ToString(),
        });
    }

    static async Task<IResult> SignPartsAsync(
        HttpContext context, Parameters given, Viewers viewers, S3Buckets buckets, ForumDatabase database, CancellationToken cancellation)
    {
        var (bucket, viewer) = await BeginAsync(context, viewers, buckets, null, cancellation);
        var stub = await FindAsync(database, given, viewer, isMultipart: true, cancellation);
        var numbers = given.Ints("part_numbers") ?? throw Refused.Missing("part_numbers");
        if (numbers.Count is 0 or > MostParts || numbers.Any(number => number is < 1 or > MostParts))
        {
            throw Refused.InvalidParameters("Part numbers must be between 1 and 10000");
        }

        var urls = new JsonObject();
        foreach (var number in numbers.Distinct())
        {
            urls[number.ToString(CultureInfo.InvariantCulture)] = await bucket.SignAsync(
                new GetPreSignedUrlRequest { Key = bucket.Key(stub.Key), Verb = HttpVerb.PUT, UploadId = stub.UploadId, PartNumber = number }, Life);
        }

        return Replies.Json(new JsonObject { ["presigned_urls"] = urls });
    }

    static async Task<IResult> CompleteMultipartAsync(
        HttpContext context, Parameters given, Viewers viewers, S3Buckets buckets, ForumDatabase database, UploadStore store, CancellationToken cancellation)
    {
        var (bucket, viewer) = await BeginAsync(context, viewers, buckets, null, cancellation);
        var stub = await FindAsync(database, given, viewer, isMultipart: true, cancellation);
        var parts = (given.Node("parts") as JsonArray ?? throw Refused.Missing("parts")).Select(part => part is JsonObject map
            && int.TryParse(map["part_number"]?.ToString(), CultureInfo.InvariantCulture, out var number) && map["etag"]?.ToString() is { Length: > 0 } tag
                ? new PartETag(number, tag) : throw Refused.InvalidParameters("parts")).OrderBy(part => part.PartNumber).ToList();
        try
        {
            await bucket.Client.CompleteMultipartUploadAsync(
                new CompleteMultipartUploadRequest { BucketName = bucket.Settings.Bucket, Key = bucket.Key(stub.Key), UploadId = stub.UploadId, PartETags = parts }, cancellation);
        }
        catch (AmazonS3Exception e) when ((int)e.StatusCode is >= 400 and < 500)
        {
            throw Refused.Invalid($"The parts of the upload do not make a file: {e.Message}");
        }

        return await PromoteAsync(bucket, stub, database, store, viewer, cancellation);
    }

    static async Task<IResult> CompleteAsync(
        HttpContext context, Parameters given, Viewers viewers, S3Buckets buckets, ForumDatabase database, UploadStore store, CancellationToken cancellation)
    {
        var (bucket, viewer) = await BeginAsync(context, viewers, buckets, null, cancellation);
        return await PromoteAsync(bucket, await FindAsync(database, given, viewer, isMultipart: false, cancellation), database, store, viewer, cancellation);
    }

    /// <summary>Gives up; of an upload that is not known, or is done, nothing is left to give up.</summary>
    static async Task<IResult> AbortAsync(
        HttpContext context, Parameters given, Viewers viewers, S3Buckets buckets, ForumDatabase database, CancellationToken cancellation)
    {
        var (bucket, viewer) = await BeginAsync(context, viewers, buckets, null, cancellation);
        var key = await database.ScalarAsync<string>("""
            UPDATE external_upload_stubs
            SET status = 3, updated_at = $3
            WHERE external_upload_identifier = $1 AND created_by_id = $2 AND status = 1
            RETURNING key
            """, [given.Required("external_upload_identifier"), viewer.User.Id, viewer.Now], cancellation);
        if (key is not null)
        {
            try
            {
                await bucket.Client.AbortMultipartUploadAsync(bucket.Settings.Bucket, bucket.Key(key), given.Required("external_upload_identifier"), cancellation);
            }
            catch (AmazonS3Exception e) when (e.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.MethodNotAllowed or HttpStatusCode.NotImplemented)
            {
                // The service has forgotten it by itself, or will: unfinished uploads end there.
            }
        }

        return Replies.Success();
    }

    /// <summary>Looks at what arrived as at any other upload, and keeps it in its place.</summary>
    static async Task<IResult> PromoteAsync(S3Bucket bucket, ExternalUpload stub, ForumDatabase database, UploadStore store, Viewer viewer, CancellationToken cancellation)
    {
        var found = await bucket.FindAsync(stub.Key, cancellation) ?? throw Refused.Invalid("The file has not arrived at the storage service.");
        try
        {
            if (found.ContentLength != stub.Size || found.ContentLength > LargestLooked)
            {
                throw Refused.Invalid("The file's size is not what was announced.");
            }

            var content = await bucket.ReadAsync(stub.Key, cancellation) ?? throw Refused.Invalid("The file has not arrived at the storage service.");
#pragma warning disable CA5350 // The name of the client's check; no secret depends on it.
            var sha1 = Convert.ToHexStringLower(SHA1.HashData(content));
#pragma warning restore CA5350
            if (found.Metadata["sha1-checksum"] is { Length: > 0 } announced && !announced.Equals(sha1, StringComparison.OrdinalIgnoreCase))
            {
                throw Refused.Invalid("The file's checksum is not what was announced.");
            }

            var upload = await store.AddAsync(stub.Name, content, stub.Type, viewer, cancellation);
            await database.ExecuteAsync("DELETE FROM external_upload_stubs WHERE id = $1", [stub.Id], cancellation);
            return Replies.Json(store.Json(upload));
        }
        catch (RefusedException)
        {
            await database.ExecuteAsync("UPDATE external_upload_stubs SET status = 3, updated_at = $2 WHERE id = $1", [stub.Id, viewer.Now], cancellation);
            throw;
        }
        finally
        {
            await bucket.DeleteAsync(stub.Key, CancellationToken.None);
        }
    }

    /// <exception cref="RefusedException">404: uploads do not go to S3, or direct ones are off, as upstream answers.</exception>
    static async Task<(S3Bucket Bucket, Viewer Viewer)> BeginAsync(HttpContext context, Viewers viewers, S3Buckets buckets, RateLimiter? limiter, CancellationToken cancellation)
    {
        var viewer = await viewers.OfAsync(context, cancellation);
        if (buckets.Uploads is not { } bucket || !viewer.Settings.Bool("enable_direct_s3_uploads"))
        {
            throw Refused.NotFound();
        }

        if (limiter is not null)
        {
            await limiter.PerformAsync($"presigned-upload-{viewer.User.Id}", 20, TimeSpan.FromMinutes(1), cancellation);
        }

        return (bucket, viewer);
    }

    static (ExternalUpload Stub, string Type) Stub(Parameters given, Viewer viewer, string type)
    {
        var name = Path.GetFileName(given.Required("file_name"));
        var size = given.Int("file_size") ?? throw Refused.Missing("file_size");
        UploadStore.CheckName(name, viewer);
        UploadStore.CheckSize(Path.GetExtension(name).TrimStart('.').ToLowerInvariant(), size, viewer);
        var random = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
        var key = $"temp/uploads/default/{random}/{random}{Path.GetExtension(name).ToLowerInvariant()}";
        return (new ExternalUpload(0, key, name, Guid.NewGuid(), null, size, type), type);
    }

    static Task<int> AddAsync(ForumDatabase database, ExternalUpload stub, string type, string? uploadId, Viewer viewer, CancellationToken cancellation) => database.ExecuteAsync("""
        INSERT INTO external_upload_stubs (key, original_filename, status, unique_identifier, created_by_id, upload_type, multipart, external_upload_identifier, filesize, created_at, updated_at)
        VALUES ($1, $2, 1, $3, $4, $5, $6, $7, $8, $9, $9)
        """, [stub.Key, stub.Name, stub.Identifier, viewer.User.Id, type, uploadId is not null, uploadId, stub.Size, viewer.Now], cancellation);

    /// <summary>One that this member began and has not finished.</summary>
    static async Task<ExternalUpload> FindAsync(ForumDatabase database, Parameters given, Viewer viewer, bool isMultipart, CancellationToken cancellation) =>
        Guid.TryParse(given.Required("unique_identifier"), out var identifier) && await database.FindAsync("""
            SELECT id, key, original_filename, unique_identifier, external_upload_identifier, filesize, upload_type
            FROM external_upload_stubs
            WHERE unique_identifier = $1 AND created_by_id = $2 AND multipart = $3 AND status = 1
            """, row => new ExternalUpload(row.GetInt64(0), row.Text(1), row.Text(2), row.GetGuid(3), row.TextOrNull(4), row.GetInt64(5), row.Text(6)),
            [identifier, viewer.User.Id, isMultipart], cancellation) is { } stub ? stub : throw Refused.NotFound();
}

/// <summary>A row of external_upload_stubs.</summary>
sealed record ExternalUpload(long Id, string Key, string Name, Guid Identifier, string? UploadId, long Size, string Type);
