using System.Text.Json;

namespace Pebble.Api;

/// <summary>Writes the value of a reply's "result".</summary>
delegate void JsonResult(Utf8JsonWriter writer);

/// <summary>What a handler answers with.</summary>
abstract record Reply
{
    /// <summary>200 with a result, or without one.</summary>
    public static Reply Sync(JsonResult? result = null) => new JsonReply("sync", 200) { Result = result };

    /// <summary>202: the work goes on in a change.</summary>
    public static Reply Async(string change, JsonResult? result = null) => new JsonReply("async", 202) { Change = change, Result = result };

    public static Reply Error(ApiError error) => new JsonReply("error", error.Status)
    {
        Result = writer =>
        {
            writer.WriteStartObject();
            writer.WriteString("message", error.Message);
            if (error.Kind is { } kind)
            {
                writer.WriteString("kind", kind);
            }

            writer.WriteEndObject();
        },
    };

    /// <summary>A body of any length, sent as it is made. The head leaves with the first byte.</summary>
    public static Reply Stream(string contentType, Func<ReplyBody, CancellationToken, Task> write) => new StreamReply(contentType, write);
}

/// <summary>The envelope: type, status-code, status, change, result; <see cref="Maintenance"/> is added on the way out.</summary>
sealed record JsonReply(string Type, int Status) : Reply
{
    public string? Change { get; init; }

    public JsonResult? Result { get; init; }

    /// <summary>When the latest warning was raised, for replies that are not errors.</summary>
    public DateTimeOffset? LatestWarning { get; init; }

    /// <summary>Kind and message while the daemon is about to restart.</summary>
    public (string Kind, string Message)? Maintenance { get; init; }
}

/// <summary>See <see cref="Reply.Stream"/>.</summary>
sealed record StreamReply(string ContentType, Func<ReplyBody, CancellationToken, Task> Write) : Reply
{
    public int Status { get; init; } = 200;
}

/// <summary>301: the same thing is found at this path.</summary>
sealed record RedirectReply(string Location) : Reply;

/// <summary>The connection becomes a websocket, which the function uses up.</summary>
sealed record WebSocketReply(Func<System.Net.WebSockets.WebSocket, CancellationToken, Task> Use) : Reply;
