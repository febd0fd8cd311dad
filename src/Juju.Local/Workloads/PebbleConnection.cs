using System.Net.Sockets;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Juju.Local.Workloads;

/// <summary>The little of a workload's Pebble that a unit agent asks for. Source: https://documentation.ubuntu.com/pebble/reference/api/.</summary>
sealed class PebbleConnection : IDisposable
{
    /// <summary>A Pebble that takes longer for a short answer hangs.</summary>
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    readonly HttpClient client;

    public PebbleConnection(string socketPath)
    {
        var handler = new SocketsHttpHandler
        {
            ConnectCallback = async (_, cancellation) =>
            {
                var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                try
                {
                    await socket.ConnectAsync(new UnixDomainSocketEndPoint(socketPath), cancellation);
                    return new NetworkStream(socket, ownsSocket: true);
                }
                catch
                {
                    socket.Dispose();
                    throw;
                }
            },
        };
        client = new HttpClient(handler) { BaseAddress = new Uri("http://pebble/"), Timeout = Timeout.InfiniteTimeSpan };
    }

    /// <summary>A new one for each start of Pebble; null while it does not answer.</summary>
    public async Task<string?> FindBootAsync(CancellationToken cancellation) =>
        (await GetAsync("v1/system-info", cancellation))?["boot-id"]?.GetValue<string>();

    /// <summary>Notices of all users behind a time; waits for one. Null: Pebble is gone.</summary>
    public async Task<JsonArray?> WaitNoticesAsync(string? after, TimeSpan limit, CancellationToken cancellation) =>
        await GetAsync(
            $"v1/notices?users=all&timeout={limit.TotalSeconds:0}s{(after is null ? "" : "&after=" + Uri.EscapeDataString(after))}", cancellation, limit)
        as JsonArray;

    public Task<JsonNode?> FindChangeAsync(string id, CancellationToken cancellation) => GetAsync($"v1/changes/{id}", cancellation);

    /// <summary>Whether the checks of level <c>alive</c> are up, as a liveness probe asks. Null: Pebble does not answer.</summary>
    public async Task<bool?> IsAliveAsync(CancellationToken cancellation) =>
        (await GetAsync("v1/health?level=alive", cancellation))?["healthy"]?.GetValue<bool>();

    /// <summary>Whether each check of level <c>ready</c> that runs has been seen to succeed; one that is only begun has not.</summary>
    public async Task<bool> IsReadyAsync(CancellationToken cancellation) =>
        await GetAsync("v1/checks?level=ready", cancellation) is JsonArray checks
        && checks.OfType<JsonObject>().Where(check => check["status"]?.GetValue<string>() != "inactive").All(check =>
            check["status"]?.GetValue<string>() == "up" && check["successes"]?.GetValue<int>() > 0);

    async Task<JsonNode?> GetAsync(string path, CancellationToken cancellation, TimeSpan? longPoll = null)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(Patience + (longPoll ?? TimeSpan.Zero));
        try
        {
            using var response = await client.GetAsync(new Uri(path, UriKind.Relative), limit.Token);
            return JsonNode.Parse(await response.Content.ReadAsStringAsync(limit.Token))?["result"];
        }
        catch (Exception gone) when (gone is HttpRequestException or IOException or SocketException or JsonException
            || (gone is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            return null;
        }
    }

    public void Dispose() => client.Dispose();
}
