using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;

namespace Pebble.Api;

/// <summary>The opening of a websocket, RFC 6455 section 4.2.</summary>
static class WebSocketHandshake
{
    /// <summary>Refuses what is not a proper opening.</summary>
    /// <exception cref="ApiError">A 400 that says what is missing.</exception>
    public static void Check(Request request)
    {
        const StringComparison IgnoreCase = StringComparison.OrdinalIgnoreCase;
        if (!request.Header("Upgrade").Contains("websocket", IgnoreCase) || !request.Header("Connection").Contains("upgrade", IgnoreCase))
        {
            throw ApiError.BadRequest("websocket: the client is not using the websocket protocol");
        }

        if (request.Header("Sec-WebSocket-Version") != "13" || request.Header("Sec-WebSocket-Key").Length == 0)
        {
            throw ApiError.BadRequest("websocket: unsupported version or missing key");
        }
    }

    [SuppressMessage("Security", "CA5350", Justification = "The protocol fixes SHA-1; it protects nothing here.")]
    public static string Accept(string key) =>
        Convert.ToBase64String(SHA1.HashData(Encoding.ASCII.GetBytes(key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11")));
}

/// <summary>A connection as a stream, beginning with what was received already.</summary>
sealed class RestOfConnection(HttpInput input, Stream stream) : Stream
{
    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        input.ReadAsync(buffer, cancellationToken);

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
        stream.WriteAsync(buffer, cancellationToken);

    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();
}
