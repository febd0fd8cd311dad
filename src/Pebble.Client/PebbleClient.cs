using System.Buffers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Pebble.Client;

/// <summary>
/// A typed client of Pebble's documented v1 API over its unix socket. Safe for use by several callers at a time;
/// each noun of the API has its methods in a file of its name.
/// </summary>
/// <remarks>Source: Pebble's API reference; the methods follow those of ops.pebble.Client.</remarks>
/// <param name="socketPath">The daemon's socket, in a charm <c>/charm/containers/NAME/pebble.socket</c>.</param>
/// <param name="time">The clock for timeouts; null: the system's.</param>
public sealed partial class PebbleClient(string socketPath, TimeProvider? time = null) : IDisposable
{
    readonly TimeProvider time = time ?? TimeProvider.System;
    readonly UnixHttp http = new(socketPath, time ?? TimeProvider.System);

    /// <summary>The daemon's socket.</summary>
    public string SocketPath { get; } = socketPath;

    /// <summary>How long a GET is tried again while nobody answers; zero: not at all.</summary>
    internal TimeSpan ConnectPatience { init => http.Patience = value; }

    /// <summary>Closes the kept connection.</summary>
    public void Dispose() => http.Dispose();

    /// <summary>An answer as the daemon sent it, envelope and all, for tools that show it raw.</summary>
    internal async Task<string> GetRawAsync(string target, CancellationToken cancellation)
    {
        await using var reply = await http.SendAsync(HttpCall.Get(target), cancellation).ConfigureAwait(false);
        return System.Text.Encoding.UTF8.GetString((await reply.Body.ReadAllAsync(cancellation).ConfigureAwait(false)).Span);
    }

    async Task<T> GetAsync<T>(string target, JsonTypeInfo<Reply<T>> type, CancellationToken cancellation) =>
        Result(await SendAsync(HttpCall.Get(target), type, 0, cancellation).ConfigureAwait(false), target);

    async Task<T> GetAsync<T>(string target, Func<JsonElement, T> read, CancellationToken cancellation)
    {
        using var reply = await SendAsync(HttpCall.Get(target), cancellation).ConfigureAwait(false);
        return Result(reply, target, read);
    }

    async Task<T> PostAsync<TRequest, T>(
        string target, TRequest request, JsonTypeInfo<TRequest> requestType, JsonTypeInfo<Reply<T>> type, CancellationToken cancellation) =>
        Result(await SendAsync(Post(target, request, requestType), type, 0, cancellation).ConfigureAwait(false), target);

    static HttpCall Post<T>(string target, T request, Action<Utf8JsonWriter, T> write)
    {
        var body = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(body))
        {
            json.WriteStartObject();
            write(json, request);
            json.WriteEndObject();
        }

        return new("POST", target) { ContentType = "application/json", Body = body.WrittenMemory };
    }

    static HttpCall Post<T>(string target, T request, JsonTypeInfo<T> type) => new("POST", target)
    {
        ContentType = "application/json",
        Body = JsonSerializer.SerializeToUtf8Bytes(request, type),
    };

    async Task<Reply<T>> SendAsync<T>(HttpCall call, JsonTypeInfo<Reply<T>> type, int alsoAccepted, CancellationToken cancellation)
    {
        await using var reply = await http.SendAsync(call, cancellation).ConfigureAwait(false);
        var body = await reply.Body.ReadAllAsync(cancellation).ConfigureAwait(false);
        if (reply.Status >= 400 && reply.Status != alsoAccepted)
        {
            throw Refusal(reply, body);
        }

        return Parse(body, type);
    }

    /// <summary>The whole answer, for <see cref="DispatchWire"/> to read.</summary>
    async Task<JsonDocument> SendAsync(HttpCall call, CancellationToken cancellation)
    {
        await using var reply = await http.SendAsync(call, cancellation).ConfigureAwait(false);
        var body = await reply.Body.ReadAllAsync(cancellation).ConfigureAwait(false);
        if (reply.Status >= 400)
        {
            throw Refusal(reply, body);
        }

        try
        {
            return JsonDocument.Parse(body);
        }
        catch (JsonException e)
        {
            throw Unreadable(e);
        }
    }

    static async Task ThrowIfRefusedAsync(HttpReply reply, CancellationToken cancellation)
    {
        if (reply.Status >= 400)
        {
            throw Refusal(reply, await reply.Body.ReadAllAsync(cancellation).ConfigureAwait(false));
        }
    }

    static PebbleApiException Refusal(HttpReply reply, ReadOnlyMemory<byte> body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            var error = DispatchWire.Find(document.RootElement, "result");
            var message = error is { } e ? DispatchWire.Text(e, "message") : null;
            return new PebbleApiException(reply.Status, reply.Reason, message ?? "no message", error is { } kind ? DispatchWire.Text(kind, "kind") : null);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return new PebbleApiException(reply.Status, reply.Reason, Unreadable(e).Message, null);
        }
    }

    static PebbleProtocolException Unreadable(Exception e) => new($"cannot parse the reply: {e.Message}", e);

    static Reply<T> Parse<T>(ReadOnlyMemory<byte> body, JsonTypeInfo<Reply<T>> type)
    {
        try
        {
            return JsonSerializer.Deserialize(body.Span, type) ?? throw new PebbleProtocolException("the reply is null");
        }
        catch (JsonException e)
        {
            throw Unreadable(e);
        }
    }

    static T Result<T>(JsonDocument reply, string target, Func<JsonElement, T> read)
    {
        try
        {
            return DispatchWire.Find(reply.RootElement, "result") is { } result
                ? read(result)
                : throw new PebbleProtocolException($"the reply of {target} has no result");
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException)
        {
            throw Unreadable(e);
        }
    }

    /// <summary>The change that a request began.</summary>
    static string ChangeOf(JsonDocument reply, string target)
    {
        try
        {
            return DispatchWire.Text(reply.RootElement, "change") is { Length: > 0 } change
                ? change
                : throw new PebbleProtocolException($"the reply of {target} names no change");
        }
        catch (InvalidOperationException e)
        {
            throw Unreadable(e);
        }
    }

    static T Result<T>(Reply<T> reply, string target) =>
        reply.Result ?? throw new PebbleProtocolException($"the reply of {target} has no result");
}
