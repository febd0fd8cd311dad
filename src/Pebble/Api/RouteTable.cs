using Pebble.Changes;
using Pebble.Files;
using Pebble.Identities;
using Pebble.Notices;
using Pebble.SystemApi;

namespace Pebble.Api;

/// <summary>The whole API: each path with who may read and write it. Handlers are in the folder of their noun.</summary>
static class RouteTable
{
    public static IReadOnlyList<Route> Routes { get; } =
    [
        new("/v1/system-info") { Read = Access.Open, Get = SystemInfo.Get, IsQuick = true, IsStateless = true },
        new("/v1/changes") { Read = Access.User, Get = ChangesApi.List, IsQuick = true },
        new("/v1/changes/{id}") { Read = Access.User, Write = Access.Admin, Get = ChangesApi.Get, Post = ChangesApi.Abort, IsQuick = true },
        new("/v1/changes/{id}/wait") { Read = Access.User, Get = ChangesApi.WaitAsync, Waits = true },
        new("/v1/files") { Read = Access.Admin, Write = Access.Admin, Get = FilesApi.GetAsync, Post = FilesApi.PostAsync },
        new("/v1/notices") { Read = Access.User, Write = Access.User, Get = NoticesApi.ListAsync, Post = NoticesApi.AddAsync, Waits = true },
        new("/v1/notices/{id}") { Read = Access.User, Get = NoticesApi.GetAsync },
        new("/v1/identities") { Read = Access.User, Write = Access.Admin, Get = IdentitiesApi.GetAsync, Post = IdentitiesApi.PostAsync },
        new("/v1/pairing") { Write = Access.Pairing, Post = (_, _, _) => throw ApiError.Unauthorized() },
    ];
}
