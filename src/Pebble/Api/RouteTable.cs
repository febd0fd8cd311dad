using Pebble.Changes;
using Pebble.Checks;
using Pebble.Exec;
using Pebble.Files;
using Pebble.Identities;
using Pebble.Logs;
using Pebble.Notices;
using Pebble.Plan;
using Pebble.Services;
using Pebble.SystemApi;

namespace Pebble.Api;

/// <summary>The whole API: each path with who may read and write it. Handlers are in the folder of their noun.</summary>
static class RouteTable
{
    public static IReadOnlyList<Route> Routes { get; } =
    [
        new("/v1/system-info") { Read = Access.Open, Get = SystemInfo.Get, IsQuick = true, IsStateless = true },
        new("/v1/health") { Read = Access.Open, Get = ChecksApi.Health, IsQuick = true, IsStateless = true },
        new("/v1/changes") { Read = Access.User, Get = ChangesApi.List, IsQuick = true },
        new("/v1/changes/{id}") { Read = Access.User, Write = Access.Admin, Get = ChangesApi.Get, Post = ChangesApi.Abort, IsQuick = true },
        new("/v1/changes/{id}/wait") { Read = Access.User, Get = ChangesApi.WaitAsync, Waits = true },
        new("/v1/services") { Read = Access.User, Write = Access.Admin, Get = ServicesApi.List, Post = ServicesApi.PostAsync, IsQuick = true },
        new("/v1/services/{name}") { Read = Access.User, Write = Access.Admin, Get = ServicesApi.NotImplemented, Post = ServicesApi.NotImplemented },
        new("/v1/plan") { Read = Access.Admin, Get = PlanApi.Get, IsQuick = true, IsStateless = true },
        new("/v1/layers") { Write = Access.Admin, Post = PlanApi.AddLayerAsync },
        new("/v1/files") { Read = Access.Admin, Write = Access.Admin, Get = FilesApi.GetAsync, Post = FilesApi.PostAsync },
        new("/v1/logs") { Read = Access.User, Get = LogsApi.Get, IsStateless = true },
        new("/v1/exec") { Write = Access.Admin, Post = ExecApi.PostAsync },
        new("/v1/tasks/{task-id}/websocket/{websocket-id}") { Read = Access.Admin, Get = ExecApi.Connect, IsQuick = true, IsStateless = true },
        new("/v1/signals") { Write = Access.Admin, Post = ServicesApi.SignalAsync },
        new("/v1/checks") { Read = Access.User, Write = Access.Admin, Get = ChecksApi.List, Post = ChecksApi.PostAsync, IsQuick = true },
        new("/v1/checks/refresh") { Write = Access.Admin, Post = ChecksApi.RefreshAsync },
        new("/v1/notices") { Read = Access.User, Write = Access.User, Get = NoticesApi.ListAsync, Post = NoticesApi.AddAsync, Waits = true },
        new("/v1/notices/{id}") { Read = Access.User, Get = NoticesApi.GetAsync },
        new("/v1/identities") { Read = Access.User, Write = Access.Admin, Get = IdentitiesApi.GetAsync, Post = IdentitiesApi.PostAsync },
        new("/v1/pairing") { Write = Access.Pairing, Post = (_, _, _) => throw ApiError.Unauthorized() },
        new("/v1/metrics") { Read = Access.Metrics, Get = Metrics.Get, IsStateless = true },
    ];
}
