using System.Net.WebSockets;
using System.Text.Json;
using Pebble.Formats;
using Pebble.Processes;

namespace Pebble.Exec;

/// <summary>The control websocket: signals and the terminal's size.</summary>
static class ExecControl
{
    const int Kill = 9;

    public static async Task ServeAsync(string taskId, WebSocket websocket, ChildProcess process, ExecStreams streams, CancellationToken cancellation)
    {
        var buffer = new byte[4096];
        try
        {
            while (true)
            {
                var count = 0;
                ValueWebSocketReceiveResult result;
                do
                {
                    result = await websocket.ReceiveAsync(buffer.AsMemory(count), cancellation);
                    count += result.Count;
                }
                while (!result.EndOfMessage && count < buffer.Length);

                if (result.MessageType == WebSocketMessageType.Close)
                {
                    return;
                }

                Obey(taskId, buffer.AsMemory(0, count), process, streams);
            }
        }
        catch (WebSocketException)
        {
            // The client has gone without a word: what it ran goes, too.
            if (!cancellation.IsCancellationRequested)
            {
                process.Signal(Kill);
            }
        }
    }

    static void Obey(string taskId, ReadOnlyMemory<byte> message, ChildProcess process, ExecStreams streams)
    {
        try
        {
            using var document = JsonDocument.Parse(message);
            var root = document.RootElement;
            switch (root.GetProperty("command").GetString())
            {
                case "signal":
                    var name = root.GetProperty("signal").GetProperty("name").GetString()!;
                    if (Signals.Number(name) is not { } signal)
                    {
                        Logger.Notice($"Exec {taskId}: invalid signal name {GoQuote.Quote(name)}");
                        return;
                    }

                    process.Signal(signal);
                    break;
                case "resize":
                    var size = root.GetProperty("resize");
                    streams.Resize(size.GetProperty("width").GetInt32(), size.GetProperty("height").GetInt32());
                    break;
                case var other:
                    Logger.Notice($"Exec {taskId}: invalid control websocket command {GoQuote.Quote(other ?? "")}");
                    break;
            }
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            Logger.Notice($"Exec {taskId}: cannot decode control websocket command: {e.Message}");
        }
    }
}
