using Pebble.Api;

namespace Pebble.Notices;

/// <summary>/v1/notices.</summary>
static class NoticesApi
{
    public static ValueTask<Reply> ListAsync(Daemon daemon, Request request, CancellationToken cancellation) => throw ApiError.BadRequest("not implemented");

    public static ValueTask<Reply> GetAsync(Daemon daemon, Request request, CancellationToken cancellation) => throw ApiError.BadRequest("not implemented");

    public static ValueTask<Reply> AddAsync(Daemon daemon, Request request, CancellationToken cancellation) => throw ApiError.BadRequest("not implemented");
}
