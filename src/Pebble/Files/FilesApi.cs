using Pebble.Api;

namespace Pebble.Files;

/// <summary>/v1/files.</summary>
static class FilesApi
{
    public static ValueTask<Reply> GetAsync(Daemon daemon, Request request, CancellationToken cancellation) => throw ApiError.BadRequest("not implemented");

    public static ValueTask<Reply> PostAsync(Daemon daemon, Request request, CancellationToken cancellation) => throw ApiError.BadRequest("not implemented");
}
