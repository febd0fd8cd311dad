using System.Text.Json.Nodes;
using Forum.Viewing;
using Forum.Web;

namespace Forum.Uploads;

static class UploadsApi
{
    public static void MapUploads(this IEndpointRouteBuilder app)
    {
        app.MapPost("/uploads", CreateAsync).RequireLogin().Named("uploads#create");
        app.MapPost("/uploads/lookup-urls", LookupAsync).RequireLogin().Named("uploads#lookup_urls");
        app.MapGet("/uploads/short-url/{name}", ShortAsync).AllowAnyone().Named("uploads#show_short");
        app.MapGet("/uploads/default/{**path}", Serve).AllowAnyone().OpenToVisitors().Named("uploads#show");
        app.MapExternalUploads();
    }

    static async Task<IResult> CreateAsync(HttpContext context, Parameters given, Viewers viewers, UploadStore store, CancellationToken cancellation)
    {
        var viewer = await viewers.OfAsync(context, cancellation);
        var file = given.File("file") ?? given.File("files[]") ?? throw Refused.Missing("file");
        var type = given.Text("upload_type") ?? given.Text("type") ?? throw Refused.Missing("upload_type");
        if (file.Length is 0 or > 64 * 1024 * 1024)
            throw Refused.Invalid("Sorry, the file you are trying to upload is empty or too big.");
        var content = new byte[file.Length];
        await using (var stream = file.OpenReadStream())
            await stream.ReadExactlyAsync(content, cancellation);
        return Replies.Json(store.Json(await store.AddAsync(file.FileName, content, type, viewer, cancellation)));
    }

    static async Task<IResult> LookupAsync(Parameters given, UploadStore store, FileStores files, CancellationToken cancellation)
    {
        var list = new JsonArray();
        foreach (var address in (given.List("short_urls") ?? []).Take(100))
        {
            if (Markdown.Finishing.Images.UploadName(address) is { } name && Base62.ToSha1(name) is { } sha1 && await store.FindAsync(sha1, cancellation) is { } upload)
                list.Add(new JsonObject { ["short_url"] = address, ["url"] = files.Public(upload.Url), ["short_path"] = upload.ShortPath });
        }

        return Replies.Json(list);
    }

    static async Task<IResult> ShortAsync(HttpContext context, string name, Parameters given, UploadStore store, FileStores files, CancellationToken cancellation)
    {
        var sha1 = Base62.ToSha1(Path.GetFileNameWithoutExtension(name));
        var upload = sha1 is null ? null : await store.FindAsync(sha1, cancellation);
        return upload is null ? throw Refused.NotFound()
            : upload.Url.StartsWith("//", StringComparison.Ordinal) ? Results.Redirect(files.Public(upload.Url))
            : File(context, files.Local, upload.Url, given.Text("dl") == "1", upload.OriginalFilename);
    }

    static IResult Serve(HttpContext context, string path, LocalFiles files) => File(context, files, "/uploads/default/" + path, false, null);

    /// <summary>Pictures and media are shown, all else is downloaded, and nothing runs: the policy forbids it even inside an SVG.</summary>
    static IResult File(HttpContext context, LocalFiles files, string url, bool download, string? name)
    {
        if (files.Find(url) is not { } file || !System.IO.File.Exists(file))
            throw Refused.NotFound();
        var extension = Path.GetExtension(file).TrimStart('.').ToLowerInvariant();
        context.Response.Headers.ContentSecurityPolicy = "default-src 'none'; style-src 'unsafe-inline'; sandbox";
        context.Response.Headers.CacheControl = "public, max-age=31536000, immutable";
        context.Response.Headers.XContentTypeOptions = "nosniff";
        return Results.File(file, FileTypes.ContentType(extension), download || !FileTypes.IsShown(extension) ? name ?? Path.GetFileName(file) : null, enableRangeProcessing: true);
    }
}
