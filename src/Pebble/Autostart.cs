using System.Net.Sockets;
using System.Text;

namespace Pebble;

/// <summary>Starts the enabled services as any client would: by a request to the daemon's own API.</summary>
static class Autostart
{
    /// <returns>Ends when the services were started, or could not be.</returns>
    public static async Task RunAsync(Daemon daemon, string socketPath)
    {
        const string Body = """{"action":"autostart"}""";
        try
        {
            using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(socketPath));
            await using var stream = new NetworkStream(socket);
            var request = $"POST /v1/services HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: {Body.Length}\r\n\r\n{Body}";
            await stream.WriteAsync(Encoding.ASCII.GetBytes(request));
            using var reader = new StreamReader(stream);
            var reply = await reader.ReadToEndAsync();
            using var json = System.Text.Json.JsonDocument.Parse(reply[(reply.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4)..]);
            if (!json.RootElement.TryGetProperty("change", out var id))
            {
                Logger.Notice($"Cannot start default services: {json.RootElement.GetProperty("result").GetProperty("message").GetString()}");
                return;
            }

            await WaitAsync(daemon, id.GetString()!);
        }
        catch (Exception e) when (e is IOException or SocketException or System.Text.Json.JsonException)
        {
            Logger.Notice($"Cannot start default services: {e.Message}");
        }
    }

    static async Task WaitAsync(Daemon daemon, string id)
    {
        Task ready;
        using (daemon.State.Enter())
        {
            ready = daemon.State.FindChange(id)?.Ready ?? Task.CompletedTask;
        }

        await ready;
        using (daemon.State.Enter())
        {
            Logger.Notice(daemon.State.FindChange(id)?.Error is { } error
                ? $"Cannot wait for autostart change {id}: {error}"
                : $"Started default services with change {id}.");
        }
    }
}
