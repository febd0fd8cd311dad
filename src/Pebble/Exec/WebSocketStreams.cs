using System.Net.WebSockets;
using System.Text.Json;
using Pebble.Processes;

namespace Pebble.Exec;

/// <summary>Moves bytes between descriptors and websockets. Data is binary; the text {"command":"end"} ends a direction.</summary>
static class WebSocketStreams
{
    const int BufferSize = 32 * 1024;

    /// <summary>What a terminal still holds is given this long to arrive when its process has ended.</summary>
    static readonly TimeSpan LastOutput = TimeSpan.FromMilliseconds(20);

    static readonly byte[] End = """{"command":"end"}"""u8.ToArray();

    /// <summary>Sends all that can be read, then the end.</summary>
    public static async Task SendAsync(WebSocket websocket, AsyncDescriptor from, ExecStreams streams)
    {
        // Small at first: most commands write little.
        var buffer = new byte[1024];
        var waited = false;
        try
        {
            while (true)
            {
                var count = from.Read(buffer);
                if (count > 0)
                {
                    await websocket.SendAsync(buffer.AsMemory(0, count), WebSocketMessageType.Binary, endOfMessage: true, CancellationToken.None);
                    buffer = count == buffer.Length && buffer.Length < BufferSize ? new byte[BufferSize] : buffer;
                    continue;
                }

                if (count == 0 || (streams.HasEnded && streams.IsTerminal(from) && waited))
                {
                    break;
                }

                if (streams.HasEnded && streams.IsTerminal(from))
                {
                    waited = true;
                    await Task.Delay(LastOutput, TimeProvider.System);
                    continue;
                }

                await from.ReadableAsync();
            }

            await websocket.SendAsync(End, WebSocketMessageType.Text, endOfMessage: true, CancellationToken.None);
        }
        catch (Exception e) when (e is WebSocketException or IOException or ObjectDisposedException or OperationCanceledException or InvalidOperationException)
        {
            // Nobody listens: the command notices when it writes.
        }

        if (from != streams.Input)
        {
            from.Dispose();
        }
    }

    /// <summary>Writes what the client sends to the command's input, until either has enough.</summary>
    public static async Task ReceiveAsync(WebSocket websocket, ExecStreams streams, CancellationToken cancellation)
    {
        var buffer = new byte[4096];
        try
        {
            while (true)
            {
                var result = await websocket.ReceiveAsync(buffer.AsMemory(), cancellation);
                if (result.MessageType == WebSocketMessageType.Close
                    || (result.MessageType == WebSocketMessageType.Text && result.EndOfMessage && IsEnd(buffer.AsSpan(0, result.Count))))
                {
                    break;
                }

                if (result.MessageType == WebSocketMessageType.Binary && !await streams.Input.WriteAsync(buffer.AsMemory(0, result.Count)))
                {
                    break;
                }

                buffer = result.Count == buffer.Length && buffer.Length < BufferSize ? new byte[BufferSize] : buffer;
            }
        }
        catch (Exception e) when (e is WebSocketException or IOException or ObjectDisposedException or OperationCanceledException or InvalidOperationException)
        {
            // The client has gone: there is no more input.
        }

        await streams.EndInputAsync();
    }

    /// <summary>Reads what nobody wants until the client closes.</summary>
    public static async Task DrainAsync(WebSocket websocket, CancellationToken cancellation)
    {
        var buffer = new byte[1024];
        try
        {
            while ((await websocket.ReceiveAsync(buffer.AsMemory(), cancellation)).MessageType != WebSocketMessageType.Close)
            {
            }
        }
        catch (Exception e) when (e is WebSocketException or IOException or ObjectDisposedException or OperationCanceledException or InvalidOperationException)
        {
            // It has gone, or takes too long.
        }
    }

    static bool IsEnd(ReadOnlySpan<byte> message)
    {
        try
        {
            var reader = new Utf8JsonReader(message);
            var root = JsonElement.ParseValue(ref reader);
            var command = root.ValueKind == JsonValueKind.Object && root.TryGetProperty("command", out var value) ? value.ToString() : "";
            if (command == "end")
            {
                return true;
            }

            Logger.Notice($"Invalid I/O command \"{command}\"");
        }
        catch (JsonException e)
        {
            Logger.Notice($"Cannot decode I/O command: {e.Message}");
        }

        return false;
    }
}
