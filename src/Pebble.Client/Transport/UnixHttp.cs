using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace Pebble.Client;

/// <summary>HTTP/1.1 over the daemon's unix socket, keeping one idle connection.</summary>
sealed class UnixHttp(string socketPath, TimeProvider time) : IDisposable
{
    internal const int MaxHeadLine = 16 * 1024;

    static readonly TimeSpan RetryInterval = TimeSpan.FromMilliseconds(100);

    UnixConnection? idle;
    bool disposed;

    /// <summary>How long a GET is tried again while nobody answers.</summary>
    public TimeSpan Patience { get; set; }

    /// <summary>Sends a request and reads the answer's head.</summary>
    /// <exception cref="PebbleConnectionException">Nobody answers.</exception>
    public async Task<HttpReply> SendAsync(HttpCall call, CancellationToken cancellation)
    {
        var began = time.GetTimestamp();
        while (true)
        {
            try
            {
                return await TrySendAsync(call, cancellation).ConfigureAwait(false);
            }
            catch (PebbleConnectionException) when (call.Method == "GET" && time.GetElapsedTime(began) + RetryInterval < Patience)
            {
                await Task.Delay(RetryInterval, time, cancellation).ConfigureAwait(false);
            }
        }
    }

    async Task<HttpReply> TrySendAsync(HttpCall call, CancellationToken cancellation)
    {
        ObjectDisposedException.ThrowIf(disposed, this);
        UnixConnection? connection = null;
        try
        {
            connection = Connect();
            await WriteAsync(connection, call, cancellation).ConfigureAwait(false);
            return await ReadHeadAsync(connection, cancellation).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            connection?.Dispose();
            if (e is SocketException or IOException)
            {
                throw new PebbleConnectionException(socketPath, Describe(e), e);
            }

            throw;
        }
    }

    public void Return(UnixConnection connection)
    {
        if (disposed || Interlocked.CompareExchange(ref idle, connection, null) is not null)
        {
            connection.Dispose();
        }
    }

    public void Dispose()
    {
        disposed = true;
        Interlocked.Exchange(ref idle, null)?.Dispose();
    }

    UnixConnection Connect()
    {
        if (Interlocked.Exchange(ref idle, null) is { } kept)
        {
            if (!kept.IsStale)
            {
                return kept;
            }

            kept.Dispose();
        }

        return UnixConnection.Open(socketPath);
    }

    static async Task WriteAsync(UnixConnection connection, HttpCall call, CancellationToken cancellation)
    {
        var bytes = Head(call);
        if (call.WriteBody is null)
        {
            if (call.Body.Length > 0)
            {
                byte[] whole = [.. bytes, .. call.Body.Span];
                bytes = whole;
            }

            await connection.WriteAsync(bytes, cancellation).ConfigureAwait(false);
            return;
        }

        await connection.WriteAsync(bytes, cancellation).ConfigureAwait(false);
        var body = new ChunkedBody(connection);
        try
        {
            await call.WriteBody(body, cancellation).ConfigureAwait(false);
            await body.FinishAsync(cancellation).ConfigureAwait(false);
        }
        catch (SocketException e) when (e.SocketErrorCode is SocketError.Shutdown or SocketError.ConnectionReset)
        {
            // The daemon answered without waiting for the rest (a refusal): the answer says why.
        }
    }

    static byte[] Head(HttpCall call)
    {
        var text = new StringBuilder(256)
            .Append(call.Method).Append(' ').Append(call.Target).Append(" HTTP/1.1\r\nHost: localhost\r\n");
        if (call.WebSocketKey is { } key)
        {
            text.Append("Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ")
                .Append(key).Append("\r\n");
        }
        else
        {
            text.Append("Accept: ").Append(call.Accept).Append("\r\n");
        }

        if (call.ContentType is { } type)
        {
            text.Append("Content-Type: ").Append(type).Append("\r\n");
            if (call.WriteBody is null)
            {
                text.Append(CultureInfo.InvariantCulture, $"Content-Length: {call.Body.Length}\r\n");
            }
            else
            {
                text.Append("Transfer-Encoding: chunked\r\n");
            }
        }

        return Encoding.UTF8.GetBytes(text.Append("\r\n").ToString());
    }

    async Task<HttpReply> ReadHeadAsync(UnixConnection connection, CancellationToken cancellation)
    {
        var line = await LineAsync().ConfigureAwait(false);
        var words = line.Split(' ', 3);
        if (words.Length < 2 || !words[0].StartsWith("HTTP/1.", StringComparison.Ordinal)
            || !int.TryParse(words[1], NumberStyles.None, CultureInfo.InvariantCulture, out var status))
        {
            throw new PebbleProtocolException($"expected an HTTP reply, got \"{line}\"");
        }

        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        while (await LineAsync().ConfigureAwait(false) is { Length: > 0 } header)
        {
            var colon = header.IndexOf(':', StringComparison.Ordinal);
            if (colon > 0)
            {
                headers[header[..colon]] = header[(colon + 1)..].Trim();
            }
        }

        return new HttpReply(connection, status, words.Length > 2 ? words[2] : "", headers, this);

        async ValueTask<string> LineAsync() =>
            await connection.ReadLineAsync(MaxHeadLine, cancellation).ConfigureAwait(false) is { } bytes
                ? Encoding.UTF8.GetString(bytes)
                : throw new PebbleConnectionException(socketPath, $"the daemon on {socketPath} ended the connection without an answer");
    }

    string Describe(Exception e) => e is SocketException { SocketErrorCode: SocketError.AddressNotAvailable } || !File.Exists(socketPath)
        ? $"could not connect to Pebble: socket not found at \"{socketPath}\" (container restarted?)"
        : $"could not talk to Pebble at \"{socketPath}\": {e.Message}";
}
