using System.Net.Sockets;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Juju.Local.Workloads;

/// <summary>The little of a workload's Pebble that a unit agent asks for. Source: https://documentation.ubuntu.com/pebble/reference/api/.</summary>
sealed class PebbleConnection : IDisposable
{
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
        client = new HttpClient(handler) { BaseAddress = new Uri("http://pebble/"), Timeout = TimeSpan.FromMinutes(2) };
    }

    /// <summary>A new one for each start of Pebble; null while it does not answer.</summary>
    public async Task<string?> FindBootAsync(CancellationToken cancellation) =>
        (await GetAsync("v1/system-info", cancellation))?["boot-id"]?.GetValue<string>();

    /// <summary>Notices of all users behind a time; waits for one. Null: Pebble is gone.</summary>
    public async Task<JsonArray?> WaitNoticesAsync(string? after, TimeSpan limit, CancellationToken cancellation) =>
        await GetAsync(
            $"v1/notices?users=all&timeout={limit.TotalSeconds:0}s{(after is null ? "" : "&after=" + Uri.EscapeDataString(after))}", cancellation)
        as JsonArray;

    public Task<JsonNode?> FindChangeAsync(string id, CancellationToken cancellation) => GetAsync($"v1/changes/{id}", cancellation);

    async Task<JsonNode?> GetAsync(string path, CancellationToken cancellation)
    {
        try
        {
            using var response = await client.GetAsync(new Uri(path, UriKind.Relative), cancellation);
            return JsonNode.Parse(await response.Content.ReadAsStringAsync(cancellation))?["result"];
        }
        catch (Exception gone) when (gone is HttpRequestException or IOException or SocketException or JsonException
            || (gone is TaskCanceledException && !cancellation.IsCancellationRequested))
        {
            return null;
        }
    }

    public void Dispose() => client.Dispose();
}
