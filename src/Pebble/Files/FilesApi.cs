using System.Net.Http.Headers;
using Pebble.Api;
using Pebble.Formats;

namespace Pebble.Files;

/// <summary>/v1/files.</summary>
static class FilesApi
{
    const int LeastBoundaryLength = 32;

    public static ValueTask<Reply> GetAsync(Daemon _, Request request, CancellationToken _1)
    {
        switch (request.Query.First("action"))
        {
            case "read":
                var paths = request.Query.All("path");
                if (paths.Count == 0)
                {
                    throw ApiError.BadRequest("must specify one or more paths");
                }

                return request.Header("Accept") == "multipart/form-data"
                    ? ValueTask.FromResult(FileReading.Reply(paths, SecurityLog.NameOf(request.Caller)))
                    : throw ApiError.BadRequest("must accept multipart/form-data");

            case "list":
                var path = request.Query.First("path");
                if (path.Length == 0)
                {
                    throw ApiError.BadRequest("must specify path");
                }

                if (request.Query.First("itself") is not ("true" or "false" or ""))
                {
                    throw ApiError.BadRequest("itself parameter must be \"true\" or \"false\"");
                }

                return ValueTask.FromResult(FileListing.Reply(
                    path, request.Query.First("pattern"), request.Query.First("itself") == "true"));

            case var action:
                throw ApiError.BadRequest($"invalid action {GoQuote.Quote(action)}");
        }
    }

    public static async ValueTask<Reply> PostAsync(Daemon _, Request request, CancellationToken cancellation)
    {
        var header = request.Header("Content-Type");
        if (!MediaTypeHeaderValue.TryParse(header, out var type) || type.MediaType is null)
        {
            throw ApiError.BadRequest($"invalid Content-Type {GoQuote.Quote(header)}");
        }

        switch (type.MediaType.ToLowerInvariant())
        {
            case "multipart/form-data":
                var boundary = type.Parameters.FirstOrDefault(p => p.Name.Equals("boundary", StringComparison.OrdinalIgnoreCase))?.Value ?? "";
                boundary = boundary.StartsWith('"') ? boundary.Trim('"') : boundary;
                return boundary.Length >= LeastBoundaryLength
                    ? await FileWriting.WriteAsync(request.Body, boundary, SecurityLog.NameOf(request.Caller), cancellation)
                    : throw ApiError.BadRequest($"invalid boundary {GoQuote.Quote(boundary)}");

            case "application/json":
                var body = await request.ReadJsonAsync("cannot decode request body", cancellation);
                return body.String("action") switch
                {
                    "make-dirs" => EachPath(body.Objects("dirs", "makeDirsItem"), DirectoryMaking.Make),
                    "remove" => EachPath(body.Objects("paths", "removePathsItem"), Remove),
                    "write" => throw ApiError.BadRequest("must use multipart with \"write\" action"),
                    var action => throw ApiError.BadRequest($"invalid action {GoQuote.Quote(action)}"),
                };

            case var other:
                throw ApiError.BadRequest($"invalid media type {GoQuote.Quote(other)}");
        }
    }

    static Reply EachPath(IReadOnlyList<JsonBody> items, Action<JsonBody> action)
    {
        List<FileResult> results = [];
        foreach (var item in items)
        {
            results.Add(FileResult.Of(item.String("path"), () => action(item)));
        }

        return FileResult.Reply(results);
    }

    static void Remove(JsonBody item)
    {
        var path = item.String("path");
        if (!GoPath.IsAbsolute(path))
        {
            throw FileError.NotAbsolute(path);
        }

        if (item.Bool("recursive"))
        {
            FileSystem.RemoveAll(path);
        }
        else
        {
            FileSystem.Remove(path);
        }
    }
}
