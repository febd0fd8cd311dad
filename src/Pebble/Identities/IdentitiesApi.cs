using Pebble.Api;

namespace Pebble.Identities;

/// <summary>/v1/identities.</summary>
static class IdentitiesApi
{
    public static ValueTask<Reply> GetAsync(Daemon daemon, Request request, CancellationToken cancellation) => throw ApiError.BadRequest("not implemented");

    public static ValueTask<Reply> PostAsync(Daemon daemon, Request request, CancellationToken cancellation) => throw ApiError.BadRequest("not implemented");
}
